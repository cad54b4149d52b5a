"""Half-days first, then points: prices, half-days one after another, improvement. Arrays in, seats and bounds out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import dual, seated, single
from baiye_placement.charges import Charges
from baiye_placement.minimums import GroupSearch, close_poor
from baiye_placement.seating import Seating, column_count
from baiye_placement.seats import Seats
from baiye_placement.tables import tables

if TYPE_CHECKING:
    from baiye_placement.arrays import Arrays, Ints
    from baiye_placement.clock import Clock

SWEEPS = 36  # work budget of the prices, first
MORE_SWEEPS = 24  # … and each time the gap is still too large
ATTEMPTS = 6  # work budget of the improvement: so often are seats built anew
MENDING = (3, 6)  # attempts after which the best seats are mended, half-day by half-day
SMALL = 4000  # columns up to which the integer programme is asked as well
NODES = 20_000  # … and its work budget: branch-and-bound nodes of each aim
FIRST_STEP = 0.8  # of the largest points, per session taken twice as often as it has seats


class Optimiser:
    """Seeks seats with as many half-days as can be, and among those the most points of ``a.wish_points``.

    Parameters
    ----------
    minimum : (sessions,) pupils
        Smallest group of each session; 0 where a lock has opened it already.
    most_points
        Points of one half-day at most.
    locked_points
        Points of what is locked, which no price sees: they count in the gap.
    """

    def __init__(
        self, a: Arrays, minimum: Ints, most_points: int, locked_points: int, gap_target: float, clock: Clock
    ) -> None:
        self.a, self.locked_points, self.gap_target, self.clock = a, locked_points, gap_target, clock
        t = tables(a)
        self.t = t._replace(need=dual.own_most(t))
        self.most = int((self.t.need * self.t.width).sum())
        self.seats = Seats(a, self.t, minimum, lambda: clock.over, clock.team)
        self.step = FIRST_STEP * most_points
        self.hours = dual.PriceSearch(self.t, dual.HALF_DAYS, step=1.0, team=clock.team)
        self.hours.prove(self.hours.best, self.most * dual.SCALE)  # at no prices everyone has what one alone could have
        self.search = dual.PriceSearch(self.t, dual.POINTS_WHEN_FULL, step=self.step, team=clock.team)
        self.groups: GroupSearch | None = None  # where minimum groups bind
        self.charges: Charges | None = None  # what is proved with them
        self._asked = False
        self.drawn = False

    def run(self) -> None:
        """Half-days first, then points; ``seats``, ``hours`` and ``search`` hold the outcome."""
        if self._place_single():
            return
        self.search.sweep(SWEEPS, self.clock, "prices")
        self._seat(full=True)
        self._hold_groups()
        if self.filled < self.most:
            self._ask_exactly()
        if self.filled < self.most:
            self._settle_for_less()
        self._improve()

    def _place_single(self) -> bool:
        """Whether one flow was the whole problem; then it is solved and proved, and the lottery drawn."""
        if not single.applies(self.a, self.t, self.seats.minimum):
            return False
        found = single.solve(self.t, self.a.lottery)
        if found is None:
            return False
        seat, price = found
        self.seats.adopt(seat)
        self.search.prove(price * dual.SCALE, self.seats.score[2] * dual.SCALE)
        self.drawn = True
        return True

    def draw(self) -> None:
        """Settle equal claims by the lottery."""
        if self.drawn:
            return
        for slot in range(self.a.slot_count):
            self.clock.progress("lottery", slot / self.a.slot_count)
            self.seats.redraw(slot)
        self.seats.take_what_is_free()
        self.clock.progress("lottery", 1.0)

    @property
    def filled(self) -> int:
        return self.seats.score[1]

    def _seat(self, *, full: bool, attempt: int = 0) -> bool:
        """Build seats anew, and keep them if they are no worse than those there were; whether they are better."""
        kept, closed = self.seats.seat, self.seats.closed.copy()
        before = self.seats.score
        if self.groups is not None:
            self.seats.go_back_to(kept, self.groups.closed.copy())
        for done in self.seats.build(self._price, full=full, attempt=attempt):
            self.clock.progress("seats", done)
        self.seats.fill()
        self.seats.close_undersized()
        if self.seats.score < before:
            self.seats.go_back_to(kept, closed)
        return self.seats.score > before

    @property
    def _price(self) -> Ints:
        """At which seats are sought."""
        return self.search.best if self.groups is None else self.groups.best

    def _hold_groups(self) -> None:
        """Where minimum groups cost points: prices that know of them, and sessions closed that cost too much."""
        minimum = self.seats.minimum
        if minimum.max(initial=0) <= 1 or self._is_good_enough() or column_count(self.t) <= SMALL:
            return
        self.groups = self._search_groups()
        self.groups.sweep(MORE_SWEEPS, self.clock, "prices")
        self._seat(full=True)
        close_poor(self.groups, lambda: self._seat(full=True), self.clock)
        if not self._is_good_enough() and not self.clock.over:
            self.charges = Charges(self.t, self.groups, self.clock)

    def _settle_for_less(self) -> None:
        """Not every half-day can be filled, or not by us: bound how many can, and go on without asking for all."""
        self.groups = self.charges = None  # they ask for all
        self.hours.sweep(SWEEPS, self.clock, "prices")
        self.hours.round_up()
        self.search = dual.PriceSearch(
            self.t, dual.Goal(weight=1, hour=0, full=False), step=self.step, team=self.clock.team
        )
        self.search.sweep(SWEEPS, self.clock, "prices")
        self._seat(full=False)

    def _improve(self) -> None:
        """Until it is good enough or the work budget is spent: better prices, new seats, and mending them."""
        full = self.search.goal.full
        for attempt in range(1, ATTEMPTS + 1):
            if self._is_good_enough() or self.a.unit_count == 0 or self.clock.over:
                return
            self.clock.progress("improve", attempt / ATTEMPTS)
            self._ask_exactly()
            if not self._is_good_enough():
                search = self.search if self.groups is None else self.groups
                search.sweep(MORE_SWEEPS, self.clock, "prices")
            if not self._is_good_enough() and not self.clock.over:
                self._seat(full=full, attempt=attempt)
            if not self._is_good_enough() and attempt in MENDING:
                self.seats.improve(self._price)

    def _ask_exactly(self) -> None:
        if column_count(self.t) <= SMALL and not self._asked:
            self._asked = True
            seating = Seating(self.a, self.t, self.seats.minimum)
            best = seating.best([seating.half_days(), seating.worth(self.a.wish_points)], self.clock, nodes=NODES)
            if best is not None and self.seats.adopt(best):
                self.seats.go_back_to(best, np.zeros_like(self.seats.closed))
            self._charge_as_seated()

    def _charge_as_seated(self) -> None:
        """What is proved by charges where the sessions that are held now are held, and the others closed."""
        minimum = self.seats.minimum
        if minimum.max(initial=0) <= 1 or self.filled < self.most or self._is_good_enough() or self.clock.over:
            return
        groups = self._search_groups()
        groups.close(np.flatnonzero((minimum > 1) & (seated.loads(self.t, self.seats.seat) == 0)))
        groups.sweep(MORE_SWEEPS, self.clock, "prices")
        self.charges = Charges(self.t, groups, self.clock)

    def _search_groups(self) -> GroupSearch:
        """A search that goes on from the prices so far."""
        t, goal, price = self.t, self.search.goal, self.search.best
        return GroupSearch(t, self.seats.minimum, goal, price, step=self.step, team=self.clock.team)

    def _is_good_enough(self) -> bool:
        """Whether half-days are proved and the proved gap of the points is within the target."""
        minus_undersized, filled, points = self.seats.score
        bound = min(self.search.bound, self.charges.bound if self.charges else self.search.bound) // dual.SCALE
        bound += self.locked_points
        return (
            minus_undersized == 0
            and filled >= self.hours.bound // dual.SCALE
            and bound - points - self.locked_points <= self.gap_target * bound
        )
