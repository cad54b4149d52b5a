from datetime import date, datetime

import pytest

from baiye.core.sheets.values import BadValue
from baiye.schools.roll import ClassName
from baiye.schools.roster import cells

ON = date(2026, 11, 24)
BORN = date(2013, 9, 1)


def code_of(read, *args):
    with pytest.raises(BadValue) as bad:
        read(*args)
    return bad.value.code


@pytest.mark.parametrize("cell", [3.10107201309e17, 310107201309011234, "3.10107E+17", "3.10107201309010e+17"])
def test_a_roll_number_that_is_a_number_has_lost_its_last_digits(cell):
    assert code_of(cells.roll_number, cell) == "roll_number_cell"


@pytest.mark.parametrize(
    "cell",
    [
        BORN,
        datetime(2013, 9, 1),  # noqa: DTZ001  (a cell has no time zone)
        41518,
        41518.0,
        20130901.0,
        "2013-09-01",
        "2013/9/1",
        "2013.9.1",
        "20130901",
        "2013年9月1日",
        "2013 年 9 月 1 日",
        "２０１３－０９－０１",
        "2013-09-01 00:00:00",
        "2013-9-1 0:00",
    ],
)
def test_birthday_reads_dates_as_people_and_excel_write_them(cell):
    assert cells.birthday(cell, ON) == BORN


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("13-9-1", "born_two_digit_year"),
        ("9/1/2013", "born_unknown"),
        ("2013-02-30", "born_unknown"),
        ("2013年9月", "born_unknown"),
        ("", "born_unknown"),
        ("1980-09-01", "born_range"),
        ("2026-01-01", "born_range"),
    ],
)
def test_birthday_says_what_is_wrong(cell, code):
    assert code_of(cells.birthday, cell, ON) == code


def test_birthday_on_the_first_of_october_is_not_the_tenth():
    assert cells.birthday("2013-10-1 00:00", ON) == date(2013, 10, 1)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("王 明", "王明"),
        (" 王明　", "王明"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("Anna  Li", "Anna Li"),
        ("𬱖小", "𬱖小"),
    ],
)
def test_name_loses_filling_spaces_and_keeps_rare_characters(cell, name):
    assert cells.name(cell) == name


@pytest.mark.parametrize(
    ("cell", "code"),
    [("", "name_empty"), ("王3", "name_characters"), ("王（转）", "name_characters"), ("王" * 41, "name_long")],
)
def test_name_says_what_is_wrong(cell, code):
    assert code_of(cells.name, cell) == code


@pytest.mark.parametrize(("cell", "sex"), [("男", "M"), ("女 ", "F"), ("Ｆ", "F"), (1.0, "M"), ("2", "F")])
def test_sex_takes_words_letters_and_codes(cell, sex):
    assert cells.sex(cell) == sex


@pytest.mark.parametrize(("cell", "code"), [("", "sex_empty"), ("不详", "sex_unknown")])
def test_sex_says_what_is_wrong(cell, code):
    assert code_of(cells.sex, cell) == code


@pytest.mark.parametrize("cell", [15400000001, 15400000001.0, "15400000001.0", "154 0000 0001"])
def test_phone_takes_numbers_and_text(cell):
    assert cells.phone(cell) == "15400000001"


def test_phone_in_scientific_notation_has_lost_its_digits():
    assert code_of(cells.phone, "1.54E+10") == "phone_number_cell"


def test_class_name_as_a_number_is_read_while_it_is_clear():
    assert cells.class_name(7.3, frozenset({"7.3"})) == ClassName(3, 7)
    assert cells.class_name(3.0, frozenset()) == ClassName(3)
    assert cells.class_name(7.1, frozenset({"7.1", "7.2"})) == ClassName(1, 7)


def test_class_name_as_a_number_is_refused_where_it_may_have_been_another():
    assert code_of(cells.class_name, 7.1, frozenset({"7.1", "7.9"})) == "class_ambiguous"
    assert code_of(cells.class_name, 7.2, frozenset({"7.19"})) == "class_ambiguous"


def test_class_name_as_text_is_never_ambiguous():
    assert cells.class_name("7.10", frozenset({"7.9"})) == ClassName(10, 7)
