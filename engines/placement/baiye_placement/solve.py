"""From a problem to a placement: arrays, the policy's levels, the lottery, the certificate."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from baiye_placement import dual
from baiye_placement.case import Case, Outcome
from baiye_placement.clock import Clock, Progress, never, silent
from baiye_placement.closures import closures
from baiye_placement.given import Given
from baiye_placement.placement import Certificate, Placement
from baiye_placement.policies import decide
from baiye_placement.problem import POLICIES, Policy, Problem, Pupil, Session
from baiye_placement.team import Team
from baiye_placement.trips.plan import planned
from baiye_placement.version import VERSION


def place(
    problem: Problem,
    *,
    time_budget_s: float = 60.0,
    gap_target: float = 0.0005,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    seed: str | None = None,
    threads: int = 1,
) -> Placement:
    """The best placement found within the budgets, with its certificate.

    Where trips are only offered they are chosen first (``plan_trips`` tells more of them); the certificate is then for
    the problem with the trips chosen.

    Parameters
    ----------
    time_budget_s
        When it is over, the best so far is returned, marked ``cut_short``; a run that ends before is repeatable.
        Compiling, which only the first run on a machine needs, is not counted.
    gap_target
        Proved distance from the optimum at which the search ends.
    progress
        Called with the stage (``prices``, ``seats``, ``improve``, ``lottery``) and how much of all is done (0 to 1).
    stop
        Asked often; once it says True the best so far is returned, as when the time is over.
    seed
        Draws the lottery in place of the problem's own seed; the certificate says so.
    threads
        Of the same work, with the same result.
    """
    _compile()
    clock = Clock(time.monotonic() + time_budget_s, progress or silent, stop or never, Team(threads))
    if seed is not None:
        problem = replace(problem, seed=seed.encode())
    case = Case(planned(problem, clock), gap_target, clock)
    return placement_of(case, decide(case), seed_given=seed is not None)


@cache
def _compile() -> None:
    """Place three pupils, so that compiling, or loading what was compiled, is on no one's time budget."""
    sessions = (Session("a", "a", "v", 1, 2), Session("b", "b", "v", 2, 1), Session("c", "c", "v", 1, 1))
    pupils = (Pupil("p", "g", ("a", "b"), 2), Pupil("q", "g", (), 2), Pupil("r", "g", ("a",), 1))
    clock = Clock(time.monotonic() + 3600)
    for policy in POLICIES:
        decide(Case(Problem(sessions, pupils, {"g": (1, 2)}, (2, 1), Policy(policy)), 1.0, clock))


def placement_of(case: Case, outcome: Outcome, *, seed_given: bool) -> Placement:
    """The seats of ``outcome`` with their figures and certificate."""
    problem, a = case.problem, case.arrays
    given = Given.of(a, outcome.seat)
    certificate = Certificate(
        problem_sha256=case.problem_sha256,
        seats_sha256=given.sha256(a),
        policy=problem.policy.name,
        seed=problem.seed.decode(),
        seed_given=seed_given,
        scale=dual.SCALE,
        levels=outcome.levels,
        solver=f"baiye_placement {VERSION}",
        versions=dict(_versions()),
        cut_short=case.clock.cut_short,
    )
    points, vector = given.points(a, case.points), given.rank_vector(len(case.points))
    closed = closures(problem, _held(case, outcome))
    return Placement(given.seats(a), given.ranks(a), points, vector, _unfilled(case, given), certificate, closed)


def _held(case: Case, outcome: Outcome) -> set[str]:
    """Sessions in which somebody sits."""
    names = case.arrays.session_ids
    return {names[s] for s in np.unique(outcome.seat[outcome.seat >= 0]).tolist()} | {
        k.session for k in case.problem.locks
    }


def _unfilled(case: Case, given: Given) -> dict[str, str]:
    """Why pupils have fewer half-days than they need, by id."""
    problem, a, found = case.problem, case.arrays, {}
    for p in given.lacking(a):
        u = int(a.people.unit[p])
        locked = sum(len(problem.session_by_id[a.session_ids[s]].slots) for s in a.locked[u])
        alone = int(case.tables.need[u]) + locked
        found[a.people.ids[p]] = "half_days" if alone < a.people.need[p] else "seats"
    return found


@cache
def _versions() -> dict[str, str]:
    found = {"python": ".".join(str(n) for n in sys.version_info[:3])}
    for name in ("numpy", "numba", "highspy", "ortools"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a library that was put there without its metadata
            found[name] = "unknown"
    return found
