"""Policy ``floor``: half-days first, then the highest floor of points under all claims, then the most points.

The floor F holds when every unit with a claim has at least min(F, own) points (``claims.py``). The search begins at
the most points and raises the floor by bisection, from both sides: prices prove that a floor cannot be had
(``floor_prices.py``), seats show that one can: of small problems by integer programmes, of large ones by negotiation
(``floor_seats.py``). Above the floor that is reached, half-days are solved again for more points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import dual, optimise, seated
from baiye_placement.case import Outcome, draw
from baiye_placement.claims import Claims
from baiye_placement.floor_days import again, slots_of
from baiye_placement.floor_prices import Ceiling, ClaimedPrices, Ground
from baiye_placement.floor_seats import Negotiation
from baiye_placement.limits import Limits
from baiye_placement.placement import Level
from baiye_placement.seating import Seating, column_count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baiye_placement.arrays import Ints
    from baiye_placement.case import Case
    from baiye_placement.optimise import Optimiser

ROUGH = 0.01  # gap at which a large problem's points are left: they are sought again above the floor
TRIALS = 6  # work budget: floors that are tried in a large problem, and
PROOFS = 4  # … that are sought to be proved out of reach
LITTLE = 40  # the part of a floor that is a little
SWEEPS = 20  # of each of them
CLOSINGS = 4  # times that sessions under their minimum are closed and their pupils choose anew
PASSES = 3  # over half-days solved again
MORE_SWEEPS = 20  # of the points above the floor


def by_floor(case: Case) -> Outcome:
    """The outcome of the policy."""
    best = _points_first(case)
    claims = Claims.of(case, best.t)
    ground = Ground.of(best.t, claims, full=best.search.goal.full, step=best.step, team=case.clock.team)
    raising = _Raise(case, best, ground)
    raising.run()
    floor = raising.floor
    points = _most_points(case, best, ground, floor, raising.price)
    draw(case, best, lambda seat: (claims.floor(claims.points(best.t, seat)),))
    floor, ceiling = raising.floor, raising.ceiling
    if floor != points.floor:  # the draw has raised it
        points = ClaimedPrices(ground, floor, 1, points.best)
    value, locked = best.seats.score[2] + case.problem.locked_points, case.problem.locked_points
    total = points.bound + locked * dual.SCALE
    return Outcome(
        best.seats.seat,
        (
            case.half_days(best),
            Level("floor", floor, ceiling.bound, ceiling.dual, ground.full, case.prices(ceiling.price), 0),
            Level("points", value, total // dual.SCALE, total, ground.full, case.prices(points.best)),
        ),
    )


def _points_first(case: Case) -> Optimiser:
    """The most points; in a large problem roughly, since they are sought again."""
    best = case.optimiser(case.arrays.wish_points, case.problem.points[0], case.problem.locked_points)
    if column_count(best.t) > optimise.SMALL:
        best.gap_target = max(ROUGH, case.gap_target)
    best.run()
    return best


def _most_points(case: Case, best: Optimiser, ground: Ground, floor: int, price: Ints) -> ClaimedPrices:
    """Prices that bound the points above ``floor``."""
    search = ClaimedPrices(ground, floor, 1, price)
    bound = search.bound // dual.SCALE + case.problem.locked_points
    if bound - best.seats.score[2] - case.problem.locked_points > case.gap_target * bound:
        search.sweep(MORE_SWEEPS, case.clock)
    return search


class _Raise:
    """Raises the floor of ``best.seats``, and lowers its ``ceiling``; ``price`` are prices of points above it."""

    def __init__(self, case: Case, best: Optimiser, ground: Ground) -> None:
        self.case, self.best, self.ground, self.claims = case, best, ground, ground.claims
        self.small = column_count(best.t) <= optimise.SMALL
        self.price = best.search.best
        self.ceiling = Ceiling.of(ground)
        self._stays = Limits(case.arrays).units

    @property
    def floor(self) -> int:
        """The floor that the seats keep."""
        return self.claims.floor(self.claims.points(self.best.t, self.best.seats.seat))

    def run(self) -> None:
        """From both sides: what is not proved to be out of reach, and what is reached.

        A floor that is most likely to be had comes first: then there is one, however soon the time is over.
        """
        ceiling, clock = self.ceiling, self.case.clock
        if not clock.over:
            ceiling.consider(self.best.search.best, self.floor)
        likely = ceiling.bound - 2 * (ceiling.bound // LITTLE)
        if self.floor < likely and not clock.over:
            self._try(likely)
        self._lower()
        self._lift()
        if not self.small:
            self._again(self.floor, range(self.case.arrays.slot_count))

    def _lower(self) -> None:
        """Lower the ceiling: a little at a time, then by bisection."""
        case, ceiling, price, low = self.case, self.ceiling, self.best.search.best, self.floor
        for trial in range(PROOFS):
            if low >= ceiling.bound or case.clock.over:
                return
            case.clock.progress("improve", trial / PROOFS)
            aim = max((low + ceiling.bound + 1) // 2, ceiling.bound - ceiling.bound // LITTLE)
            if not ceiling.lower(aim, price, SWEEPS, case.clock):
                low = aim

    def _lift(self) -> None:
        """Raise the floor: from a little below the ceiling down to what can be reached, then by bisection."""
        low, high = self.floor, self.ceiling.bound
        step = max(1, high // LITTLE)
        aim, tried = max(low + 1, high - step), 0
        while low < high and (self.small or tried < TRIALS) and not self.case.clock.over:
            tried += 1
            self.case.clock.progress("improve", 1.0)
            if self._try(aim):
                low, step = max(low, self.floor), 0
            else:
                high, step = aim - 1, 2 * step
            aim = max((low + high + 1) // 2, high - step + 1) if step else (low + high + 1) // 2

    def _try(self, aim: int) -> bool:
        """Whether seats above the floor ``aim`` were found; then they are kept."""
        seats, kept = self.best.seats, self.best.seats.seat
        found = self._exactly(aim) if self.small else self._by_negotiation(aim)
        if found is None:
            return False
        seats.seat = found
        if not self.small:
            below = np.flatnonzero(self.claims.points(seats.t, found) < self.claims.at(aim)).tolist()
            if below:
                self._again(aim, slots_of(seats.t, below))
        if self.floor >= aim:
            return True
        seats.seat = kept
        return False

    def _again(self, floor: int, slots: Iterable[int]) -> None:
        """Half-days again, for more points above ``floor``."""
        slots = list(slots)
        for _ in range(PASSES):
            if not again(self.case, self.best.seats, self.claims, self.claims.at(floor), slots):
                return

    def _exactly(self, aim: int) -> Ints | None:
        case, t = self.case, self.best.t
        seating = Seating(case.arrays, t, case.minimum)
        claim = self.claims.at(aim) - self.claims.base
        for u in np.flatnonzero(claim > 0).tolist():
            seating.claim(u, self.claims.plain, int(claim[u]))
        hours = seating.half_days()
        seating.program.row("half_days", float(self.best.filled), np.inf).extend(hours)
        return seating.best([seating.worth(case.arrays.wish_points)], case.clock)

    def _by_negotiation(self, aim: int) -> Ints | None:
        case, seats = self.case, self.best.seats
        search = ClaimedPrices(self.ground, aim, 1, self.best.search.best)
        search.sweep(SWEEPS, case.clock)
        talks = Negotiation(self.ground, seats, aim, search.best, self._stays)
        for _ in range(CLOSINGS):
            if case.clock.over or not talks.run(case.clock):
                return None
            few = seated.undersized(seats.t, talks.seat, case.minimum)
            if not few:
                self.price = seats.price = search.best
                return talks.seat
            talks.close(few[: (len(few) + 1) // 2])
        return None
