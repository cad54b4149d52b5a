"""Invented problems of a district's shape and size, for benches, tests and first steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from baiye_placement.open_shape import open_problem
from baiye_placement.plan_shape import plan_problem
from baiye_placement.problem import Policy, Problem, Pupil, Session, Trip

SITE_POINTS = (100, 80, 65, 52, 41, 32)


def generate(*, pupils: int = 6000, seed: int = 0, shape: str = "open", policy: str = "points") -> Problem:
    """A problem of ``shape`` ``"open"`` (any venue on each half-day), ``"single"``, ``"trips"`` or ``"plan"``.

    ``"single"`` is ``"open"`` where each pupil needs one half-day; ``"trips"`` has one venue a day and class;
    in ``"plan"`` that is still to be chosen.
    """
    rng = np.random.default_rng([seed, pupils])
    make: dict[str, Callable[[np.random.Generator, int, Policy, bytes], Problem]] = {
        "open": open_problem,
        "single": partial(open_problem, single=True),
        "trips": _trips,
        "plan": plan_problem,
    }
    return make[shape](rng, pupils, Policy(policy), f"generated {seed}".encode())


def _trips(rng: np.random.Generator, n: int, policy: Policy, seed: bytes) -> Problem:
    """Two days a class, each at one of six venues with twelve projects; six wishes among those two venues."""
    groups, days, venues, each = max(1, n // 30), 10, 6, 12
    group_of = rng.permutation(np.arange(n) % groups)
    sizes = np.bincount(group_of, minlength=groups)
    load = np.zeros((days, venues))
    group_slots, trips = {}, []
    for g in range(groups):
        plan: list[tuple[int, int]] = []
        for _ in range(2):
            score = load + rng.random(load.shape)
            for day, venue in plan:
                score[day, :] = score[:, venue] = np.inf
            day, venue = (int(x) for x in np.unravel_index(score.argmin(), score.shape))
            load[day, venue] += sizes[g]
            plan.append((day, venue))
        name = f"C{g:04d}"
        group_slots[name] = tuple(2 * day + half for day, _ in sorted(plan) for half in (0, 1))
        trips += [Trip(name, (2 * day, 2 * day + 1), f"V{venue}") for day, venue in sorted(plan)]
    sessions = [
        session
        for day in range(days)
        for venue in range(venues)
        if load[day, venue]
        for session in _trip_sessions(rng, day, venue, load[day, venue], each)
    ]
    popularity = {v: rng.permutation(1.0 / np.arange(1, each + 1) ** 0.9) for v in range(venues)}
    popularity[0][popularity[0].argmax()] = 8.0  # the project everyone talks about
    made = []
    for g in range(groups):
        name = f"C{g:04d}"
        mine = [int(trip.venue[1:]) for trip in trips[2 * g : 2 * g + 2]]
        names = np.array([v * each + j for v in mine for j in range(each)])
        taste = np.concatenate([popularity[v] for v in mine]) * np.exp(rng.normal(0, 0.4, len(names)))
        for i in np.flatnonzero(group_of == g):
            wishes = _choose(rng, names, taste, 6)
            made.append(Pupil(f"P{i:06d}", name, tuple(f"J{w:03d}" for w in wishes)))
    made.sort(key=lambda pupil: pupil.id)
    return Problem(tuple(sessions), tuple(made), group_slots, SITE_POINTS, policy, seed, tuple(trips))


def _trip_sessions(rng: np.random.Generator, day: int, venue: int, load: float, each: int) -> list[Session]:
    """Twelve sittings each half-day, together 1.05 to 1.30 times the pupils who come."""
    made = []
    for half in (0, 1):
        seats = int(np.ceil(load * rng.uniform(1.05, 1.30)))
        share = np.full(each, seats // each)
        share[rng.choice(each, seats % each, replace=False)] += 1
        made += [
            Session(
                f"D{day}{'ap'[half]}V{venue}J{j:02d}",
                f"J{venue * each + j:03d}",
                f"V{venue}",
                2 * day + half,
                int(share[j]),
            )
            for j in range(each)
        ]
    return made


def _choose(rng: np.random.Generator, names: np.ndarray, weight: np.ndarray, k: int) -> np.ndarray:
    """``k`` names drawn one after the other in proportion to weight (Plackett-Luce), by Gumbel noise."""
    k = min(k, len(names))
    return names[np.argsort(-(np.log(weight) + rng.gumbel(size=len(names))), kind="stable")[:k]]
