# mypy: disable-error-code="untyped-decorator"
"""Prices of sessions: the dual of the placement, and the exact bound that any prices give.

At prices L (whole numbers, at least 0) no placement that fills every half-day has more points than
U(L) = Σ capacity · L + Σ over units of their best bundle. The prices are sought by an incremental subgradient method
(Nedić and Bertsekas, SIAM J. Optim. 12, 2001), a batch of units at a time: a price rises with the pupils of the batch
who take the session, and falls by the batch's share of its seats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.bundles import EVERY, NEVER, best_bundle, compiled, inner, sort_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baiye_placement.arrays import Ints
    from baiye_placement.bundles import Tables

SCALE = 256  # of published prices, to the point
FINE = SCALE << 20  # of prices while they are sought
BATCHES = 128  # in which a sweep goes through the units


@dataclass(frozen=True, slots=True)
class Goal:
    """What is maximised: ``weight`` · points + ``hour`` a half-day; ``full`` where every unit must be full."""

    weight: int
    hour: int
    full: bool


HALF_DAYS = Goal(weight=0, hour=1, full=False)
POINTS_WHEN_FULL = Goal(weight=1, hour=0, full=True)


def own_most(t: Tables) -> Ints:
    """How many half-days each unit could have if it were alone, at most its need."""
    price = np.zeros(len(t.capacity), dtype=np.int64)
    worth = np.zeros(len(t.need), dtype=np.int64)
    sort_open(price, t)
    _worths(0, 1, False, price, t, worth)
    return worth // t.width


def upper_bound(t: Tables, goal: Goal, price: Ints) -> int:
    """U(price) times SCALE, exact; ``price`` in units of 1/SCALE."""
    worth = np.zeros(len(t.need), dtype=np.int64)
    sort_open(price, t)
    _worths(goal.weight * SCALE, goal.hour * SCALE, goal.full, price, t, worth)
    if worth.min(initial=0) <= NEVER:
        raise ValueError("a unit has no full bundle")
    return int(worth.sum() + price @ np.maximum(t.capacity, 0))


class PriceSearch:
    """Seeks prices with a low bound, sweep by sweep; ``best`` and ``bound`` are the best prices seen, in 1/SCALE.

    Parameters
    ----------
    step : points
        How far the first sweep moves the price of a session that is taken twice as often as it has seats.
    """

    def __init__(self, t: Tables, goal: Goal, *, step: float) -> None:
        self.t, self.goal = t, goal
        self.step = step / np.maximum(t.capacity, 1)
        self.price: Ints = np.zeros(len(t.capacity), dtype=np.int64)  # in 1/FINE
        self.sweeps = 0
        self.best: Ints = np.zeros(len(t.capacity), dtype=np.int64)
        self.bound = upper_bound(t, goal, self.best)
        self._rng = np.random.default_rng(20240524)  # an order of units, not a lottery: it favours nobody

    def run(self, sweeps: int) -> Iterator[int]:
        """Sweep so many times, yielding after each; then try the average of the last third and the last prices."""
        total, count = np.zeros_like(self.price), 0
        for k in range(sweeps):
            self._sweep(np.rint(self.step * (FINE / (1 + self.sweeps))).astype(np.int64))
            self.sweeps += 1
            if 3 * k >= 2 * sweeps:
                total, count = total + self.price, count + 1
            yield self.sweeps
        for price in (total // max(count, 1), self.price):
            self.consider((price * SCALE + FINE // 2) // FINE)

    def consider(self, price: Ints) -> None:
        """Keep ``price`` (in 1/SCALE) if its bound is lower."""
        if (bound := upper_bound(self.t, self.goal, price)) < self.bound:
            self.best, self.bound = price, bound

    def _sweep(self, step: Ints) -> None:
        order = self._rng.permutation(len(self.t.need))
        goal = self.goal
        _sweep(order, goal.weight * FINE, goal.hour * FINE, goal.full, self.price, step, self.t)


@compiled
def _worths(scale, hour, full, price, t, worth):  # type: ignore[no-untyped-def]
    for u in range(len(worth)):
        worth[u] = best_bundle(u, t.need[u], full, True, np.int64(EVERY), t.nothing, price, scale, hour, t)


@compiled
def _sweep(order, scale, hour, full, price, step, t):  # type: ignore[no-untyped-def]
    """One pass over all units, in batches: each unit of a batch takes its best bundle at the same prices."""
    n = len(order)
    taken = np.zeros(len(price), dtype=np.int64)
    for batch in range(BATCHES):
        first, last = n * batch // BATCHES, n * (batch + 1) // BATCHES
        if first < last:
            sort_open(price, t)
            for i in range(first, last):
                best_bundle(order[i], t.need[order[i]], full, False, np.int64(EVERY), t.nothing, price, scale, hour, t)
                for s in t.chosen:
                    if s < 0:
                        break
                    taken[s] += t.width[order[i]]
            move(price, step, taken, t.capacity, last - first, n)


@inner
def move(price, step, taken, capacity, batch, n):  # type: ignore[no-untyped-def]
    """Prices after a batch of ``batch`` units out of ``n``; ``taken`` is emptied."""
    for s in range(len(price)):
        price[s] = max(0, price[s] + step[s] * taken[s] - step[s] * capacity[s] * batch // n)
        taken[s] = 0
