"""Invented districts of the shape ``plan``: classes whose trips are only offered, and pupils who wish at any venue.

Two days out a class, each at one of six vocational schools; a class can be spared on most days, not on all. The seats
of a venue's day are an even share of the district's demand and some more, whatever will be chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.problem import POINTS, Policy, Problem, Pupil, Session, Trip
from baiye_placement.trips_shape import EACH, VENUES, WISHES, choose, project

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CLASS_SIZE = (34, 46)
TRIPS = 2
SMALLEST = 100  # pupils of a venue's day, in the smallest districts
BUSY = 0.25  # days on which a class has examinations or an excursion
SEATS = (1.05, 1.30)  # of an even share of the demand
ZIPF, TASTE, FIELD = 0.9, 0.4, 0.8  # popularity of projects; spread of a class's taste for projects, and for venues


def plan_problem(rng: np.random.Generator, n: int, policy: Policy, seed: bytes) -> Problem:
    """A problem in which every class has offers, and no trip yet."""
    sizes = _sizes(rng, n)
    days = int(np.clip(len(sizes) // 15, 4, 20))
    minutes = rng.integers(8, 56, (len(sizes), VENUES))
    trips = [
        Trip(f"C{g:04d}", (2 * day, 2 * day + 1), f"V{venue}", int(minutes[g, venue]), chosen=False)
        for g in range(len(sizes))
        for day in _days(rng, days)
        for venue in range(VENUES)
    ]
    share = max(TRIPS * n / (days * VENUES), SMALLEST)
    sessions = [s for day in range(days) for venue in range(VENUES) for s in _sessions(rng, day, venue, share)]
    pupils = _pupils(rng, sizes)
    groups: dict[str, tuple[int, ...]] = {f"C{g:04d}": () for g in range(len(sizes))}
    return Problem(tuple(sessions), tuple(pupils), groups, POINTS[:WISHES], policy, seed, tuple(trips))


def _sizes(rng: np.random.Generator, n: int) -> Ints:
    """Pupils of each class, ``n`` together."""
    groups = max(1, n // 40)
    sizes = rng.integers(*CLASS_SIZE, groups, endpoint=True)
    while sizes.sum() != n:
        sizes[rng.integers(groups)] += np.sign(n - sizes.sum())
    return sizes


def _days(rng: np.random.Generator, days: int) -> list[int]:
    """Days on which a class can be spared; always one more than it needs."""
    free = np.flatnonzero(rng.random(days) >= BUSY)
    return sorted(free.tolist() if len(free) > TRIPS else rng.choice(days, TRIPS + 1, replace=False).tolist())


def _sessions(rng: np.random.Generator, day: int, venue: int, share: float) -> list[Session]:
    """A sitting of each project every half-day; workshops differ in size."""
    room = np.exp(rng.normal(0, 0.25, EACH))
    made = []
    for half in (0, 1):
        seats = np.rint(share * rng.uniform(*SEATS) * room / room.sum()).astype(int)
        made += [
            Session(f"D{day:02d}{'ap'[half]}V{venue}J{j:02d}", project(venue, j), f"V{venue}", 2 * day + half, int(n))
            for j, n in enumerate(seats)
        ]
    return made


def _pupils(rng: np.random.Generator, sizes: Ints) -> list[Pupil]:
    """Six wishes each out of all projects, by popularity, and by what the class and the pupil like."""
    popularity = rng.permutation(1.0 / np.arange(1, VENUES * EACH + 1) ** ZIPF)
    names = np.array([project(venue, j) for venue in range(VENUES) for j in range(EACH)])
    field_of = rng.integers(0, 8, len(names))
    made: list[Pupil] = []
    for g, size in enumerate(sizes.tolist()):
        taste = popularity * np.exp(rng.normal(0, TASTE, len(names)))
        taste *= np.repeat(np.exp(rng.normal(0, FIELD, VENUES)), EACH)
        for _ in range(size):
            weight = taste * np.where(rng.random(8) < 0.3, 3.0, 1.0)[field_of]
            made.append(Pupil(f"P{len(made):06d}", f"C{g:04d}", choose(rng, names, weight)))
    return made
