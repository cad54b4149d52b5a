"""The affected part of a repair as a programme: its units choose anew, everyone else keeps what they have.

Binary x[u, s] says that unit u sits in session s, d[u] that it gives up a seat it had, y[s] that a session with a
minimum is held. A session under its minimum that no lock opens is filled up to it or closed, whichever is better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import TYPE_CHECKING

from baiye_placement.highs import Program
from baiye_placement.seat_rows import hold, keep_apart, seat_unit

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
        of_unit = {u: self._unit(u) for u in self.units if ground.need[u]}
        if extra:
            for s in sorted({s for _, s in self.x}):
                self.extra[s] = self.program.column(inf)
                self.program.row(("session", s), -inf, self._free(s)).append((self.extra[s], -1.0))
        if minimum:
            self._minimums()
        if not alone:
            keep_apart(self.program, ground.a, of_unit, lambda u: (*ground.a.locked[u], *others[u]))

    def _free(self, s: int) -> int:
        return self.ground.capacity[s] - self.outside[s]

    def _unit(self, u: int) -> dict[int, int]:
        ground, program = self.ground, self.program
        kind, need = ground.kind_of(u), ground.need[u]
        columns = seat_unit(program, ground.a, u, need if need < kind.half_days else None, kind.open, self._free)
        self.x.update({(u, s): x for s, x in columns.items()})
        if ground.old[u] and not ground.hit[u]:
            d = self.d[u] = program.column()
            for s in ground.old[u]:
                program.row(("keeps", u, s), 1, inf).extend([(d, 1.0), (columns[s], 1.0)])
        return columns

    def _minimums(self) -> None:
        ground = self.ground
        holders: dict[int, list[tuple[int, float]]] = {}
        for (u, s), x in self.x.items():
            if ground.minimum[s] > 1:
                holders.setdefault(s, []).append((x, float(ground.width[u])))
        for s, load in sorted(holders.items()):
            hold(self.program, s, load, ground.minimum[s], ground.capacity[s], self.outside[s])

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
