# mypy: disable-error-code="untyped-decorator"
"""Prices while half-days are being settled: what is taken makes the rest dearer, or leaves it cheaper.

Beside each half-day a sweep over what was undecided before it keeps the prices near the dual of the remaining problem,
so that the next half-day does not choose by prices of a problem that is no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.arcs import MOST_HELD, state_of
from baiye_placement.bundles import best_bundle
from baiye_placement.compiling import compiled, inner
from baiye_placement.dual import BATCHES, FINE, SCALE, batches, falls, in_batches, move, shuffled
from baiye_placement.open_lists import among, sort_heads
from baiye_placement.seated import AWAY, OPEN, loads, seen
from baiye_placement.team import ALONE, Team

if TYPE_CHECKING:
    from collections.abc import Callable

    from baiye_placement.arrays import Ints
    from baiye_placement.tables import Tables

NEW = -3  # of a half-day nobody was asked about
STEP = 1.0  # points, for a session taken twice as often as it has seats left
SHARE = 4  # each sweep moves the prices by one fourth of the way
BESIDE = 24  # batches of a sweep that one thread does while another solves a flow, which takes about as long
ASKED = 2  # whoever sits where the bundle asked for last would have it is asked again in every other sweep


class Repricing:
    """Prices that follow the seats given, while the next ones are; ``prices`` are in 1/SCALE."""

    def __init__(self, t: Tables, prices: Ints, *, full: bool, team: Team = ALONE) -> None:
        self.t = t._replace(open_session=t.open_session.copy())  # sorted by these prices, whatever others sort by
        self.full, self.team = full, team
        self._price = prices * (FINE // SCALE)
        self._mean = self._price.copy()
        self._step = np.rint(STEP * FINE / np.maximum(t.capacity, 1)).astype(np.int64)
        self._kept: Ints = np.full(len(t.slots), NEW, dtype=np.int64)  # session of each half-day, when asked last
        self._turn = 0
        self._rng = np.random.default_rng(20240525)

    def beside(self, seat: Ints, give: Callable[[], object]) -> Ints:
        """New prices for ``seat`` as it is settled before ``give`` gives the seats of one half-day more."""
        seat = seat.copy()
        left = np.maximum(self.t.capacity - loads(self.t, seat), 0)
        order = shuffled(self._rng, len(self.t.need))
        fixed = (self._turn, self.full, self._price, self._kept, seat)
        self._turn += 1
        self.team.beside(self.t, lambda mine: _sweep(order, fixed, self._step, left, 0, BESIDE, mine), give)
        if self.team.threads == 1:
            _sweep(order, fixed, self._step, left, BESIDE, BATCHES, self.t)
        else:

            def part(taken: Ints, first: int, last: int, mine: Tables) -> None:
                _take(order, first, last, fixed, taken, mine)

            in_batches(self.t, self.team, self._price, self._step, left, part, BESIDE)
        self._mean += (self._price - self._mean) // SHARE
        return (self._mean * SCALE + FINE // 2) // FINE


@compiled
def _sweep(order, fixed, step, left, begin, end, t):  # type: ignore[no-untyped-def]
    """Batches ``begin`` … ``end - 1``, as in ``dual``, over units with half-days undecided and the seats left."""
    price = fixed[2]
    taken, n = np.zeros(len(price), dtype=np.int64), len(order)
    fall = falls(step, left, n)
    for first, last in batches(n)[begin:end]:
        sort_heads(price, t)
        _take(order, first, last, fixed, taken, t)
        move(price, step, taken, fall[last - first - n // BATCHES])


@compiled
def _take(order, first, last, fixed, taken, t):  # type: ignore[no-untyped-def]
    turn, full, price, kept, seat = fixed
    held = np.full(MOST_HELD + 2, -1)
    for i in range(first, last):
        u = order[i]
        if (turn + u) % ASKED == 0 or not _as_kept(u, kept, seat, t):
            _, free, need, _ = state_of(u, np.int64(-1), seat, t, held)
            t.chosen[0] = -1
            if need > 0 and free != 0:
                best_bundle(u, need, full, False, free, held, price, np.int64(FINE), np.int64(0), t)
            _keep(u, kept, seat, t)
        for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
            if seat[j] == OPEN and kept[j] >= 0 and not seen(kept, t.slot_ptr[u], j):
                taken[kept[j]] += t.width[u]


@inner
def _as_kept(u, kept, seat, t):  # type: ignore[no-untyped-def]
    """Whether the unit was given what it asked for, as far as it is settled."""
    for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
        if kept[j] == NEW or (seat[j] != OPEN and seat[j] != kept[j]):
            return False
    return True


@inner
def _keep(u, kept, seat, t):  # type: ignore[no-untyped-def]
    """Note the seats of the unit, and where it has none yet, the session chosen."""
    for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
        kept[j] = AWAY if seat[j] == OPEN else seat[j]
        if seat[j] == OPEN:
            for s in t.chosen:
                if s < 0:
                    break
                if among(t.slots[j], t.session_slots[s]):
                    kept[j] = s
