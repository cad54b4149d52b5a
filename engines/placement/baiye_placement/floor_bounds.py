# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""Bounds of policy ``floor``: prices of sessions, and weights of pupils whose claims are hard to meet.

Give unit u the weight μ_u ≥ 0. A placement that keeps the floor F has Σ μ_u · points_u ≥ Σ μ_u · min(F, own_u), and no
placement has more than U(μ; L). So the largest F with Σ μ_u · min(F, own_u) ≤ U(μ; L) bounds the floor; and when every
point counts ``own`` besides, (U(own + μ; L) - Σ μ_u · min(F, own_u)) / own bounds the points above the floor F. U is
convex in μ and L together; both are sought by one incremental subgradient: a weight rises with what its unit lacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import dual
from baiye_placement.bundles import EVERY, best_bundle
from baiye_placement.compiling import compiled, inner
from baiye_placement.dual import FINE, SCALE, batches, count, in_batches, move
from baiye_placement.open_lists import sort_open
from baiye_placement.seated import worth_of

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints
    from baiye_placement.case import Case
    from baiye_placement.claims import Claims
    from baiye_placement.tables import Tables

OWN = 16  # what one point counts beside the weights
HEAVIEST = 256  # weight of a unit at most
FINE_WEIGHT = 1 << 20
SETTLES = 10  # sweeps after which steps are half as long
FIRST_STEP = 0.8  # of the largest points, per session taken twice as often as it has seats


@dataclass(slots=True)
class Proof:
    """Prices (in 1/SCALE) and weights, the U they give (in 1/SCALE), and the bound that follows."""

    price: Ints
    weight: Ints
    dual: int
    bound: int


class WeightSearch:
    """Seeks prices and weights together; ``own`` is what each published point counts beside the weights."""

    def __init__(self, case: Case, t: Tables, claims: Claims, *, own: int, full: bool) -> None:
        self.case, self.claims, self.own, self.full = case, claims, own, full
        self.worth = case.arrays.wish_points
        self.t = t._replace(wish_points=self.worth.copy())
        self.price: Ints = np.zeros(len(t.capacity), dtype=np.int64)  # in 1/FINE
        self.weight: Ints = np.zeros(len(t.need), dtype=np.int64)  # in 1/FINE_WEIGHT
        self.step = FIRST_STEP * OWN * int(case.points[0]) / np.maximum(t.capacity, 1)
        self.sweeps = 0
        self._rng = np.random.default_rng(20240527)
        self._unit_of_wish = np.repeat(np.arange(len(t.need)), np.diff(t.wish_ptr))

    def run(self, floor: int, sweeps: int) -> list[tuple[Ints, Ints]]:
        """Sweep with the claims of ``floor``; the pairs of prices and weights that deserve a look."""
        total, heavy, count = np.zeros_like(self.price), np.zeros_like(self.weight), 0
        for k in range(sweeps):
            if self.case.clock.over:
                break
            self._sweep(self.claims.at(floor))
            if 2 * k >= sweeps:
                total, heavy, count = total + self.price, heavy + self.weight, count + 1
        pairs = [(total // count, heavy // count)] if count else []
        return [self._whole(*pair) for pair in [*pairs, (self.price, self.weight)]]

    def dual(self, price: Ints, weight: Ints) -> int:
        """U in 1/SCALE, exact, locked seats included."""
        goal = dual.Goal(weight=1, hour=0, full=self.full)
        t = self.t._replace(wish_points=self.own * self.worth + weight[self._unit_of_wish] * self.claims.plain)
        locked = self.own * self.case.locked_points + int(weight @ self.claims.base)
        return dual.upper_bound(t, goal, price, self.case.clock.team) + SCALE * locked

    def floor(self, price: Ints, weight: Ints) -> Proof:
        """The floor that no placement exceeds; ``own`` must be 0."""
        total, low, high = self.dual(price, weight), 0, self.claims.top
        while low < high:
            middle = (low + high + 1) // 2
            if SCALE * int(weight @ self.claims.at(middle)) <= total:
                low = middle
            else:
                high = middle - 1
        return Proof(price, weight, total, low)

    def points(self, price: Ints, weight: Ints, floor: int) -> Proof:
        """The points that no placement above ``floor`` exceeds."""
        total = self.dual(price, weight)
        left = total - SCALE * int(weight @ self.claims.at(floor))
        return Proof(price, weight, total, left // (SCALE * self.own))

    def _sweep(self, claim: Ints) -> None:
        slower = 1 + self.sweeps / SETTLES
        order = self._rng.permutation(len(self.t.need))
        step = np.rint(self.step * (FINE / slower)).astype(np.int64)
        rise = int(FINE_WEIGHT * OWN / int(self.case.points[0]) / slower)
        own, worth, plain, full, base = self.own, self.worth, self.claims.plain, self.full, self.claims.base
        price, weight, team = self.price, self.weight, self.case.clock.team
        self.sweeps += 1
        if team.threads == 1:
            _sweep(order, own, worth, plain, full, price, step, weight, rise, claim, base, self.t)
            return

        def part(taken: Ints, first: int, last: int, mine: Tables) -> None:
            _take(order, first, last, own, worth, plain, full, price, taken, weight, rise, claim, base, mine)

        in_batches(self.t, team, price, step, self.t.capacity, part)

    @staticmethod
    def _whole(price: Ints, weight: Ints) -> tuple[Ints, Ints]:
        return (price * SCALE + FINE // 2) // FINE, weight // FINE_WEIGHT


@compiled
def _sweep(order, own, worth, plain, full, price, step, weight, rise, claim, base, t):  # type: ignore[no-untyped-def]
    """As in ``dual``; besides prices that follow what was taken, weights follow what is lacking."""
    taken = np.zeros(len(price), dtype=np.int64)
    for first, last in batches(len(order)):
        sort_open(price, t)
        _take(order, first, last, own, worth, plain, full, price, taken, weight, rise, claim, base, t)
        move(price, step, taken, t.capacity, last - first, len(order))


@compiled
def _take(order, first, last, own, worth, plain, full, price, taken, weight, rise, claim, base, t):  # type: ignore[no-untyped-def]
    for i in range(first, last):
        u = order[i]
        for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
            t.wish_points[w] = own * worth[w] + weight[u] // FINE_WEIGHT * plain[w]
        best_bundle(u, t.need[u], full, False, np.int64(EVERY), t.nothing, price, np.int64(FINE), np.int64(0), t)
        count(u, taken, t)
        lacking = claim[u] - base[u] - _points(u, plain, t)
        weight[u] = min(max(0, weight[u] + rise * lacking), HEAVIEST * FINE_WEIGHT)


@inner
def _points(u, plain, t):  # type: ignore[no-untyped-def]
    """Plain points of ``u`` in the sessions of ``t.chosen``."""
    points = 0
    for s in t.chosen:
        if s < 0:
            break
        each = worth_of(t.project[s], t.wish_ptr[u], t.wish_ptr[u + 1], t.wish_project, plain)
        for slot in t.session_slots[s]:
            points += each * (slot >= 0)
    return points
