"""Invented districts of the shape ``trips``: one venue a day and class, and wishes among the venues of the class.

Two days out a class, each at one of six vocational schools with twelve projects.
"""

from __future__ import annotations

import numpy as np

from baiye_placement.problem import POINTS, Policy, Problem, Pupil, Session, Trip

WISHES = 6
VENUES, EACH = 6, 12  # each venue with so many projects


def trips_problem(rng: np.random.Generator, n: int, policy: Policy, seed: bytes) -> Problem:
    """Trips that spread the classes evenly over days and venues; six wishes among the two venues of a class."""
    groups, days = max(1, n // 30), 10
    group_of = rng.permutation(np.arange(n) % groups)
    sizes = np.bincount(group_of, minlength=groups)
    load = np.zeros((days, VENUES))
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
        for venue in range(VENUES)
        if load[day, venue]
        for session in _sessions(rng, day, venue, load[day, venue])
    ]
    popularity = {v: rng.permutation(1.0 / np.arange(1, EACH + 1) ** 0.9) for v in range(VENUES)}
    popularity[0][popularity[0].argmax()] = 8.0  # the project everyone talks about
    made: list[Pupil] = []
    for g in range(groups):
        name = f"C{g:04d}"
        mine = [int(trip.venue[1:]) for trip in trips[2 * g : 2 * g + 2]]
        names = np.array([project(v, j) for v in mine for j in range(EACH)])
        taste = np.concatenate([popularity[v] for v in mine]) * np.exp(rng.normal(0, 0.4, len(names)))
        made += [Pupil(f"P{i:06d}", name, choose(rng, names, taste)) for i in np.flatnonzero(group_of == g)]
    made.sort(key=lambda pupil: pupil.id)
    return Problem(tuple(sessions), tuple(made), group_slots, POINTS[:WISHES], policy, seed, tuple(trips))


def _sessions(rng: np.random.Generator, day: int, venue: int, load: float) -> list[Session]:
    """Twelve sittings each half-day, together 1.05 to 1.30 times the pupils who come."""
    made = []
    for half in (0, 1):
        seats = int(np.ceil(load * rng.uniform(1.05, 1.30)))
        share = np.full(EACH, seats // EACH)
        share[rng.choice(EACH, seats % EACH, replace=False)] += 1
        made += [
            Session(
                f"D{day}{'ap'[half]}V{venue}J{j:02d}",
                project(venue, j),
                f"V{venue}",
                2 * day + half,
                int(share[j]),
            )
            for j in range(EACH)
        ]
    return made


def choose(rng: np.random.Generator, names: np.ndarray, weight: np.ndarray) -> tuple[str, ...]:
    """A pupil's wishes, drawn one after the other in proportion to weight (Plackett-Luce), by Gumbel noise."""
    order = np.argsort(-(np.log(weight) + rng.gumbel(size=len(names))), kind="stable")
    return tuple(names[order[:WISHES]].tolist())


def project(venue: int, j: int) -> str:
    return f"J{venue * EACH + j:03d}"
