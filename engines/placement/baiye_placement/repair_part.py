"""The affected part of a repair as a programme: its units choose anew, everyone else keeps what they have.

Binary x[u, s] says that unit u sits in session s, d[u] that it gives up a seat it had, y[s] that a session with a
minimum is held. A session under its minimum that no lock opens is filled up to it or closed, whichever is better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import TYPE_CHECKING

from baiye_placement.highs import Program

if TYPE_CHECKING:
    from baiye_placement.highs import Aims, Solution
    from baiye_placement.repair_ground import Ground

Aim = list[tuple[int, float]]


class Part:
    """The programme of ``units``.

    ``extra`` lets each session have more seats at will (one more column each); ``alone`` leaves out everyone else.
    """

    def __init__(
        self, ground: Ground, units: Iterable[int], *, minimum: bool = True, extra: bool = False, alone: bool = False
    ) -> None:
        self.ground, self.units = ground, sorted(units)
        self.program = Program()
        self.x: dict[tuple[int, int], int] = {}
        self.d: dict[int, int] = {}
        self.extra: dict[int, int] = {}
        inside = set(self.units)
        others = [() if alone or u in inside else held for u, held in enumerate(ground.old)]
        self.outside = ground.loads(others)
        for u in self.units:
            self._unit(u)
        if extra:
            for s in sorted({s for _, s in self.x}):
                self.extra[s] = self.program.column(inf)
                self._session(s).append((self.extra[s], -1.0))
        if minimum:
            self._minimums()
        if not alone:
            self._apart(inside)

    def _session(self, s: int) -> list[tuple[int, float]]:
        return self.program.row(("session", s), -inf, self.ground.capacity[s] - self.outside[s])

    def _unit(self, u: int) -> None:
        ground, program = self.ground, self.program
        kind, need = ground.kind_of(u), ground.need[u]
        if not need:
            return
        for s, mask in kind.open:
            x = self.x[u, s] = program.column()
            for b in range(mask.bit_length()):
                if mask >> b & 1:
                    program.row(("slot", u, b), -inf, 1).append((x, 1.0))
            program.row(("project", u, ground.project[s]), -inf, 1).append((x, 1.0))
            if need < kind.half_days:
                program.row(("need", u), -inf, need).append((x, float(ground.length[s])))
            self._session(s).append((x, float(ground.width[u])))
        self._caps(u)
        if ground.old[u] and not ground.hit[u]:
            d = self.d[u] = program.column()
            for s in ground.old[u]:
                program.row(("keeps", u, s), 1, inf).extend([(d, 1.0), (self.x[u, s], 1.0)])

    def _caps(self, u: int) -> None:
        ground, caps = self.ground, self.ground.a.caps
        for c in caps.index[caps.ptr[u] : caps.ptr[u + 1]].tolist():
            locked = sum(bool(caps.projects[c, ground.project[s]]) for s in ground.a.locked[u])
            row = self.program.row(("cap", u, c), -inf, int(caps.limit[c]) - locked)
            row += [(self.x[u, s], 1.0) for s, _ in ground.kind_of(u).open if caps.projects[c, ground.project[s]]]

    def _minimums(self) -> None:
        ground, program = self.ground, self.program
        holders: dict[int, list[tuple[int, float]]] = {}
        for (u, s), x in self.x.items():
            if ground.minimum[s] > 1:
                holders.setdefault(s, []).append((x, float(ground.width[u])))
        for s, load in sorted(holders.items()):
            if self.outside[s]:
                program.row(("minimum", s), ground.minimum[s] - self.outside[s], inf).extend(load)
                continue
            y = program.column()
            program.row(("held", s), -inf, 0).extend([*load, (y, -float(ground.capacity[s]))])
            program.row(("minimum", s), 0, inf).extend([*load, (y, -float(ground.minimum[s]))])

    def _apart(self, inside: set[int]) -> None:
        for u in self.units:
            for other in self.ground.partners.get(u, ()):
                for s, _ in self.ground.kind_of(u).open:
                    if s in self.ground.a.locked[other] or (other not in inside and s in self.ground.old[other]):
                        self._bar(u, s)
                    elif u < other and (u, s) in self.x and (other, s) in self.x:
                        pair = [(self.x[u, s], 1.0), (self.x[other, s], 1.0)]
                        self.program.row(("apart", u, other, s), -inf, 1).extend(pair)

    def _bar(self, u: int, s: int) -> None:
        if (u, s) in self.x:
            self.program.uppers[self.x[u, s]] = 0.0

    def open(self, *, whole: bool) -> Aims:
        return self.program.open(whole=whole)

    def half_days(self, weight: float) -> Aim:
        """``weight`` for each half-day filled."""
        ground = self.ground
        return [(x, weight * ground.width[u] * ground.length[s]) for (u, s), x in self.x.items()]

    def disturbed(self) -> Aim:
        """One for each pupil who gives up a seat and was not hit."""
        return [(d, float(self.ground.width[u])) for u, d in self.d.items()]

    def lost_points(self) -> Aim:
        """Minus the points of all seats."""
        of = {u: self.ground.points(u) for u in self.units}
        ground = self.ground
        return [(x, -float(of[u].get(ground.project[s], 0) * ground.length[s])) for (u, s), x in self.x.items()]

    def changes(self) -> Aim:
        """Minus one for each seat kept by a unit that was hit or gives up another."""
        return [(self.x[u, s], -1.0) for u in self.units for s in self.ground.old[u] if (u, s) in self.x]

    def late_draws(self) -> Aim:
        """Better where earlier lottery numbers stay as they are and have the more points."""
        order = sorted(self.units, key=lambda u: -int(self.ground.a.lottery[u]))
        early = {u: i + 1 for i, u in enumerate(order)}
        most = 1 + max((p for u in self.units for p in self.ground.points(u).values()), default=0)
        points = [
            (x, early[u] * value) for ((u, _), x), (_, value) in zip(self.x.items(), self.lost_points(), strict=True)
        ]
        return points + [(d, float(early[u] * most)) for u, d in self.d.items()]

    def seats(self, solution: Solution) -> dict[int, tuple[int, ...]]:
        """Sessions of each unit."""
        found: dict[int, list[int]] = {u: [] for u in self.units}
        for (u, s), x in self.x.items():
            if solution.values[x] > 0.5:
                found[u].append(s)
        return {u: tuple(sorted(held)) for u, held in found.items()}

    def prices(self, solution: Solution, scale: int) -> list[int]:
        """Prices of all sessions from the duals of a linear programme, in 1/scale."""
        found = [0] * len(self.ground.capacity)
        for s in {s for _, s in self.x}:
            found[s] = max(0, round(-float(solution.duals[self.program.keys["session", s]]) * scale))
        return found


def value(aim: Sequence[tuple[int, float]], solution: Solution) -> float:
    """Σ value · column."""
    return float(sum(weight * solution.values[column] for column, weight in aim))
