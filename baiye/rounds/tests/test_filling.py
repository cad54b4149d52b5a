"""The fill of class trips: what always holds, and what a small case must give."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baiye.rounds.filling import FEWEST, MOST, Class, HostDay, Plan, fill

pytestmark = pytest.mark.slow
MONDAY = date(2026, 11, 2)
DAYS = [MONDAY + timedelta(days=n) for n in range(5)]


@st.composite
def districts(draw: st.DrawFn) -> tuple[list[Class], dict[HostDay, int], int]:
    """A few schools, a few hosts, some trips fixed by hand; seats from far too few to far too many."""
    places = [HostDay(on, host) for on in DAYS for host in range(4)]
    seats = draw(st.dictionaries(st.sampled_from(places), st.integers(0, 150)))
    classes = []
    for pk in range(draw(st.integers(0, 12))):
        fixed: list[HostDay] = []
        for place in draw(st.lists(st.sampled_from(places), max_size=2)):
            if all(place.on != other.on and place.host != other.host for other in fixed):
                fixed.append(place)
        days = frozenset(draw(st.sets(st.sampled_from(DAYS))))
        classes.append(Class(pk, draw(st.integers(0, 3)), draw(st.integers(0, 50)), days, tuple(fixed)))
    return classes, seats, draw(st.integers(1, 2))


def all_trips(classes: list[Class], plan: Plan) -> dict[int, list[HostDay]]:
    trips = {one.pk: list(one.fixed) for one in classes}
    for pk, place in plan.trips:
        trips[pk].append(place)
    return trips


@given(districts())
def test_fill_keeps_what_is_fixed_and_sends_no_class_twice_to_a_day_or_a_host(case):
    classes, seats, days = case

    trips = all_trips(classes, fill(classes, seats, days))

    for one in classes:
        mine = trips[one.pk]
        assert len({place.on for place in mine}) == len(mine)
        assert len({place.host for place in mine}) == len(mine)
        assert len(mine) <= max(days, len(one.fixed))
        assert {place.on for place in mine[len(one.fixed) :]} <= one.days


@given(districts())
def test_fill_never_sends_more_pupils_than_seats(case):
    classes, seats, days = case
    plan = fill(classes, seats, days)
    size = {one.pk: one.pupils for one in classes}
    fixed = {place: sum(one.pupils for one in classes if place in one.fixed) for place in seats}

    for place in {place for _pk, place in plan.trips}:
        new = sum(size[pk] for pk, there in plan.trips if there == place)
        assert fixed[place] + new <= seats[place]


@given(districts())
def test_fill_names_every_class_that_lacks_a_day_and_no_other(case):
    classes, seats, days = case

    plan = fill(classes, seats, days)

    trips = all_trips(classes, plan)
    lacking = {one.pk: days - len(trips[one.pk]) for one in classes if one.pupils and len(trips[one.pk]) < days}
    assert dict(plan.missing) == lacking


@given(districts(), st.randoms())
def test_fill_is_the_same_whatever_the_order_of_its_input(case, rng):
    classes, seats, days = case
    shuffled = rng.sample(classes, len(classes))
    turned = dict(rng.sample(list(seats.items()), len(seats)))

    assert fill(shuffled, turned, days) == fill(classes, seats, days)


@given(districts())
def test_fill_finds_nothing_to_add_to_its_own_plan_when_nobody_was_left_out(case):
    classes, seats, days = case
    plan = fill(classes, seats, days)
    trips = all_trips(classes, plan)
    again = [Class(one.pk, one.school, one.pupils, one.days, tuple(trips[one.pk])) for one in classes]

    if not plan.missing:
        assert fill(again, seats, days) == Plan((), {})


@pytest.mark.parametrize("seed", range(4))
def test_fill_keeps_nearly_every_host_day_of_a_district_within_its_margins(seed):
    """36 schools, six hosts on ten days, seats as a coordinator plans them."""
    rng = random.Random(seed)
    sizes = [(school, rng.randint(28, 45)) for school in range(36) for _ in range(rng.randint(1, 8))]
    places = [HostDay(MONDAY + timedelta(days=n), host) for n in range(10) for host in range(6)]
    shares = {place: rng.uniform(0.7, 1.3) for place in places}
    wanted = sum(pupils for _school, pupils in sizes) * 2 * rng.uniform(1.12, 1.2)
    seats = {place: round(wanted * share / sum(shares.values())) for place, share in shares.items()}
    days = frozenset(place.on for place in places)

    plan = fill([Class(pk, school, pupils, days) for pk, (school, pupils) in enumerate(sizes)], seats, 2)

    assert plan.missing == {}
    load = Counter(dict.fromkeys(places, 0))
    for pk, place in plan.trips:
        load[place] += sizes[pk][1]
    assert [place for place in places if load[place] * FEWEST > seats[place]] == []
    assert len([place for place in places if load[place] * MOST < seats[place]]) <= 2


def test_fill_lets_the_classes_of_a_school_travel_together_where_there_is_room():
    seats = {HostDay(on, host): 100 for on in DAYS[:2] for host in (1, 2)}
    classes = [Class(pk, pk // 2, 40, frozenset(DAYS)) for pk in range(4)]

    plan = fill(classes, seats, 2)

    where = all_trips(classes, plan)
    assert where[0] == where[1]
    assert where[2] == where[3]
    assert plan.missing == {}


def test_fill_moves_a_class_to_make_room_for_one_that_is_tied_to_a_day():
    tuesday = DAYS[1]
    seats = {HostDay(MONDAY, 1): 42, HostDay(tuesday, 1): 42}
    free, tied = Class(1, 1, 40, frozenset(DAYS)), Class(2, 2, 40, frozenset({MONDAY}))

    plan = fill([free, tied], seats, 1)

    assert plan == Plan(((1, HostDay(tuesday, 1)), (2, HostDay(MONDAY, 1))), {})


def test_fill_uses_the_last_seats_rather_than_leave_a_class_at_home():
    plan = fill([Class(1, 1, 40, frozenset(DAYS))], {HostDay(MONDAY, 1): 40}, 1)

    assert plan == Plan(((1, HostDay(MONDAY, 1)),), {})


def test_fill_leaves_a_class_at_home_rather_than_oversell():
    plan = fill([Class(1, 1, 40, frozenset(DAYS))], {HostDay(MONDAY, 1): 39}, 1)

    assert plan == Plan((), {1: 1})
