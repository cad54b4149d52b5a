"""Prices that are followed beside the flow of a half-day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np
import pytest
from baiye_placement import Problem
from baiye_placement.arrays import compile_arrays
from baiye_placement.dual import POINTS_WHEN_FULL, PriceSearch, own_most
from baiye_placement.generate import generate
from baiye_placement.half_day_flow import HalfDays
from baiye_placement.open_lists import HEAD
from baiye_placement.reprice import Repricing
from baiye_placement.seated import Places
from baiye_placement.tables import Tables, tables
from baiye_placement.team import Team

T = TypeVar("T")


class SeatsFirst(Team):
    """One thread that gives the seats before it follows the prices, not after."""

    def beside(self, t: Tables, alone: Callable[[Tables], object], here: Callable[[], T]) -> T:
        found = here()
        alone(t)
        return found


def with_friends(problem: Problem) -> Problem:
    """``problem`` with the first two pupils of each class tied to each other: units of width 2."""
    first, pupils = dict[str, str](), list(problem.pupils)
    done = set[str]()
    for i, pupil in enumerate(pupils):
        if pupil.group not in first:
            first[pupil.group] = pupil.id
        elif pupil.group not in done:
            done.add(pupil.group)
            pupils[i] = replace(pupil, tied_to=first[pupil.group])
    return replace(problem, pupils=tuple(pupils))


def settled(problem: Problem, team: Team) -> tuple[list[bytes], bytes]:
    """(prices after each half-day, seats) when half-days are settled one after the other."""
    a = compile_arrays(problem)
    t = tables(a)
    t = t._replace(need=own_most(t))
    search = PriceSearch(t, POINTS_WHEN_FULL, step=80.0, team=team)
    list(search.run(4))
    prices = Repricing(t, search.best, full=True, team=team)
    days = HalfDays(a, t, Places(t, a.slot_count), search.best, np.zeros_like(a.capacity), full=True, team=team)
    told = []
    for slot in range(a.slot_count):
        days.price = prices.beside(days.seat, partial(days.seat_all, slot, days.begin(slot)))
        told.append(days.price.tobytes())
    return told, days.seat.tobytes()


@pytest.mark.slow
def test_prices_beside_a_flow_are_the_same_bytes_whatever_runs_first_and_on_whichever_threads():
    problem = with_friends(generate(pupils=6000, seed=31))
    alone = settled(problem, Team())

    others = [settled(problem, team) for team in (SeatsFirst(), *(Team(2) for _ in range(5)), Team(3), Team(4))]

    assert np.diff(compile_arrays(problem).open_ptr).max() > HEAD
    assert len(set(alone[0])) == len(alone[0]) > 1
    assert [other == alone for other in others] == [True] * 8
