"""Invented districts of the open shape: on each half-day out a class may go to any venue.

The figures are those of a district of 24,000 pupils: 600 classes, 160 projects, 4,300 sessions, 27 sessions in which a
pupil's wishes could be met; and of 1,000, 6,000 and 120,000 pupils on either side of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.problem import POINTS, Policy, Problem, Pupil, Session

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

CLASS_SIZE = 40
NEED = 4
SIZES = (100, 1_000, 6_000, 24_000, 120_000)  # pupils, and with so many:
PROJECTS = (24, 40, 90, 160, 500)
DAYS = (4, 10, 17, 20, 28)
ZIPF = 0.9  # the project of place k is wished in proportion to k to minus this
RUNS = 0.3  # a project runs in proportion to its popularity to this
TASTE = 0.6  # spread, in logarithms, of what one class likes better than others
FIELDS, LIKED, AFFINITY = 8, 0.3, 3.0  # a pupil likes so many of the fields so much more
SEATS = (1.05, 1.30)  # of the demand of each half-day
RUSH = (2.0, 3.0)  # first wishes for the most wished project, of its seats
SMALLEST, LARGEST = 16, 36  # seats of one session
WISHES = (6, 10)
STAGES, STAGED = ("lower", "upper"), 0.10  # this share of the projects is for one of them alone
ENOUGH = 0.4  # of the pupils out: then such a project runs
NEVER = -1e9


@dataclass(frozen=True, slots=True)
class _Town:
    """What there is before anyone wishes: ``runs[p, t]`` says whether project ``p`` runs in half-day ``t``."""

    slots: list[tuple[int, ...]]  # of each class
    stage: Ints  # of each class
    class_of: Ints  # of each pupil
    popularity: Floats
    stage_of: Ints  # of each project: -1 for everyone
    sessions: list[tuple[int, int, int]]  # project, half-day, seats
    runs: NDArray[np.bool_]


def open_problem(rng: np.random.Generator, n: int, policy: Policy, seed: bytes, *, single: bool = False) -> Problem:
    """Classes out for 4 to 6 half-days, of which each pupil needs 4 (``single``: one); 6 to 10 wishes."""
    town = _town(rng, n, 1 if single else NEED)
    wishes = _wishes(rng, town)
    sessions = _with_a_rush(rng, town.sessions, [mine[0] for mine in wishes if len(mine)])
    number = count()
    return Problem(
        tuple(
            Session(f"S{next(number):05d}", f"J{p:03d}", f"V{p % 12:02d}", t, seats, 0, _stages(town.stage_of[p]))
            for p, t, seats in sessions
        ),
        tuple(
            Pupil(
                f"P{i:06d}",
                f"C{c:04d}",
                tuple(f"J{p:03d}" for p in mine),
                need=1 if single else NEED,
                stage=STAGES[town.stage[c]],
            )
            for i, (c, mine) in enumerate(zip(town.class_of, wishes, strict=True))
        ),
        {f"C{c:04d}": slots for c, slots in enumerate(town.slots)},
        POINTS,
        policy,
        seed,
    )


def _stages(stage: int) -> frozenset[str]:
    return frozenset() if stage < 0 else frozenset((STAGES[stage],))


def _between(values: tuple[int, ...], n: int) -> int:
    """``values`` belong to ``SIZES``; between them it is a straight line in logarithms."""
    return round(float(np.exp(np.interp(np.log(n), np.log(SIZES), np.log(values)))))


def _town(rng: np.random.Generator, n: int, need: int) -> _Town:
    classes = max(1, n // CLASS_SIZE)
    projects, days = _between(PROJECTS, n), _between(DAYS, n)
    slots = [_class_slots(rng, days) for _ in range(classes)]
    stage = rng.integers(0, len(STAGES), classes)
    class_of = rng.permutation(np.arange(n) % classes)
    demand = np.zeros((len(STAGES), 2 * days))
    for c, size in enumerate(np.bincount(class_of, minlength=classes)):
        demand[stage[c], list(slots[c])] += size * NEED / len(slots[c])
    popularity = rng.permutation(1.0 / np.arange(1, projects + 1) ** ZIPF)
    stage_of = np.where(rng.random(projects) < STAGED, rng.integers(0, len(STAGES), projects), -1)
    sessions = _sessions(rng, demand, popularity, stage_of, need)
    runs = np.zeros((projects, 2 * days), dtype=np.bool_)
    for project, slot, _ in sessions:
        runs[project, slot] = True
    return _Town(slots, stage, class_of, popularity, stage_of, sessions, runs)


def _class_slots(rng: np.random.Generator, days: int) -> tuple[int, ...]:
    """60 % two whole days, 25 % four single half-days, 15 % three whole days."""
    kind = rng.random()
    if 0.60 <= kind < 0.85:
        return tuple(sorted(int(2 * day + rng.integers(2)) for day in rng.choice(days, 4, replace=False)))
    chosen = sorted(rng.choice(days, 2 if kind < 0.60 else 3, replace=False))
    return tuple(int(2 * day + half) for day in chosen for half in (0, 1))


def _sessions(
    rng: np.random.Generator, demand: Floats, popularity: Floats, stage_of: Ints, need: int
) -> list[tuple[int, int, int]]:
    """Sessions of each half-day, with 1.05 to 1.30 seats for each pupil who needs one; ``demand`` is by stage."""
    size = rng.integers(SMALLEST, LARGEST + 1, len(popularity))
    sessions = []
    for slot, of_stage in enumerate(demand.T):
        wanted = round(float(of_stage.sum()) * rng.uniform(*SEATS))
        few = (stage_of >= 0) & (of_stage[stage_of] < ENOUGH * of_stage.sum())
        weight = np.where(few, NEVER, RUNS * np.log(popularity))
        seats, held = 0, []
        while seats < wanted:  # popular projects first; a second sitting only once each has one
            order = np.argsort(-(weight + rng.gumbel(size=len(weight))), kind="stable")
            enough = int(np.searchsorted(np.cumsum(size[order]) + seats, wanted)) + 1
            held += order[:enough].tolist()
            seats += int(size[order[:enough]].sum())
        sessions += [(p, slot, c) for p, c in zip(held, _shares(size[held], wanted * need // NEED), strict=True)]
    return sessions


def _shares(size: Ints, total: int) -> list[int]:
    """``total`` in whole numbers, in proportion to ``size``."""
    edges = np.cumsum(size) * total // max(1, int(size.sum()))
    return np.diff(edges, prepend=0).tolist()  # type: ignore[no-any-return]


def _wishes(rng: np.random.Generator, town: _Town) -> list[Ints]:
    """Of each pupil, drawn one after the other in proportion to weight (Plackett-Luce), by Gumbel noise."""
    projects = len(town.popularity)
    field_of = rng.integers(0, FIELDS, projects)
    members = np.split(
        np.argsort(town.class_of, kind="stable"), np.cumsum(np.bincount(town.class_of, minlength=len(town.slots)))[:-1]
    )
    wishes: list[Ints] = [np.zeros(0, dtype=np.int64)] * len(town.class_of)
    for slots, stage, mine in zip(town.slots, town.stage, members, strict=True):
        open_ = town.runs[:, slots].any(axis=1) & ((town.stage_of < 0) | (town.stage_of == stage))
        names = np.flatnonzero(open_)
        taste = np.log(town.popularity[names]) + rng.normal(0, TASTE, len(names))
        liked = np.where(rng.random((len(mine), FIELDS)) < LIKED, np.log(AFFINITY), 0.0)
        weight = taste + liked[:, field_of[names]] + rng.gumbel(size=(len(mine), len(names)))
        order = np.argsort(-weight, axis=1, kind="stable")[:, : WISHES[1]]
        for i, best, k in zip(mine, order, rng.integers(WISHES[0], WISHES[1] + 1, len(mine)), strict=True):
            wishes[i] = names[best[:k]]
    return wishes


def _with_a_rush(
    rng: np.random.Generator, sessions: list[tuple[int, int, int]], first: list[int]
) -> list[tuple[int, int, int]]:
    """The same seats in each half-day, but of the most wished project so few that 2 to 3 wish for each one first."""
    top, wished = int(np.bincount(first).argmax()), int(np.bincount(first).max())
    now = sum(seats for p, _, seats in sessions if p == top)
    share = wished / rng.uniform(*RUSH) / now
    changed = []
    for slot in sorted({t for _, t, _ in sessions}):
        here = [row for row in sessions if row[1] == slot]
        others = [row for row in here if row[0] != top]
        mine = [(p, t, max(1, round(seats * share))) for p, t, seats in here if p == top]
        if not others or not mine:
            changed += here
            continue
        rest = sum(seats for *_, seats in here) - sum(seats for *_, seats in mine)
        seats_left = _shares(np.array([seats for *_, seats in others]), rest)
        changed += mine + [(p, t, seats) for (p, t, _), seats in zip(others, seats_left, strict=True)]
    return changed
