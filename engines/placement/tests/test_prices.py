"""Any prices bound any placement; the flow's optimum is that of the integer programme."""

from __future__ import annotations

from math import inf
from random import Random

import numpy as np
import pytest
from baiye_placement import Problem, Pupil, Session, place
from baiye_placement import dual as dual_module
from baiye_placement.arrays import compile_arrays
from baiye_placement.clock import Clock
from baiye_placement.generate import generate
from baiye_placement.seated import totals
from baiye_placement.seating import Seating
from baiye_placement.tables import tables
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engines.placement.tests.tiny import brute_force, tiny_problems


@settings(deadline=None, max_examples=60)
@given(tiny_problems(), st.randoms(use_true_random=False))
def test_upper_bound_holds_at_any_prices(problem: Problem, random: Random):
    assume(not problem.locks)
    t = tables(compile_arrays(problem))
    price = np.array([random.randrange(0, 3000) for _ in problem.sessions], dtype=np.int64)

    half_days = dual_module.upper_bound(t, dual_module.HALF_DAYS, price)
    points = dual_module.upper_bound(t, dual_module.Goal(weight=1, hour=0, full=False), price)

    best = brute_force(problem)
    assert half_days >= best[0] * dual_module.SCALE
    assert points >= best[1] * dual_module.SCALE


@settings(deadline=None, max_examples=60)
@given(tiny_problems(), st.randoms(use_true_random=False))
def test_upper_bound_of_full_placements_holds_at_any_prices(problem: Problem, random: Random):
    assume(not problem.locks)
    t = tables(compile_arrays(problem))
    t = t._replace(need=dual_module.own_most(t))
    filled, points = brute_force(problem)
    assume(filled == int((t.need * t.width).sum()))
    price = np.array([random.randrange(0, 3000) for _ in problem.sessions], dtype=np.int64)

    assert dual_module.upper_bound(t, dual_module.POINTS_WHEN_FULL, price) >= points * dual_module.SCALE


@pytest.mark.parametrize("seed", [1, 2])
def test_place_is_as_good_as_the_integer_programme(seed: int):
    problem = generate(pupils=80, seed=seed, shape="trips")
    a = compile_arrays(problem)
    t = tables(a)
    seating = Seating(a, t, np.zeros(len(problem.sessions), dtype=np.int64))
    best = seating.best([seating.half_days(), seating.worth(a.wish_points)], Clock(inf))

    placement = place(problem, gap_target=0.0)

    assert best is not None
    assert (placement.certificate.levels[0].value, placement.points) == totals(t, best)


def test_place_one_half_day_each_is_the_assignment_optimum():
    """One half-day is a plain assignment: the prices prove the flow exact, with no gap at all."""
    sessions = tuple(Session(f"S{i}", f"J{i}", "V", 1, 3) for i in range(8))
    random = Random(5)
    pupils = tuple(
        Pupil(f"p{i:02d}", "7A", tuple(random.sample([s.project for s in sessions], 4)), 1) for i in range(22)
    )
    problem = Problem(sessions, pupils, {"7A": (1,)}, (100, 80, 65, 52))

    placement = place(problem, gap_target=0.0)

    costs = np.zeros((22, 24), dtype=np.int64)
    for i, pupil in enumerate(pupils):
        for k, project in enumerate(pupil.wishes):
            costs[i, 3 * int(project[1:]) : 3 * int(project[1:]) + 3] = (100, 80, 65, 52)[k]
    assert placement.points == best_assignment(costs)


def best_assignment(worth: np.ndarray) -> int:  # noqa: C901
    """The Hungarian method by shortest augmenting paths, in its textbook form."""
    n, m = worth.shape
    cost = -worth
    u, v = np.zeros(n + 1, dtype=np.int64), np.zeros(m + 1, dtype=np.int64)
    match = np.zeros(m + 1, dtype=np.int64)
    for i in range(1, n + 1):
        match[0], j0 = i, 0
        least, way = np.full(m + 1, 1 << 40), np.zeros(m + 1, dtype=np.int64)
        used = np.zeros(m + 1, dtype=bool)
        while True:
            used[j0] = True
            i0, delta, j1 = match[j0], 1 << 41, 0
            for j in range(1, m + 1):
                if not used[j]:
                    reduced = cost[i0 - 1, j - 1] - u[i0] - v[j]
                    if reduced < least[j]:
                        least[j], way[j] = reduced, j0
                    if least[j] < delta:
                        delta, j1 = least[j], j
            for j in range(m + 1):
                if used[j]:
                    u[match[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            j0 = j1
            if match[j0] == 0:
                break
        while j0:
            match[j0], j0 = match[way[j0]], way[j0]
    return int(sum(worth[match[j] - 1, j - 1] for j in range(1, m + 1) if match[j]))


@pytest.mark.parametrize("n", [0, 1, 130, 9000, 20_000])
def test_shuffled_has_every_unit_once_and_blocks_only_where_a_batch_has_many_of_them(n: int):
    order = dual_module.shuffled(np.random.default_rng(1), n)

    assert sorted(order.tolist()) == list(range(n))
    together = int((np.diff(order) == 1).sum())
    block = max(1, n // (dual_module.BATCHES * dual_module.BLOCKS))
    assert n - together <= -(-n // block)
    assert block > 1 or together < max(2, n // 20)
