"""Minimum groups inside the optimisation: what is held, what is closed, and what is proved of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import inf
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from baiye_placement import (
    Apart,
    Placement,
    Problem,
    Pupil,
    Session,
    explain,
    merging,
    optimise,
    place,
    read_placement,
    verify,
    write_placement,
)
from baiye_placement.arrays import compile_arrays
from baiye_placement.charges import Charges
from baiye_placement.clock import Clock
from baiye_placement.closures import told
from baiye_placement.dual import POINTS_WHEN_FULL, SCALE, own_most
from baiye_placement.generate import generate
from baiye_placement.minimums import GroupSearch
from baiye_placement.tables import tables
from baiye_placement.verify import _Book
from baiye_placement.verify_bounds import Bounds
from baiye_placement.verify_rows import rows_of
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engines.placement.tests.tiny import brute_force, tiny_problem

SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@st.composite
def with_minimums(draw: st.DrawFn) -> Problem:
    """Tiny problems in which two sessions of three have a minimum."""
    random = draw(st.randoms(use_true_random=False))
    problem = tiny_problem(random)
    assume(problem is not None)
    sessions = (
        replace(s, capacity=s.capacity + 2, minimum=random.choice([0, 2, 2, 3])) if s.capacity else s
        for s in problem.sessions
    )
    return replace(problem, sessions=tuple(replace(s, minimum=min(s.minimum, s.capacity)) for s in sessions))


def full_points(problem: Problem) -> int:
    """The most points of placements that fill what each could fill alone; there must be one."""
    best = brute_force(problem)
    assume(best is not None and best[0] == Bounds(_Book(rows_of(problem)), SCALE).most)
    return int(best[1])


def levels(placement: Placement) -> tuple[int, ...]:
    return tuple(level.value for level in placement.certificate.levels)


@SLOW
@given(with_minimums(), st.randoms(use_true_random=False))
def test_bound_with_charges_of_any_size_holds_for_every_full_placement(problem: Problem, random: Random):
    bounds = Bounds(_Book(rows_of(problem)), SCALE)
    charge = lambda: random.randrange(-3000, 3000)  # noqa: E731
    groups = {
        s.id: {"others": charge(), "own": {unit.members[0]: charge() for unit in bounds.units if random.random() < 0.7}}
        for s in problem.sessions
        if s.minimum
    }
    prices = {s.id: random.randrange(2000) for s in problem.sessions if s.id not in groups}

    bound = bounds.dual(lambda unit: unit.points, True, prices, None, groups)

    assert bound >= full_points(problem) * SCALE


@SLOW
@given(with_minimums(), st.randoms(use_true_random=False))
def test_charges_from_any_prices_bound_every_full_placement_and_are_what_verify_reckons(
    problem: Problem, random: Random
):
    assume(not problem.locks)
    a = compile_arrays(problem)
    t = tables(a)
    t = t._replace(need=own_most(t))
    minimum = np.array([problem.session_by_id[s].minimum for s in a.session_ids])
    price = np.array([random.randrange(-2000 if m > 1 else 0, 2000) for m in minimum], dtype=np.int64)
    groups = GroupSearch(t, minimum, POINTS_WHEN_FULL, price, step=1.0)
    groups.close(np.array([s for s, m in enumerate(minimum) if m > 1 and random.random() < 0.4], dtype=np.int64))

    charges = Charges(t, groups, Clock(inf))

    told = {
        a.session_ids[s]: {"others": of.others, "own": {a.members[u][0]: own for u, own in of.own.items()}}
        for s, of in charges.of.items()
    }
    prices = {name: int(charges.price[i]) for i, name in enumerate(a.session_ids) if name not in told}
    bounds = Bounds(_Book(rows_of(problem)), SCALE)
    assert charges.bound == bounds.dual(lambda unit: unit.points, True, prices, None, told)
    assert charges.bound >= full_points(problem) * SCALE


def test_charges_prove_that_too_small_a_group_is_better_closed():
    """Two of twelve want drones, which holds six or nobody: ten would have to give up what they wish."""
    sessions = (Session("B", "baking", "V", 1, 12), Session("D", "drones", "V", 1, 12, minimum=6))
    pupils = [Pupil(f"p{i:02d}", "7A", ("drones", "baking") if i < 2 else ("baking",), 1) for i in range(12)]
    problem = Problem(sessions, tuple(pupils), {"7A": (1,)}, (100, 80))
    a = compile_arrays(problem)
    t = tables(a)
    price = np.array([0, -90 * SCALE], dtype=np.int64)
    plain = 100 * 12

    charges = Charges(t, GroupSearch(t, np.array([0, 6]), POINTS_WHEN_FULL, price, step=1.0), Clock(inf))

    assert charges.bound == (100 * 10 + 80 * 2) * SCALE < plain * SCALE
    assert place(problem).points == 1160


@pytest.mark.slow
@SLOW
@given(with_minimums())
def test_place_with_minimums_reaches_what_brute_force_reaches(problem: Problem):
    placement = place(problem, gap_target=0.0)

    assert verify(problem, placement) == []
    assert levels(placement) == brute_force(problem)


@pytest.mark.slow
@SLOW
@given(with_minimums())
def test_place_with_minimums_without_the_integer_programme_keeps_every_rule(problem: Problem):
    small, optimise.SMALL = optimise.SMALL, -1
    try:
        placement = place(problem, gap_target=0.0)
        turned = place(replace(problem, sessions=problem.sessions[::-1], pupils=problem.pupils[::-1]), gap_target=0.0)
    finally:
        optimise.SMALL = small

    assert verify(problem, placement) == []
    assert levels(placement) <= brute_force(problem)
    assert (turned.seats, turned.certificate.levels) == (placement.seats, placement.certificate.levels)


@pytest.mark.slow
@SLOW
@given(with_minimums(), st.randoms(use_true_random=False))
def test_place_with_one_seat_more_in_a_session_with_a_minimum_never_has_less(problem: Problem, random: Random):
    widened = random.choice(problem.sessions)
    roomier = tuple(replace(s, capacity=s.capacity + (s is widened)) for s in problem.sessions)

    assert levels(place(replace(problem, sessions=roomier), gap_target=0.0)) >= levels(place(problem, gap_target=0.0))


@pytest.fixture(scope="module")
def crowded() -> Iterator[tuple[Problem, Placement]]:
    """Twice as many seats as are needed, in sessions that come about with a third of them; and its placement."""
    problem = generate(pupils=400, seed=7, seats=200, minimum=34)
    small, optimise.SMALL = optimise.SMALL, -1
    yield problem, place(problem)
    optimise.SMALL = small


@pytest.mark.slow
def test_place_of_too_many_sessions_fills_everyone_and_proves_more_than_prices_alone_could(
    crowded: tuple[Problem, Placement],
):
    problem, placement = crowded
    free = place(replace(problem, sessions=tuple(replace(s, minimum=0) for s in problem.sessions)), gap_target=0.0)

    points = placement.certificate.levels[-1]

    assert verify(problem, placement) == []
    assert placement.unfilled == {}
    assert points.groups
    assert points.value <= points.bound < free.points


@pytest.mark.slow
def test_verify_refuses_charges_that_prove_less_than_is_said_or_stand_for_nobody(
    crowded: tuple[Problem, Placement], tmp_path: Path
):
    problem, placement = crowded
    write_placement(placement, tmp_path)
    path = tmp_path / "certificate.json"
    body = json.loads(path.read_text())
    groups = body["levels"][1]["groups"]
    session = next(name for name, charge in groups.items() if len(charge["own"]) > 2)
    first = next(iter(groups[session]["own"]))
    forgeries: list[tuple[Any, Any]] = [
        (session, {**groups[session], "own": {**groups[session]["own"], first: 10**6}}),
        (session, {**groups[session], "others": 10**6}),
        (session, {**groups[session], "others": 0.5}),
        (session, {**groups[session], "own": {"nobody": 5}}),
        (session, {"others": 0}),
        ("nowhere", groups[session]),
    ]

    believed = []
    for name, charge in forgeries:
        path.write_text(
            json.dumps(
                {**body, "levels": [body["levels"][0], {**body["levels"][1], "groups": {**groups, name: charge}}]}
            )
        )
        if not verify(problem, read_placement(tmp_path)):
            believed.append((name, charge))

    assert verify(problem, placement) == []
    assert believed == []


# ── merging ──
@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=4))
def test_sizes_of_sessions_that_are_alike_move_as_few_as_any_spread_that_keeps_every_minimum(
    rows: list[tuple[int, int, int]],
):
    capacity = np.array([max(c, n) for _, c, n in rows])
    minimum = np.minimum([m for m, _, _ in rows], capacity)
    load = np.array([n for *_, n in rows])
    allowed = [[0, *range(max(1, m), c + 1)] for m, c in zip(minimum, capacity, strict=True)]
    spreads = [np.array(sizes) for sizes in product(*allowed) if sum(sizes) == load.sum() > 0]

    sizes = merging._sizes(list(range(len(rows))), minimum, capacity, load)

    most = max((int(np.minimum(spread, load).sum()) for spread in spreads), default=None)
    found = None if sizes is None else [sizes[s] for s in range(len(rows))]
    assert (None if found is None else int(np.minimum(found, load).sum())) == most
    assert found is None or any((spread == found).all() for spread in spreads)


def two_small_groups(*more: Session, apart: tuple[Apart, ...] = ()) -> Problem:
    """Three and two pupils in drones on one half-day, where it takes four to hold it; and whatever else there is."""
    sessions = (Session("D1", "drones", "V", 1, 5, 4), Session("D2", "drones", "V", 1, 5, 4), *more)
    pupils = tuple(Pupil(f"p{i}", "7A", ("drones",), 1) for i in range(5))
    return Problem(sessions, pupils, {"7A": (1,)}, (100, 80), apart=apart)


def seats_of(problem: Problem, *names: str) -> tuple[Any, Any, Any, Any]:
    a = compile_arrays(problem)
    seat = np.array([a.session_ids.index(name) for name in names])
    return a, tables(a), np.array([problem.session_by_id[s].minimum for s in a.session_ids]), seat


def test_merged_puts_two_groups_that_are_too_small_into_the_one_where_fewer_must_move():
    a, t, minimum, seat = seats_of(two_small_groups(), "D1", "D1", "D2", "D2", "D2")

    together = merging.merged(a, t, minimum, seat)

    assert [a.session_ids[s] for s in together] == ["D2"] * 5


def test_merged_leaves_two_groups_alone_whose_pupils_must_be_kept_apart():
    problem = two_small_groups(apart=(Apart("p0", "p4"),))
    a, t, minimum, seat = seats_of(problem, "D1", "D1", "D2", "D2", "D2")

    assert (merging.merged(a, t, minimum, seat) == seat).all()


def test_merged_does_not_mix_sessions_that_are_not_open_to_the_same_pupils():
    elsewhere = Session("D3", "drones", "V", 1, 5, 4, frozenset("a"))
    problem = replace(two_small_groups(), sessions=(*two_small_groups().sessions[:1], elsewhere))
    pupils = tuple(replace(p, stage="a" if i > 1 else "b") for i, p in enumerate(problem.pupils))
    a, t, minimum, seat = seats_of(replace(problem, pupils=pupils), "D1", "D1", "D3", "D3", "D3")

    assert (merging.merged(a, t, minimum, seat) == seat).all()


# ── what is told ──
def test_place_tells_which_sessions_were_merged_into_which_and_which_were_closed():
    baking = Session("B", "baking", "V", 1, 5, 4)
    problem = two_small_groups(baking)
    one = replace(problem.pupils[0], wishes=("baking", "drones"))
    problem = replace(problem, pupils=(one, *problem.pupils[1:]))

    placement = place(problem)

    (held,) = {name for seats in placement.seats.values() for name in seats}
    other = {"D1": "D2", "D2": "D1"}[held]
    assert placement.closed == {
        "B": {"minimum": 4, "wished": 1, "into": []},
        other: {"minimum": 4, "wished": 5, "into": [held]},
    }
    assert told(placement.closed) == {"closed": ["B"], "merged": {other: [held]}}
    assert verify(problem, placement) == []
    assert explain(problem, placement, "p0", 1).code == "closed"


def test_explain_of_a_full_session_tells_what_was_merged_into_it():
    problem = two_small_groups()
    problem = replace(
        problem,
        sessions=tuple(replace(s, capacity=4) for s in problem.sessions),
    )
    placement = place(problem)

    (left_out,) = (name for name, seats in placement.seats.items() if not seats)
    reason = explain(problem, placement, left_out, 1)

    (closed,) = placement.closed
    assert reason.facts["merged"] == {closed: placement.closed[closed]["into"]}


@pytest.mark.parametrize("change", [{"minimum": 3}, {"wished": 4}, {"into": []}])
def test_verify_refuses_closures_that_are_not_as_they_are(change: dict[str, Any]):
    problem = two_small_groups()
    placement = place(problem)
    (name,) = placement.closed
    (held,) = placement.closed[name]["into"]
    forgeries = [{}, {name: {**placement.closed[name], **change}}, {**placement.closed, held: placement.closed[name]}]

    refused = [{v.code for v in verify(problem, replace(placement, closed=forged))} for forged in forgeries]

    assert refused == [{"closed"}] * 3
