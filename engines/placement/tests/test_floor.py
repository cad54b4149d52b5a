"""The floor from both sides: what prices prove to be out of reach, and seats found by negotiation."""

from __future__ import annotations

import time
from dataclasses import replace
from math import inf
from random import Random

import numpy as np
import pytest
from baiye_placement import Certificate, Policy, Problem, Pupil, Session, place, verify
from baiye_placement.case import Case
from baiye_placement.claims import Claims
from baiye_placement.clock import Clock
from baiye_placement.dual import SCALE
from baiye_placement.floor_prices import ClaimedPrices, Ground
from baiye_placement.generate import generate
from baiye_placement.team import ALONE

from engines.placement.tests.tiny import _bundles, best_levels, tiny_problem


def plain(seed: int) -> Problem | None:
    """A tiny problem in which every pupil sits alone and no rule but seats and projects holds."""
    problem = tiny_problem(Random(seed))
    if problem is None:
        return None
    pupils = tuple(replace(p, tied_to=None) for p in problem.pupils)
    return replace(problem, pupils=pupils, apart=(), caps=(), locks=(), policy=Policy("floor"))


def points_of(problem: Problem, pupil: Pupil, bundle: tuple[int, ...], multiplier: int) -> int:
    rank = dict(zip(pupil.wishes, pupil.wish_ranks, strict=True))
    sessions = [problem.sessions[i] for i in bundle]
    return sum(problem.points[rank[s.project] - 1] * multiplier * len(s.slots) for s in sessions if s.project in rank)


def bound_by_trying_all(problem: Problem, claims: dict[str, int], own: int, price: dict[str, int]) -> int:
    total = sum(price[s.id] * s.capacity for s in problem.sessions)
    for pupil in problem.pupils:
        total += max(
            SCALE * own * points_of(problem, pupil, bundle, pupil.multiplier)
            - sum(price[problem.sessions[i].id] for i in bundle)
            for bundle in _bundles(problem, pupil)
            if all(problem.sessions[i].capacity for i in bundle)
            and points_of(problem, pupil, bundle, 1) >= claims[pupil.id]
        )
    return total


@pytest.mark.slow
@pytest.mark.parametrize("own", [0, 1])
def test_bound_under_claims_at_any_prices_is_what_trying_every_bundle_gives(own: int):
    random, problems = Random(7), [p for p in map(plain, range(300)) if p is not None]

    wrong = []
    for problem in problems:
        case = Case(problem, 0.0, Clock(0.0))
        claims = Claims.of(case, case.tables)
        ground = Ground.of(case.tables, claims, full=False, step=1.0, team=ALONE)
        floor = random.randint(0, claims.top)
        price = {s.id: random.randint(0, 10 * SCALE) for s in problem.sessions}
        given = np.array([price[s] for s in case.arrays.session_ids], dtype=np.int64)
        due = {members[0]: int(points) for members, points in zip(case.arrays.members, claims.at(floor), strict=True)}
        found = ClaimedPrices(ground, floor, own, np.zeros_like(given)).bound_at(given)
        if found != bound_by_trying_all(problem, due, own, price):
            wrong.append(problem)

    assert len(problems) > 200
    assert wrong == []


@pytest.mark.slow
def test_floor_by_negotiation_keeps_every_rule_and_never_exceeds_brute_force(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("baiye_placement.optimise.SMALL", 0)
    problems = [replace(p, policy=Policy("floor")) for p in (tiny_problem(Random(s)) for s in range(150)) if p]

    placements = [(p, place(p)) for p in problems]

    assert [p for p, placement in placements if verify(p, placement)] == []
    reached = [(levels(x.certificate), best_levels(p, "floor")) for p, x in placements]
    assert [pair for pair in reached if pair[1] is None or pair[0] > pair[1]] == []
    assert sum(one == other for one, other in reached) >= 0.8 * len(reached)


def levels(certificate: Certificate) -> tuple[int, ...]:
    return tuple(level.value for level in certificate.levels)


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["open", "trips"])
def test_floor_of_a_large_school_is_near_its_bound_and_the_points_above_it_are_too(
    monkeypatch: pytest.MonkeyPatch, shape: str
):
    monkeypatch.setattr("baiye_placement.optimise.SMALL", 0)
    problem = generate(pupils=600, seed=3, shape=shape, policy="floor")

    placement = place(problem)

    _, floor, points = placement.certificate.levels
    assert verify(problem, placement) == []
    assert floor.value >= 0.9 * floor.bound
    assert points.gap <= 0.01


@pytest.mark.slow
def test_floor_of_pupils_with_many_half_days_and_odd_points_is_proved_and_believed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("baiye_placement.optimise.SMALL", 0)
    random, projects = Random(1), [f"J{i:02d}" for i in range(20)]
    sessions = tuple(Session(f"{j}{t}", j, "V", t, 3) for t in range(9) for j in projects if random.random() < 0.6)
    pupils = tuple(Pupil(f"P{i:02d}", "7A", tuple(random.sample(projects, 12)), 8) for i in range(30))
    points = tuple(sorted(random.sample(range(1, 200), 12), reverse=True))
    problem = Problem(sessions, pupils, {"7A": tuple(range(9))}, points, Policy("floor"))

    placement = place(problem)

    floor = placement.certificate.levels[1]
    assert verify(problem, placement) == []
    assert 0.9 * floor.bound <= floor.value <= floor.bound
    assert floor.dual < 0


def test_floor_that_a_full_session_forbids_is_proved_by_its_price():
    sessions = (Session("A", "a", "V", 1, 1), Session("B", "b", "V", 1, 9))
    pupils = tuple(Pupil(name, "7A", ("a", "b")) for name in ("p", "q"))
    problem = Problem(sessions, pupils, {"7A": (1,)}, (10, 4), Policy("floor"))

    placement = place(problem)

    floor = placement.certificate.levels[1]
    assert (floor.value, floor.bound) == (4, 4)
    assert floor.dual < 0
    assert floor.prices["A"] > 0


def test_verify_refuses_a_floor_bound_lower_than_its_prices_prove():
    sessions = (Session("A", "a", "V", 1, 1), Session("B", "b", "V", 1, 9))
    problem = Problem(sessions, (Pupil("p", "7A", ("a", "b")),), {"7A": (1,)}, (10, 4), Policy("floor"))
    placement = place(problem)
    hours, floor, points = placement.certificate.levels

    lower = replace(placement.certificate, levels=(hours, replace(floor, bound=floor.bound - 1), points))
    refused = {violation.code for violation in verify(problem, replace(placement, certificate=lower))}

    assert floor.bound == 10
    assert "bound" in refused


@pytest.mark.slow
def test_floor_is_the_same_with_two_threads():
    problem = generate(pupils=1500, seed=6, policy="floor")

    one, two = (place(problem, time_budget_s=inf, threads=threads) for threads in (1, 2))

    assert one.certificate == two.certificate


@pytest.mark.slow
def test_floor_out_of_time_in_a_large_problem_is_cut_short_and_keeps_every_rule():
    problem = generate(pupils=1500, seed=6, policy="floor")
    begun = time.process_time()  # what else the machine does takes none of it

    placement = place(problem, time_budget_s=0.5)

    assert time.process_time() - begun < 20
    assert placement.certificate.cut_short is True
    assert verify(problem, placement) == []
