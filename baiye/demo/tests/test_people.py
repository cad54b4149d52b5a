"""Generated people: real in shape, and nobody's."""

import random
from datetime import date

import pytest

from baiye.demo.people import check_digit, children
from baiye.schools.roll import parse_phone


def test_check_digit_is_that_of_the_standards_own_example():
    assert check_digit("11010519491231002") == "X"  # GB 11643-1999, 4.2.2


def test_children_have_roll_numbers_with_a_right_check_digit_in_a_province_that_does_not_exist():
    for child in children(1200, born_in=2013, seed="a", first=0):
        letter, body, last = child.roll_number[0], child.roll_number[1:-1], child.roll_number[-1]

        assert (letter, body[:2], len(body)) == ("G", "99", 17)
        assert last == check_digit(body)
        assert body[6:14] == f"{child.born_on:%Y%m%d}"
        assert int(body[16]) % 2 == (child.sex == "M")


def test_children_share_no_roll_number_and_no_phone_across_schools():
    grown = [*children(700, born_in=2013, seed="a", first=0), *children(700, born_in=2013, seed="b", first=700)]

    assert len({child.roll_number for child in grown}) == 1400
    assert len({child.phone for child in grown}) == 1400


def test_children_have_phones_in_a_range_that_no_carrier_holds():
    phones = [child.phone for child in children(600, born_in=2013, seed="a", first=12_000)]

    assert {phone[:3] for phone in phones} == {"154"}
    assert [parse_phone(phone) for phone in phones] == phones  # and the rosters' reader takes them


def test_children_are_of_one_school_year():
    born = [child.born_on for child in children(2000, born_in=2013, seed="a", first=0)]

    assert date(2013, 9, 1) <= min(born)
    assert max(born) <= date(2014, 8, 31)


@pytest.mark.parametrize("seed", ["a", "b"])
def test_children_of_one_seed_are_the_same_each_time_whatever_else_was_drawn(seed):
    before = list(children(40, born_in=2013, seed=seed, first=0))

    random.random()

    assert list(children(40, born_in=2013, seed=seed, first=0)) == before


def test_children_of_two_seeds_differ():
    names = [[child.name for child in children(40, born_in=2013, seed=seed, first=0)] for seed in "ab"]

    assert names[0] != names[1]
