"""Invented problems of a district's shape and size, for benches, tests and first steps."""

from __future__ import annotations

from itertools import count

import numpy as np

from baiye_placement.problem import Policy, Problem, Pupil, Session, Trip

SITE_POINTS = (100, 80, 65, 52, 41, 32)
OPEN_DAYS = 20
OPEN_POINTS = (100, 80, 65, 52, 41, 32, 24, 17, 11, 6)


def generate(*, pupils: int = 6000, seed: int = 0, shape: str = "open", policy: str = "points") -> Problem:
    """A problem of ``shape`` ``"open"`` (any venue on each half-day) or ``"trips"`` (one venue a day and class)."""
    rng = np.random.default_rng([seed, pupils])
    make = {"open": _open, "trips": _trips}[shape]
    return make(rng, pupils, Policy(policy), f"generated {seed}".encode())


def _open(rng: np.random.Generator, n: int, policy: Policy, seed: bytes) -> Problem:
    """Classes out for 4 to 6 half-days, 6 to 10 wishes by popularity, taste of the class and field of the project."""
    groups = max(1, n // 40)
    projects = max(8, round(90 * (n / 6000) ** 0.42))
    group_slots = {f"C{g:04d}": _open_slots(rng) for g in range(groups)}
    group_of = rng.permutation(np.arange(n) % groups)
    demand = _demand(group_slots, group_of)
    popularity = rng.permutation(1.0 / np.arange(1, projects + 1) ** 0.9)
    sessions = _open_sessions(rng, demand, popularity)
    reachable: dict[int, set[int]] = {}
    for session in sessions:
        reachable.setdefault(session.slot, set()).add(int(session.project[1:]))
    field_of = rng.integers(0, 8, projects)
    made = []
    for g in range(groups):
        name = f"C{g:04d}"
        mine = np.array(sorted(set().union(*(reachable.get(s, set()) for s in group_slots[name]))))
        taste = popularity[mine] * np.exp(rng.normal(0, 0.5, len(mine)))
        for i in np.flatnonzero(group_of == g):
            weight = taste * np.where(rng.random(8) < 0.3, 3.0, 1.0)[field_of[mine]]
            wishes = _choose(rng, mine, weight, int(rng.integers(6, 11)))
            made.append(Pupil(f"P{i:06d}", name, tuple(f"J{w:03d}" for w in wishes)))
    made.sort(key=lambda pupil: pupil.id)
    return Problem(tuple(sessions), tuple(made), group_slots, OPEN_POINTS, policy, seed)


def _open_slots(rng: np.random.Generator) -> tuple[int, ...]:
    """60 % two whole days, 25 % four single half-days, 15 % three whole days."""
    kind = rng.random()
    if 0.60 <= kind < 0.85:
        return tuple(sorted(int(2 * day + rng.integers(2)) for day in rng.choice(OPEN_DAYS, 4, replace=False)))
    days = sorted(rng.choice(OPEN_DAYS, 2 if kind < 0.60 else 3, replace=False))
    return tuple(int(2 * day + half) for day in days for half in (0, 1))


def _demand(group_slots: dict[str, tuple[int, ...]], group_of: np.ndarray) -> np.ndarray:
    demand = np.zeros(2 * OPEN_DAYS)
    for (_, slots), size in zip(group_slots.items(), np.bincount(group_of, minlength=len(group_slots)), strict=True):
        demand[list(slots)] += size * 4 / len(slots)
    return demand


def _open_sessions(rng: np.random.Generator, demand: np.ndarray, popularity: np.ndarray) -> list[Session]:
    """Sessions of each half-day until its seats are 1.05 to 1.30 times its demand; popular projects run more often."""
    sessions, number = [], count()
    size = rng.integers(15, 36, len(popularity))
    chance = popularity**0.35 / (popularity**0.35).sum()
    for slot, pupils in enumerate(demand):
        wanted = pupils * rng.uniform(1.05, 1.30)
        order = rng.choice(len(popularity), len(popularity), replace=False, p=chance)
        seats = 0
        while seats < wanted:
            for project in order:
                if seats >= wanted:
                    break
                sessions.append(
                    Session(f"S{next(number):05d}", f"J{project:03d}", f"V{project % 12:02d}", slot, int(size[project]))
                )
                seats += int(size[project])
    return sessions


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
