# mypy: disable-error-code="untyped-decorator"
"""Prices while half-days are being settled: what is taken makes the rest dearer, or leaves it cheaper.

After each half-day a few sweeps over what is still undecided keep the prices near the dual of the remaining problem,
so that the next half-day does not choose by prices of a problem that is no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.bundles import best_bundle, compiled
from baiye_placement.dual import FINE, SCALE
from baiye_placement.flow import MOST_HELD, loads, state_of

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints
    from baiye_placement.bundles import Tables

SWEEPS = 3
STEP = 0.3  # points, for a session taken twice as often as it has seats left
SHARE = 10  # each sweep moves the prices by one tenth of the way


class Repricing:
    """Prices that follow the seats given; ``prices`` are in 1/SCALE."""

    def __init__(self, t: Tables, prices: Ints, *, full: bool) -> None:
        self.t, self.full = t, full
        self._price = prices * (FINE // SCALE)
        self._mean = self._price.copy()
        self._step = np.rint(STEP * FINE / np.maximum(t.capacity, 1)).astype(np.int64)
        self._touched = np.zeros(len(prices), dtype=np.int64)
        self._rng = np.random.default_rng(20240525)

    def after(self, seat: Ints) -> Ints:
        """New prices, now that ``seat`` is settled so far."""
        left = np.maximum(self.t.capacity - loads(self.t, seat), 0)
        for _ in range(SWEEPS):
            order = self._rng.permutation(len(self.t.need))
            _sweep(order, self.full, self._price, self._step, left, self._touched, self.t, seat)
            self._mean += (self._price - self._mean) // SHARE
        return (self._mean * SCALE + FINE // 2) // FINE


@compiled
def _sweep(order, full, price, step, left, touched, t, seat):  # type: ignore[no-untyped-def]
    """As in ``dual``, over units with half-days undecided and the seats that are left."""
    n = len(order)
    held = np.full(MOST_HELD + 2, -1)
    for i in range(n):
        u = order[i]
        _, free, need, _ = state_of(u, np.int64(-1), seat, t, held)
        if need <= 0 or free == 0:
            continue
        for o in range(t.option_ptr[t.kind[u]], t.option_ptr[t.kind[u] + 1]):
            for j in range(t.open_ptr[o], t.open_ptr[o + 1] if t.option_mask[o] & ~free == 0 else t.open_ptr[o]):
                s = t.open_session[j]
                price[s] = max(0, price[s] - step[s] * left[s] * (i - touched[s]) // n)
                touched[s] = i
        best_bundle(u, need, full, free, held, price, np.int64(FINE), np.int64(0), t)
        for s in t.chosen:
            if s < 0:
                break
            price[s] += step[s] * t.width[u]
    for s in range(len(price)):
        price[s] = max(0, price[s] - step[s] * left[s] * (n - touched[s]) // n)
        touched[s] = 0
