# mypy: disable-error-code="untyped-decorator"
"""Policy ``dictatorship``: in the order of the lottery each unit chooses the best of what is left.

It takes as many half-days as it can get, and among such sets the one with most points. Nobody gains by wishing anything
but the truth, and nobody's wishes change the seats of those who chose before. Sessions that stay under their minimum
are closed and everyone chooses anew; where that happens neither is promised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import dual, optimise, seated
from baiye_placement.bundles import best_of_all
from baiye_placement.case import Outcome
from baiye_placement.compiling import compiled, inner
from baiye_placement.limits import Limits
from baiye_placement.open_lists import sort_open
from baiye_placement.placement import Level
from baiye_placement.seated import sit
from baiye_placement.seating import Seating

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints
    from baiye_placement.case import Case

GONE = 1 << 44  # price of a session without enough seats
BARRED = GONE + 1  # … and of one that is not for this unit
HALF_DAY = 1 << 36  # worth of a half-day: more than all points, less than one seat that is gone


def by_dictatorship(case: Case) -> Outcome:
    """The outcome of the policy."""
    turns = _Turns(case)
    seat = turns.take()
    while few := seated.undersized(turns.t, seat, case.minimum):
        turns.closed[few[: (len(few) + 1) // 2]] = True
        seat = turns.take()
    levels = _price_of_it(case, turns, seat)
    case.clock.progress("lottery", 1.0)
    count = case.arrays.unit_count
    return Outcome(seat, (*levels, Level("turns", count, count, count * dual.SCALE, full=False, prices={})))


class _Turns:
    def __init__(self, case: Case) -> None:
        self.case, self.a = case, case.arrays
        self.t = case.tables
        self.limits = Limits(self.a)
        self.closed = np.zeros(len(self.t.capacity), dtype=np.bool_)
        self.order = np.argsort(self.a.lottery)

    def take(self) -> Ints:
        """Everyone takes their turn."""
        t, first = self.t, 0
        seat = np.full(len(t.slots), seated.AWAY, dtype=np.int64)
        left = np.where(self.closed, 0, t.capacity)
        price = np.where(left > 0, 0, GONE)
        special = np.flatnonzero(self.limits.units[self.order]).tolist()
        for i in [*special, len(self.order)]:
            _take_turns(self.order[first:i], price, left, t, seat)
            if i < len(self.order):
                self._take_one(int(self.order[i]), price, left, seat)
            first = i + 1
        return seat

    def _take_one(self, u: int, price: Ints, left: Ints, seat: Ints) -> None:
        """The turn of a unit with caps, or one that must be kept apart from another."""
        t, mine = self.t, price.copy()
        taken = {s for partner in self.limits.partners.get(u, ()) for s in self.limits.held(partner, seat, t)}
        mine[sorted(taken)] = BARRED
        _take_turns(np.array([u]), mine, left.copy(), t, tried := seat.copy())
        if self._breaks_a_cap(u, tried):
            open_to = t._replace(capacity=np.where(mine == 0, left, 0))
            alone = Seating(self.a, open_to, np.zeros_like(left), [u], np.full_like(seat, seated.AWAY), narrow=False)
            found = alone.best([alone.half_days(), alone.worth(self.a.wish_points)], self.case.clock)
            span = slice(t.slot_ptr[u], t.slot_ptr[u + 1])
            tried = seat.copy()
            if found is not None:
                tried[span] = found[span]
        seat[:] = tried
        for s in {int(s) for s in seat[t.slot_ptr[u] : t.slot_ptr[u + 1]] if s >= 0}:
            left[s] -= t.width[u]
            price[s] = GONE if left[s] <= 0 else price[s]

    def _breaks_a_cap(self, u: int, seat: Ints) -> bool:
        caps, held = self.a.caps, self.limits.held(u, seat, self.t)
        return any(
            sum(bool(caps.projects[c, self.a.project[s]]) for s in held) > caps.limit[c]
            for c in caps.index[caps.ptr[u] : caps.ptr[u + 1]].tolist()
        )


def _price_of_it(case: Case, turns: _Turns, seat: Ints) -> tuple[Level, Level]:
    """Half-days and points beside what any placement could reach: no aims of this policy, but its price."""
    t = turns.t
    filled, points = seated.totals(t, seat)
    hours = dual.PriceSearch(t, dual.HALF_DAYS, step=1.0, team=case.clock.team)
    full = filled == int((t.need * t.width).sum())
    goal = dual.Goal(weight=1, hour=0, full=full)
    search = dual.PriceSearch(t, goal, step=optimise.FIRST_STEP * int(case.points[0]), team=case.clock.team)
    for one, needed in ((hours, not full), (search, True)):
        if needed:
            one.sweep(optimise.SWEEPS, case.clock, "prices")
    return (
        case.level("half_days", filled, hours, case.locked_half_days),
        case.level("points", points, search, case.problem.locked_points),
    )


@compiled
def _take_turns(order, price, left, t, seat):  # type: ignore[no-untyped-def]
    """Each unit of ``order`` takes its best bundle of what is left; ``price`` is GONE where there is nothing."""
    sort_open(price, t)
    for u in order:
        if t.width[u] > 1:
            _reprice(price, left, t.width[u], t)
        hour = np.int64(HALF_DAY)
        best_of_all(u, False, True, price, np.int64(1), hour, t)
        if _sit_down(u, left, t, seat) or t.width[u] > 1:
            _reprice(price, left, 1, t)


@inner
def _reprice(price, left, width, t):  # type: ignore[no-untyped-def]
    for s in range(len(left)):
        if price[s] < BARRED:
            price[s] = 0 if left[s] >= width else GONE
    sort_open(price, t)


@inner
def _sit_down(u, left, t, seat):  # type: ignore[no-untyped-def]
    """Give ``u`` the sessions in ``t.chosen``; whether one of them is full now."""
    full = False
    for s in t.chosen:
        if s < 0:
            break
        left[s] -= t.width[u]
        full = full or left[s] <= 0
        sit(u, s, t, seat)
    return full
