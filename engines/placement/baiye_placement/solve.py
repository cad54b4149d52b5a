"""From a problem to a placement: arrays, the policy's levels, the lottery, the certificate."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import dual, flow
from baiye_placement.arrays import compile_arrays
from baiye_placement.clock import Clock, Progress, never, silent
from baiye_placement.files import problem_sha256
from baiye_placement.optimise import Optimiser
from baiye_placement.placement import Certificate, Level, Placement, seats_sha256
from baiye_placement.problem import Problem, Pupil, Session
from baiye_placement.version import VERSION

if TYPE_CHECKING:
    from baiye_placement.dual import PriceSearch


def place(
    problem: Problem,
    *,
    time_budget_s: float = 60.0,
    gap_target: float = 0.0005,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    seed: str | None = None,
) -> Placement:
    """The best placement found within the budgets, with its certificate.

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
    """
    _compile()
    clock = Clock(time.monotonic() + time_budget_s, progress or silent, stop or never)
    if seed is not None:
        problem = replace(problem, seed=seed.encode())
    return _Solver(problem, gap_target, clock, seed_given=seed is not None).place()


@cache
def _compile() -> None:
    """Place three pupils, so that compiling, or loading what was compiled, is on no one's time budget."""
    sessions = (Session("a", "a", "v", 1, 2), Session("b", "b", "v", 2, 1), Session("c", "c", "v", 1, 1))
    pupils = (Pupil("p", "g", ("a", "b"), 2), Pupil("q", "g", (), 2), Pupil("r", "g", ("a",), 1))
    clock = Clock(time.monotonic() + 3600)
    _Solver(Problem(sessions, pupils, {"g": (1, 2)}, (2, 1)), 1.0, clock, seed_given=False).place()


class _Solver:
    def __init__(self, problem: Problem, gap_target: float, clock: Clock, *, seed_given: bool) -> None:
        self.problem, self.clock, self.seed_given = problem, clock, seed_given
        self.arrays = a = compile_arrays(problem)
        self.ranks = {p.id: dict(zip(p.wishes, p.wish_ranks, strict=True)) for p in problem.pupils}
        locked = [(problem.pupil_by_id[k.pupil], problem.session_by_id[k.session]) for k in problem.locks]
        self.locked_half_days = sum(len(session.slots) for _, session in locked)
        self.locked_points = sum(self._points(pupil, session) for pupil, session in locked)
        minimum = np.array([problem.session_by_id[s].minimum for s in a.session_ids], dtype=np.int64)
        minimum[sorted({s for held in a.locked for s in held})] = 0
        self.best = Optimiser(a, minimum, problem.points[0], self.locked_points, gap_target, clock)

    def place(self) -> Placement:
        self.best.run()
        self.best.draw()
        return self._placement()

    def _points(self, pupil: Pupil, session: Session) -> int:
        rank = self.ranks[pupil.id].get(session.project)
        return self.problem.points[rank - 1] * pupil.multiplier * len(session.slots) if rank else 0

    def _placement(self) -> Placement:
        seats, ranks, unfilled = {}, {}, {}
        vector = [0] * (len(self.problem.points) + 1)
        a, t = self.arrays, self.best.t
        for u, members in enumerate(a.members):
            mine = self.best.seats.seat[t.slot_ptr[u] : t.slot_ptr[u + 1]].tolist()
            held = {*a.locked[u], *(s for s in mine if s >= 0)}
            sessions = sorted(
                (self.problem.session_by_id[a.session_ids[s]] for s in held), key=lambda s: (min(s.slots), s.id)
            )
            own = int(t.need[u]) + sum(len(self.problem.session_by_id[a.session_ids[s]].slots) for s in a.locked[u])
            for name in members:
                seats[name] = tuple(s.id for s in sessions)
                ranks[name] = tuple(self.ranks[name].get(s.project, 0) for s in sessions)
                for session, rank in zip(sessions, ranks[name], strict=True):
                    vector[rank] += len(session.slots)
                need = self.problem.pupil_by_id[name].need
                if sum(len(s.slots) for s in sessions) < need:
                    unfilled[name] = "half_days" if own < need else "seats"
        points = flow.totals(t, self.best.seats.seat)[1] + self.locked_points
        seats, ranks = dict(sorted(seats.items())), dict(sorted(ranks.items()))
        return Placement(
            seats,
            ranks,
            points,
            tuple(vector),
            dict(sorted(unfilled.items())),
            self._certificate(points, seats_sha256(seats, ranks)),
        )

    def _certificate(self, points: int, seats_hash: str) -> Certificate:
        filled = self.best.filled
        levels = (
            self._level("half_days", filled + self.locked_half_days, self.best.hours, self.locked_half_days),
            self._level("points", points, self.best.search, self.locked_points),
        )
        return Certificate(
            problem_sha256=problem_sha256(self.problem),
            seats_sha256=seats_hash,
            policy=self.problem.policy.name,
            seed=self.problem.seed.decode(),
            seed_given=self.seed_given,
            scale=dual.SCALE,
            levels=levels,
            solver=f"baiye_placement {VERSION}",
            versions=_versions(),
            cut_short=self.clock.cut_short,
        )

    def _level(self, name: str, value: int, search: PriceSearch, locked: int) -> Level:
        total = search.bound + locked * dual.SCALE
        prices = {self.arrays.session_ids[s]: int(search.best[s]) for s in np.flatnonzero(search.best)}
        return Level(name, value, total // dual.SCALE, total, search.goal.full, prices)


def _versions() -> dict[str, str]:
    found = {"python": ".".join(str(n) for n in sys.version_info[:3])}
    for name in ("numpy", "numba", "highspy", "ortools"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a library that was put there without its metadata
            found[name] = "unknown"
    return found
