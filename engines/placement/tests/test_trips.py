"""Trips chosen out of offers: the best choice on tiny problems, a bound that holds, rules kept, rows named."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from baiye_placement import (
    Lock,
    Problem,
    ProblemError,
    Pupil,
    Session,
    Trip,
    place,
    plan_trips,
    problem_sha256,
    read_problem,
    verify,
    verify_plan,
    write_problem,
)
from baiye_placement.clock import Clock
from baiye_placement.dual import SCALE
from baiye_placement.generate import generate
from baiye_placement.trips import plan as planning
from baiye_placement.trips.plan import Planner, planned
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engines.placement.tests.tiny_offers import best_choice, cost, tiny_offers

pytestmark = pytest.mark.slow
OFFERS = (
    Trip("7A", (0, 1), "V1", 10, chosen=False),
    Trip("7A", (0, 1), "V2", 20, chosen=False),
    Trip("7A", (2, 3), "V1", 10, chosen=False),
)
SESSIONS = tuple(
    Session(f"{v}{s}{p}", f"{v}{p}", v, s, 3) for v in ("V1", "V2") for s in (0, 1, 2, 3) for p in ("baking", "drones")
)
CLASS = Problem(SESSIONS, (Pupil("bo", "7A", ("V2baking", "V1drones"), 2),), {"7A": ()}, (10, 5), trips=OFFERS)


def chosen(problem: Problem) -> list[tuple[str, tuple[int, ...], str]]:
    return sorted((t.group, t.slots, t.venue) for t in problem.trips if t.chosen)


def drawn(random: Random) -> tuple[Problem, tuple[int, int]]:
    """A tiny problem that has an answer, and the answer's worth."""
    problem = tiny_offers(random)
    assume(problem is not None)
    best = best_choice(problem)
    assume(best is not None)
    return problem, best


def value_of(problem: Problem) -> tuple[int, int]:
    placement = place(problem)
    filled = sum(len(problem.session_by_id[s].slots) for held in placement.seats.values() for s in held)
    return filled, placement.points - cost(problem)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_plan_of_a_tiny_problem_is_the_best_there_is_and_its_bound_holds(random: Random):
    problem, best = drawn(random)

    plan = plan_trips(problem, time_budget_s=60)

    assert verify_plan(problem, plan) == []
    assert (value_of(plan.problem)) == best
    if not plan.short:
        assert plan.value == best[1] <= plan.bound


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_choosing_by_prices_and_moves_keeps_every_rule_and_never_beats_the_bound(random: Random):
    problem, best = drawn(random)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "SMALL", 0)

        plan = plan_trips(problem, time_budget_s=60)

    assert verify_plan(problem, plan) == []
    assert value_of(plan.problem) <= best
    if not plan.short:
        assert best[1] <= plan.bound


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_any_prices_give_a_bound(random: Random):
    problem, best = drawn(random)
    everyone = sum(pupil.need for pupil in problem.pupils)
    assume(best[0] == everyone)
    planner = Planner(problem, Clock(float("inf")))
    _, _ = planner.choose(0.0), planner.proof(())
    prices = np.array([random.randint(0, 12 * SCALE) for _ in problem.sessions], dtype=np.int64)

    bound = planner.prices.bound_at(prices)

    constant = problem.locked_points - cost(problem)
    assert bound >= (best[1] - constant) * SCALE


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_plan_does_not_depend_on_the_order_of_rows(random: Random):
    problem, _ = drawn(random)
    turned = replace(problem, sessions=problem.sessions[::-1], pupils=problem.pupils[::-1], trips=problem.trips[::-1])

    one, other = plan_trips(problem), plan_trips(turned)

    assert problem_sha256(one.problem) == problem_sha256(other.problem)
    assert one.value == other.value


def test_plan_goes_where_the_wish_is_and_the_class_is_out_then():
    plan = plan_trips(CLASS)

    assert chosen(plan.problem) == [("7A", (0, 1), "V2")]
    assert plan.problem.group_slots == {"7A": (0, 1)}
    assert (plan.value, plan.gap) == (10, 0)


def test_plan_stays_near_where_minutes_cost_more_than_the_wish_brings():
    plan = plan_trips(replace(CLASS, minute_cost=1))

    assert {venue for _, _, venue in chosen(plan.problem)} == {"V1"}
    assert plan.value == 5 - 10


def test_trips_that_are_made_already_stay():
    made = (Trip("7A", (2, 3), "V1"), *OFFERS[:2])
    problem = replace(CLASS, trips=made, group_slots={"7A": (2, 3)}, pupils=(replace(CLASS.pupils[0], need=4),))

    plan = plan_trips(problem)

    assert chosen(plan.problem) == [("7A", (0, 1), "V2"), ("7A", (2, 3), "V1")]


def test_locks_of_pupils_whose_trip_is_made_stay():
    made = (Trip("7A", (2, 3), "V1"), *OFFERS[:2])
    pupil = replace(CLASS.pupils[0], need=4)
    problem = replace(CLASS, trips=made, group_slots={"7A": (2, 3)}, pupils=(pupil,), locks=(Lock("bo", "V13baking"),))

    plan = plan_trips(problem)

    assert "V13baking" in plan.draft.seats["bo"]
    assert verify_plan(problem, plan) == []


def test_planned_problem_is_not_planned_again():
    plan = plan_trips(CLASS)

    again = planned(plan.problem, Clock(float("inf")))

    assert again is plan.problem


def test_place_of_a_problem_with_open_trips_chooses_them_first():
    placement = place(CLASS)

    made = planned(CLASS, Clock(float("inf")))
    assert placement.seats["bo"] == ("V20baking", "V21drones") or placement.points == 10
    assert verify(made, placement) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"trips": (OFFERS[0],), "pupils": (Pupil("bo", "7A", (), 4),)},
            "group '7A' lacks 4 half-days, and its offers give 2",
        ),
        (
            {"trips": (replace(OFFERS[0], seats=0),)},
            "lacks 2 half-days, and its offers give 0; half-days 0, 1 at 'V1': the bus has 0 seats for 1 pupils",
        ),
        (
            {"trips": OFFERS[:1], "pupils": tuple(Pupil(f"p{i}", "7A", (), 2) for i in range(7))},
            "half-days 0, 1 at 'V1': in half-day 0 the venue still takes 6 of 7 pupils",
        ),
        (
            {
                "pupils": tuple(Pupil(f"p{g}{i}", g, (), 2) for g in ("7A", "7B") for i in range(4)),
                "trips": (OFFERS[0], replace(OFFERS[0], group="7B")),
                "group_slots": {"7A": (), "7B": ()},
            },
            "half-days: the venues have seats for 1 of the 2 groups at once",
        ),
        (
            {
                "pupils": (Pupil("bo", "7A", (), 2), Pupil("li", "7B", (), 2, 1, "bo")),
                "group_slots": {"7A": (), "7B": (0, 1)},
            },
            "pupils 'li' and 'bo' are tied, but their classes' trips are still to be chosen",
        ),
        (
            {"locks": (Lock("bo", "V10baking"),), "group_slots": {"7A": (0,)}},
            "lock of pupil 'bo' in session 'V10baking': the class's trip there is only offered; say yes to it",
        ),
        (
            {"sessions": (*SESSIONS, Session("long", "V1long", "V1", 1, 3, 0, frozenset(), (2,)))},
            "session 'long' lasts beyond one trip of group '7A'",
        ),
    ],
)  # fmt: skip
def test_offers_that_cannot_be_met_are_refused_by_name(changes: dict[str, object], message: str):
    with pytest.raises(ProblemError) as refused:
        plan_trips(replace(CLASS, **changes))

    assert message in str(refused.value)


def test_group_that_cannot_travel_for_want_of_room_alone_is_named_in_a_larger_problem(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(planning, "SMALL", 0)
    groups = [f"G{i}" for i in range(4)]
    problem = replace(
        CLASS,
        pupils=tuple(Pupil(f"{g}{i}", g, (), 2) for g in groups for i in range(4)),
        trips=tuple(replace(offer, group=g) for g in groups for offer in OFFERS),
        group_slots=dict.fromkeys(groups, ()),
    )

    with pytest.raises(ProblemError, match=r"group 'G[0-3]' cannot be given its 2 half-days.*for 3 of the 4 groups"):
        plan_trips(problem)


def test_offers_survive_their_folder(tmp_path):
    problem = replace(CLASS, minute_cost=2, trips=(*OFFERS, Trip("7A", (4,), "V1", 7, 40, chosen=False)))

    write_problem(problem, tmp_path)

    assert read_problem(tmp_path) == problem


def test_planned_folder_survives_and_verifies(tmp_path):
    plan = plan_trips(CLASS)

    write_problem(plan.problem, tmp_path)

    assert problem_sha256(read_problem(tmp_path)) == problem_sha256(plan.problem)


@pytest.mark.parametrize(
    ("trip", "message"),
    [
        (replace(OFFERS[0], minutes=-1), "minutes -1 or seats None are negative"),
        (replace(OFFERS[0], slots=()), "it names no half-day, or one twice"),
        (replace(OFFERS[0], seats=0, chosen=True), "the bus has 0 seats for 1 pupils"),
    ],
)
def test_a_trip_that_cannot_be_is_refused(trip: Trip, message: str):
    with pytest.raises(ProblemError, match=message):
        replace(CLASS, trips=(trip,), group_slots={"7A": (0, 1)})


def test_plan_of_a_district_is_within_a_few_percent_of_its_bound():
    problem = generate(pupils=600, seed=11, shape="plan")

    plan = plan_trips(problem, time_budget_s=12, gap_target=0.05)

    assert verify_plan(problem, plan) == []
    assert plan.gap < 0.06
