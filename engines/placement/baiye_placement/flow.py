# ruff: noqa: PLC0415, PLR0913, PLR0917 - OR-Tools loaded where needed; compiled functions take plain arrays
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

from baiye_placement.bundles import NEVER, among, best_bundle, compiled, inner, sort_open, wished
from baiye_placement.dual import SCALE
from baiye_placement.limits import Limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.arrays import Arrays, Ints
    from baiye_placement.bundles import Tables

OPEN, AWAY = -2, -1  # a half-day not decided yet; one on which the unit stays away
FILLS = -3  # less the number of an open list: any session of it
SHORT = 1 << 34  # what one unfilled half-day costs, in units of 1/SCALE: more than the points at stake elsewhere
MOST_HELD = 16


@dataclass(slots=True)
class Arcs:
    """Who could sit where in one half-day.

    ``session`` is a session, AWAY, or, as ``FILLS - l``, any session of the open list ``l``: a half-day to be filled
    with whatever is free.
    """

    unit: Ints
    session: Ints
    worth: Ints
    count: int

    @classmethod
    def of(cls, t: Tables, slot: int, seat: Ints, price: Ints, full: bool, named: NDArray[np.bool_]) -> Arcs:
        """Arcs of ``slot``; ``named`` units have one for each session that could fill it."""
        size = int(_arc_bound(t, slot, named))
        unit, session, worth = (np.zeros(size, dtype=np.int64) for _ in range(3))
        sort_open(price, t)
        count = _arcs(t, slot, seat, price, full, named, unit, session, worth)
        return cls(unit[:count], session[:count], worth[:count], count)

    def where(self, keep: NDArray[np.bool_]) -> Arcs:
        return Arcs(self.unit[keep], self.session[keep], self.worth[keep], int(keep.sum()))


def loads(t: Tables, seat: Ints) -> Ints:
    """Pupils in each session."""
    load = np.zeros(len(t.capacity), dtype=np.int64)
    _loads(t, seat, load)
    return load


def totals(t: Tables, seat: Ints) -> tuple[int, int]:
    """(half-days filled, points), both counted in pupils."""
    filled, points = _totals(t, seat)
    return int(filled), int(points)


def reopen(t: Tables, seat: Ints, slots: Ints) -> None:
    """Undecide ``slots`` for all units of width 1, sessions that last beyond them excepted."""
    chosen = np.zeros(int(max(t.slots.max(initial=0), slots.max(initial=0))) + 1, dtype=np.bool_)
    chosen[slots] = True
    _reopen(t, seat, chosen)


def close(seat: Ints) -> None:
    """Whatever is still undecided stays away."""
    seat[seat == OPEN] = AWAY


@compiled
def _loads(t, seat, load):  # type: ignore[no-untyped-def]
    for u in range(len(t.need)):
        first = t.slot_ptr[u]
        for j in range(first, t.slot_ptr[u + 1]):
            if seat[j] >= 0 and not _seen(seat, first, j):
                load[seat[j]] += t.width[u]


@inner
def _seen(seat, first, j):  # type: ignore[no-untyped-def]
    """Whether the session of half-day ``j`` already came in an earlier half-day of the unit."""
    for i in range(first, j):  # noqa: SIM110 - compiled
        if seat[i] == seat[j]:
            return True
    return False


@compiled
def _totals(t, seat):  # type: ignore[no-untyped-def]
    filled, points = 0, 0
    for u in range(len(t.need)):
        for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
            if seat[j] >= 0:
                filled += t.width[u]
                points += _points(t, u, seat[j])
    return filled, points


@compiled
def _reopen(t, seat, chosen):  # type: ignore[no-untyped-def]
    for u in range(len(t.need)):
        if t.width[u] > 1:
            continue
        first, last = t.slot_ptr[u], t.slot_ptr[u + 1]
        for j in range(first, last):
            if not chosen[t.slots[j]] or seat[j] == OPEN:
                continue
            s, whole = seat[j], True
            for i in range(first, last):
                if s >= 0 and seat[i] == s and not chosen[t.slots[i]]:
                    whole = False
            if whole:
                for i in range(first, last):
                    if i == j or (s >= 0 and seat[i] == s):
                        seat[i] = OPEN


@compiled
def _arc_bound(t, slot, named):  # type: ignore[no-untyped-def]
    """At most so many arcs has the half-day."""
    n = 0
    for u in range(len(t.need)):
        for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
            if t.slots[j] == slot:
                bit = 1 << (j - t.slot_ptr[u])
                k = t.kind[u]
                n += 1
                for o in range(t.option_ptr[k], t.option_ptr[k + 1]):
                    if t.option_mask[o] & bit:
                        each = t.option_list[o]
                        n += t.open_ptr[each + 1] - t.open_ptr[each] if named[u] else 1
                for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
                    for e in range(t.offer_ptr[t.wish_offer[w]], t.offer_ptr[t.wish_offer[w] + 1]):
                        if t.edge_mask[e] & bit:
                            n += 1
    return n


@inner
def state_of(u, slot, seat, t, held):  # type: ignore[no-untyped-def]
    """(mask of ``slot`` if the unit is undecided there, mask of all undecided half-days, half-days still needed).

    Projects that the unit holds are put into ``held``, followed by -1.
    """
    bit, free, left, n = 0, 0, t.need[u], 0
    first = t.slot_ptr[u]
    for j in range(first, t.slot_ptr[u + 1]):
        if seat[j] == OPEN:
            free |= 1 << (j - first)
            if t.slots[j] == slot:
                bit = 1 << (j - first)
        elif seat[j] >= 0:
            left -= 1
            if not _seen(seat, first, j):
                held[n] = t.project[seat[j]]
                n += 1
    held[n] = -1
    return bit, free, left, n


@inner
def _rest(u, need, full, free, held, price, t):  # type: ignore[no-untyped-def]
    """What the undecided half-days ``free`` can still give, less SHORT for each that cannot be filled."""
    if need < 0:
        return NEVER
    best, hour = NEVER, np.int64(0)
    if full:
        best = best_bundle(u, need, full, False, free, held, price, np.int64(SCALE), hour, t)
    if best <= NEVER:
        hour, full = np.int64(SHORT), np.bool_(False)
        best = (
            best_bundle(u, need, full, False, free, held, price, np.int64(SCALE), hour, t) - SHORT * need * t.width[u]
        )
    return best


@compiled
def _arcs(t, slot, seat, price, full, named, unit, session, worth):  # type: ignore[no-untyped-def]
    n = 0
    held = np.full(MOST_HELD + 2, -1)
    for u in range(len(t.need)):
        bit, free, left, h = state_of(u, slot, seat, t, held)
        if bit == 0 or left <= 0:
            continue
        unit[n], session[n], worth[n] = u, -1, _rest(u, left, full, free & ~bit, held, price, t)
        n += 1
        for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
            held[h] = -1
            if not among(t.wish_project[w], held):
                held[h], held[h + 1] = t.wish_project[w], -1
                n = _wish_arcs(u, w, bit, free, left, full, held, price, t, unit, session, worth, n)
        held[h] = -1
        n = _open_arcs(u, bit, free, left, full, named[u], held, price, t, unit, session, worth, n)
    return n


@inner
def _wish_arcs(u, w, bit, free, left, full, held, price, t, unit, session, worth, n):  # type: ignore[no-untyped-def]
    done, rest = 0, NEVER
    for e in range(t.offer_ptr[t.wish_offer[w]], t.offer_ptr[t.wish_offer[w] + 1]):
        mask = t.edge_mask[e]
        if mask & bit and not mask & ~free:
            if mask != done:
                rest, done = _rest(u, left - t.bits[mask], full, free & ~mask, held, price, t), mask
            if rest > NEVER:
                unit[n], session[n] = u, t.edge_session[e]
                worth[n] = rest + t.wish_points[w] * SCALE * t.bits[mask]
                n += 1
    return n


@inner
def _open_arcs(u, bit, free, left, full, named, held, price, t, unit, session, worth, n):  # type: ignore[no-untyped-def]
    k = t.kind[u]
    for o in range(t.option_ptr[k], t.option_ptr[k + 1]):
        mask, each = t.option_mask[o], t.option_list[o]
        if not mask & bit or mask & ~free:
            continue
        rest = _rest(u, left - t.bits[mask], full, free & ~mask, held, price, t)
        if rest <= NEVER:
            continue
        if not named:
            unit[n], session[n], worth[n] = u, FILLS - each, rest
            n += 1
            continue
        for i in range(t.open_ptr[each], t.open_ptr[each + 1]):
            s = t.open_session[i]
            if not among(t.project[s], held) and not wished(
                t.project[s], t.wish_ptr[u], t.wish_ptr[u + 1], t.wish_project
            ):
                unit[n], session[n], worth[n] = u, s, rest
                n += 1
    return n


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


@compiled
def take_free(t, units, minimum, load, seat):  # type: ignore[no-untyped-def]
    """Move ``units``, in their order and again until none gains, to free seats of wishes worth more than theirs."""
    moved = True
    while moved:
        moved = False
        for u in units:
            for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
                for e in range(t.offer_ptr[t.wish_offer[w]], t.offer_ptr[t.wish_offer[w] + 1]):
                    s = t.edge_session[e]
                    if t.bits[t.edge_mask[e]] == 1 and max(minimum[s] - 1, 0) <= load[s] < t.capacity[s]:
                        j = _gives_up(t, u, w, t.edge_mask[e], minimum, load, seat)
                        if j >= 0:
                            if seat[j] >= 0:
                                load[seat[j]] -= 1
                                seat[j] = AWAY
                            load[s] += 1
                            _take(t, -1, np.array([u]), np.array([s]), seat)
                            moved = True


@inner
def _gives_up(t, u, w, mask, minimum, load, seat):  # type: ignore[no-untyped-def]
    """The half-day of ``u`` whose seat goes when wish ``w`` is met in ``mask``; -1 where that would be no gain."""
    first = t.slot_ptr[u]
    here, filled = first, 0
    for j in range(first, t.slot_ptr[u + 1]):
        if mask == 1 << (j - first):
            here = j
        if seat[j] >= 0:
            filled += 1
            if t.project[seat[j]] == t.wish_project[w]:
                return -1
    if seat[here] < 0 and filled < t.need[u]:
        return here
    worst, least = -1, t.wish_points[w]
    for j in range(first, t.slot_ptr[u + 1]):
        s = seat[j]
        if s >= 0 and (seat[here] < 0 or j == here) and (load[s] == 1 or load[s] > minimum[s]):
            points = _points(t, u, s)
            if points < least and (t.session_slots.shape[1] == 1 or t.session_slots[s, 1] < 0):
                worst, least = j, points
    return worst


@inner
def _points(t, u, s):  # type: ignore[no-untyped-def]
    """What session ``s`` is worth to ``u``, per half-day."""
    for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
        if t.wish_project[w] == t.project[s]:
            return t.wish_points[w]
    return 0


@compiled
def _take(t, slot, units, sessions, seat):  # type: ignore[no-untyped-def]
    for i in range(len(units)):
        u, s = units[i], sessions[i]
        for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
            if s == AWAY and t.slots[j] == slot:
                seat[j] = AWAY
            elif s >= 0 and among(t.slots[j], t.session_slots[s]):
                seat[j] = s


class HalfDays:
    """Solves half-days into ``seat``, the session of each unit's half-days (OPEN, AWAY or a session).

    Where it does not matter which free session fills a half-day, the flow decides how many go where and the units are
    told apart afterwards; ``named`` tells them apart at once, which is slower and finds a way where that does not.
    """

    def __init__(self, a: Arrays, t: Tables, price: Ints, *, full: bool, named: bool = False) -> None:
        self.t, self.price, self.full = t, price, full
        self.seat = np.full(len(t.slots), OPEN, dtype=np.int64)
        self.lottery = a.lottery
        self._limits = Limits(a)
        self._named = self._limits.units | (t.width > 1) | named
        self._unit_of = np.repeat(np.arange(len(t.need)), np.diff(t.slot_ptr))

    def solve(self, slot: int) -> None:
        """Seat everyone undecided in ``slot``: wide units first, one by one, then all others at once."""
        arcs = self._arcs(slot)
        wide = set(arcs.unit[self.t.width[arcs.unit] > 1].tolist())
        for u in sorted(wide, key=lambda u: int(self.lottery[u])):
            self._seat_wide(slot, u)
        if wide:
            arcs = self._arcs(slot)
        self._seat_all(slot, arcs, arcs.worth)

    def redraw(self, slot: int) -> bool:
        """Among seatings of ``slot`` with as many points, take one that favours early lottery numbers.

        False, with nothing changed, where fillers could not be told apart.
        """
        before = self.seat.copy()
        reopen(self.t, self.seat, np.array([slot]))
        sits = np.zeros(len(self.t.need), dtype=np.bool_)
        sits[self._unit_of[(before >= 0) & (self.seat == OPEN)]] = True
        self.seat[(before == AWAY) & (self.seat == OPEN)] = AWAY
        arcs = self._arcs(slot)
        arcs = arcs.where(sits[arcs.unit] & (arcs.session != AWAY))
        if arcs.count:
            n = len(self.lottery)
            points, early = arcs.worth % SHORT // SCALE, (n - self.lottery[arcs.unit]) * 1024 // n
            share = int(points.max()) * 1024 * len(np.unique(arcs.unit)) + 1  # no draw outweighs one point
            self._seat_all(slot, arcs, points * share + points * early)
        missing = self.seat == OPEN
        settled = not missing.any() or not sits[self._unit_of[missing]].any()
        self.seat = np.where(missing, before, self.seat) if settled else before
        return settled

    def _arcs(self, slot: int) -> Arcs:
        arcs = Arcs.of(self.t, slot, self.seat, self.price, self.full, self._named)
        return arcs if self._limits.none else arcs.where(self._limits.allowed(arcs, self.seat, self.t))

    def _seat_all(self, slot: int, arcs: Arcs, worth: Ints) -> None:
        keep = np.ones(arcs.count, dtype=np.bool_)
        units = len(np.unique(arcs.unit))
        while units and len(np.unique(arcs.unit[keep])) == units:
            index = np.flatnonzero(keep)
            found = self._flow(arcs.where(keep), worth[keep])
            if found is None:
                return
            taken = index[found.taken]
            if not len(barred := self._limits.too_close(arcs, taken)):
                self._take(slot, arcs.unit[taken], arcs.session[taken], found)
                return
            keep[barred] = False

    def _take(self, slot: int, units: Ints, sessions: Ints, found: Flow) -> None:
        named = sessions >= AWAY
        _take(self.t, slot, units[named], sessions[named], self.seat)
        for each in np.unique(sessions[~named]):
            filling = units[sessions == each]
            filling = filling[np.argsort(self.lottery[filling])]
            mine = found.fill_list == each
            chosen = np.zeros(len(filling), dtype=np.int64)
            _settle(filling, found.fill_session[mine], found.fill_seats[mine], self.t, self.seat, chosen)
            _take(self.t, slot, filling[chosen >= 0], chosen[chosen >= 0], self.seat)

    def _seat_wide(self, slot: int, u: int) -> None:
        arcs = self._arcs(slot)
        left = self.t.capacity - loads(self.t, self.seat)
        arcs = arcs.where(arcs.unit == u)
        arcs = arcs.where((arcs.session < 0) | (left[arcs.session] >= self.t.width[u]))
        cost = np.where(arcs.session >= 0, self.price[arcs.session] * self.t.width[u], 0)
        best = int((arcs.worth - cost).argmax())
        _take(self.t, slot, arcs.unit[best : best + 1], arcs.session[best : best + 1], self.seat)

    def _flow(self, arcs: Arcs, worth: Ints) -> Flow | None:
        """The best flow; None where not every unit can have an arc. Nodes: units, lists, sessions, the sink."""
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

        units, tail = np.unique(arcs.unit, return_inverse=True)
        sits, fills = arcs.session >= 0, arcs.session <= FILLS
        lists = np.unique(arcs.session[fills])
        fill_list, fill_session = self._fills(lists)
        sessions, index = np.unique(np.concatenate([arcs.session[sits], fill_session]), return_inverse=True)
        first = len(units) + len(lists)
        sink = first + len(sessions)
        head = np.full(arcs.count, sink)
        head[sits] = first + index[: int(sits.sum())]
        head[fills] = len(units) + np.searchsorted(lists, arcs.session[fills])
        left = np.maximum(self.t.capacity - loads(self.t, self.seat), 0)
        flow = SimpleMinCostFlow()
        add = flow.add_arcs_with_capacity_and_unit_cost
        best = np.full(len(units), NEVER)
        np.maximum.at(best, tail, worth)
        made = add(tail, head, np.ones(arcs.count, dtype=np.int64), best[tail] - worth)
        nothing = np.zeros(len(fill_session), dtype=np.int64)
        filled = add(
            len(units) + np.searchsorted(lists, fill_list),
            first + index[int(sits.sum()) :],
            left[fill_session],
            nothing,
        )
        add(np.arange(first, sink), np.full(len(sessions), sink), left[sessions], np.zeros(len(sessions), np.int64))
        supply = np.zeros(sink + 1, dtype=np.int64)
        supply[: len(units)], supply[sink] = 1, -len(units)
        flow.set_nodes_supplies(np.arange(sink + 1), supply)
        status = flow.solve()
        if status not in (flow.OPTIMAL, flow.INFEASIBLE):
            raise RuntimeError(f"min-cost flow: {status}")
        if status == flow.INFEASIBLE:
            return None
        return Flow(np.flatnonzero(flow.flows(made)), fill_list, fill_session, np.asarray(flow.flows(filled)))

    def _fills(self, lists: Ints) -> tuple[Ints, Ints]:
        """(list, session) of every session of the lists, in order."""
        found = [np.sort(self.t.open_session[slice(*self.t.open_ptr[k : k + 2])]) for k in (FILLS - lists).tolist()]
        sizes = [len(each) for each in found]
        return np.repeat(lists, sizes), np.concatenate([*found, np.zeros(0, dtype=np.int64)])


@dataclass(frozen=True, slots=True)
class Flow:
    """``taken`` arcs, one a unit; ``fill_seats`` of ``fill_session`` go to those who fill from ``fill_list``."""

    taken: Ints
    fill_list: Ints
    fill_session: Ints
    fill_seats: Ints
