# mypy: disable-error-code="untyped-decorator"
"""Prices of seats while trips are open: the dual of choosing trips and seats together, and the bound it gives.

At prices L (whole numbers, at least 0) no choice of trips and seats has more points than
U(L) = Σ seats · L + Σ over classes of the best plan, which is Σ over its pupils of their best bundle at L. Given L, the
classes no longer know of one another; that is all the method needs (Geoffrion, Math. Programming Study 2, 1974).
The prices are sought by the incremental subgradient method of ``baiye_placement.dual``, class by class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.bundles import NEVER
from baiye_placement.compiling import compiled
from baiye_placement.dual import FINE, SCALE
from baiye_placement.trips.best import best_plan, offer_worths, worths
from baiye_placement.trips.worth import MOST_TRIPS, plan_worth, sort_open, space_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baiye_placement.trips.ground import Ground, Ints

LOOKS = 2  # at plans that are no sum, while prices are still sought


class JointPrices:
    """Seeks prices with a low bound; ``best`` and ``bound`` are the best seen, in 1/SCALE.

    ``plans`` has each class's best plan at the prices looked at last.
    """

    def __init__(self, g: Ground, *, step: float) -> None:
        self.g, self.space = g, space_for(g)
        self.step = step / np.maximum(g.capacity, 1)
        self.price: Ints = np.zeros(len(g.capacity), dtype=np.int64)  # in 1/FINE
        self.plans: Ints = np.full((g.class_count, MOST_TRIPS + 1), -1, dtype=np.int64)
        self.worth: Ints = np.zeros(len(g.offer_cell), dtype=np.int64)
        self.sweeps = 0
        self.best: Ints = self.price.copy()
        self.bound = self.bound_at(self.best)
        self._rng = np.random.default_rng(20240527)

    def bound_at(self, price: Ints) -> int:
        """U(price) times SCALE, exact; ``price`` in 1/SCALE."""
        total = np.zeros(self.g.class_count, dtype=np.int64)
        worths(0, price, SCALE, self.g, self.space, self.worth, self.plans, total)
        if total.min(initial=0) <= NEVER:
            raise ValueError("a class has no plan that fills its pupils' half-days")
        return int(total.sum() + price @ self.g.capacity)

    def consider(self, price: Ints) -> int:
        """Keep ``price`` (in 1/SCALE) if its bound is lower; its bound."""
        if (bound := self.bound_at(price)) < self.bound:
            self.best, self.bound = price, bound
        return bound

    def run(self, sweeps: int) -> Iterator[int]:
        """Sweep so many times, yielding after each; then try the average of the last third and the last prices."""
        total, count = np.zeros_like(self.price), 0
        for k in range(sweeps):
            step = np.rint(self.step * (FINE / (1 + self.sweeps))).astype(np.int64)
            order = self._rng.permutation(self.g.class_count)
            _sweep(order, self.price, step, self.g, self.space, self.worth, self.plans)
            self.sweeps += 1
            if 3 * k >= 2 * sweeps:
                total, count = total + self.price, count + 1
            yield self.sweeps
        for price in (total // max(count, 1), self.price):
            self.consider((price * SCALE + FINE // 2) // FINE)


@compiled
def _sweep(order, price, step, g, w, worth, plans):  # type: ignore[no-untyped-def]
    """One pass over all classes: each takes its best plan, its pupils the best bundles; all prices fall evenly."""
    n = len(order)
    fall = step * g.capacity
    for i in range(n):
        c = order[i]
        sort_open(price, g)
        base = offer_worths(c, 0, price, FINE, g, w, worth) if g.rest[c] > 0 else 0
        best_plan(c, base, worth, LOOKS, 0, price, FINE, g, w, plans[c])
        plan_worth(c, plans[c], 0, price, FINE, step, g, w)
        for s in range(len(price)):
            price[s] = max(0, price[s] - (fall[s] * (i + 1) // n - fall[s] * i // n))
