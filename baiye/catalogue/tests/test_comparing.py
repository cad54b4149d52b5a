import pytest

from baiye.catalogue.comparing import compare, yuan
from baiye.catalogue.tests.factories import CourseVersionFactory, DraftFactory, SupplyFactory

pytestmark = pytest.mark.django_db


def test_compare_marks_the_characters_that_went_and_came():
    older = CourseVersionFactory(title="舌尖上的面点", minutes=160, steps={"project": "包十只"})
    newer = DraftFactory(course=older.course, number=2, title="指尖上的面点", minutes=160, steps={"project": "包十只"})
    SupplyFactory(version=newer, name="擀面杖")

    rows = {str(row.label): row for row in compare(older, newer)}

    title = rows["项目名称"]
    assert [(piece.kind, piece.text) for piece in title.before] == [("out", "舌"), ("", "尖上的面点")]
    assert [(piece.kind, piece.text) for piece in title.after] == [("in", "指"), ("", "尖上的面点")]
    assert [label for label, row in rows.items() if row.is_changed] == ["项目名称", "设备与耗材"]
    assert [piece.text for piece in rows["设备与耗材"].after] == ["擀面杖 1 每人"]


@pytest.mark.parametrize(("fen", "said"), [(0, "0"), (1500, "15"), (1550, "15.50"), (5, "0.05")])
def test_yuan_has_a_fraction_only_where_there_is_one(fen, said):
    assert yuan(fen) == said
