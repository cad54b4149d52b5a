import pytest

from baiye.catalogue.task_groups import GRADES, TASK_GROUPS, fits


def test_every_task_group_has_its_grades():
    assert list(GRADES) == [group for group, _name in TASK_GROUPS]


@pytest.mark.parametrize(
    ("group", "first", "last", "fit"),
    [
        ("清洁与卫生", 1, 4, True),
        ("清洁与卫生", 4, 5, False),
        ("清洁与卫生", 3, 10, False),
        ("清洁与卫生", 10, 12, True),
        ("新技术体验与应用", 5, 12, True),
        ("新技术体验与应用", 4, 9, False),
        ("烹饪与营养", 1, 12, True),
    ],
)
def test_fits_keeps_to_the_standard_and_lets_senior_high_choose(group, first, last, fit):
    assert fits(group, first, last) is fit
