# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""A bound that knows of minimum groups: a session has a price, and for some units another one of their own.

A session with a minimum m and c seats holds nobody, or m to c pupils. Whatever each pupil is charged for each session,
no placement has more points than Σ units' best bundles at their charges + Σ sessions' dearest groups, where the dearest
group is nobody (0), or the m to c pupils who are charged most together. With one price L ≥ 0 for everyone that is
c · L, the ordinary bound. But where those who want a session are charged what it is worth to them, and those who would
have to join them less than nothing, too small a group cannot pay for itself: the session is proved to be better closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.bundles import best_of_all
from baiye_placement.compiling import compiled
from baiye_placement.dual import FAR, SCALE
from baiye_placement.open_lists import sort_open, sort_open_to
from baiye_placement.tables import open_to

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints
    from baiye_placement.clock import Clock
    from baiye_placement.minimums import GroupSearch
    from baiye_placement.tables import Tables

EACH = 16  # charges of its own that one unit has at most


@dataclass(frozen=True, slots=True)
class Charge:
    """What a session costs a pupil, in 1/SCALE: ``own`` for units in it, else ``others``; ``most`` is what it takes."""

    others: int
    own: Mapping[int, int] = field(default_factory=dict)
    most: int = 0


class Charges:
    """Charges of the sessions that ``groups`` has closed, or holds at a price below 0; all others keep its price.

    First the units who take held sessions are charged for them, then one session after the other is charged for anew,
    by what makes the bound lowest while all other charges stand.
    """

    def __init__(self, t: Tables, groups: GroupSearch, clock: Clock) -> None:
        self.t, self.goal, self.groups = t, groups.goal, groups
        self.price = groups.best.copy()
        self.worth: Ints = np.zeros(len(t.need), dtype=np.int64)
        self.of: dict[int, Charge] = {}
        self._own: list[dict[int, int]] = [{} for _ in t.need]  # by unit, by session
        self._charge_held()
        opened, closed = _opened(t), np.flatnonzero(groups.closed).tolist()
        for s in [*closed, *self.of, *closed]:
            if s not in self.of or not clock.over:
                self._charge_anew(s, np.flatnonzero(opened[t.kind, s]))
        plain = np.maximum(t.capacity, 0) * self.price
        plain[list(self.of)] = 0
        self.bound = int(self.worth.sum() + plain.sum()) + sum(charge.most for charge in self.of.values())  # in 1/SCALE

    def _charge_held(self) -> None:
        """Of what a session is worth to those who take it, each is charged the share that pays for those who join."""
        held = (self.price < 0) & ~self.groups.closed
        sessions = np.full((len(self.t.need), EACH), -1, dtype=np.int64)
        gains = np.zeros_like(sessions)
        _gain(self.goal.weight * SCALE, self.goal.full, self.price.copy(), held, sessions, gains, self.worth, self.t)
        takers: dict[int, dict[int, int]] = {s: {} for s in np.flatnonzero(held).tolist()}
        for u, i in np.argwhere(sessions >= 0).tolist():
            takers[int(sessions[u, i])][u] = int(gains[u, i])
        for s, gain in takers.items():
            price, missing = int(self.price[s]), int(-self.price[s] * self.groups.minimum[s])
            whole = max(1, sum(each * int(self.t.width[u]) for u, each in gain.items()))
            own = {u: price - (-each * min(whole, missing) // whole) for u, each in gain.items() if each > 0}
            for u, charge in own.items():
                self._own[u][s] = charge
            self._set(s, price, own)
        everyone = np.arange(len(self.t.need))
        self.worth[:] = self._worths(everyone)

    def _charge_anew(self, s: int, units: Ints) -> None:
        """Those who bid most are charged what they bid, or as much of it as those who join them must be paid.

        Everyone else pays what the first of them bids.
        """
        for u in self.of[s].own if s in self.of else ():
            del self._own[u][s]
        width = self.t.width[units]
        without, given = self._worths(units, s, FAR), self._worths(units, s, -FAR) - FAR * width
        if len(units) and without.min() < -FAR // 2:  # somebody cannot do without it
            self.price[s] = 0
            self._set(s, 0, {})
            self.worth[units] = self._worths(units, s, 0)
            return
        bid = -((without - given) // width)
        order = np.lexsort((units, -bid))
        pupils = np.cumsum(width[order])
        least, seats = int(self.groups.minimum[s]), int(self.t.capacity[s])
        size = min(seats, max(least, int(width[bid > 0].sum())))
        n = int(np.searchsorted(pupils, size)) + 1
        others = int(bid[order[n]]) if n < len(order) else -FAR
        group = order[:n]
        gain = int((np.maximum(bid, 0) * width)[group].sum())
        missing = max(0, -int((np.minimum(bid, 0) * width)[group].sum()))
        if gain > missing:
            bid[bid > 0] = bid[bid > 0] * missing // gain
        own = {int(units[i]): int(bid[i]) for i in group.tolist() if bid[i] > others}
        self._set(s, others, own)
        self.price[s] = others
        for u, charge in own.items():
            self._own[u][s] = charge
        charged = np.array([own.get(u, others) for u in units.tolist()], dtype=np.int64)
        self.worth[units] = np.maximum(without, given - charged * width)

    def _set(self, s: int, others: int, own: dict[int, int]) -> None:
        least, seats = int(self.groups.minimum[s]), int(self.t.capacity[s])
        paid = sorted((charge for u, charge in own.items() for _ in range(int(self.t.width[u]))), reverse=True)
        self.of[s] = Charge(others, own, dearest(paid, others, least, seats))

    def _worths(self, units: Ints, s: int | None = None, charge: int = 0) -> Ints:
        """Worth of the best bundles of ``units``, or what it would be if ``s`` cost everyone ``charge``."""
        price, worth = self.price.copy(), np.zeros(len(units), dtype=np.int64)
        if s is not None:
            price[s] = charge
        own = [list(self._own[u].items()) for u in units.tolist()]
        ptr = np.cumsum([0, *(len(mine) for mine in own)])
        pairs = np.array([pair for mine in own for pair in mine], dtype=np.int64).reshape(-1, 2)
        scale, full = self.goal.weight * SCALE, self.goal.full
        _worths(units, scale, full, price, ptr, pairs[:, 0].copy(), pairs[:, 1].copy(), worth, self.t)
        return worth


def dearest(paid: list[int], others: int, least: int, seats: int) -> int:
    """What a session takes at most: nothing, or ``least`` to ``seats`` of what it is ``paid``, by the dearest first.

    There are more who would pay ``others``, as many as are wanted.
    """
    best = total = 0
    for n in range(1, seats + 1):
        total += max(others, paid[n - 1]) if n <= len(paid) else others
        if n >= least:
            best = max(best, total)
    return best


def _opened(t: Tables) -> np.ndarray:
    """(kinds, sessions): whether the session is open to the kind."""
    found = np.zeros((len(t.option_ptr) - 1, len(t.capacity)), dtype=np.bool_)
    for k in range(len(found)):
        for _, sessions in open_to(t, k):
            found[k, sessions] = True
    return found


@compiled
def _worths(units, scale, full, price, own_ptr, own_session, own_charge, worth, t):  # type: ignore[no-untyped-def]
    """Worth of the best bundle of each of ``units`` at ``price`` and the charges of its own."""
    sort_open(price, t)
    kept = price.copy()
    for i in range(len(units)):
        u, first, last = units[i], own_ptr[i], own_ptr[i + 1]
        for k in range(first, last):
            price[own_session[k]] = own_charge[k]
        if first < last:
            sort_open_to(u, price, t)
        worth[i] = best_of_all(u, full, True, price, scale, np.int64(0), t)
        for k in range(first, last):
            price[own_session[k]] = kept[own_session[k]]
        if first < last:
            sort_open_to(u, price, t)


@compiled
def _gain(scale, full, price, asked, sessions, gains, worth, t):  # type: ignore[no-untyped-def]
    """What the sessions ``asked`` that a unit takes are worth to each pupil of it, one after the other is charged."""
    sort_open(price, t)
    kept = price.copy()
    for u in range(len(t.need)):
        worth[u] = best_of_all(u, full, True, price, scale, np.int64(0), t)
        n = 0
        while n < sessions.shape[1]:
            s = _next(t.chosen, asked, sessions[u, :n])
            if s < 0:
                break
            price[s] = FAR
            sort_open_to(u, price, t)
            without = best_of_all(u, full, True, price, scale, np.int64(0), t)
            sessions[u, n], gains[u, n] = s, min(FAR, (worth[u] - without) // t.width[u])
            price[s] = kept[s] + gains[u, n]
            n += 1
            sort_open_to(u, price, t)
            worth[u] = best_of_all(u, full, True, price, scale, np.int64(0), t)
        for i in range(n):
            price[sessions[u, i]] = kept[sessions[u, i]]
        sort_open_to(u, price, t)


@compiled
def _next(chosen, asked, before):  # type: ignore[no-untyped-def]
    """The first session of ``chosen`` that is ``asked`` and not among those ``before``, or -1."""
    for s in chosen:
        if s < 0:
            break
        if asked[s]:
            new = True
            for other in before:
                new = new and other != s
            if new:
                return s
    return -1
