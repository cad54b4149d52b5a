"""Rules between sessions of one unit (caps) and between units (apart), which the flow itself does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.arcs import Arcs
    from baiye_placement.arrays import Arrays, Ints
    from baiye_placement.tables import Tables


def partners_of(a: Arrays) -> dict[int, set[int]]:
    """Units that are kept apart from a unit."""
    found: dict[int, set[int]] = {}
    for first, second in a.apart:
        found.setdefault(first, set()).add(second)
        found.setdefault(second, set()).add(first)
    return found


class Limits:
    """Which arcs caps and apartness forbid, given the seats decided so far."""

    def __init__(self, a: Arrays) -> None:
        self.a = a
        self.partners = partners_of(a)
        self.units = np.diff(a.caps.ptr) > 0  # units to which any of this applies
        self.units[list(self.partners)] = True
        self.none = not self.units.any()

    def allowed(self, arcs: Arcs, seat: Ints, t: Tables) -> NDArray[np.bool_]:
        """False for an arc that would break a cap, or sit a unit with one it must be kept apart from."""
        keep = np.ones(arcs.count, dtype=np.bool_)
        for u in np.unique(arcs.unit).tolist():
            if self.a.caps.ptr[u] == self.a.caps.ptr[u + 1] and u not in self.partners:
                continue
            barred = self.full_caps(u, self.held(u, seat, t))
            taken = {s for partner in self.partners.get(u, ()) for s in self.held(partner, seat, t)}
            for i in np.flatnonzero(arcs.unit == u):
                s = arcs.session[i]
                keep[i] = s < 0 or (not barred[self.a.project[s]] and s not in taken)
        return keep

    def too_close(self, arcs: Arcs, taken: Ints) -> list[int]:
        """Taken arcs to be barred: of two units kept apart in one session, that of the later lottery number."""
        if not self.partners:
            return []
        sits = {int(arcs.unit[i]): int(i) for i in taken if arcs.session[i] >= 0}
        barred = set()
        for u, i in sits.items():
            for partner in self.partners.get(u, ()):
                j = sits.get(partner)
                if j is not None and arcs.session[i] == arcs.session[j] and self.a.lottery[u] > self.a.lottery[partner]:
                    barred.add(i)
        return sorted(barred)

    def held(self, u: int, seat: Ints, t: Tables) -> set[int]:
        """Sessions the unit has, locked ones included."""
        return set(self.a.locked[u]) | {int(s) for s in seat[t.slot_ptr[u] : t.slot_ptr[u + 1]] if s >= 0}

    def full_caps(self, u: int, held: set[int]) -> NDArray[np.bool_]:
        """Projects of which the unit may take no more."""
        barred = np.zeros(self.a.caps.projects.shape[1], dtype=np.bool_)
        for c in self.a.caps.index[self.a.caps.ptr[u] : self.a.caps.ptr[u + 1]]:
            if sum(self.a.caps.projects[c, self.a.project[s]] for s in held) >= self.a.caps.limit[c]:
                barred |= self.a.caps.projects[c]
        return barred
