"""One problem on its way to a placement: its arrays, its clock, and what the levels of every policy are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from baiye_placement import dual
from baiye_placement.arrays import compile_arrays
from baiye_placement.files import problem_sha256
from baiye_placement.optimise import Optimiser
from baiye_placement.placement import Level
from baiye_placement.tables import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from baiye_placement.arrays import Ints
    from baiye_placement.charges import Charges
    from baiye_placement.clock import Clock
    from baiye_placement.dual import PriceSearch
    from baiye_placement.problem import Problem
    from baiye_placement.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a policy decides: the session of each half-day of each unit (below 0: none), and the levels reached."""

    seat: Ints
    levels: tuple[Level, ...]


class Case:
    """What every policy reads.

    Attributes
    ----------
    minimum : (sessions,) pupils
        Smallest group of each session; 0 where a lock has opened it already.
    """

    def __init__(self, problem: Problem, gap_target: float, clock: Clock) -> None:
        self.problem, self.gap_target, self.clock = problem, gap_target, clock
        self.arrays = a = compile_arrays(problem)
        self.points = np.array(problem.points, dtype=np.int64)
        self.minimum = np.array([problem.session_by_id[s].minimum for s in a.session_ids], dtype=np.int64)
        self.minimum[sorted({s for held in a.locked for s in held})] = 0

    @cached_property
    def tables(self) -> Tables:
        """The tables of ``arrays``, in which each unit needs what it could fill alone."""
        t = tables(self.arrays)
        return t._replace(need=dual.own_most(t))

    @cached_property
    def project_number(self) -> dict[str, int]:
        """The number of each project in ``arrays``."""
        a, sessions = self.arrays, self.problem.session_by_id
        return {sessions[s].project: int(a.project[i]) for i, s in enumerate(a.session_ids)}

    def held(self, u: int) -> dict[int, int]:
        """Numbers of the projects of locked seats of the unit, and their half-days."""
        a, sessions = self.arrays, self.problem.session_by_id
        return {int(a.project[s]): len(sessions[a.session_ids[s]].slots) for s in a.locked[u]}

    @cached_property
    def problem_sha256(self) -> str:
        """The hash of the problem's rows."""
        return problem_sha256(self.problem)

    @cached_property
    def wished(self) -> Ints:
        """(wishes, ranks) How many pupils of the unit gave the wish this rank; multipliers do not count."""
        a, ranks, projects = self.arrays, len(self.points), int(self.arrays.project.max(initial=0)) + 1
        known = np.repeat(np.arange(a.unit_count), np.diff(a.wish_ptr)) * projects + a.wish_project
        order = np.argsort(known)
        people = a.people
        asked = people.unit[people.pupil_of_wish] * projects + people.wish_project
        at = order[np.minimum(np.searchsorted(known, asked, sorter=order), len(known) - 1)] if len(known) else asked[:0]
        met = known[at] == asked[: len(at)]
        cell = at[met] * ranks + people.wish_rank[: len(at)][met] - 1
        return np.bincount(cell, minlength=len(known) * ranks).reshape(len(known), ranks)

    @cached_property
    def locked(self) -> Ints:
        """(units, ranks) The same for the half-days that are locked."""
        a, problem = self.arrays, self.problem
        locked = np.zeros((a.unit_count, len(self.points)), dtype=np.int64)
        for u, members in enumerate(a.members):
            if not a.locked[u]:
                continue
            held = self.held(u)
            for pupil in (problem.pupil_by_id[name] for name in members):
                for project, rank in zip(pupil.wishes, pupil.wish_ranks, strict=True):
                    locked[u, rank - 1] += held.get(self.project_number[project], 0)
        return locked

    @cached_property
    def locked_half_days(self) -> int:
        sessions = self.problem.session_by_id
        return sum(len(sessions[lock.session].slots) for lock in self.problem.locks)

    def optimiser(self, wish_points: Ints, most: int, locked: int) -> Optimiser:
        """The optimiser of ``wish_points``, of which one half-day has at most ``most``."""
        a = replace(self.arrays, wish_points=wish_points)
        return Optimiser(a, self.minimum, most, locked, self.gap_target, self.clock)

    def prices(self, price: Ints) -> dict[str, int]:
        return {self.arrays.session_ids[s]: int(price[s]) for s in np.flatnonzero(price)}

    def half_days(self, best: Optimiser) -> Level:
        """The first level of every policy that optimises."""
        return self.level("half_days", best.filled, best.hours, self.locked_half_days)

    def most_points(self, best: Optimiser) -> Level:
        """The level of an optimiser of the published points."""
        level = self.level("points", best.seats.score[2], best.search, self.problem.locked_points)
        if best.charges is None or best.charges.bound >= best.search.bound:
            return level
        total = best.charges.bound + self.problem.locked_points * dual.SCALE
        groups = self._groups(best.charges)
        prices = {s: price for s, price in self.prices(best.charges.price).items() if s not in groups}
        return replace(level, bound=total // dual.SCALE, dual=total, prices=prices, groups=groups)

    def _groups(self, charges: Charges) -> dict[str, dict[str, Any]]:
        """``charges`` by the ids of sessions, and of the first pupil of each unit."""
        a = self.arrays
        return {
            a.session_ids[s]: {"others": of.others, "own": {a.members[u][0]: own for u, own in sorted(of.own.items())}}
            for s, of in sorted(charges.of.items())
        }

    def level(self, name: str, value: int, search: PriceSearch, locked: int) -> Level:
        """A level of ``value``, bounded by the best prices of ``search``; ``locked`` seats add so much to both."""
        total = search.bound + locked * dual.SCALE
        return Level(name, value + locked, total // dual.SCALE, total, search.goal.full, self.prices(search.best))


def draw(case: Case, best: Optimiser, key: Callable[[Ints], tuple[int, ...]]) -> None:
    """Settle equal claims by the lottery, half-day by half-day, as long as ``key`` of the seats does not fall."""
    slots = case.arrays.slot_count
    for slot in range(slots):
        case.clock.progress("lottery", slot / slots)
        _keep_if(best, key, partial(best.seats.redraw, slot))
    _keep_if(best, key, best.seats.take_what_is_free)
    case.clock.progress("lottery", 1.0)


def _keep_if(best: Optimiser, key: Callable[[Ints], tuple[int, ...]], change: Callable[[], None]) -> None:
    before = best.seats.seat.copy()
    change()
    if key(best.seats.seat) < key(before):
        best.seats.seat = before
