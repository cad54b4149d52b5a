"""Half-days solved again under claims: each as an exact flow in which what a claim still lacks counts first.

With all other half-days held, a seat is worth its points plus FIRST times what it adds to an unmet claim. So no
half-day solved again makes the sum of what is lacking larger, and where nothing is lacking, points can only rise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baiye_placement.arrays import Ints
    from baiye_placement.case import Case
    from baiye_placement.claims import Claims
    from baiye_placement.seats import Seats
    from baiye_placement.tables import Tables

FIRST = 1 << 10  # what a point counts that meets a claim, beside one that does not


def again(case: Case, seats: Seats, claims: Claims, claim: Ints, slots: Iterable[int]) -> bool:
    """Solve each of ``slots`` again, the rest held; whether any of them became better."""
    t, better = seats.t, False
    unit_of_wish = np.repeat(np.arange(len(t.need)), np.diff(t.wish_ptr))
    for slot in slots:
        if case.clock.over:
            break
        lacking = np.maximum(claim - _points_beside(t, claims, seats.seat, slot), 0)
        first = np.minimum(claims.plain, lacking[unit_of_wish])
        seats.t = t._replace(wish_points=case.arrays.wish_points + FIRST * first)
        seats.seat = seats.seat.copy()  # so that its score by other points is forgotten
        better = seats.again([slot]) or better
    seats.t, seats.seat = t, seats.seat.copy()
    return better


def slots_of(t: Tables, units: Iterable[int]) -> list[int]:
    """The half-days of these units."""
    return sorted({slot for u in units for slot in t.slots[t.slot_ptr[u] : t.slot_ptr[u + 1]].tolist()})


def _points_beside(t: Tables, claims: Claims, seat: Ints, slot: int) -> Ints:
    """Points of each unit in all half-days but ``slot``."""
    return claims.points(t, np.where(t.slots == slot, -1, seat))
