# ruff: noqa: PLC0415 - OR-Tools loaded where needed; compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""One half-day placed exactly, as a min-cost flow of units to sessions, while the other half-days are held or priced.

A seat in a session is worth its points plus the best that the unit's undecided half-days still give at the prices.
Going through the half-days in turn gives a placement that keeps every rule and is close to the bound; solving a
half-day again while the others are held never makes it worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.arcs import FILLS, SHORT, Arcs
from baiye_placement.compiling import compiled, inner
from baiye_placement.dual import SCALE
from baiye_placement.flows import feasible
from baiye_placement.limits import Limits
from baiye_placement.seated import AWAY, OPEN, Places, loads, loads_at, take
from baiye_placement.team import ALONE, Team

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.arrays import Arrays, Ints
    from baiye_placement.tables import Tables

LITTLE = 16 * SCALE  # what an arc may cost its unit at the prices and still be looked at, first


class HalfDays:
    """Solves half-days into ``seat``, the session of each unit's half-days (OPEN, AWAY or a session).

    Where it does not matter which free session fills a half-day, the flow decides how many go where and the units are
    told apart afterwards; ``named`` tells them apart at once, which is slower and finds a way where that does not.
    The first ``least`` seats of each session, the pupils of its minimum group, are filled before any points count.
    """

    def __init__(
        self,
        a: Arrays,
        t: Tables,
        places: Places,
        price: Ints,
        least: Ints,
        *,
        full: bool,
        named: bool = False,
        team: Team = ALONE,
    ) -> None:
        self.t, self.price, self.least, self.full, self.team = t, price, least, full, team
        self.seat = np.full(len(t.slots), OPEN, dtype=np.int64)
        self.lottery, self._places = a.lottery, places
        self._limits = Limits(a)
        self._named = self._limits.units | (t.width > 1) | named

    def solve(self, slot: int) -> None:
        """Seat everyone undecided in ``slot``: wide units first, one by one, then all others at once."""
        self.seat_all(slot, self.begin(slot))

    def begin(self, slot: int) -> Arcs:
        """Seat the wide units; the arcs of all others."""
        arcs = self._arcs(slot)
        wide = set(arcs.unit[self.t.width[arcs.unit] > 1].tolist())
        for u in sorted(wide, key=lambda u: int(self.lottery[u])):
            self._seat_wide(slot, u)
        return self._arcs(slot) if wide else arcs

    def seat_all(self, slot: int, arcs: Arcs) -> None:
        """Seat everyone whose ``arcs`` these are."""
        likely = arcs.where(self._likely(arcs))
        if not self._seat_all(slot, likely, likely.worth):
            self._seat_all(slot, arcs, arcs.worth)

    def _likely(self, arcs: Arcs) -> NDArray[np.bool_]:
        """Arcs that at the prices cost their unit little, and staying away where that leaves no gap."""
        stays = (arcs.session == AWAY) & (arcs.worth > -SHORT // 2)
        likely: NDArray[np.bool_] = stays | (self._costs(arcs, arcs.worth) <= LITTLE)
        return likely

    def _costs(self, arcs: Arcs, worth: Ints) -> Ints:
        """What each arc costs its unit at the prices, beside the unit's best one."""
        if not arcs.count:
            return np.zeros(0, dtype=np.int64)
        starts = _starts(arcs.unit)
        gain = worth - self._price_of(arcs)
        best: Ints = np.repeat(np.maximum.reduceat(gain, starts), np.diff(starts, append=arcs.count))
        return best - gain

    def _price_of(self, arcs: Arcs) -> Ints:
        """The price of each arc's session, of an open list the least one."""
        price: Ints = np.where(arcs.session >= 0, self.price[np.maximum(arcs.session, 0)], 0)
        fills = arcs.session <= FILLS
        price[fills] = self.price[
            self.t.open_session[self.t.open_ptr[FILLS - arcs.session[fills]]]
        ]  # the cheapest first
        return price

    def redraw(self, slot: int) -> bool:
        """Among seatings of ``slot`` with as many points, take one that favours early lottery numbers.

        False, with nothing changed, where fillers could not be told apart.
        """
        t, (at, unit) = self.t, self._places.of(slot)
        before = self.seat[at]
        mine = (before >= 0) & (t.width[unit] == 1)
        if t.session_slots.shape[1] > 1:
            mine &= t.session_slots[before, 1] < 0  # what lasts longer is not drawn again
        self.seat[at[mine]] = OPEN
        held = np.full(len(t.need), AWAY, dtype=np.int64)
        held[unit[mine]] = before[mine]
        arcs = self._arcs(slot)
        arcs = arcs.where(arcs.session != AWAY)
        arcs = arcs.where(self._can_be_best(slot, arcs, held))
        if arcs.count:
            n = len(self.lottery)
            points, early = _points(arcs), (n - self.lottery[arcs.unit]) * 1024 // n
            share = int(points.max()) * 1024 * len(_starts(arcs.unit)) + 1  # no draw outweighs one point
            self._seat_all(slot, arcs, points * share + points * early)
        settled = not (self.seat[at] == OPEN).any()
        if not settled:
            self.seat[at] = before
        return settled

    def _can_be_best(self, slot: int, arcs: Arcs, held: Ints) -> NDArray[np.bool_]:
        """False for arcs that are in no seating with as many points as ``held``, the session of each unit.

        At the prices the half-day has at most so many points that an arc which costs its unit more than the distance
        from that to ``held`` is in none of them.
        """
        if not arcs.count or self.price.min() < 0 or self.least.any():  # then it is not the points alone
            return np.ones(arcs.count, dtype=np.bool_)
        worth = _points(arcs) * SCALE
        costs = self._costs(arcs, worth)
        best = (worth - self._price_of(arcs) + costs)[_starts(arcs.unit)]  # of each unit
        here = np.unique(np.concatenate([arcs.session[arcs.session >= 0], self._fills(_lists(arcs))[1]]))
        left = np.maximum(self.t.capacity - self._loads(slot), 0)
        most = int(best.sum()) + int(self.price[here] @ left[here])
        can: NDArray[np.bool_] = costs <= most - int(worth[arcs.session == held[arcs.unit]].sum())
        return can

    def _arcs(self, slot: int) -> Arcs:
        _, units = self._places.of(slot)
        arcs = Arcs.of(self.t, slot, units, self.seat, self.price, self.full, self._named, self.team)
        return arcs if self._limits.none else arcs.where(self._limits.allowed(arcs, self.seat, self.t))

    def _loads(self, slot: int) -> Ints:
        """Pupils in each session of the half-day."""
        return loads_at(self.t, self.seat, *self._places.of(slot))

    def _seat_all(self, slot: int, arcs: Arcs, worth: Ints) -> bool:
        """Seat all units of ``arcs`` at once; False where not everyone can have one, and nobody is seated."""
        keep = np.ones(arcs.count, dtype=np.bool_)
        units = len(_starts(arcs.unit))
        while units and len(_starts(arcs.unit[keep])) == units:
            index = np.flatnonzero(keep)
            found = self._flow(slot, arcs.where(keep), worth[keep])
            if found is None:
                return False
            taken = index[found.taken]
            if not len(barred := self._limits.too_close(arcs, taken)):
                self._take(slot, arcs.unit[taken], arcs.session[taken], found)
                return True
            keep[barred] = False
        return not units

    def _take(self, slot: int, units: Ints, sessions: Ints, found: Flow) -> None:
        named = sessions >= AWAY
        take(self.t, slot, units[named], sessions[named], self.seat)
        for each in np.unique(sessions[~named]):
            filling = units[sessions == each]
            filling = filling[np.argsort(self.lottery[filling])]
            mine = found.fill_list == each
            chosen = np.zeros(len(filling), dtype=np.int64)
            _settle(filling, found.fill_session[mine], found.fill_seats[mine], self.t, self.seat, chosen)
            take(self.t, slot, filling[chosen >= 0], chosen[chosen >= 0], self.seat)

    def _seat_wide(self, slot: int, u: int) -> None:
        arcs = self._arcs(slot)
        left = self.t.capacity - loads(self.t, self.seat)  # of longer sessions too
        arcs = arcs.where(arcs.unit == u)
        arcs = arcs.where((arcs.session < 0) | (left[arcs.session] >= self.t.width[u]))
        cost = np.where(arcs.session >= 0, self.price[arcs.session] * self.t.width[u], 0)
        best = int((arcs.worth - cost).argmax())
        take(self.t, slot, arcs.unit[best : best + 1], arcs.session[best : best + 1], self.seat)

    def _flow(self, slot: int, arcs: Arcs, worth: Ints) -> Flow | None:
        """The best flow; None where not every unit can have an arc. Nodes: units, lists, sessions, the sink."""
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

        starts = _starts(arcs.unit)
        fills = arcs.session <= FILLS
        lists = _lists(arcs)
        fill_list, fill_session = self._fills(lists)
        node, sink = self._nodes(
            np.concatenate([arcs.session[arcs.session >= 0], fill_session]), len(starts) + len(lists)
        )
        head = np.where(arcs.session >= 0, node[np.maximum(arcs.session, 0)], sink)
        head[fills] = len(starts) + np.searchsorted(lists, arcs.session[fills])
        sessions = np.flatnonzero(node)
        load = self._loads(slot)
        left = np.maximum(self.t.capacity - load, 0)
        first = np.clip(self.least - load, 0, left)
        flow = SimpleMinCostFlow()
        add = flow.add_arcs_with_capacity_and_unit_cost
        size = np.diff(starts, append=arcs.count)
        cost = np.repeat(np.maximum.reduceat(worth, starts), size) - worth
        made = add(np.repeat(np.arange(len(starts)), size), head, np.ones(arcs.count, dtype=np.int64), cost)
        tail = len(starts) + np.searchsorted(lists, fill_list)
        filled = add(tail, node[fill_session], left[fill_session], np.zeros_like(fill_session))
        add(node[sessions], np.full(len(sessions), sink), (left - first)[sessions], np.zeros_like(sessions))
        sessions = sessions[first[sessions] > 0]
        gain = 1 + max(0, int(worth.max(initial=0)))
        add(node[sessions], np.full(len(sessions), sink), first[sessions], np.full(len(sessions), -gain))
        supply = np.zeros(sink + 1, dtype=np.int64)
        supply[: len(starts)], supply[sink] = 1, -len(starts)
        if not feasible(flow, supply):
            return None
        return Flow(np.flatnonzero(flow.flows(made)), fill_list, fill_session, np.asarray(flow.flows(filled)))

    def _nodes(self, sessions: Ints, first: int) -> tuple[Ints, int]:
        """(node of each of ``sessions``, from ``first``, 0 for all others; the node after them)."""
        node = np.zeros(len(self.t.capacity), dtype=np.int64)
        node[sessions] = 1
        found = np.flatnonzero(node)
        node[found] = np.arange(first, first + len(found))
        return node, first + len(found)

    def _fills(self, lists: Ints) -> tuple[Ints, Ints]:
        """(list, session) of every session of the lists, in order."""
        found = [np.sort(self.t.open_session[slice(*self.t.open_ptr[k : k + 2])]) for k in (FILLS - lists).tolist()]
        sizes = [len(each) for each in found]
        return np.repeat(lists, sizes), np.concatenate([*found, np.zeros(0, dtype=np.int64)])


def _points(arcs: Arcs) -> Ints:
    """Points of each arc, where nothing but it is undecided."""
    return arcs.worth % SHORT // SCALE


def _lists(arcs: Arcs) -> Ints:
    """The open lists that half-days are filled from, as ``Arcs`` numbers them."""
    return np.unique(arcs.session[arcs.session <= FILLS])


def _starts(units: Ints) -> Ints:
    """Where each unit's arcs begin; they stand together."""
    return np.flatnonzero(np.diff(units, prepend=-1))


@dataclass(frozen=True, slots=True)
class Flow:
    """``taken`` arcs, one a unit; ``fill_seats`` of ``fill_session`` go to those who fill from ``fill_list``."""

    taken: Ints
    fill_list: Ints
    fill_session: Ints
    fill_seats: Ints


@compiled
def _settle(units, sessions, seats, t, seat, chosen):  # type: ignore[no-untyped-def]
    """Give each of ``units`` one of ``sessions``, of which ``seats`` are left, so that it has no project twice.

    Whoever finds none free changes with an earlier one; ``chosen`` is the session of each unit, or -1.
    """
    for i in range(len(units)):
        chosen[i] = -1
        for k in range(len(sessions)):
            if seats[k] > 0 and not _has(t, units[i], t.project[sessions[k]], seat):
                chosen[i] = k
                seats[k] -= 1
                break
        if chosen[i] < 0:
            _change(i, units, sessions, seats, t, seat, chosen)
    for i in range(len(units)):
        chosen[i] = sessions[chosen[i]] if chosen[i] >= 0 else -1


@inner
def _change(i, units, sessions, seats, t, seat, chosen):  # type: ignore[no-untyped-def]
    for k in range(len(sessions)):
        if seats[k] > 0:
            for j in range(i):
                mine = chosen[j]
                if (
                    mine >= 0
                    and not _has(t, units[i], t.project[sessions[mine]], seat)
                    and not _has(t, units[j], t.project[sessions[k]], seat)
                ):
                    chosen[i], chosen[j] = mine, k
                    seats[k] -= 1
                    return


@inner
def _has(t, u, project, seat):  # type: ignore[no-untyped-def]
    """Whether the unit sits in the project already."""
    for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):  # noqa: SIM110 - compiled
        if seat[j] >= 0 and t.project[seat[j]] == project:
            return True
    return False
