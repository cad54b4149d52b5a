"""One half-day for everyone: the flow's optimum, the prices that prove it, and the lottery among equals."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from baiye_placement import Policy, Problem, Pupil, Session, place, verify
from baiye_placement.generate import generate
from baiye_placement.lottery import lottery_order
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engines.placement.tests.test_place import levels
from engines.placement.tests.tiny import brute_force, tiny_problem

POINTS = Policy("points")


def single(problem: Problem) -> Problem:
    """The same rows where everyone needs one half-day and no rule but seats remains."""
    return replace(
        problem,
        sessions=tuple(replace(s, minimum=0, more_slots=()) for s in problem.sessions),
        pupils=tuple(replace(p, need=1, tied_to=None) for p in problem.pupils),
        apart=(),
        caps=(),
        locks=(),
        policy=POINTS,
    )


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_place_with_one_half_day_each_is_the_best_there_is(random: Random):
    drawn = tiny_problem(random)
    assume(drawn is not None)
    problem = single(drawn)

    placement = place(problem, gap_target=0.0)

    assert verify(problem, placement) == []
    assert levels(placement) == brute_force(problem)


@pytest.mark.slow
def test_place_a_district_with_one_half_day_each_proves_the_optimum():
    problem = generate(pupils=2000, seed=9173, shape="single")

    placement = place(problem, gap_target=0.0)

    assert verify(problem, placement) == []
    assert placement.certificate.gap == 0
    assert placement.certificate.proved_before


def test_place_of_equal_claims_on_one_seat_follows_the_lottery():
    sessions = (Session("first", "baking", "v", 0, 1), Session("other", "drones", "v", 0, 2))
    pupils = tuple(Pupil(name, "7A", ("baking",), 1) for name in ("an", "bo", "cy"))
    winners = set()

    for draw in range(12):
        problem = Problem(sessions, pupils, {"7A": (0,)}, (10,), POINTS, f"draw {draw}".encode())
        placement = place(problem)
        ahead = lottery_order(problem)[0]
        assert placement.seats[ahead] == ("first",)
        winners.add(ahead)

    assert len(winners) > 1
