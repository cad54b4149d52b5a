# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""Prices where every unit must have its claim: bounds of the floor, and of the points above a floor.

U(F; L) is the bound of ``dual`` with each unit's bundles limited to those that have min(F, own) points. It bounds the
points of every placement that keeps the floor F. Where points count nothing, a placement is worth 0; so if U(F; L) is
below 0, no placement keeps F, nor any higher floor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.compiling import compiled
from baiye_placement.dual import ASKED, BATCHES, CALM, FINE, SCALE, Descent, batches, falls, in_batches, keep, move
from baiye_placement.floor_bundles import best_above, labels_of, reaches
from baiye_placement.open_lists import sort_heads, sort_open

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints
    from baiye_placement.claims import Claims
    from baiye_placement.clock import Clock
    from baiye_placement.tables import Tables
    from baiye_placement.team import Team


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What all searches of one placement under claims have in common."""

    t: Tables
    claims: Claims
    reach: Ints
    full: bool
    step: float
    team: Team

    @classmethod
    def of(cls, t: Tables, claims: Claims, *, full: bool, step: float, team: Team) -> Ground:
        return cls(t, claims, reaches(t, claims.plain), full, step, team)


class ClaimedPrices(Descent):
    """Prices at the floor ``floor``, sought from ``price`` (in 1/SCALE); a point counts ``own`` (0 or 1)."""

    def __init__(self, ground: Ground, floor: int, own: int, price: Ints) -> None:
        super().__init__(ground.t.capacity, ground.step)
        self.ground, self.own, self.floor = ground, own, floor
        self.claim = ground.claims.at(floor) - ground.claims.base
        self._kept: Ints = np.full(len(ground.t.slots), -1, dtype=np.int64)  # sessions of each unit's last bundle
        self._calm: Ints = np.zeros(len(ground.t.need), dtype=np.int64)  # how often running it was the same
        self._rng = np.random.default_rng(20240527)
        self.begin_at(price)

    def bound_at(self, price: Ints) -> int:
        g, worth = self.ground, np.zeros(len(self.claim), dtype=np.int64)
        sort_open(price, g.t)

        def part(_: int, first: int, last: int, mine: Tables) -> None:
            _worths(first, last, self.own, g.full, price, self.claim, g.claims.plain, g.reach, mine, worth)

        g.team.share(g.t, 0, len(worth), part)
        return int(worth.sum() + price @ np.maximum(g.t.capacity, 0))

    def _sweep(self, step: Ints) -> None:
        g, order = self.ground, self._rng.permutation(len(self.claim))
        fixed = (self.own, g.full, self.claim, g.claims.plain, g.reach, self._kept, self._calm, self.sweeps)
        if g.team.threads == 1:
            _sweep(order, self.price, step, fixed, g.t)
            return

        def part(taken: Ints, first: int, last: int, mine: Tables) -> None:
            _take(order, first, last, self.price, taken, fixed, mine)

        in_batches(g.t, g.team, self.price, step, g.t.capacity, part)


@dataclass(slots=True)
class Ceiling:
    """The lowest ``bound`` of the floor proved so far: at ``price``, U(bound + 1; price) is ``dual``, and below 0.

    Without proof it is the floor at which every claim is met in full.
    """

    ground: Ground
    bound: int
    price: Ints
    dual: int = 0

    @classmethod
    def of(cls, ground: Ground) -> Ceiling:
        return cls(ground, ground.claims.top, np.zeros_like(ground.t.capacity))

    def consider(self, price: Ints, low: int) -> None:
        """The lowest bound above ``low`` that ``price`` proves."""
        while low < self.bound:
            aim = (low + self.bound + 1) // 2
            if not self._keep(ClaimedPrices(self.ground, aim, 0, price)):
                low = aim

    def lower(self, aim: int, price: Ints, sweeps: int, clock: Clock) -> bool:
        """Seek, from ``price``, a proof that there is no floor ``aim``; whether it was found."""
        search = ClaimedPrices(self.ground, aim, 0, price)
        if search.bound >= 0:
            search.sweep(sweeps, clock)
        return self._keep(search)

    def _keep(self, search: ClaimedPrices) -> bool:
        if search.bound >= 0:
            return False
        self.bound, self.price, self.dual = search.floor - 1, search.best, search.bound
        return True


@compiled
def _worths(first, last, own, full, price, claim, plain, reach, t, worth):  # type: ignore[no-untyped-def]
    labels, head = labels_of(len(t.bits))
    for u in range(first, last):
        scale, mine = np.int64(SCALE), claim[u]
        worth[u], labels = best_above(u, full, True, price, scale, own, mine, plain, reach, t, labels, head)


@compiled
def _sweep(order, price, step, fixed, t):  # type: ignore[no-untyped-def]
    """As in ``dual``."""
    taken, n = np.zeros(len(price), dtype=np.int64), len(order)
    fall = falls(step, t.capacity, n)
    for first, last in batches(n):
        sort_heads(price, t)
        _take(order, first, last, price, taken, fixed, t)
        move(price, step, taken, fall[last - first - n // BATCHES])


@compiled
def _take(order, first, last, price, taken, fixed, t):  # type: ignore[no-untyped-def]
    """Each unit takes its best bundle; one whose bundle has not changed of late is asked in some sweeps only."""
    own, full, claim, plain, reach, kept, calm, turn = fixed
    labels, head = labels_of(len(t.bits))
    for i in range(first, last):
        u = order[i]
        if calm[u] < CALM or (turn + u) % ASKED == 0:
            scale, mine = np.int64(FINE), claim[u]
            _, labels = best_above(u, full, False, price, scale, own, mine, plain, reach, t, labels, head)
            calm[u] = calm[u] + 1 if keep(t.chosen, kept, t.slot_ptr[u], t.slot_ptr[u + 1]) else 0
        for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
            if kept[j] < 0:
                break
            taken[kept[j]] += t.width[u]
