# mypy: disable-error-code="untyped-decorator"
"""Prices of sessions: the dual of the placement, and the exact bound that any prices give.

At prices L (whole numbers, at least 0) no placement that fills every half-day has more points than
U(L) = Σ capacity · L + Σ over units of their best bundle. The prices are sought by an incremental subgradient method
(Nedić and Bertsekas, SIAM J. Optim. 12, 2001): a price rises when a unit takes the session, and falls with time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.bundles import EVERY, NEVER, NOTHING, best_bundle, compiled, values_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from baiye_placement.arrays import Ints
    from baiye_placement.bundles import Tables

SCALE = 256


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
    _worths(0, 1, False, price, t, values_for(t, price), worth)
    return worth // t.width


def upper_bound(t: Tables, goal: Goal, price: Ints) -> int:
    """U(price) times SCALE, exact; ``price`` in units of 1/SCALE."""
    worth = np.zeros(len(t.need), dtype=np.int64)
    _worths(goal.weight * SCALE, goal.hour * SCALE, goal.full, price, t, values_for(t, price), worth)
    if worth.min(initial=0) <= NEVER:
        raise ValueError("a unit has no full bundle")
    return int(worth.sum() + price @ np.maximum(t.capacity, 0))


class PriceSearch:
    """Seeks prices with a low bound, sweep by sweep; ``best`` and ``bound`` are the best whole prices seen."""

    def __init__(self, t: Tables, goal: Goal, *, step: float = 4.0) -> None:
        self.t, self.goal, self.step = t, goal, step
        self.price = np.zeros(len(t.capacity))
        self.sweeps = 0
        self.best: Ints = np.zeros(len(t.capacity), dtype=np.int64)
        self.bound = upper_bound(t, goal, self.best)
        self._value = values_for(t, self.price)
        self._touched = np.zeros(len(t.capacity), dtype=np.int64)
        self._rng = np.random.default_rng(20240524)  # an order of units, not a lottery: it favours nobody

    def run(self, sweeps: int) -> Iterator[int]:
        """Sweep so many times, yielding after each; then try the average of the last third and the last prices."""
        total, count = np.zeros_like(self.price), 0
        for k in range(sweeps):
            self._sweep(self.step / (1 + self.sweeps))
            self.sweeps += 1
            if 3 * k >= 2 * sweeps:
                total, count = total + self.price, count + 1
            yield self.sweeps
        for price in (total / max(count, 1), self.price):
            self.consider(np.rint(price * SCALE).astype(np.int64))

    def consider(self, price: Ints) -> None:
        """Keep ``price`` if its bound is lower."""
        if (bound := upper_bound(self.t, self.goal, price)) < self.bound:
            self.best, self.bound = price, bound

    def _sweep(self, step: float) -> None:
        order = self._rng.permutation(len(self.t.need))
        _sweep(order, float(self.goal.weight), float(self.goal.hour), self.goal.full, self.price, step, self._touched,
               self.t, self._value)


@compiled
def _worths(scale, hour, full, price, t, value, worth):  # type: ignore[no-untyped-def]
    for u in range(len(worth)):
        worth[u] = best_bundle(u, t.need[u], full, EVERY, NOTHING, price, scale, hour, t, value)


@compiled
def _sweep(order, scale, hour, full, price, step, touched, t, value):  # type: ignore[no-untyped-def]
    """One pass over all units.

    A price rises by ``step`` for each pupil who takes the session, and falls evenly, by ``step`` times the capacity
    over a pass; the fall is applied when the price is read next, ``touched`` says up to where it has been.
    """
    n = len(order)
    for i in range(n):
        u = order[i]
        k = t.kind[u]
        for j in range(t.open_ptr[t.option_ptr[k]], t.open_ptr[t.option_ptr[k + 1]]):
            s = t.open_session[j]
            if touched[s] < i:
                price[s] = max(0.0, price[s] - step * t.capacity[s] * (i - touched[s]) / n)
                touched[s] = i
        best_bundle(u, t.need[u], full, EVERY, NOTHING, price, scale, hour, t, value)
        for s in t.chosen:
            if s < 0:
                break
            price[s] += step * t.width[u]
    for s in range(len(price)):
        price[s] = max(0.0, price[s] - step * t.capacity[s] * (n - touched[s]) / n)
        touched[s] = 0
