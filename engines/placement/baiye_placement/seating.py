"""Seats of all units, or of a few of them, as an integer programme: small problems, and small parts of large ones.

Binary x[u, s] says that unit u sits in session s, binary y[s] that a session with a minimum is held. Everyone who is
not among the ``units`` keeps the seats they have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import seated
from baiye_placement.highs import NODES, Program
from baiye_placement.seat_rows import hold, keep_apart, seat_unit
from baiye_placement.tables import open_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from baiye_placement.arrays import Arrays, Ints
    from baiye_placement.clock import Clock
    from baiye_placement.tables import Tables

Aim = list[tuple[int, float]]
FEW = 4  # open sessions of each option that a narrow programme offers beside wishes, those with most free seats


def column_count(t: Tables) -> int:
    """How many x the programme of all units would have at most."""
    open_to_kind = np.concatenate([[0], np.cumsum(np.diff(t.open_ptr)[t.option_list])])[t.option_ptr]
    return int(np.diff(open_to_kind)[t.kind].sum())


class Seating:
    """The programme.

    Parameters
    ----------
    minimum : (sessions,) pupils
        Smallest group of each session; 0 where a lock has opened it already.
    units, seat
        Who may be seated anew, and the seats before; everyone, from nothing, where they are left out.
    narrow
        Offer wishes, the seats before, and of all other sessions only the few with most free seats.
    """

    def __init__(
        self,
        a: Arrays,
        t: Tables,
        minimum: Ints,
        units: Sequence[int] | None = None,
        seat: Ints | None = None,
        *,
        narrow: bool = False,
    ) -> None:
        self.a, self.t, self.minimum = a, t, minimum
        self.narrow = narrow
        self.units = range(a.unit_count) if units is None else units
        self.seat = np.full(len(t.slots), seated.AWAY, dtype=np.int64) if seat is None else seat.copy()
        self.before = self.seat.copy()
        for u in self.units:
            self.seat[t.slot_ptr[u] : t.slot_ptr[u + 1]] = seated.AWAY
        self.load = seated.loads(t, self.seat)
        self.free = np.maximum(t.capacity - self.load, 0)
        self.program = Program()
        self.columns: list[tuple[int, int, int]] = []  # unit, session, mask
        self.of_unit: dict[int, dict[int, int]] = {}  # unit → session → column
        for u in self.units:
            self._add(u)
        self._add_minimum()
        keep_apart(self.program, a, self.of_unit, self._sits)

    def half_days(self) -> Aim:
        """The aim of filled half-days, counted in pupils."""
        return [(c, float(mask.bit_count() * self.t.width[u])) for c, (u, _, mask) in enumerate(self.columns)]

    def worth(self, wish_points: Ints, units: Iterable[int] | None = None) -> Aim:
        """The aim of ``wish_points``, of all or of some units."""
        aim = []
        for u in self.units if units is None else units:
            first, last = self.t.wish_ptr[u : u + 2].tolist()
            points = dict(zip(self.t.wish_project[first:last].tolist(), wish_points[first:last].tolist(), strict=True))
            for c in self.of_unit[u].values():
                _, s, mask = self.columns[c]
                if value := points.get(int(self.t.project[s]), 0):
                    aim.append((c, float(value * mask.bit_count())))
        return aim

    def claim(self, u: int, wish_points: Ints, least: int) -> None:
        """The unit must have at least ``least`` of ``wish_points``."""
        self.program.row(("claim", u), float(least), np.inf).extend(self.worth(wish_points, [u]))

    def best(self, aims: Sequence[Aim], clock: Clock, *, gap: float = 0.0, nodes: int = NODES) -> Ints | None:
        """Seats that are best by the first aim, among those by the second, and so on; None where none are found.

        Each aim may be missed by the share ``gap``; ``nodes`` of branch and bound are the work budget of each.
        """
        if not self.columns:
            return self.seat if all(least <= 0 for least in self.program.lower) else None
        model, values = self.program.open(whole=True), None
        model.highs.setOptionValue("mip_rel_gap", gap)
        model.highs.setOptionValue("mip_max_nodes", nodes)
        for i, aim in enumerate(aims):
            least = [(c, -value) for c, value in aim]
            found = model.minimise(least, seconds=max(clock.left, 0.1) / (len(aims) - i))
            if found is None:
                break
            values = found.values
            if least:
                model.at_most(least, round(sum(value * values[c] for c, value in least)))
        return None if values is None else self._seats(values)

    def _add(self, u: int) -> None:
        t, k, offers = self.t, self.t.kind[u], list[tuple[int, int]]()
        wishes = set(t.wish_project[t.wish_ptr[u] : t.wish_ptr[u + 1]].tolist())
        held = set(self.before[t.slot_ptr[u] : t.slot_ptr[u + 1]].tolist())
        for mask, sessions in open_to(t, int(k)):
            found = [s for s in sorted(sessions) if self.free[s] >= t.width[u]]
            if self.narrow:
                others = [s for s in found if int(t.project[s]) not in wishes]
                few = set(sorted(others, key=lambda s: (-self.free[s], s))[:FEW])
                found = [s for s in found if s in held or s in few or int(t.project[s]) in wishes]
            offers += [(s, mask) for s in found]
        columns = seat_unit(self.program, self.a, u, int(t.need[u]), offers, self.free.__getitem__)
        self.columns += [(u, s, mask) for s, mask in offers]
        self.of_unit[u] = columns

    def _add_minimum(self) -> None:
        opened = {s for held in self.a.locked for s in held}
        for s in np.flatnonzero(self.minimum > 1).tolist():
            if s not in opened and ("session", s) in self.program.keys and self.load[s] < self.minimum[s]:
                entries = list(self.program.row(("session", s), 0, 0))
                hold(self.program, s, entries, self.minimum[s], self.free[s], self.load[s])

    def _sits(self, u: int) -> set[int]:
        """Sessions in which the unit is whatever is chosen."""
        return {*self.a.locked[u], *self.seat[self.t.slot_ptr[u] : self.t.slot_ptr[u + 1]].tolist()}

    def _seats(self, values: Iterable[float]) -> Ints:
        seat = self.seat.copy()
        for (u, s, mask), x in zip(self.columns, values, strict=False):
            if x > 0.5:
                for b in range(mask.bit_length()):
                    if mask >> b & 1:
                        seat[self.t.slot_ptr[u] + b] = s
        return seat
