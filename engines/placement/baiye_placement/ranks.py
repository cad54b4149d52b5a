"""Policy ``rank_maximal``: half-days first, then the most half-days of wish 1, then of wish 2, and so on.

Small problems are solved one rank after the other as integer programmes. Larger ones get weights that fall steeply from
rank to rank; what that may miss is in the gaps. The bound of rank k comes from weights w as well: no placement has more
than (U(w₁ … w_k; L) - Σ w_j n_j) / w_k half-days of rank k among those that have n_j of each better rank j.
Multipliers do not count, for a rank is a rank.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import dual, optimise, seated
from baiye_placement.case import Outcome, draw
from baiye_placement.placement import Level
from baiye_placement.seating import Seating, column_count

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints
    from baiye_placement.case import Case
    from baiye_placement.dual import PriceSearch
    from baiye_placement.optimise import Optimiser

HEAVIEST = 1 << 17  # weight of rank 1
FIRST_RANKS = 3  # which count most:
SWEEPS, FEWER_SWEEPS = 60, 30  # work budget of the prices of each of them, and of each later rank


def by_rank(case: Case) -> Outcome:
    """The outcome of the policy."""
    weights = steep(len(case.points))
    best = case.optimiser(case.wished @ weights, int(weights[0]), int((case.locked @ weights).sum()))
    best.run()
    bounds = _bounds(case, best, weights)
    levels = _levels(case, best, bounds)
    if any(level.value < level.bound for level in levels) and column_count(best.t) <= optimise.SMALL:
        _one_after_the_other(case, best)
    _draw(case, best)
    return Outcome(best.seats.seat, _levels(case, best, bounds))


def _draw(case: Case, best: Optimiser) -> None:
    """The lottery, with weights light enough for its costs: sums over a half-day, squared, times the crowd, squared."""
    t = best.seats.t
    crowd = int(np.bincount(t.slots, minlength=1).max())
    light = math.isqrt((1 << 62) // (2048 * (crowd + 1) ** 2)) // max(1, int(t.need.max(initial=1)))
    weights = steep(len(case.points), max(1, min(HEAVIEST, light)))
    best.seats.t = t._replace(wish_points=case.wished @ weights)
    draw(case, best, lambda seat: _counts(case, best, seat))
    best.seats.t = t


def steep(ranks: int, heaviest: int = HEAVIEST) -> Ints:
    """Weights of ranks 1, 2 …, whole numbers, each at least twice the next where there is room below ``heaviest``."""
    ratios = [2] * (ranks - 1)
    while ranks > 1:
        for i in range(ranks - 1):
            if int(np.prod([float(r) for r in ratios])) * 2 > heaviest:
                weights = np.ones(ranks, dtype=np.int64)
                weights[:-1] = np.cumprod(ratios[::-1])[::-1]
                return np.minimum(weights, heaviest)
            ratios[i] *= 2
    return np.ones(1, dtype=np.int64)


def _counts(case: Case, best: Optimiser, seat: Ints) -> tuple[int, ...]:
    """Half-days of each rank, locked ones included."""
    locked, ranks = case.locked.sum(axis=0).tolist(), range(len(case.points))
    return tuple(seated.totals(best.t._replace(wish_points=case.wished[:, k]), seat)[1] + locked[k] for k in ranks)


@dataclass(frozen=True, slots=True)
class _Bound:
    """Prices that bound the last of ``weights`` (of ranks 1, 2 …) by what all of them weigh."""

    weights: Ints
    search: PriceSearch

    def level(self, case: Case, counts: tuple[int, ...]) -> Level:
        k, search = len(self.weights), self.search
        total = search.bound + dual.SCALE * int((case.locked[:, :k] @ self.weights).sum())
        *earlier, own = self.weights.tolist()
        left = total - dual.SCALE * sum(w * n for w, n in zip(earlier, counts, strict=False))
        bound, prices = left // (dual.SCALE * own), case.prices(search.best)
        return Level(f"rank_{k}", counts[k - 1], bound, total, search.goal.full, prices, own, tuple(earlier))


def _bounds(case: Case, best: Optimiser, weights: Ints) -> list[list[_Bound]]:
    """Of each rank two bounds, by gentle weights and by equal ones; of the last one a third, by ``weights``.

    Where an earlier rank has a gap, steep weights multiply it in the bounds of later ranks; gentle ones, each twice the
    next, do so little, and still keep the better rank ahead. Equal ones say that all ranks so far share the half-days
    that there are.
    """
    found: list[list[_Bound]] = []
    price = best.search.best // int(weights[0])
    for k in range(1, len(weights) + 1):
        gentle = np.minimum(1 << np.arange(k, dtype=np.int64)[::-1], HEAVIEST)
        search = _search(case, best, gentle, price)
        search.sweep(SWEEPS if k <= FIRST_RANKS else FEWER_SWEEPS, case.clock)
        even = np.ones(k, dtype=np.int64)
        found.append([_Bound(gentle, search), _Bound(even, _search(case, best, even, best.hours.best))])
        price = 2 * search.best
    found[-1].append(_Bound(weights, best.search))
    return found


def _search(case: Case, best: Optimiser, weights: Ints, price: Ints) -> PriceSearch:
    """A search of prices for ``weights`` that begins at ``price``."""
    t = best.t._replace(wish_points=case.wished[:, : len(weights)] @ weights)
    step = optimise.FIRST_STEP * int(weights[0])
    search = dual.PriceSearch(t, best.search.goal, step=step, team=case.clock.team)
    search.begin_at(price)
    return search


def _levels(case: Case, best: Optimiser, bounds: list[list[_Bound]]) -> tuple[Level, ...]:
    counts = _counts(case, best, best.seats.seat)
    each = ([bound.level(case, counts) for bound in of_rank] for of_rank in bounds)
    return (case.half_days(best), *(min(levels, key=lambda level: level.bound) for levels in each))


def _one_after_the_other(case: Case, best: Optimiser) -> None:
    """The integer programme, rank by rank, each within its share of the time that is left."""
    seating = Seating(case.arrays, best.t, case.minimum)
    aims = [seating.half_days(), *(seating.worth(case.wished[:, k]) for k in range(len(case.points)))]
    seat = seating.best(aims, case.clock)
    if seat is not None and _key(case, best, seat) > _key(case, best, best.seats.seat):
        best.seats.go_back_to(seat, np.zeros_like(best.seats.closed))


def _key(case: Case, best: Optimiser, seat: Ints) -> tuple[int, ...]:
    kept, best.seats.seat = best.seats.seat, seat
    minus_undersized, filled, _ = best.seats.score
    best.seats.seat = kept
    return (minus_undersized, filled, *_counts(case, best, seat))
