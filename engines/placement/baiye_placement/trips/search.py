"""Choosing the trips: a first choice by annealing, then moves that are looked into one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.dual import FINE, SCALE
from baiye_placement.trips.moves import local_bound, look_again, promising, reprice, tangled
from baiye_placement.trips.start import anneal
from baiye_placement.trips.worth import space_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from baiye_placement.trips.ground import Bools, Ground, Ints

ANNEALING = 4000  # moves of the first choice, a class
PENALTY = 300  # points, a pupil too many in a room
HEAT = 2000  # points, a class
KEPT = 20_000  # promising moves
LOOKS = 400  # of them looked into before the list is made anew
STEP, SWEEPS = 16.0, (4, 10, 40)  # of the prices of one move: first step in points; sweeps after which it is judged
MARGIN = 8  # points that a move must gain


class Choice:
    """Trips chosen so far, in ``plans`` (offers of each class, -1 past their end); every room is kept.

    Parameters
    ----------
    price
        Prices to start from, in 1/SCALE.
    over
        Asked between moves whether to end.
    """

    def __init__(self, g: Ground, plans: Ints, price: Ints, over: Callable[[], bool]) -> None:
        self.g, self.plans, self.over = g, plans.copy(), over
        self.space = space_for(g)
        self.price = price * (FINE // SCALE)
        self.open: Ints = np.flatnonzero(g.rest > 0)
        self.pupils = np.diff(g.pupil_ptr)
        self.use = self._occupied()
        self.worth: Ints = np.zeros(len(g.offer_cell), dtype=np.int64)
        self.near, self.sessions_of = _neighbours(g)
        self.version = np.zeros(len(g.cell_size), dtype=np.int64)
        self.tried: dict[tuple[int, ...], tuple[int, ...]] = {}
        self.looked = 0

    @property
    def overflow(self) -> int:
        """Pupils too many in some room."""
        return int(np.maximum(self.use - self.g.space, 0).sum())

    def begin(self, seed: int) -> None:
        """A first choice at the prices."""
        self._look_everywhere()
        moves = ANNEALING * len(self.open)
        worth = self.worth // (FINE // SCALE)
        anneal(
            self.open, self._offer_of(), worth, PENALTY * SCALE, HEAT * SCALE, moves, seed, self.use, self.plans, self.g
        )

    def settle(self, sweeps: int) -> float:
        """Prices for the trips as they are; the bound on their points."""
        everything = np.ones(len(self.g.cell_size), dtype=np.bool_), np.arange(len(self.g.capacity))
        who = np.arange(self.g.class_count)
        found = reprice(
            self.plans, who, self._tangled(who, self.plans), *everything, self.price, STEP, sweeps, self.g, self.space
        )
        self._look_everywhere()
        return float(found) / FINE

    def improve(self) -> bool:
        """Look into the promising moves, the best first; whether one was made."""
        gains, moves = np.zeros(KEPT), np.zeros((KEPT, 6), dtype=np.int64)
        n = promising(self.open, self.worth, MARGIN * float(FINE), self.use, self.plans, self.g, gains, moves)
        better, looks = False, 0
        stale = np.zeros(len(self.g.cell_size), dtype=np.bool_)  # cells, and below classes, that have changed since
        moved: set[int] = set()
        for i in np.argsort(-gains[:n], kind="stable"):
            if looks == LOOKS or self.over():
                break
            cells = self._cells(moves[i])
            if stale[cells].any() or not moved.isdisjoint(moves[i, ::3].tolist()):
                continue
            versions = tuple(self.version[cells].tolist())
            key = tuple(moves[i].tolist())
            if self.tried.get(key) == versions:
                continue
            looks += 1
            if self._make(moves[i], cells):
                better = True
                stale |= np.asarray(self.near[cells].any(axis=0))
                moved |= {int(c) for c in moves[i, ::3] if c >= 0}
            else:
                self.tried[key] = versions
        return better

    def _make(self, move: Ints, cells: list[int]) -> bool:
        """Make the move if that gains, at prices sought for both."""
        self.looked += 1
        g, after = self.g, self.plans.copy()
        for c, at, o in (move[:3], move[3:]):
            if c >= 0:
                after[c, at] = o
        touched: Bools = np.asarray(self.near[cells].any(axis=0))
        inside = np.unique(np.concatenate([self.sessions_of[cell] for cell in cells]))
        who = np.flatnonzero(self._visitors(self.plans, touched) | self._visitors(after, touched))
        entire = self._tangled(who, self.plans, after)
        before = local_bound(self.plans, who, entire, touched, inside, self.price, g, self.space)
        before -= self._cost(self.plans, who)
        price, least = self.price.copy(), before + MARGIN * FINE
        for sweeps in SWEEPS:
            found = reprice(after, who, entire, touched, inside, price, STEP, sweeps, g, self.space)
            if found - self._cost(after, who) <= least:
                return False
        self.plans, self.price = after, price
        self.use = self._occupied()
        self.version[cells] += 1
        look_again(touched, self.price, self.worth, g, self.space)
        return True

    def _tangled(self, who: Ints, *plans: Ints) -> Bools:
        """Which classes must be counted with all their trips, because in one of the plans these share a project."""
        found = np.zeros(len(who), dtype=np.bool_)
        for one in plans:
            tangled(one, who, self.g, self.space, found)
        return found

    def _cost(self, plans: Ints, who: Ints) -> int:
        taken = plans[who]
        return int(self.g.offer_cost[taken[taken >= 0]].sum()) * FINE

    def _cells(self, move: Ints) -> list[int]:
        cells = set()
        for c, at, o in (move[:3], move[3:]):
            if c >= 0:
                cells |= {int(self.g.offer_cell[o]), int(self.g.offer_cell[self.plans[c, at]])}
        return sorted(cells)

    def _visitors(self, plans: Ints, touched: Bools) -> Bools:
        g = self.g
        touched = np.append(touched, [False])
        return touched[np.where(plans >= 0, g.offer_cell[plans], -1)].any(axis=1) | touched[g.base]

    def _look_everywhere(self) -> None:
        touched = np.ones(len(self.g.cell_size), dtype=np.bool_)
        look_again(touched, self.price, self.worth, self.g, self.space)

    def _occupied(self) -> Ints:
        g, use = self.g, np.zeros(len(self.g.space), dtype=np.int64)
        for c in self.open:
            for o in self.plans[c][self.plans[c] >= 0]:
                use[g.room[g.room_ptr[o] : g.room_ptr[o + 1]]] += self.pupils[c]
        return use

    def _offer_of(self) -> Ints:
        g = self.g
        found = np.full((g.class_count, len(g.cell_size)), -1, dtype=np.int64)
        for c in self.open:
            mine = np.arange(g.offer_ptr[c], g.offer_ptr[c + 1])[::-1]
            found[c, g.offer_cell[mine]] = mine
        return found


def _neighbours(g: Ground) -> tuple[Bools, list[Ints]]:
    """(which cells have a session in common, sessions of each cell)."""
    sessions = [
        np.unique(g.open_session[g.open_ptr[a] : g.open_ptr[b]])
        for a, b in zip(g.option_ptr, g.option_ptr[1:], strict=False)
    ]
    has = np.zeros((len(sessions), len(g.capacity)), dtype=np.int64)
    for cell, found in enumerate(sessions):
        has[cell, found] = 1
    return has @ has.T > 0, sessions
