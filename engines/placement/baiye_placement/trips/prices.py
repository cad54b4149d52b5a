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
from baiye_placement.dual import FINE, SCALE, Descent
from baiye_placement.trips.best import best_plan, offer_worths, worths
from baiye_placement.trips.worth import MOST_TRIPS, plan_worth, sort_open, space_for

if TYPE_CHECKING:
    from baiye_placement.trips.ground import Ground, Ints

LOOKS = 2  # at plans that are no sum, while prices are still sought


class JointPrices(Descent):
    """Prices while trips are open; ``plans`` has each class's best plan at the prices looked at last."""

    def __init__(self, g: Ground, *, step: float) -> None:
        super().__init__(g.capacity, step)
        self.g, self.space = g, space_for(g)
        self.plans: Ints = np.full((g.class_count, MOST_TRIPS + 1), -1, dtype=np.int64)
        self.worth: Ints = np.zeros(len(g.offer_cell), dtype=np.int64)
        self._rng = np.random.default_rng(20240527)
        self.prove(self.best, self.bound_at(self.best))  # which finds plans to start from

    def bound_at(self, price: Ints) -> int:
        total = np.zeros(self.g.class_count, dtype=np.int64)
        worths(0, price, SCALE, self.g, self.space, self.worth, self.plans, total)
        if total.min(initial=0) <= NEVER:
            raise ValueError("a class has no plan that fills its pupils' half-days")
        return int(total.sum() + price @ self.g.capacity)

    def _sweep(self, step: Ints) -> None:
        order = self._rng.permutation(self.g.class_count)
        _sweep(order, self.price, step, self.g, self.space, self.worth, self.plans)


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
