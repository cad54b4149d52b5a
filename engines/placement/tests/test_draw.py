"""The lottery among seatings of a half-day that are equal in points."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from baiye_placement.arcs import Arcs
from baiye_placement.arrays import compile_arrays
from baiye_placement.clock import Clock
from baiye_placement.generate import generate
from baiye_placement.half_day_flow import HalfDays
from baiye_placement.optimise import Optimiser
from baiye_placement.seated import Places
from numpy.typing import NDArray


class AllArcs(HalfDays):
    """Draws among all who could sit anywhere."""

    def _can_be_best(self, slot: int, arcs: Arcs, held: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.ones(arcs.count, dtype=np.bool_)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 4])
def test_redraw_among_arcs_that_can_be_best_favours_early_numbers_as_much_as_among_all(seed: int):
    a = compile_arrays(generate(pupils=500, seed=seed))
    best = Optimiser(a, np.zeros(len(a.capacity), dtype=np.int64), 100, 0, 0.002, Clock(inf))
    best.run()
    t, price, seat = best.t, best.search.best, best.seats.seat
    places = Places(t, a.slot_count)

    def redrawn(kind: type[HalfDays], slot: int) -> tuple[int, int]:
        """(points, points weighed by how early their pupils were drawn) after the lottery of one half-day."""
        days = kind(a, t, places, price, np.zeros_like(a.capacity), full=True, named=True)
        days.seat = seat.copy()
        assert days.redraw(slot)
        n = len(t.need)
        worth = [
            (int(t.wish_points[w]), int(n - a.lottery[u]) * 1024 // n)
            for u in range(n)
            for s in days.seat[t.slot_ptr[u] : t.slot_ptr[u + 1]].tolist()
            for w in range(t.wish_ptr[u], t.wish_ptr[u + 1])
            if s >= 0 and t.wish_project[w] == t.project[s]
        ]
        return sum(points for points, _ in worth), sum(points * early for points, early in worth)

    assert [redrawn(HalfDays, slot) for slot in range(a.slot_count)] == [
        redrawn(AllArcs, slot) for slot in range(a.slot_count)
    ]
