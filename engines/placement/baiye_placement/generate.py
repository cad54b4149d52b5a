"""Invented problems of a district's shape and size, for benches, tests and first steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from baiye_placement.open_shape import open_problem
from baiye_placement.plan_shape import plan_problem
from baiye_placement.problem import Policy, Problem
from baiye_placement.trips_shape import trips_problem


def generate(*, pupils: int = 6000, seed: int = 0, shape: str = "open", policy: str = "points") -> Problem:
    """A problem of ``shape`` ``"open"`` (any venue on each half-day), ``"single"``, ``"trips"`` or ``"plan"``.

    ``"single"`` is ``"open"`` where each pupil needs one half-day; ``"trips"`` has one venue a day and class;
    in ``"plan"`` that is still to be chosen.
    """
    rng = np.random.default_rng([seed, pupils])
    make: dict[str, Callable[[np.random.Generator, int, Policy, bytes], Problem]] = {
        "open": open_problem,
        "single": partial(open_problem, single=True),
        "trips": trips_problem,
        "plan": plan_problem,
    }
    return make[shape](rng, pupils, Policy(policy), f"generated {seed}".encode())
