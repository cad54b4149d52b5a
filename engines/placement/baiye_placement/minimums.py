# mypy: disable-error-code="untyped-decorator"
"""Prices where sessions have minimum groups, and the choice of those that are better closed.

While a session is to be held its price may fall below 0, so that a group that is too small is made up by whoever loses
least by coming. What a session is worth at the prices is what its pupils would lose without it, less what it pays them;
those that are worth less than nothing are closed, many together, and stay closed where the seats get better by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.bundles import best_of_all
from baiye_placement.compiling import compiled
from baiye_placement.dual import FAR, FINE, SCALE, PriceSearch, batches, keep, worths
from baiye_placement.open_lists import sort_open
from baiye_placement.team import ALONE, Team

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from baiye_placement.arrays import Ints
    from baiye_placement.clock import Clock
    from baiye_placement.dual import Goal
    from baiye_placement.tables import Tables

ROUNDS = 12  # of closing
SWEEPS = 40  # of the prices, in each
SHARE = 3  # one third of the sessions worth less than nothing is closed at a time, or, where that was too many, …
FEWER = 4  # … one fourth of as many


class GroupSearch(PriceSearch):
    """Prices, of either sign, where each session that is not ``closed`` is held for ``least`` pupils or more.

    ``bound`` is for placements that hold them all: no proof for any other.
    """

    def __init__(self, t: Tables, minimum: Ints, goal: Goal, price: Ints, *, step: float, team: Team = ALONE) -> None:
        super().__init__(t, goal, step=step, team=team)
        self.minimum = np.where(minimum > 1, minimum, 0)
        self.closed: NDArray[np.bool_] = np.zeros(len(t.capacity), dtype=np.bool_)
        self.begin_at(price)

    @property
    def least(self) -> Ints:
        """Pupils for whom each session is held at least."""
        return np.where(self.closed, 0, self.minimum)

    @property
    def most(self) -> Ints:
        """… and at most."""
        return np.where(self.closed, 0, np.maximum(self.t.capacity, 0))

    def bound_at(self, price: Ints) -> int:
        own = worths(self.t, self.goal, price, SCALE, self.team)
        return int(own.sum() + np.maximum(price, 0) @ self.most + np.minimum(price, 0) @ self.least)

    def close(self, sessions: Ints) -> None:
        """Close ``sessions``, at a price that nobody pays.

        The next steps are as long as the first ones: what is closed has changed the prices of everything.
        """
        self.sweeps = 0
        self.closed = self.closed.copy()
        self.closed[sessions] = True
        self.price[self.closed] = FAR * (FINE // SCALE)
        best = np.where(self.closed, FAR, self.best)
        self.prove(best, self.bound_at(best))

    def poor(self) -> Ints:
        """Sessions that pay more than they are worth, the poorest first."""
        asked = np.flatnonzero((self.best < 0) & ~self.closed)
        lost = np.zeros(len(asked), dtype=np.int64)
        _lose_without(asked, self.best.copy(), self.goal.weight * SCALE, self.goal.full, self.t, lost)
        worth = lost + (self.best * self.least)[asked]
        poor = np.argsort(worth, kind="stable")
        return asked[poor[worth[poor] < 0]]

    def _sweep(self, step: Ints) -> None:
        order, price, t = self._rng.permutation(len(self.t.need)), self.price, self.t
        most, least, n = self.most, self.least, len(order)
        scale, full = self.goal.weight * FINE, self.goal.full

        def take(_: int, first: int, last: int, mine: Tables) -> Ints:
            taken = np.zeros(len(price), dtype=np.int64)
            _take(order, first, last, scale, full, price, taken, mine)
            return taken

        for first, last in batches(n):
            sort_open(price, t)
            now = price + step * sum(self.team.share(t, first, last, take))
            above, below = (now - step * pupils * (last - first) // n for pupils in (most, least))
            price[:] = np.where(above > 0, above, np.minimum(below, 0))


def close_poor(groups: GroupSearch, seats_are_better: Callable[[], bool], clock: Clock) -> None:
    """Close sessions of ``groups`` as long as that makes the seats better."""
    share = SHARE
    for _ in range(ROUNDS):
        poor = groups.poor()
        if clock.over or not len(poor):
            return
        closed, price, best, bound = groups.closed, groups.price.copy(), groups.best, groups.bound
        batch = poor[: -(-len(poor) // share)]
        groups.close(batch)
        groups.sweep(SWEEPS, clock)
        if not seats_are_better():
            groups.closed, groups.price = closed, price
            groups.prove(best, bound)
            share *= FEWER
            if len(batch) == 1:
                return


@compiled
def _take(order, first, last, scale, full, price, taken, t):  # type: ignore[no-untyped-def]
    """Count the pupils who take each session."""
    for i in range(first, last):
        u = order[i]
        best_of_all(u, full, False, price, scale, np.int64(0), t)
        for s in t.chosen:
            if s < 0:
                break
            taken[s] += t.width[u]


@compiled
def _lose_without(asked, price, scale, full, t, lost):  # type: ignore[no-untyped-def]
    """What the units who take each of ``asked`` would lose if it were not there; the others stand for themselves."""
    kept, worth = np.full(len(t.slots), -1), np.zeros(len(t.need), dtype=np.int64)
    sort_open(price, t)
    for u in range(len(t.need)):
        worth[u] = best_of_all(u, full, True, price, scale, np.int64(0), t)
        keep(t.chosen, kept, t.slot_ptr[u], t.slot_ptr[u + 1])
    for a in range(len(asked)):
        s = asked[a]
        before = price[s]
        price[s] = FAR
        sort_open(price, t)
        for u in range(len(t.need)):
            for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
                if kept[j] == s:
                    other = best_of_all(u, full, True, price, scale, np.int64(0), t)
                    lost[a] += worth[u] - other
        price[s] = before
