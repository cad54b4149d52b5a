from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baiye.core.sheets.values import BadValue
from baiye.schools import roll
from baiye.schools.roll import ClassName
from baiye.schools.tests.factories import roll_number

GOOD = "G110105194912310023"  # the area, day and sequence of the standard's own example, with another sequence


def code_of(read, *args):
    with pytest.raises(BadValue) as bad:
        read(*args)
    return bad.value.code


def test_check_digit_of_the_example_in_the_standard():
    assert roll.check_digit("11010519491231002") == "X"


@pytest.mark.parametrize(
    "written",
    [
        "G11010519491231002X",
        "g11010519491231002x",
        " G110105 19491231 002X ",
        "Ｇ１１０１０５１９４９１２３１００２Ｘ",
        "\u200bG11010519491231002X\ufeff",
    ],
)
def test_parse_roll_takes_any_width_case_and_space(written):
    assert roll.parse_roll(written) == "G11010519491231002X"


def test_parse_roll_of_a_temporary_number_has_no_check_digit():
    assert roll.parse_roll("L990001201309010000") == "L990001201309010000"


def test_parse_roll_of_a_number_of_the_schools_own_is_checked():
    body = "99000120130901001"

    assert roll.parse_roll(f"J{body}{roll.check_digit(body)}") == f"J{body}{roll.check_digit(body)}"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "roll_empty"),
        ("11010519491231002X", "roll_letter"),
        ("G1101051949123100", "roll_short"),
        ("G11010519491231002X1", "roll_long"),
        ("G1101051949123100AX", "roll_characters"),
        ("G110105194913310021", "roll_birth"),
        (GOOD, "roll_check"),
    ],
)
def test_parse_roll_says_what_is_wrong(written, code):
    assert code_of(roll.parse_roll, written) == code


@given(st.integers(0, 10**7 - 1), st.integers(0, 9), st.integers(1, 18))
def test_one_wrong_digit_never_passes_the_check(n, digit, place):
    good = roll_number(n)
    wrong = good[:place] + str(digit) + good[place + 1 :]

    if wrong != good:
        assert code_of(roll.parse_roll, wrong) in {"roll_check", "roll_birth"}


def test_masks_show_kind_area_and_the_last_four():
    assert roll.mask_roll("G310107201405061234") == "G310107********1234"
    assert roll.mask_phone("15400000001") == "154****0001"


@pytest.mark.parametrize(
    "written", ["13912345678", "139 1234 5678", "+86 139-1234-5678", "8613912345678", "１３９１２３４５６７８"]
)
def test_parse_phone_takes_what_people_write(written):
    assert roll.parse_phone(written) == "13912345678"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1391234567", "phone_short"),
        ("139123456789", "phone_long"),
        ("12912345678", "phone_range"),
        ("139/13812345678", "phone_characters"),
        ("", "phone_characters"),
    ],
)
def test_parse_phone_says_what_is_wrong(written, code):
    assert code_of(roll.parse_phone, written) == code


@pytest.mark.parametrize(
    ("written", "grade"),
    [
        ("七年级", (7, None)),
        ("7", (7, None)),
        ("７年级", (7, None)),
        ("预初", (6, None)),
        ("预备年级", (6, None)),
        ("六年级", (6, None)),
        ("初一", (7, None)),
        ("初三", (9, None)),
        ("高一年级", (10, None)),
        ("中职二", (11, None)),
        ("12", (12, None)),
        ("2025级", (None, 2025)),
    ],
)
def test_parse_grade_knows_shanghais_names(written, grade):
    assert roll.parse_grade(written) == grade


@pytest.mark.parametrize("written", ["", "0", "13", "小学七年级", "初中一年级", "2025届", "一班"])
def test_parse_grade_refuses_what_is_no_grade(written):
    assert code_of(roll.parse_grade, written) == "grade_unknown"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("七年级3班", ClassName(3, 7)),
        ("七（3）班", ClassName(3, 7)),
        ("七(３)班", ClassName(3, 7)),
        ("七年级（十二）班", ClassName(12, 7)),
        ("7.3", ClassName(3, 7)),
        ("7.10", ClassName(10, 7)),
        ("7-12", ClassName(12, 7)),
        ("712", ClassName(12, 7)),
        ("1003", ClassName(3, 10)),
        ("七12", ClassName(12, 7)),
        ("七三班", ClassName(3, 7)),
        ("预初（1）班", ClassName(1, 6)),
        ("初一（12）班", ClassName(12, 7)),
        ("高一3班", ClassName(3, 10)),
        ("2025级3班", ClassName(3, None, 2025)),
        ("3班", ClassName(3)),
        ("三班", ClassName(3)),
        ("（3）班", ClassName(3)),
        ("二十一", ClassName(21)),
        ("12", ClassName(12)),
    ],
)
def test_parse_class_takes_what_people_write(written, name):
    assert roll.parse_class(written) == name


@pytest.mark.parametrize("written", ["班", "", "abc", "73", "61", "0", "七（）班", "十七（3）班", "7.0"])
def test_parse_class_refuses_what_is_no_class(written):
    assert code_of(roll.parse_class, written) == "class_unknown"


@given(st.integers(1, 60))
def test_han_number_reads_every_class_number(number):
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    written = ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "") if tens else digits[ones]

    assert roll.han_number(written) == number


def test_birth_date_stands_in_the_number():
    assert roll.birth_date("G990001201309010011") == date(2013, 9, 1)
