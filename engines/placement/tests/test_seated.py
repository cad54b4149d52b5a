"""Seats in the making: what is counted of one half-day, and free seats given away."""

from __future__ import annotations

import numpy as np
import pytest
from baiye_placement import Problem, Pupil, Session
from baiye_placement.arrays import compile_arrays
from baiye_placement.generate import generate
from baiye_placement.seated import AWAY, Places, loads, loads_at, take_free, totals
from baiye_placement.tables import tables
from baiye_placement.team import Team

SESSIONS = (Session("s0", "baking", "v", 1, 1), Session("s1", "drones", "v", 1, 1), Session("s2", "coffee", "v", 1, 3))


def one_half_day(*wishes: tuple[str, ...]) -> Problem:
    """Pupils ``p0``, ``p1`` … who need the same half-day."""
    pupils = tuple(Pupil(f"p{i}", "7A", mine, 1) for i, mine in enumerate(wishes))
    return Problem(SESSIONS, pupils, {"7A": (1,)}, (100, 80))


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("order", "seats"), [([0, 1, 2], [0, 1, 2]), ([1, 0, 2], [1, 0, 2]), ([2, 1, 0], [1, 0, 2])])
def test_take_free_gives_a_seat_to_the_first_who_gains_and_what_is_left_to_the_next(
    threads: int, order: list[int], seats: list[int]
):
    a = compile_arrays(one_half_day(("baking", "drones"), ("baking", "drones"), ("coffee",)))
    t, seat = tables(a), np.array([2, 2, 2])

    take_free(t, np.array(order), np.zeros(3, dtype=np.int64), seat, Team(threads))

    assert seat.tolist() == seats


def test_take_free_leaves_a_group_at_its_minimum():
    a = compile_arrays(one_half_day(("baking",), ("coffee",)))
    seat = np.array([2, 2])

    take_free(tables(a), np.array([0, 1]), np.array([0, 0, 2]), seat)

    assert seat.tolist() == [2, 2]


def test_take_free_fills_a_half_day_that_is_empty():
    a = compile_arrays(one_half_day(("drones",)))
    seat = np.array([AWAY])

    take_free(tables(a), np.array([0]), np.zeros(3, dtype=np.int64), seat)

    assert seat.tolist() == [1]


def test_what_is_counted_of_each_half_day_adds_up():
    a = compile_arrays(generate(pupils=120, seed=2))
    t, rng = tables(a), np.random.default_rng(1)
    seat = np.where(rng.random(len(t.slots)) < 0.8, AWAY, 0)
    for k, slot in enumerate(t.slots.tolist()):
        if seat[k] != AWAY:
            seat[k] = rng.choice(np.flatnonzero(t.session_slots[:, 0] == slot))
    places = Places(t, a.slot_count)

    found = sum(loads_at(t, seat, *places.of(slot)) for slot in range(a.slot_count))

    assert found.tolist() == loads(t, seat).tolist()
    units = np.arange(len(t.need))
    parts = [totals(t, seat, units=half) for half in (units[::2], units[1::2])]
    assert tuple(np.sum(parts, axis=0).tolist()) == totals(t, seat, Team(2))
