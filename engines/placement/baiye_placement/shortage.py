"""Where seats are too few: sets of pupils who need more half-days than the sessions left to them offer.

For any set R of sessions, the pupils need at least Σ (need - most half-days outside R) half-days in R, and R offers
Σ seats · half-days of a session. Where the first is larger, so many half-days stay unfilled however seats are given
(Hall's condition; the zeros and ones of the half-day dual). R comes from the dual of the linear programme and is
then thinned out: what can go without lessening the shortage goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from baiye_placement.checks import joined
from baiye_placement.repair_part import Part, value
from baiye_placement.repair_prices import best_of

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
        self.most = [_under_caps(ground, u, most) for u, most in enumerate(ground.case.tables.need.tolist())]
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
            kind, project = self.ground.kind_of(self.classes[key][0]), self.ground.project
            outside = ((m, project[s], m.bit_count()) for s, m in kind.open if s not in inside)
            self._outside[key, inside] = best_of(outside, kind.half_days, key[1])
        return key[1] - self._outside[key, inside]

    def offered(self, sessions: Iterable[int]) -> int:
        return sum(self.ground.capacity[s] * self.ground.length[s] for s in sessions)

    def needed(self, units: Iterable[int], sessions: frozenset[int]) -> int:
        wide = Counter[Class]()
        for u in units:
            wide[self._class(u)] += self.ground.width[u]
        return sum(n * self.demand(key, sessions) for key, n in wide.items())

    def _class(self, u: int) -> Class:
        return int(self.ground.a.kind[u]), self.most[u]

    def shortages(self, sessions: Iterable[int], empty: int) -> list[Shortage]:
        """The shortages among ``sessions``, in the smallest parts that explain ``empty`` half-days, or the most."""
        scarce, best = frozenset(sessions), list[Shortage]()
        explained = -1
        for links in ("half-day", "project", "any"):
            found = [one for part in self._parts(scarce, links) if (one := self._shortage(part)) is not None]
            total = sum(one.needed - one.offered for one in found)
            if total > explained:
                best, explained = found, total
            if explained >= empty:
                break
        return best

    def _parts(self, sessions: frozenset[int], links: str) -> list[frozenset[int]]:
        """``sessions`` in parts: together are those between which a class has to choose, as far as ``links`` says."""
        pairs: list[tuple[int, int]] = []
        for key in sorted(self.classes):
            first: dict[Hashable, int] = {}
            for s, mask in self._choices(key, sessions):
                pairs += [(s, first.setdefault(mark, s)) for mark in self._marks(key, s, mask, links)]
        return [frozenset(part) for part in joined(sorted(sessions), pairs)]

    def _choices(self, key: Class, sessions: frozenset[int]) -> list[tuple[int, int]]:
        if not self.demand(key, sessions):
            return []
        return [(s, mask) for s, mask in self.ground.kind_of(self.classes[key][0]).open if s in sessions]

    def _marks(self, key: Class, s: int, mask: int, links: str) -> list[Hashable]:
        """Sessions with a mark in common are in one part."""
        marks: list[Hashable] = [b for b in range(mask.bit_length()) if mask >> b & 1]
        if links == "project":
            marks.append(("project", self.ground.project[s]))
        if links == "any" or key[1] < self.ground.kind_of(self.classes[key][0]).half_days:
            marks.append("any")
        return marks

    def _shortage(self, sessions: frozenset[int]) -> Shortage | None:
        units = [u for key in sorted(self.classes) if self.demand(key, sessions) for u in self.classes[key]]
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

    def _thinned(self, units: Iterable[int], sessions: frozenset[int], short: int) -> frozenset[int]:
        """Without the sessions that are not needed for a shortage of ``short``."""
        wide = Counter[Class]()
        for u in units:
            wide[self._class(u)] += self.ground.width[u]
        has = sum(n * self.demand(key, sessions) for key, n in wide.items()) - self.offered(sessions)
        for s in sorted(sessions):
            less = sessions - {s}
            change = self.offered([s]) + sum(
                n * (self.demand(key, less) - self.demand(key, sessions))
                for key, n in wide.items()
                if s in self._open[key]
            )
            if has + change >= short:
                sessions, has = less, has + change
        return sessions

    def _core(self, units: list[int], sessions: frozenset[int]) -> tuple[list[int], frozenset[int]]:
        """A part of ``units`` of which none can go, with the sessions of which none is idle."""
        spare = self.needed(units, sessions) - self.offered(sessions) - 1
        by_class: dict[Class, list[int]] = {}
        for u in units:
            by_class.setdefault(self._class(u), []).append(u)
        for key in sorted(by_class, key=lambda k: (len(by_class[k]), k)):  # whole classes first, the small ones
            whole = self.needed(by_class[key], sessions)
            if whole <= spare:
                spare -= whole
                units = [u for u in units if self._class(u) != key]
        sessions = self._thinned(units, sessions, 1)
        spare = self.needed(units, sessions) - self.offered(sessions) - 1
        kept = []
        for u in units:
            own = self.needed([u], sessions)
            if own <= spare:
                spare -= own
            else:
                kept.append(u)
        return kept, sessions


def _under_caps(ground: Ground, u: int, most: int) -> int:
    """``most``, or less where caps of the unit say so."""
    caps = ground.a.caps
    if not most or caps.ptr[u] == caps.ptr[u + 1]:
        return most
    part = Part(ground, [u], minimum=False, extra=True, alone=True)
    solution = part.open(whole=True).minimise(part.half_days(-1))
    return most if solution is None else round(-value(part.half_days(-1), solution)) // ground.width[u]
