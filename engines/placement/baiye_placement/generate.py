"""Invented problems of a district's shape and size, for benches, tests and first steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from baiye_placement.open_shape import open_problem
from baiye_placement.plan_shape import plan_problem
from baiye_placement.problem import Policy, Problem, Session
from baiye_placement.trips_shape import trips_problem


def generate(
    *,
    pupils: int = 6000,
    seed: int = 0,
    shape: str = "open",
    policy: str = "points",
    seats: int = 100,
    minimum: int = 0,
) -> Problem:
    """A problem of ``shape`` ``"open"`` (any venue on each half-day), ``"single"``, ``"trips"`` or ``"plan"``.

    ``"single"`` is ``"open"`` where each pupil needs one half-day; ``"trips"`` has one venue a day and class;
    in ``"plan"`` that is still to be chosen. Each session has ``seats`` per cent of what it would have, and needs
    ``minimum`` per cent of those to be held.

    Raises
    ------
    ValueError
        ``seats`` is below 1, or ``minimum`` not from 0 to 100.
    """
    if seats < 1 or not 0 <= minimum <= 100:
        raise ValueError("seats must be at least 1 per cent, and the minimum from 0 to 100 per cent of them")
    rng = np.random.default_rng([seed, pupils])
    make: dict[str, Callable[[np.random.Generator, int, Policy, bytes], Problem]] = {
        "open": open_problem,
        "single": partial(open_problem, single=True),
        "trips": trips_problem,
        "plan": plan_problem,
    }
    made = make[shape](rng, pupils, Policy(policy), f"generated {seed}".encode())
    if (seats, minimum) == (100, 0):
        return made
    return replace(made, sessions=tuple(_sized(s, seats, minimum) for s in made.sessions))


def _sized(session: Session, seats: int, minimum: int) -> Session:
    capacity = max(1, session.capacity * seats // 100)
    return replace(session, capacity=capacity, minimum=capacity * minimum // 100)
