"""Where a repair begins: for each unit its open sessions, the seats it keeps, and whether it has lost one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.case import Case
from baiye_placement.clock import Clock
from baiye_placement.problem import ProblemError
from baiye_placement.tables import open_to

if TYPE_CHECKING:
    from baiye_placement.problem import Problem

Seats = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Kind:
    """Sessions open to a kind of units, each with the mask of half-days it takes."""

    half_days: int
    open: tuple[tuple[int, int], ...]


class Ground:
    """The changed problem as the repair sees it; everything is in the order of ``a``.

    Parameters
    ----------
    seats
        Session ids of each pupil before the changes; none for a problem that is placed for the first time.
    """

    def __init__(self, problem: Problem, seats: Seats) -> None:
        self.problem = problem
        self.case = Case(problem, 0.0, Clock(inf))
        a = self.a = self.case.arrays
        self.width: list[int] = a.width.tolist()
        self.need: list[int] = np.maximum(a.need, 0).tolist()
        self.capacity: list[int] = np.maximum(a.capacity, 0).tolist()
        self.project: list[int] = a.project.tolist()
        self.length = [int(n) for n in (a.session_slots >= 0).sum(axis=1)]
        self.minimum: list[int] = self.case.minimum.tolist()
        self._kinds: dict[int, Kind] = {}
        self.old: list[tuple[int, ...]] = []  # seats kept, locked ones aside
        self.hit: list[bool] = []  # whether a seat is lost
        self._keep(seats)

    def _keep(self, seats: Seats) -> None:
        index = {name: s for s, name in enumerate(self.a.session_ids)}
        for u, members in enumerate(self.a.members):
            before = set(seats.get(members[0], ()))
            if any(set(seats.get(member, ())) != before for member in members):
                raise ProblemError([f"tied pupils {', '.join(map(repr, members))} have different seats"])
            open_here = {s for s, _ in self.kind_of(u).open}
            held = {index[name] for name in before if name in index}
            kept = held & open_here if self.need[u] else set()
            self.old.append(tuple(sorted(kept)))
            self.hit.append(len(before) > len(kept) + len(held & set(self.a.locked[u])))

    def kind_of(self, u: int) -> Kind:
        """The sessions open to unit ``u``."""
        k = int(self.a.kind[u])
        if k not in self._kinds:
            a = self.a
            found = [(s, mask) for mask, sessions in open_to(a, k) for s in sessions]
            self._kinds[k] = Kind(int(a.slot_ptr[u + 1] - a.slot_ptr[u]), tuple(sorted(found)))
        return self._kinds[k]

    def points(self, u: int) -> dict[int, int]:
        """Points of each project per half-day, summed over the unit."""
        a = self.a
        wishes = range(a.wish_ptr[u], a.wish_ptr[u + 1])
        return {int(a.wish_project[w]): int(a.wish_points[w]) for w in wishes}

    def half_days(self, held: tuple[int, ...]) -> int:
        return sum(self.length[s] for s in held)

    def loads(self, held: list[tuple[int, ...]]) -> Counter[int]:
        """Pupils in each session."""
        load: Counter[int] = Counter()
        for u, sessions in enumerate(held):
            for s in sessions:
                load[s] += self.width[u]
        return load

    @property
    def lacking(self) -> list[int]:
        """Units with fewer half-days than they need."""
        return [u for u, held in enumerate(self.old) if self.half_days(held) < self.need[u]]
