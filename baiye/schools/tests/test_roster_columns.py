import pytest

from baiye.core.sheets.header import Header
from baiye.core.sheets.values import BadValue
from baiye.schools.roster.columns import find_header


def test_find_header_under_titles_and_empty_lines():
    rows = [
        ["示例学校学生名册"],
        [],
        ["填表人：王", "2026.9"],
        ["序号", "姓名", "学籍号", "班级"],
        ["1", "甲", "G1", "1"],
    ]

    assert find_header(rows) == Header(4, {"name": 1, "roll": 2, "class": 3})


def test_find_header_takes_other_words_stars_and_notes():
    rows = [["*全国学籍号", "学生姓名：", "所在班级（必填）", "家长电话", "家长姓名", "出生年月日"]]

    found = find_header(rows)

    assert found == Header(1, {"roll": 0, "name": 1, "class": 2, "phone": 3, "guardian": 4, "born_on": 5})


def test_find_header_on_two_lines():
    rows = [["学籍号", "姓名", "班级", "监护人信息", "", "母亲", ""], ["", "", "", "姓名", "手机号码", "姓名", "电话"]]

    found = find_header(rows)

    assert found == Header(
        2, {"roll": 0, "name": 1, "class": 2, "guardian": 3, "phone": 4, "guardian2": 5, "phone2": 6}
    )


def test_find_header_gives_the_second_guardian_a_place_of_their_own():
    found = find_header([["学籍号", "姓名", "班级", "监护人", "手机", "监护人", "手机"]])

    assert found.columns == {"roll": 0, "name": 1, "class": 2, "guardian": 3, "phone": 4, "guardian2": 5, "phone2": 6}


def test_find_header_finds_none_in_another_table():
    assert find_header([["课程", "地点"], ["面点", "曹杨"]]) is None


@pytest.mark.parametrize(
    ("header", "code"),
    [(["学籍号", "姓名", "性别"], "column_missing"), (["学籍号", "姓名", "班级", "所在班级"], "column_twice")],
)
def test_find_header_says_what_is_wrong_with_it(header, code):
    with pytest.raises(BadValue) as bad:
        find_header([header])

    assert bad.value.code == code
