from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baiye.core.sheets.tables import Table, read_tables
from baiye.core.sheets.values import BadValue
from baiye.schools.roster.rows import Entry, Place, School, read_rows
from baiye.schools.tests.factories import roll_number
from baiye.schools.tests.rosters import HEADER, Row, as_csv, row, xlsx

ON = date(2026, 11, 24)
SCHOOL = School(stages=("junior",), year=2026, on=ON)


def read(rows, school=SCHOOL):
    return read_rows([Table("", [list(each) for each in rows])], school, lambda done: None)


def wrong(**fields):
    """Column and code of every mistake in one row."""
    reading = read([HEADER, Row().but(**fields).values()])
    return [(mistake.column, mistake.code) for mistake in reading.mistakes]


def test_read_rows_gives_a_pupil_with_class_and_guardian():
    reading = read([["名册"], HEADER, Row().values()])

    assert reading.mistakes == []
    assert reading.entries == [
        Entry(
            place=Place("", 3),
            roll=roll_number(1),
            name="林小满",
            sex="F",
            born_on=date(2013, 9, 1),
            school_class=("junior", 2025, 3),
            guardians=(("林建国", "15400000001"),),
        )
    ]


def test_read_rows_leaves_out_empty_lines_remarks_and_repeated_headers():
    lines = [HEADER, Row().values(), [], ["合计：1 人"], ["填表人：王"], HEADER, row(2).values(), ["", " ", "\u3000"]]

    reading = read(lines)

    assert [entry.place.row for entry in reading.entries] == [2, 7]
    assert (reading.rows, reading.mistakes) == (2, [])


def test_read_rows_collects_every_mistake_of_a_row():
    assert wrong(name="", sex="?", born_on="2013-13-01", phone="154000000") == [
        ("name", "name_empty"),
        ("sex", "sex_unknown"),
        ("born_on", "born_unknown"),
        ("phone", "phone_short"),
    ]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"roll": roll_number(1)[:-1]}, [("roll", "roll_short")]),
        ({"born_on": "2013-09-02"}, [("born_on", "born_differs")]),
        ({"grade": "八年级"}, [("grade", "grade_differs")]),
        ({"grade": "", "school_class": "3"}, [("grade", "grade_empty")]),
        ({"grade": "一年级", "school_class": "3"}, [("grade", "grade_not_here")]),
        ({"school_class": ""}, [("class", "class_empty")]),
        ({"grade": "甲", "school_class": "3"}, [("grade", "grade_unknown")]),
        ({"guardian": ""}, [("guardian", "phone_without_guardian")]),
        ({"phone": ""}, [("phone", "guardian_without_phone")]),
    ],
)
def test_read_rows_says_which_column_is_wrong(fields, found):
    assert wrong(**fields) == found


def test_a_mistake_names_the_cell_and_what_stands_there():
    (mistake,) = read([["名册"], HEADER, Row().but(phone="1540000000").values()]).mistakes

    assert (mistake.place.row, mistake.cell, mistake.value, mistake.facts) == (3, "H3", "1540000000", {"count": 1})


def test_the_same_roll_number_twice_is_a_mistake_of_the_second_row():
    reading = read([HEADER, Row().values(), Row().but(name="另一个").values()])

    (mistake,) = reading.mistakes
    assert (mistake.place.row, mistake.code, mistake.facts) == (3, "roll_twice", {"row": 2})
    assert [entry.name for entry in reading.entries] == ["林小满"]


def test_two_guardians_with_one_phone_are_a_mistake():
    header, line = [*HEADER, "监护人2", "监护人2手机"], [*Row().values(), "王芳", "15400000001"]

    assert [mistake.code for mistake in read([header, line]).mistakes] == ["guardian_twice"]


def test_without_columns_for_them_sex_and_birthday_come_from_the_roll_number():
    reading = read(
        [["学籍号", "姓名", "班级"], [roll_number(1), "甲", "七（1）班"], [roll_number(2), "乙", "七（1）班"]]
    )

    assert [(entry.sex, entry.born_on, entry.guardians) for entry in reading.entries] == [
        ("M", date(2013, 9, 1), None),
        ("F", date(2013, 9, 1), None),
    ]


def test_a_grade_is_meant_in_the_school_year_of_the_file():
    coming = School(stages=("junior",), year=2027, on=ON)

    (entry,) = read([HEADER, Row().but(grade="八年级", school_class="3").values()], coming).entries

    assert entry.school_class == ("junior", 2025, 3)


def test_a_school_of_two_stages_takes_the_grade_where_it_belongs():
    both = School(stages=("primary", "junior"), year=2026, on=ON)
    lines = [
        row(1, grade="五", school_class="1"),
        row(2, grade="六", school_class="1"),
        row(3, grade="", school_class="2024级2班"),
    ]

    entries = read([HEADER, *(each.values() for each in lines)], both).entries

    assert [entry.school_class for entry in entries] == [
        ("primary", 2022, 1),
        ("junior", 2026, 1),
        ("primary", 2024, 2),
    ]


def test_every_visible_sheet_with_a_header_is_read():
    tables = [
        Table("七1", [HEADER, row(1).values()]),
        Table("说明", [["怎么填"]]),
        Table("七2", [HEADER, row(2).values()]),
    ]

    reading = read_rows(tables, SCHOOL, lambda done: None)

    assert [entry.place for entry in reading.entries] == [Place("七1", 2), Place("七2", 2)]


@pytest.mark.parametrize(("rows", "code"), [([["课程"]], "no_header"), ([HEADER], "no_rows")])
def test_a_file_without_pupils_is_refused(rows, code):
    with pytest.raises(BadValue) as bad:
        read(rows)

    assert bad.value.code == code


def test_progress_is_told_while_reading():
    told = []

    read_rows([Table("", [HEADER, *(row(n).values() for n in range(1100))])], SCHOOL, told.append)

    assert told == [500, 1000]


# ── any layout that a school may choose reads back as the same pupils ──

FULL_WIDTH = str.maketrans("0123456789()-", "０１２３４５６７８９（）－")
TITLES = {
    "roll": ["学籍号", "全国学籍号", "*学籍号（19位）"],
    "name": ["姓名", "学生姓名", " 姓 名 "],
    "sex": ["性别"],
    "born_on": ["出生日期", "出生年月日"],
    "grade": ["年级", "所在年级"],
    "class": ["班级", "所在班级"],
    "guardian": ["监护人", "家长姓名", "监护人姓名"],
    "phone": ["监护人手机", "家长电话", "联系电话"],
    "other": ["序号", "民族", "备注 "],
}
HAN = "零一二三四五六七八九"


def written(draw, field, entry):
    """One value in one of the ways people write it."""
    _stage, _year, number = entry.school_class
    ways = {
        "roll": [entry.roll, entry.roll.lower(), f" {entry.roll[:7]} {entry.roll[7:]} "],
        "name": [entry.name, " ".join(entry.name)],
        "sex": ["女", "女性", "F"] if entry.sex == "F" else ["男", "男性", "M", 1],
        "born_on": [
            f"{entry.born_on:%Y-%m-%d}",
            f"{entry.born_on:%Y%m%d}",
            f"{entry.born_on.year}年{entry.born_on.month}月{entry.born_on.day}日",
            f"{entry.born_on.year}/{entry.born_on.month}/{entry.born_on.day}",
            datetime.combine(entry.born_on, datetime.min.time()),
        ],
        "grade": ["七年级", "7", 7, "初一"],
        "class": [f"七（{number}）班", f"{number}班", number, f"7-{number}", f"七年级{number}班"],
        "guardian": [entry.guardians[0][0]],
        "phone": [entry.guardians[0][1], int(entry.guardians[0][1]), f"+86 {entry.guardians[0][1]}"],
        "other": ["", "汉", 3],
    }
    value = draw(st.sampled_from(ways[field]))
    return value.translate(FULL_WIDTH) if isinstance(value, str) and draw(st.booleans()) else value


@st.composite
def pupils(draw):
    found = []
    for place in range(draw(st.integers(1, 4))):
        born = draw(st.dates(date(2012, 9, 1), date(2014, 8, 31)))
        number = draw(st.integers(0, 999)) * 10 + place
        name = draw(st.sampled_from(["林小满", "王明", "欧阳一诺", "沈佳"]))
        school_class = ("junior", 2025, draw(st.integers(1, 20)))
        guardians = ((draw(st.sampled_from(["林建国", "王芳"])), f"154{number:08d}"),)
        sex = draw(st.sampled_from("FM"))
        found.append(Entry(Place("", 0), roll_number(number, born), name, sex, born, school_class, guardians))
    return found


@st.composite
def sheets(draw):
    """Pupils, and a sheet that holds them in some order of columns under some titles with some gaps."""
    entries = draw(pupils())
    fields = draw(st.permutations([*TITLES]))
    rows = [["示例学校 2026 学年名册"]] * draw(st.integers(0, 2)) + [[]] * draw(st.integers(0, 1))
    rows.append([draw(st.sampled_from(TITLES[field])) for field in fields])
    for entry in entries:
        rows += [[]] * draw(st.integers(0, 1))
        rows.append([written(draw, field, entry) for field in fields])
    rows += [["合计", len(entries)]] * draw(st.integers(0, 1))
    return entries, rows


def meant(entry):
    return (entry.roll, entry.name, entry.sex, entry.born_on, entry.school_class, entry.guardians)


@given(sheets())
@settings(max_examples=150, deadline=None)
def test_any_order_and_way_of_writing_reads_back_as_the_same_pupils(made):
    entries, rows = made

    reading = read(rows)

    assert reading.mistakes == []
    assert [meant(entry) for entry in reading.entries] == [meant(entry) for entry in entries]


@given(sheets(), st.sampled_from(["xlsx", "utf-8", "utf-8-sig", "gb18030"]))
@settings(max_examples=40, deadline=None)
def test_any_layout_survives_the_way_through_a_file(made, kind):
    entries, rows = made
    plain = [[value.strftime("%Y-%m-%d") if isinstance(value, datetime) else value for value in each] for each in rows]
    name, data = ("a.xlsx", xlsx(plain)) if kind == "xlsx" else ("a.csv", as_csv(plain, kind))

    reading = read_rows(read_tables(name, data), SCHOOL, lambda done: None)

    assert reading.mistakes == []
    assert [meant(entry) for entry in reading.entries] == [meant(entry) for entry in entries]
