"""A placement out of repaired seats: its figures, and a certificate with honest bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import dual, optimise, seated
from baiye_placement.case import Outcome
from baiye_placement.solve import placement_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baiye_placement.arrays import Ints
    from baiye_placement.case import Case
    from baiye_placement.placement import Certificate, Placement
    from baiye_placement.repair_ground import Ground
    from baiye_placement.repair_mend import Mended

SWEEPS = 40  # of each search of prices
BEGUN = 20  # sweeps that the old prices count for: the first step is as small as after so many


def certified(ground: Ground, mended: Mended, before: Certificate) -> Placement:
    """The mended seats as a placement of policy ``points``; its prices begin with those of ``before``."""
    case = ground.case
    t = case.tables
    seat = _seat(ground, mended)
    filled, points = seated.totals(t, seat)
    hours = dual.PriceSearch(t, dual.HALF_DAYS, step=1.0)
    full = filled == hours.bound // dual.SCALE
    if not full:
        hours.consider(_scarcity(ground, mended.scarce))
    if filled < hours.bound // dual.SCALE:  # the scarce sessions do not prove it
        _seek(hours, {}, case)
        hours.round_up()
    goal = dual.POINTS_WHEN_FULL if full else dual.Goal(weight=1, hour=0, full=False)
    search = dual.PriceSearch(t, goal, step=optimise.FIRST_STEP * ground.problem.points[0])
    _seek(search, before.prices, case)
    levels = (
        case.level("half_days", filled, hours, case.locked_half_days),
        case.level("points", points, search, case.problem.locked_points),
    )
    return placement_of(case, Outcome(seat, levels), seed_given=False)


def _seat(ground: Ground, mended: Mended) -> Ints:
    """The session of each half-day of each unit."""
    seat = np.full(len(ground.a.slots), seated.AWAY, dtype=np.int64)
    for u, held in enumerate(mended.seats):
        masks = dict(ground.kind_of(u).open) if held else {}
        for s in held:
            for b in range(masks[s].bit_length()):
                if masks[s] >> b & 1:
                    seat[ground.a.slot_ptr[u] + b] = s
    return seat


def _scarcity(ground: Ground, scarce: list[int]) -> Ints:
    """A price of 1 for each half-day in a scarce session, which bounds the half-days."""
    price = np.zeros(len(ground.capacity), dtype=np.int64)
    price[scarce] = [ground.length[s] * dual.SCALE for s in scarce]
    return price


def _seek(search: dual.PriceSearch, begin: Mapping[str, int], case: Case) -> None:
    """Prices from those of the earlier placement on; where there are none, from nothing."""
    old = np.array([begin.get(name, 0) for name in case.arrays.session_ids], dtype=np.int64)
    if not case.arrays.unit_count:
        return
    if old.any():
        search.consider(old)
        search.price = old * (dual.FINE // dual.SCALE)
        search.sweeps = BEGUN
    for _ in search.run(SWEEPS):
        pass
