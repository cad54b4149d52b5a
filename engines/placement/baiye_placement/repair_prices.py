"""Prices of sessions in a repair, and the least number of families that any repair must disturb at such prices.

With a price L for each seat and M for each half-day (whole numbers, at least 0) no repair that fills H half-days
disturbs fewer families than M · H - Σ seats · L - Σ over units of the larger of
(a) the best bundle's worth M · half-days - Σ L, less one for each pupil whose seats were whole until then, and
(b) the worth of the seats it had, with more beside them where half-days are empty.
Bundles are of sessions with a seat, keep within the need, and have no half-day or project twice; locked seats are left
out on both sides. This is the Lagrangian dual of the repair, exact for any prices; good ones come from the linear
programme.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baiye_placement.repair_ground import Ground, Kind

SCALE = 256  # of prices, to one family


class Worths:
    """What bundles are worth at ``prices`` of sessions and ``hour`` for each half-day, in 1/SCALE of a family."""

    def __init__(self, ground: Ground, prices: Sequence[int], hour: int) -> None:
        self.ground, self.prices, self.hour = ground, prices, hour
        self._best: dict[tuple[int, int], int] = {}

    def best(self, u: int) -> int:
        """The best bundle of the unit, whatever it has now."""
        key = (int(self.ground.a.kind[u]), self.ground.need[u])
        if key not in self._best:
            kind = self.ground.kind_of(u)
            self._best[key] = self._most(kind, key[1], kind.open)
        return self.ground.width[u] * self._best[key]

    def kept(self, u: int) -> int:
        """The seats the unit has, and the best beside them."""
        ground = self.ground
        old = ground.old[u]
        worth = sum(self.hour * ground.length[s] - self.prices[s] for s in old)
        need = ground.need[u] - ground.half_days(old)
        if need > 0:
            kind, held = ground.kind_of(u), {ground.project[s] for s in old}
            taken = sum(mask for s, mask in kind.open if s in old)
            free = [(s, m) for s, m in kind.open if not m & taken and ground.project[s] not in held]
            worth += self._most(kind, need, free)
        return ground.width[u] * worth

    def gain(self, u: int) -> int:
        """What the unit's giving up of a seat would be worth, its disturbance paid; at most 0: it may stay."""
        paid = 0 if self.ground.hit[u] else SCALE * self.ground.width[u]
        return self.best(u) - paid - self.kept(u)

    def bound(self, half_days: int) -> int:
        """At least so many families not hit yet are disturbed where ``half_days`` are filled, in 1/SCALE."""
        ground = self.ground
        units = sum(self.kept(u) + max(0, self.gain(u)) for u in range(len(ground.old)))
        return self.hour * half_days - sum(map(int.__mul__, self.prices, ground.capacity)) - units

    def _most(self, kind: Kind, need: int, sessions: Iterable[tuple[int, int]]) -> int:
        """The largest worth of at most ``need`` half-days out of ``sessions``, no project twice."""
        offers = ((m, self.ground.project[s], self.hour * m.bit_count() - self.prices[s]) for s, m in sessions)
        return best_of(offers, kind.half_days, need)


def best_of(offers: Iterable[tuple[int, Hashable, int]], half_days: int, need: int) -> int:
    """The largest worth of a bundle of at most ``need`` of ``half_days``; an offer is (mask, project, worth).

    A bundle has at most as many sessions as there are half-days, so as many of the best projects of each mask do.
    """
    by_mask: dict[int, dict[Hashable, int]] = {}
    for mask, project, worth in offers:
        of = by_mask.setdefault(mask, {})
        of[project] = max(worth, of.get(project, 0))
    moves: dict[Hashable, list[tuple[int, int]]] = {}  # project → (mask, worth)
    for mask, of in by_mask.items():
        for project in sorted(of, key=lambda name: -of[name])[:half_days]:
            moves.setdefault(project, []).append((mask, of[project]))
    value = {0: 0}
    for choices in moves.values():
        after = dict(value)
        for mask, worth in choices:
            for m, before in value.items():
                both = m | mask
                if not m & mask and both.bit_count() <= need and before + worth > after.get(both, -1):
                    after[both] = before + worth
        value = after
    return max(value.values())
