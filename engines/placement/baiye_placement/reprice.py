# mypy: disable-error-code="untyped-decorator"
"""Prices while half-days are being settled: what is taken makes the rest dearer, or leaves it cheaper.

After each half-day a sweep over what is still undecided keeps the prices near the dual of the remaining problem,
so that the next half-day does not choose by prices of a problem that is no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.arcs import MOST_HELD, state_of
from baiye_placement.bundles import best_bundle
from baiye_placement.compiling import compiled
from baiye_placement.dual import FINE, SCALE, batches, count, in_batches, move
from baiye_placement.open_lists import sort_open
from baiye_placement.seated import loads
from baiye_placement.team import ALONE, Team

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints
    from baiye_placement.tables import Tables

STEP = 0.5  # points, for a session taken twice as often as it has seats left
SHARE = 5  # each sweep moves the prices by one fifth of the way


class Repricing:
    """Prices that follow the seats given; ``prices`` are in 1/SCALE."""

    def __init__(self, t: Tables, prices: Ints, *, full: bool, team: Team = ALONE) -> None:
        self.t, self.full, self.team = t, full, team
        self._price = prices * (FINE // SCALE)
        self._mean = self._price.copy()
        self._step = np.rint(STEP * FINE / np.maximum(t.capacity, 1)).astype(np.int64)
        self._rng = np.random.default_rng(20240525)

    def after(self, seat: Ints) -> Ints:
        """New prices, now that ``seat`` is settled so far."""
        left = np.maximum(self.t.capacity - loads(self.t, seat), 0)
        self._sweep(self._rng.permutation(len(self.t.need)), left, seat)
        self._mean += (self._price - self._mean) // SHARE
        return (self._mean * SCALE + FINE // 2) // FINE

    def _sweep(self, order: Ints, left: Ints, seat: Ints) -> None:
        if self.team.threads == 1:
            _sweep(order, self.full, self._price, self._step, left, self.t, seat)
            return

        def part(taken: Ints, first: int, last: int, mine: Tables) -> None:
            _take(order, first, last, self.full, self._price, taken, mine, seat)

        in_batches(self.t, self.team, self._price, self._step, left, part)


@compiled
def _sweep(order, full, price, step, left, t, seat):  # type: ignore[no-untyped-def]
    """As in ``dual``, over units with half-days undecided and the seats that are left."""
    taken = np.zeros(len(price), dtype=np.int64)
    for first, last in batches(len(order)):
        sort_open(price, t)
        _take(order, first, last, full, price, taken, t, seat)
        move(price, step, taken, left, last - first, len(order))


@compiled
def _take(order, first, last, full, price, taken, t, seat):  # type: ignore[no-untyped-def]
    held = np.full(MOST_HELD + 2, -1)
    for i in range(first, last):
        u = order[i]
        _, free, need, _ = state_of(u, np.int64(-1), seat, t, held)
        if need > 0 and free != 0:
            best_bundle(u, need, full, False, free, held, price, np.int64(FINE), np.int64(0), t)
            count(u, taken, t)
