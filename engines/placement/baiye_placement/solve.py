"""From a problem to a placement: prices, half-days one after another, improvement, certificate."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import dual, exact, flow
from baiye_placement.arrays import compile_arrays
from baiye_placement.bundles import tables
from baiye_placement.files import problem_sha256
from baiye_placement.placement import Certificate, Level, Placement, seats_sha256
from baiye_placement.problem import Problem, Pupil, Session
from baiye_placement.seats import Seats
from baiye_placement.version import VERSION

if TYPE_CHECKING:
    from baiye_placement.dual import PriceSearch

SWEEPS = 120  # work budget of the prices, first
MORE_SWEEPS = 60  # … and each time the gap is still too large
ATTEMPTS = 6  # work budget of the improvement: so often are seats built anew
MENDING = (3, 6)  # attempts after which the best seats are mended, half-day by half-day
SMALL = 4000  # columns up to which the integer programme is asked as well

STAGES = {"prices": (0.0, 0.5), "seats": (0.5, 0.8), "improve": (0.8, 0.95), "lottery": (0.95, 1.0)}

Progress = Callable[[str, float], None]


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
    clock = _Clock(time.monotonic() + time_budget_s, progress or _silent, stop or _never)
    if seed is not None:
        problem = replace(problem, seed=seed.encode())
    return _Solver(problem, gap_target, clock, seed_given=seed is not None).place()


@cache
def _compile() -> None:
    """Place three pupils, so that compiling, or loading what was compiled, is on no one's time budget."""
    sessions = (Session("a", "a", "v", 1, 2), Session("b", "b", "v", 2, 1), Session("c", "c", "v", 1, 1))
    pupils = (Pupil("p", "g", ("a", "b"), 2), Pupil("q", "g", (), 2), Pupil("r", "g", ("a",), 1))
    clock = _Clock(time.monotonic() + 3600, _silent, _never)
    _Solver(Problem(sessions, pupils, {"g": (1, 2)}, (2, 1)), 1.0, clock, seed_given=False).place()


def _silent(stage: str, done: float) -> None:
    """No progress is shown."""


def _never() -> bool:
    return False


@dataclass(slots=True)
class _Clock:
    ends_at: float
    shows: Progress
    stop: Callable[[], bool]
    cut_short: bool = False
    shown: float = 0.0

    def progress(self, stage: str, done: float) -> None:
        """Tell that ``done`` of ``stage`` is done; what is told never goes back."""
        begins, ends = STAGES[stage]
        self.shown = max(self.shown, begins + (ends - begins) * min(done, 1.0))
        self.shows(stage, self.shown)

    @property
    def over(self) -> bool:
        """Whether to end now; asking it when there was more to do marks the run as cut short."""
        self.cut_short = self.cut_short or time.monotonic() > self.ends_at or self.stop()
        return self.cut_short

    @property
    def left(self) -> float:
        return max(0.0, self.ends_at - time.monotonic())


class _Solver:
    def __init__(self, problem: Problem, gap_target: float, clock: _Clock, *, seed_given: bool) -> None:
        self.problem, self.gap_target, self.clock, self.seed_given = problem, gap_target, clock, seed_given
        self.arrays = a = compile_arrays(problem)
        t = tables(a)
        self.t = t._replace(need=dual.own_most(t))
        self.most = int((self.t.need * self.t.width).sum())
        minimum = np.array([problem.session_by_id[s].minimum for s in a.session_ids], dtype=np.int64)
        minimum[sorted({s for held in a.locked for s in held})] = 0
        self.seats = Seats(a, self.t, minimum, lambda: clock.over)
        self.hours = dual.PriceSearch(self.t, dual.HALF_DAYS, step=1.0)
        self.search = dual.PriceSearch(self.t, dual.POINTS_WHEN_FULL, step=0.8 * problem.points[0])
        self.asked = False
        self.ranks = {p.id: dict(zip(p.wishes, p.wish_ranks, strict=True)) for p in problem.pupils}
        locked = [(problem.pupil_by_id[k.pupil], problem.session_by_id[k.session]) for k in problem.locks]
        self.locked_half_days = sum(len(session.slots) for _, session in locked)
        self.locked_points = sum(self._points(pupil, session) for pupil, session in locked)

    def place(self) -> Placement:
        self._sweep(self.search, SWEEPS)
        self._seat(full=True)
        if self._filled < self.most:
            self._ask_exactly()
        if self._filled < self.most:
            self._settle_for_less()
        self._improve()
        self._draw()
        return self._placement()

    def _draw(self) -> None:
        for slot in range(self.arrays.slot_count):
            self.clock.progress("lottery", slot / self.arrays.slot_count)
            self.seats.redraw(slot)
        self.seats.take_what_is_free()
        self.clock.progress("lottery", 1.0)

    @property
    def _filled(self) -> int:
        return self.seats.score[1]

    def _sweep(self, search: PriceSearch, sweeps: int) -> None:
        if self.arrays.unit_count == 0 or self.clock.over:
            return
        for done in search.run(sweeps):
            self.clock.progress("prices", done / sweeps)
            if self.clock.over:
                break

    def _seat(self, *, full: bool, attempt: int = 0) -> None:
        """Build seats anew, and keep them if they are better than those there were."""
        kept, closed = self.seats.seat, self.seats.closed.copy()
        before = self.seats.score
        for done in self.seats.build(self.search.best, full=full, attempt=attempt):
            self.clock.progress("seats", done)
        self.seats.fill()
        self.seats.close_undersized()
        if self.seats.score < before:
            self.seats.go_back_to(kept, closed)

    def _settle_for_less(self) -> None:
        """Not every half-day can be filled, or not by us: bound how many can, and go on without asking for all."""
        if self.arrays.unit_count:
            self.hours = dual.PriceSearch(self.t, dual.HALF_DAYS, step=1.0)
            self._sweep(self.hours, SWEEPS)
            for share in (4, 2, 1):  # the dual of half-days has a solution of zeros and ones: round towards one
                self.hours.consider(np.where(self.hours.price * 4 >= share * dual.FINE, dual.SCALE, 0))
        self.search = dual.PriceSearch(
            self.t, dual.Goal(weight=1, hour=0, full=False), step=0.8 * self.problem.points[0]
        )
        self._sweep(self.search, SWEEPS)
        self._seat(full=False)

    def _improve(self) -> None:
        """Until it is good enough or the work budget is spent: better prices, new seats, and mending them."""
        full = self.search.goal.full
        for attempt in range(1, ATTEMPTS + 1):
            if self._is_good_enough() or self.arrays.unit_count == 0 or self.clock.over:
                return
            self.clock.progress("improve", attempt / ATTEMPTS)
            self._ask_exactly()
            if not self._is_good_enough() and not self.clock.over:
                self._seat(full=full, attempt=attempt)
            if not self._is_good_enough():
                self._sweep(self.search, MORE_SWEEPS)
            if not self._is_good_enough() and attempt in MENDING:
                self.seats.improve(self.search.best)

    def _ask_exactly(self) -> None:
        if exact.column_count(self.t) <= SMALL and not self.asked:
            self.asked = True
            best = exact.solve_exactly(self.arrays, self.t, self.seats.minimum, self.clock.left)
            if best is not None and self.seats.adopt(best):
                self.seats.go_back_to(best, np.zeros_like(self.seats.closed))

    def _is_good_enough(self) -> bool:
        """Whether half-days are proved and the proved gap of the points is within the target."""
        minus_undersized, filled, points = self.seats.score
        bound = self.search.bound // dual.SCALE + self.locked_points
        return (
            minus_undersized == 0
            and filled >= self.hours.bound // dual.SCALE
            and bound - points - self.locked_points <= self.gap_target * bound
        )

    def _points(self, pupil: Pupil, session: Session) -> int:
        rank = self.ranks[pupil.id].get(session.project)
        return self.problem.points[rank - 1] * pupil.multiplier * len(session.slots) if rank else 0

    def _placement(self) -> Placement:
        seats, ranks, unfilled = {}, {}, {}
        vector = [0] * (len(self.problem.points) + 1)
        a, t = self.arrays, self.t
        for u, members in enumerate(a.members):
            held = {*a.locked[u], *(s for s in self.seats.seat[t.slot_ptr[u] : t.slot_ptr[u + 1]].tolist() if s >= 0)}
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
        points = flow.totals(t, self.seats.seat)[1] + self.locked_points
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
        filled = self._filled
        levels = (
            self._level("half_days", filled + self.locked_half_days, self.hours, self.locked_half_days),
            self._level("points", points, self.search, self.locked_points),
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
