"""How many places a venue has left, against a count minute by minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baiye.catalogue.models import CourseVersion
from baiye.registry.models import Venue
from baiye.visits.plans import Plan, Room

MIDNIGHT = datetime(2026, 11, 28, tzinfo=UTC)
spans = st.tuples(st.integers(0, 20), st.integers(1, 6), st.integers(1, 9)).map(lambda t: (t[0], t[0] + t[1], t[2]))


def plan(venue: Venue, begin: int, end: int, seats: int) -> Plan:
    hours = (MIDNIGHT + timedelta(hours=hour) for hour in (begin, end))
    return Plan(version=CourseVersion(), venue=venue, starts_at=next(hours), ends_at=next(hours), seats=seats)


@given(standing=st.lists(spans, max_size=8), new=spans)
def test_room_leaves_at_least_what_the_fullest_hour_leaves_and_never_more_than_nobody_takes(standing, new):
    venue, room = Venue(pk=1, capacity=40), Room([])
    for begin, end, seats in standing:
        room.take(venue, plan(venue, begin, end, seats))
    begin, end, _seats = new
    by_hour = [sum(n for first, last, n in standing if first <= hour < last) for hour in range(begin, end)]
    overlapping = sum(n for first, last, n in standing if first < end and last > begin)

    left = room.left(venue, MIDNIGHT + timedelta(hours=begin), MIDNIGHT + timedelta(hours=end))

    assert left == 40 - overlapping  # those that merely touch take nothing
    assert left <= 40 - max(by_hour)  # so no hour is ever fuller than the venue holds


@pytest.mark.parametrize(("begin", "left"), [(9, 28), (12, 40), (6, 40)])
def test_room_counts_what_overlaps_not_what_touches(begin, left):
    venue, room = Venue(pk=1, capacity=40), Room([])
    room.take(venue, plan(venue, 9, 12, 12))

    assert room.left(venue, MIDNIGHT + timedelta(hours=begin), MIDNIGHT + timedelta(hours=begin + 3)) == left
