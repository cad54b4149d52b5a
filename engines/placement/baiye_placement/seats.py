"""Finding seats at given prices, and making them better: half-days in turn, then again in small groups."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import seated
from baiye_placement.dual import FAR
from baiye_placement.half_day_flow import HalfDays
from baiye_placement.merging import merged
from baiye_placement.reprice import Repricing
from baiye_placement.team import ALONE, Team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from baiye_placement.arrays import Arrays, Ints
    from baiye_placement.tables import Tables

Score = tuple[int, int, int]
CLOSING_ROUNDS = 12
FILLING_ROUNDS = 6


class Seats:
    """Seats in the making; ``seat`` is the best so far, and every rule holds for it at all times.

    Parameters
    ----------
    minimum : (sessions,) pupils
        Smallest group of each session; 0 where a lock has opened it already.
    over
        Asked between half-days whether to end; what is begun is finished.
    """

    def __init__(self, a: Arrays, t: Tables, minimum: Ints, over: Callable[[], bool], team: Team = ALONE) -> None:
        self.a, self.t, self.minimum, self.over, self.team = a, t, minimum, over, team
        self._places = seated.Places(t, a.slot_count)
        self.closed = np.zeros(len(t.capacity), dtype=np.bool_)
        self.seat: Ints = np.full(len(t.slots), seated.AWAY, dtype=np.int64)
        self.price: Ints = np.zeros(len(t.capacity), dtype=np.int64)
        self.full = True
        self._scored: tuple[Ints, Score] | None = None  # of which seats the score is known

    @property
    def score(self) -> Score:
        """(minus sessions under their minimum, half-days filled, points): the larger the better."""
        if self._scored is None or self._scored[0] is not self.seat:
            self._scored = self.seat, self._score_of(self.seat)
        return self._scored[1]

    def _score_of(self, seat: Ints, units: Ints | None = None) -> Score:
        """The score of ``seat``; ``units`` are those whose seats may differ from the best so far, if not all."""
        few = -len(seated.undersized(self.t, seat, self.minimum))
        filled, points = seated.totals(self.t, seat, self.team, units)
        if units is not None:
            filled_before, points_before = seated.totals(self.t, self.seat, self.team, units)
            filled += self.score[1] - filled_before
            points += self.score[2] - points_before
        return few, filled, points

    def undersized(self) -> list[int]:
        """Sessions held for fewer than their minimum, emptiest first."""
        return seated.undersized(self.t, self.seat, self.minimum)

    def build(self, price: Ints, *, full: bool, attempt: int = 0, quick: bool = False) -> Iterator[float]:
        """New seats, half-day by half-day, at ``price``; yields how much is done.

        Each ``attempt`` takes the half-days in another order. Prices are kept up to date on the way, unless ``quick``.
        """
        self.price, self.full = np.where(self.closed, FAR, price), full
        days = self._days(np.full(len(self.t.slots), seated.OPEN, dtype=np.int64))
        up_to_date = not quick and self.price.min(initial=0) >= 0  # what pays its pupils is to go on paying them
        prices = Repricing(self.t, self.price, full=full, team=self.team) if up_to_date else None
        order = np.random.default_rng([20240526, attempt]).permutation(self.a.slot_count)
        for done, slot in enumerate(order.tolist()):
            arcs = days.begin(slot)
            if prices:
                days.price = prices.beside(days.seat, partial(days.seat_all, slot, arcs))
            else:
                days.seat_all(slot, arcs)
            yield (done + 1) / self.a.slot_count
        seated.close(days.seat)
        self.seat = days.seat

    def adopt(self, seat: Ints, units: Ints | None = None) -> bool:
        """Take ``seat`` if it is at least as good; whether it is better. ``units``: those whose seats may differ."""
        before, score = self.score, self._score_of(seat, units)
        if score >= before:
            self.seat, self._scored = seat, (seat, score)
        return score > before

    def fill(self) -> None:
        """Solve again the half-days of units that lack one, alone and with the unit's other half-days."""
        for _ in range(FILLING_ROUNDS):
            lacking, better = self._lacking(), False
            left = set(map(tuple, lacking))
            for slots in lacking:
                if self.over():
                    return
                if tuple(slots) in left and self.again(slots, named=True):
                    better, left = True, set(map(tuple, self._lacking()))
            if not lacking or not better:
                return

    def improve(self, price: Ints) -> bool:
        """Every half-day again, alone and with the one that most units have beside it; whether that helped."""
        self.price = np.where(self.closed, FAR, price)
        better = False
        pairs = self._pairs()
        for slots in [*([s] for s in range(self.a.slot_count)), *pairs, *([b, a] for a, b in pairs)]:
            if self.over():
                break
            better = self.again(slots) or better
        return better

    def close_undersized(self) -> None:
        """Merge sessions under their minimum with others that are alike, or close them, and place everyone anew.

        The emptiest half of them is closed at a time.
        """
        for round_ in range(CLOSING_ROUNDS):
            if self.undersized():
                self.adopt(merged(self.a, self.t, self.minimum, self.seat))
            few = self.undersized()
            if not few:
                return
            last = round_ == CLOSING_ROUNDS - 1 or self.over()
            self.closed[few if last else few[: (len(few) + 1) // 2]] = True
            self.t = self.t._replace(capacity=np.where(self.closed, 0, self.t.capacity))
            for _ in self.build(self.price, full=self.full, quick=True):
                pass
            self.fill()

    def go_back_to(self, seat: Ints, closed: NDArray[np.bool_]) -> None:
        """Seats from elsewhere or before, with the sessions that were closed then."""
        self.seat, self.closed = seat, closed
        self.t = self.t._replace(capacity=np.where(closed, 0, self.a.capacity))

    def redraw(self, slot: int) -> None:
        """Settle equal claims in ``slot`` by the lottery."""
        days = self._days(self.seat.copy())
        if not days.redraw(slot):
            days = self._days(self.seat.copy(), named=True)
            days.redraw(slot)
        self.adopt(days.seat, self._places.of(slot)[1])

    def take_what_is_free(self) -> None:
        """Give free seats to whoever wished for them and holds less, the earliest lottery number first."""
        limited = np.diff(self.a.caps.ptr) > 0
        limited[[u for pair in self.a.apart for u in pair]] = True
        units = np.argsort(self.a.lottery)
        units = units[~limited[units] & (self.t.width[units] == 1)]
        self.seat = self.seat.copy()
        seated.take_free(self.t, units, self.minimum, self.seat, self.team)

    def _days(self, seat: Ints, *, named: bool = False) -> HalfDays:
        least = np.where(self.closed | (self.minimum <= 1), 0, self.minimum)
        days = HalfDays(self.a, self.t, self._places, self.price, least, full=self.full, named=named, team=self.team)
        days.seat = seat
        return days

    def again(self, slots: list[int], *, named: bool = False) -> bool:
        """Solve ``slots`` again, one after the other, while the rest is held; whether that helped."""
        days = self._days(self.seat.copy(), named=named)
        seated.reopen(self.t, days.seat, np.array(slots))
        for slot in slots:
            days.solve(slot)
        seated.close(days.seat)
        return self.adopt(days.seat)

    def _lacking(self) -> list[list[int]]:
        """Groups of half-days to solve again, the empty one first, for each unit that lacks one."""
        found: dict[tuple[int, ...], None] = {}
        ends = np.concatenate([[0], np.cumsum(self.seat >= 0)])[self.t.slot_ptr]
        for u in np.flatnonzero(np.diff(ends) < self.t.need).tolist():
            first, last = self.t.slot_ptr[u], self.t.slot_ptr[u + 1]
            held = self.seat[first:last]
            slots = self.t.slots[first:last]
            for empty in slots[held < 0].tolist():
                found[(empty,)] = None
                for other in slots[slots != empty].tolist():
                    found[empty, other] = None
                    found[other, empty] = None
        return [list(slots) for slots in found]

    def _pairs(self) -> list[list[int]]:
        """Each half-day with its most frequent companion, once a pair."""
        together = np.zeros((self.a.slot_count, self.a.slot_count), dtype=np.int64)
        for kind in np.unique(self.a.kind):
            u = int(np.argmax(self.a.kind == kind))
            slots = self.t.slots[self.t.slot_ptr[u] : self.t.slot_ptr[u + 1]]
            together[np.ix_(slots, slots)] += int((self.a.kind == kind).sum())
        np.fill_diagonal(together, 0)
        partner = together.argmax(axis=1) if self.a.slot_count else []
        pairs = {(min(s, int(p)), max(s, int(p))) for s, p in enumerate(partner) if together[s, p]}
        return [list(pair) for pair in sorted(pairs)]
