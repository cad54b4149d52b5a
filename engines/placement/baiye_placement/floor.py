"""Policy ``floor``: half-days first, then the highest floor of points under all claims, then the most points.

The floor F holds when every unit with a claim has at least min(F, own) points (``claims.py``). The search begins at
the most points and raises the floor by bisection: small problems as integer programmes; in large ones those below are
seated anew together with those who sit where they wish to, everyone else's claim kept (``floor_local.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import dual, optimise
from baiye_placement.case import Outcome, draw
from baiye_placement.claims import Claims
from baiye_placement.floor_bounds import FINE_WEIGHT, OWN, Proof, WeightSearch
from baiye_placement.floor_days import again, slots_of
from baiye_placement.floor_local import lift_all
from baiye_placement.placement import Level
from baiye_placement.seating import Seating, column_count

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints
    from baiye_placement.case import Case
    from baiye_placement.optimise import Optimiser

Pair = tuple["Ints", "Ints"]  # prices and weights

ROUNDS = 12  # work budget of the floor's bound
SWEEPS = 15  # … of each of its rounds
PASSES = 3  # over half-days solved again
MORE_SWEEPS = 60  # of the points above the floor


def by_floor(case: Case) -> Outcome:
    """The outcome of the policy."""
    best = case.optimiser(case.arrays.wish_points, case.problem.points[0], case.locked_points)
    best.run()
    claims = Claims.of(case, best.t)
    proof = _bound_floor(case, best, claims)
    _Raise(case, best, claims).run(proof.bound)
    search, pairs = _weigh(case, best, claims)
    draw(case, best, lambda seat: (_floor(claims, best, seat),))
    floor = _floor(claims, best, best.seats.seat)
    return Outcome(
        best.seats.seat,
        (
            case.half_days(best),
            _level(case, best, "floor", floor, proof, 0),
            _most_points(case, best, search, pairs, floor),
        ),
    )


def _floor(claims: Claims, best: Optimiser, seat: Ints) -> int:
    return claims.floor(claims.points(best.t, seat))


def _bound_floor(case: Case, best: Optimiser, claims: Claims) -> Proof:
    """Prices and weights that prove how high the floor can be at most."""
    search = WeightSearch(case, best.t, claims, own=0, full=best.search.goal.full)
    nothing = np.zeros(len(best.t.capacity), dtype=np.int64), np.zeros(len(best.t.need), dtype=np.int64)
    proof = search.floor(*nothing)
    points = claims.points(best.t, best.seats.seat)
    reached = claims.floor(points)
    low = reached
    search.weight[points < claims.at((reached + claims.top + 1) // 2)] = OWN * FINE_WEIGHT
    for _ in range(ROUNDS):
        if low >= proof.bound or case.clock.over:
            break
        aim = (low + proof.bound + 1) // 2
        found = min((search.floor(*pair) for pair in search.run(aim, SWEEPS)), key=lambda p: p.bound, default=proof)
        proof, low = (found, low) if found.bound < aim else (proof, aim)
    return proof


def _weigh(case: Case, best: Optimiser, claims: Claims) -> tuple[WeightSearch, list[Pair]]:
    """Prices and weights of the points above the floor that is reached; the first pair has no weights."""
    search = WeightSearch(case, best.t, claims, own=OWN, full=best.search.goal.full)
    pairs = [(best.search.best * OWN, np.zeros(len(best.t.need), dtype=np.int64))]
    floor, value = _floor(claims, best, best.seats.seat), best.seats.score[2] + case.locked_points
    bound = search.points(*pairs[0], floor).bound
    if bound - value > case.gap_target * bound and case.arrays.unit_count:
        search.price = best.search.best * (OWN * dual.FINE // dual.SCALE)
        pairs += search.run(floor, MORE_SWEEPS)
    return search, pairs


def _most_points(case: Case, best: Optimiser, search: WeightSearch, pairs: list[Pair], floor: int) -> Level:
    proof = min((search.points(*pair, floor) for pair in pairs), key=lambda p: p.bound)
    return _level(case, best, "points", best.seats.score[2] + case.locked_points, proof, OWN)


def _level(case: Case, best: Optimiser, name: str, value: int, proof: Proof, own: int) -> Level:
    members = case.arrays.members
    weights = {members[u][0]: int(proof.weight[u]) for u in np.flatnonzero(proof.weight)}
    full, prices = best.search.goal.full, case.prices(proof.price)
    return Level(name, value, proof.bound, proof.dual, full, prices, own, (), weights)


class _Raise:
    """Raises the floor of ``best.seats``, keeping the most points that it finds above the highest floor."""

    def __init__(self, case: Case, best: Optimiser, claims: Claims) -> None:
        self.case, self.best, self.claims = case, best, claims
        self.small = column_count(best.t) <= optimise.SMALL

    def run(self, bound: int) -> None:
        """By bisection between what is reached and ``bound``."""
        case, best, claims = self.case, self.best, self.claims
        low, high = _floor(claims, best, best.seats.seat), bound
        while low < high and not case.clock.over:
            aim = (low + high + 1) // 2
            case.clock.progress("improve", 1.0)
            kept = best.seats.seat.copy()
            seat = self._exactly(aim) if self.small else self._by_parts(aim)
            reached = -1 if seat is None else _floor(claims, best, seat)
            low = max(low, reached)
            best.seats.seat = kept if seat is None or reached < low else seat
            if reached < aim:
                high = aim - 1
        if not self.small:
            self._polish(low)

    def _polish(self, floor: int) -> None:
        """Every half-day again, for more points above ``floor``."""
        for _ in range(PASSES):
            every = range(self.case.arrays.slot_count)
            if not again(self.case, self.best.seats, self.claims, self.claims.at(floor), every):
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

    def _by_parts(self, aim: int) -> Ints:
        """Half-days of those below the claim again, then those still below it one by one; as far as it goes."""
        case, seats, claims, claim = self.case, self.best.seats, self.claims, self.claims.at(aim)
        for _ in range(PASSES):
            below = np.flatnonzero(claims.points(seats.t, seats.seat) < claim).tolist()
            if not below or not again(case, seats, claims, claim, slots_of(seats.t, below)):
                break
        return lift_all(case, seats.t, seats.seat, claims, claim)
