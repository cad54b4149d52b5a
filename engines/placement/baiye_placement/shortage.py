"""Where seats are too few: sets of pupils who need more half-days than the sessions left to them offer.

For any set R of sessions, the pupils need at least Σ (need - most half-days outside R) half-days in R, and R offers
Σ seats · half-days of a session. Where the first is larger, so many half-days stay unfilled however seats are given
(Hall's condition; the zeros and ones of the half-day dual). R comes from the dual of the linear programme and is
then thinned out: what can go without lessening the shortage goes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from baiye_placement.repair_part import Part, value
from baiye_placement.repair_prices import Worths

if TYPE_CHECKING:
    from baiye_placement.repair_ground import Ground

Class = tuple[int, int]  # kind and half-days needed: units that are alike here


@dataclass(frozen=True, slots=True)
class Shortage:
    """``units`` need ``needed`` half-days in ``sessions``, which offer ``offered``, fewer.

    ``core`` is a smallest part of them, by deletion: with one unit less its sessions ``core_sessions`` would do.
    """

    units: tuple[int, ...]
    sessions: tuple[int, ...]
    needed: int
    offered: int
    core: tuple[int, ...]
    core_sessions: tuple[int, ...]
    core_needed: int
    core_offered: int


class Halls:
    """Counts what sets of units need in sets of sessions; ``most`` is what each unit could have alone."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        alone = Worths(ground, [0] * len(ground.capacity), 1)
        self.most = [_under_caps(ground, u, alone.best_alike(u, need)) for u, need in enumerate(ground.need)]
        self.classes: dict[Class, list[int]] = {}
        self._open: dict[Class, frozenset[int]] = {}
        self._outside: dict[tuple[Class, frozenset[int]], int] = {}
        for u, most in enumerate(self.most):
            if most:
                key = (int(ground.a.kind[u]), most)
                self.classes.setdefault(key, []).append(u)
                if key not in self._open:
                    self._open[key] = frozenset(s for s, _ in ground.kind_of(u).open)

    def demand(self, key: Class, sessions: frozenset[int]) -> int:
        """Half-days that each unit of the class needs in ``sessions``."""
        inside = sessions & self._open[key]
        if not inside:
            return 0
        if (key, inside) not in self._outside:
            prices = [length if s in inside else 0 for s, length in enumerate(self.ground.length)]
            u = self.classes[key][0]
            self._outside[key, inside] = Worths(self.ground, prices, 1).best_alike(u, self.most[u])
        return key[1] - self._outside[key, inside]

    def offered(self, sessions: Iterable[int]) -> int:
        return sum(self.ground.capacity[s] * self.ground.length[s] for s in sessions)

    def needed(self, units: Iterable[int], sessions: frozenset[int]) -> int:
        return sum(self.ground.width[u] * self.demand(self._class(u), sessions) for u in units)

    def _class(self, u: int) -> Class:
        return int(self.ground.a.kind[u]), self.most[u]

    def shortages(self, sessions: Iterable[int]) -> list[Shortage]:
        """The shortages among ``sessions``, those that have nothing to do with each other apart."""
        scarce = frozenset(sessions)
        found = [self._shortage(units, part) for units, part in self._parts(scarce)]
        return [one for one in found if one is not None]

    def _parts(self, sessions: frozenset[int]) -> list[tuple[list[int], frozenset[int]]]:
        """Connected parts of the classes with a demand and the sessions it is for."""
        parts: list[tuple[list[Class], set[int]]] = []
        for key in sorted(self.classes):
            if not self.demand(key, sessions):
                continue
            classes, inside = [key], set(sessions & self._open[key])
            apart = []
            for part in parts:
                if inside.isdisjoint(part[1]):
                    apart.append(part)
                else:
                    classes += part[0]
                    inside |= part[1]
            parts = [*apart, (classes, inside)]
        return [([u for key in classes for u in self.classes[key]], frozenset(inside)) for classes, inside in parts]

    def _shortage(self, units: list[int], sessions: frozenset[int]) -> Shortage | None:
        short = self.needed(units, sessions) - self.offered(sessions)
        if short <= 0:
            return None
        sessions = self._thinned(units, sessions, short)
        units = sorted(u for u in units if self.demand(self._class(u), sessions))
        core, core_sessions = self._core(units, sessions)
        return Shortage(
            tuple(units),
            tuple(sorted(sessions)),
            self.needed(units, sessions),
            self.offered(sessions),
            tuple(core),
            tuple(sorted(core_sessions)),
            self.needed(core, core_sessions),
            self.offered(core_sessions),
        )

    def _thinned(self, units: list[int], sessions: frozenset[int], short: int) -> frozenset[int]:
        """Without the sessions that are not needed for a shortage of ``short``."""
        for s in sorted(sessions):
            less = sessions - {s}
            if self.needed(units, less) - self.offered(less) >= short:
                sessions = less
        return sessions

    def _core(self, units: list[int], sessions: frozenset[int]) -> tuple[list[int], frozenset[int]]:
        """A part of ``units`` of which none can go, with the sessions of which none is idle."""
        by_class: dict[Class, list[int]] = {}
        for u in units:
            by_class.setdefault(self._class(u), []).append(u)
        for key in sorted(by_class, key=lambda k: (len(by_class[k]), k)):  # whole classes first, the small ones
            rest = [u for u in units if self._class(u) != key]
            if self.needed(rest, sessions) > self.offered(sessions):
                units = rest
        sessions = self._thinned(units, sessions, 1)
        for u in list(units):
            rest = [other for other in units if other != u]
            if self.needed(rest, sessions) > self.offered(sessions):
                units = rest
        return [u for u in units if self.demand(self._class(u), sessions)], sessions


def _under_caps(ground: Ground, u: int, most: int) -> int:
    """``most``, or less where caps of the unit say so."""
    caps = ground.a.caps
    if not most or caps.ptr[u] == caps.ptr[u + 1]:
        return most
    part = Part(ground, [u], minimum=False, extra=True, alone=True)
    solution = part.open(whole=True).minimise(part.half_days(-1))
    return most if solution is None else round(-value(part.half_days(-1), solution)) // ground.width[u]
