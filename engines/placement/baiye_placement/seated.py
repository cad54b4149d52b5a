# mypy: disable-error-code="untyped-decorator"
"""Seats in the making: the session of each unit's half-days, one after the other in one array, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.compiling import compiled, inner, small
from baiye_placement.open_lists import among
from baiye_placement.team import ALONE, Team

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints
    from baiye_placement.tables import Tables

OPEN, AWAY = -2, -1  # a half-day not decided yet; one on which the unit stays away


class Places:
    """Where each half-day stands in an array of seats, and whose it is; in the order of units."""

    def __init__(self, t: Tables, slots: int) -> None:
        at = np.argsort(t.slots, kind="stable")
        unit = np.repeat(np.arange(len(t.need)), np.diff(t.slot_ptr))[at]
        ends = np.cumsum(np.bincount(t.slots, minlength=slots))[:-1]
        self._at, self._unit = np.split(at, ends), np.split(unit, ends)

    def of(self, slot: int) -> tuple[Ints, Ints]:
        """(places of the half-day, units to whom they belong)."""
        return self._at[slot], self._unit[slot]


def loads(t: Tables, seat: Ints) -> Ints:
    """Pupils in each session."""
    load = np.zeros(len(t.capacity), dtype=np.int64)
    _loads(t, seat, load)
    return load


def loads_at(t: Tables, seat: Ints, at: Ints, unit: Ints) -> Ints:
    """Pupils in each session that is held in the half-day with places ``at``; 0 for all others."""
    load = np.zeros(len(t.capacity), dtype=np.int64)
    _loads_at(at, unit, t.width, seat, load)
    return load


def undersized(t: Tables, seat: Ints, minimum: Ints) -> list[int]:
    """Sessions held for fewer than their minimum, emptiest first."""
    if minimum.max(initial=0) <= 1:
        return []
    load = loads(t, seat)
    few = np.flatnonzero((load > 0) & (load < minimum))
    return sorted(few.tolist(), key=lambda s: (load[s] / minimum[s], s))


def totals(t: Tables, seat: Ints, team: Team = ALONE, units: Ints | None = None) -> tuple[int, int]:
    """(half-days filled, points) of all units, or of some, both counted in pupils."""
    who = np.arange(len(t.need)) if units is None else units
    parts = team.share(t, 0, len(who), lambda _, first, last, mine: _totals(who[first:last], mine, seat))
    return sum(int(filled) for filled, _ in parts), sum(int(points) for _, points in parts)


def reopen(t: Tables, seat: Ints, slots: Ints) -> None:
    """Undecide ``slots`` for all units of width 1, sessions that last beyond them excepted."""
    chosen = np.zeros(int(max(t.slots.max(initial=0), slots.max(initial=0))) + 1, dtype=np.bool_)
    chosen[slots] = True
    _reopen(t, seat, chosen)


def close(seat: Ints) -> None:
    """Whatever is still undecided stays away."""
    seat[seat == OPEN] = AWAY


def take_free(t: Tables, units: Ints, minimum: Ints, seat: Ints, team: Team = ALONE) -> None:
    """Move ``units``, in their order and again until none gains, to free seats of wishes worth more than theirs.

    A seat that somebody leaves is given in the next round, to the first who gains by it.
    """
    load, could = loads(t, seat), np.zeros(len(t.need), dtype=np.bool_)

    def look(_: int, first: int, last: int, mine: Tables) -> None:
        _could_gain(first, last, mine, minimum, load, seat, could)

    while True:
        team.share(t, 0, len(could), look)
        if not could[units].any():
            return
        _take_better(t, units[could[units]], minimum, load, seat)


@compiled
def _loads(t, seat, load):  # type: ignore[no-untyped-def]
    for u in range(len(t.need)):
        first = t.slot_ptr[u]
        for j in range(first, t.slot_ptr[u + 1]):
            if seat[j] >= 0 and not seen(seat, first, j):
                load[seat[j]] += t.width[u]


@compiled
def _loads_at(at, unit, width, seat, load):  # type: ignore[no-untyped-def]
    for i in range(len(at)):
        if seat[at[i]] >= 0:
            load[seat[at[i]]] += width[unit[i]]


@inner
def seen(seat, first, j):  # type: ignore[no-untyped-def]
    """Whether the session of half-day ``j`` already came in an earlier half-day of the unit."""
    for i in range(first, j):  # noqa: SIM110 - compiled
        if seat[i] == seat[j]:
            return True
    return False


@compiled
def _totals(units, t, seat):  # type: ignore[no-untyped-def]
    project, ptr, wish_project, wish_points = t.project, t.wish_ptr, t.wish_project, t.wish_points
    slot_ptr, width = t.slot_ptr, t.width
    filled, points = 0, 0
    for u in units:
        for j in range(slot_ptr[u], slot_ptr[u + 1]):
            if seat[j] >= 0:
                filled += width[u]
                points += worth_of(project[seat[j]], ptr[u], ptr[u + 1], wish_project, wish_points)
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
def _could_gain(first, last, t, minimum, load, seat, could):  # type: ignore[no-untyped-def]
    """Which units would gain by a free seat."""
    for u in range(first, last):
        could[u] = _better_seat(t, u, minimum, load, seat)[0] >= 0


@compiled
def _take_better(t, units, minimum, load, seat):  # type: ignore[no-untyped-def]
    """Each of ``units`` in turn takes a free seat by which it gains, as long as there is one."""
    for u in units:
        e, j = _better_seat(t, u, minimum, load, seat)
        while e >= 0:
            if seat[j] >= 0:
                load[seat[j]] -= 1
                seat[j] = AWAY
            load[t.edge_session[e]] += 1
            sit(u, t.edge_session[e], t, seat)
            e, j = _better_seat(t, u, minimum, load, seat)


@inner
def _better_seat(t, u, minimum, load, seat):  # type: ignore[no-untyped-def]
    """(edge of the best wish with a free seat by which ``u`` gains, half-day given up for it); -1 where none is."""
    wish_offer, offer_ptr, session, mask, capacity = t.wish_offer, t.offer_ptr, t.edge_session, t.edge_mask, t.capacity
    for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
        for e in range(offer_ptr[wish_offer[w]], offer_ptr[wish_offer[w] + 1]):
            s = session[e]
            if max(minimum[s] - 1, 0) <= load[s] < capacity[s] and t.bits[mask[e]] == 1:
                j = _gives_up(t, u, w, mask[e], minimum, load, seat)
                if j >= 0:
                    return e, j
    return -1, -1


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
    return worth_of(t.project[s], t.wish_ptr[u], t.wish_ptr[u + 1], t.wish_project, t.wish_points)


@small
def worth_of(project, first, last, wish_project, wish_points):  # type: ignore[no-untyped-def]
    """Points of the project among the wishes ``first`` … ``last - 1``; 0 where it is none."""
    points = 0
    for w in range(first, last):
        if wish_project[w] == project:
            points = wish_points[w]
            break
    return points


@inner
def sit(u, s, t, seat):  # type: ignore[no-untyped-def]
    """Give ``u`` a seat in session ``s``, on every half-day of it."""
    for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
        if among(t.slots[j], t.session_slots[s]):
            seat[j] = s


@compiled
def take(t, slot, units, sessions, seat):  # type: ignore[no-untyped-def]
    """Give each of ``units`` its session in the half-day ``slot``, or AWAY."""
    slot_ptr, slots, longest = t.slot_ptr, t.slots, t.session_slots.shape[1]
    for i in range(len(units)):
        u, s = units[i], sessions[i]
        if s >= 0 and longest > 1:
            sit(u, s, t, seat)
            continue
        for j in range(slot_ptr[u], slot_ptr[u + 1]):
            if slots[j] == slot:
                seat[j] = s
