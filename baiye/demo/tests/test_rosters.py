"""Rosters that schools send: every pupil once, readable by the importer in spite of their untidiness."""

import unicodedata

import pytest

from baiye.core.sheets.tables import read_tables
from baiye.demo.rosters import COLUMNS, excel, lines_of, shares


@pytest.mark.parametrize(
    ("weights", "total", "expected"),
    [([1, 1], 100, [50, 50]), ([1, 1, 1], 100, [34, 33, 33]), ([2.5, 1.5, 1], 100, [50, 30, 20])],
)
def test_shares_follow_the_weights_and_add_up(weights, total, expected):
    assert shares(weights, total) == expected


def test_shares_of_many_uneven_schools_add_up():
    weights = [30 + 7.3 * n for n in range(29)]

    assert sum(shares(weights, 6329)) == 6329


def test_shares_give_no_school_less_than_a_class_of_twenty():
    assert shares([1, 99], 200) == [20, 198]


def test_lines_of_a_grade_fill_classes_of_about_thirty_evenly():
    lines = list(lines_of(7, 100, born_in=2013, seed="a", first=0))

    sizes = [sum(line.number == number for line in lines) for number in (1, 2, 3)]

    assert sizes == [34, 33, 33]


@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_excel_is_read_back_by_the_importer_with_every_pupil_once(seed):
    lines = [*lines_of(6, 70, born_in=2014, seed=seed, first=0), *lines_of(7, 65, born_in=2013, seed=seed, first=70)]

    table, *others = read_tables("花名册.xlsx", excel("示例中学", lines, seed))

    title, empty, head, *rows = table.rows
    assert others == []
    assert title[0] == "示例中学学生花名册"
    assert set(empty) == {""}
    assert sorted(head) == sorted(COLUMNS)
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert {row["学籍号"]: (row["姓名"], row["监护人"], row["出生日期"]) for row in found} == {
        line.child.roll_number: (line.child.name, line.child.guardian, f"{line.child.born_on:%Y-%m-%d}")
        for line in lines
    }
    assert len(found) == 135


def test_excel_has_some_phones_in_full_width_digits_and_they_are_the_same_numbers():
    lines = list(lines_of(7, 300, born_in=2013, seed="a", first=0))

    head, *rows = read_tables("花名册.xlsx", excel("示例中学", lines, "a"))[0].rows[2:]

    shown = {row[head.index("学籍号")]: str(row[head.index("监护人手机")]) for row in rows}
    assert 1 <= sum(not phone.isascii() for phone in shown.values()) <= 40
    assert {key: unicodedata.normalize("NFKC", phone) for key, phone in shown.items()} == {
        line.child.roll_number: line.child.phone for line in lines
    }


def test_excel_of_two_schools_has_its_columns_in_different_orders():
    heads = [read_tables("花名册.xlsx", excel("示例中学", [], seed))[0].rows[2] for seed in "ab"]

    assert heads[0] != heads[1]
