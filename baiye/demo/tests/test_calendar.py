"""The demonstration's dates: enough school days on both sides, whatever day it is first run."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from baiye.demo.calendar import at, calendar, holidays, terms
from baiye.demo.story.rounds import Script, phases, spread
from baiye.rounds.models import PHASES

DAYS = [
    date(2026, 11, 4),  # in term
    date(2026, 7, 20),  # in the summer holiday
    date(2026, 10, 1),  # on a public holiday
    date(2027, 1, 1),
    date(2027, 2, 1),  # in the winter holiday
    date(2028, 2, 29),
    date(2026, 8, 31),  # the last day of a school year
    date(2026, 9, 1),
]


def school_days_of(today):
    """Weekdays in term that are no public holiday, as `make_terms` would set them."""
    spans = terms(today)
    free = {on for on, _ in holidays(spans[0][1].year, spans[-1][2].year)}
    return lambda on: on.weekday() < 5 and on not in free and any(first <= on <= last for _, first, last in spans)


@pytest.mark.parametrize("today", DAYS)
def test_calendar_has_fifteen_school_days_before_and_after(today):
    is_school_day = school_days_of(today)

    found = calendar(today, is_school_day)

    for days in (found.finished_days, found.open_days):
        assert len(set(days)) == 15
        assert list(days) == sorted(days)
        assert [day for day in days if not is_school_day(day)] == []
    assert found.finished_days[-1] <= today - timedelta(days=28)
    assert found.open_days[0] >= today + timedelta(days=21)


def test_calendar_in_july_goes_back_to_june_and_on_to_september():
    found = calendar(date(2026, 7, 20), school_days_of(date(2026, 7, 20)))

    assert found.finished_days[-1] == date(2026, 6, 22)
    assert found.open_days[0] == date(2026, 9, 1)


def test_calendar_passes_over_a_public_holiday():
    found = calendar(date(2026, 9, 10), school_days_of(date(2026, 9, 10)))

    assert found.open_days[0] == date(2026, 10, 5)
    assert found.finished_days[-1] == date(2026, 6, 30)


@pytest.mark.parametrize("today", DAYS)
def test_terms_follow_each_other_and_hold_today_or_the_next_term(today):
    spans = terms(today)

    edges = [edge for _, first, last in spans for edge in (first, last)]
    assert edges == sorted(edges)
    assert edges[0] < today - timedelta(days=200)
    assert edges[-1] > today + timedelta(days=120)


@pytest.mark.parametrize("today", DAYS)
def test_phases_follow_each_other_in_the_order_of_the_round(today):
    days = calendar(today, school_days_of(today)).open_days

    spans = phases(Script("示例", 6, days, at(today + timedelta(days=6), 20)))

    assert list(spans) == [kind for kind, _ in PHASES]
    edges = [edge for span in spans.values() for edge in span]
    assert edges == sorted(edges)


def offers(*groups):
    """(ideal group, largest group, room) of each course on offer."""
    return [
        (SimpleNamespace(group_ideal=ideal, group_max=most), SimpleNamespace(capacity=room))
        for ideal, most, room in groups
    ]


@pytest.mark.parametrize("seats", [0, 1, 59, 60, 61, 1000])
@pytest.mark.parametrize("scarce", [0, 1, 2])
def test_spread_never_goes_beyond_a_group_or_a_room(seats, scarce):
    running = offers((20, 30, 25), (30, 24, 40), (18, 20, 20))

    counts = spread(seats, running, scarce)

    assert [count for count, most in zip(counts, (25, 24, 20), strict=True) if count > most] == []
    assert sum(counts[scarce:]) <= max(0, seats - sum(counts[:scarce]))


def test_spread_shares_out_evenly_what_the_scarce_ones_leave():
    running = offers((10, 30, 40), (20, 30, 40), (20, 30, 40))

    assert spread(50, running, 1) == [10, 20, 20]
    assert spread(50, running, 0) == [17, 17, 16]


def test_spread_fills_another_course_when_one_is_full():
    assert spread(50, offers((5, 10, 10), (20, 40, 60)), 0) == [10, 40]
