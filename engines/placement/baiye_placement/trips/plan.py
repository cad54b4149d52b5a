"""From a problem with offers to one whose trips are chosen, with a draft of the seats and a bound on both together."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.bundles import NEVER
from baiye_placement.clock import Clock, Progress, never, silent
from baiye_placement.dual import SCALE
from baiye_placement.problem import Problem, ProblemError, Pupil, Session, Trip
from baiye_placement.trips.best import worths
from baiye_placement.trips.classes import Classes, classes_of
from baiye_placement.trips.exact import best_plans, fitting_plans
from baiye_placement.trips.ground import compile_ground, with_whole
from baiye_placement.trips.prices import JointPrices
from baiye_placement.trips.search import Choice
from baiye_placement.trips.worth import MOST_TRIPS, plan_worth, space_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baiye_placement.placement import Placement
    from baiye_placement.trips.ground import Bools, Ground, Ints

SWEEPS = 30  # of the prices at a time …
ROUNDS = 5  # … and so many times, at most
STEP = 0.8  # of the largest points
PRICES, CHOICE = 0.35, 0.8  # of the time: until prices are sought, until trips are chosen; the draft has the rest
SEEDS = 3  # first choices tried before HiGHS is asked whether there is one
SMALL = 3000  # columns of a problem that is solved as a whole
SETTLING = 80  # sweeps over everything, between moves


@dataclass(frozen=True, slots=True)
class Plan:
    """Trips chosen for every class, and what is proved of them.

    Parameters
    ----------
    problem
        The problem with the chosen trips said yes to, and the classes' half-days as they follow.
    draft
        Seats for it: what shows that ``value`` can be had. Place again for seats with more time, or another seed.
    value
        Points of the draft, less what travel costs.
    prices, dual
        No choice of trips and seats in which all pupils but ``short`` are full is worth more than ``dual`` (in 1/scale)
        which the prices (in 1/scale) prove.
    short
        Pupils who lack half-days in the draft.
    """

    problem: Problem
    draft: Placement
    value: int
    dual: int
    scale: int
    prices: Mapping[str, int]
    short: tuple[str, ...]
    offers_sha256: str
    cut_short: bool

    @property
    def bound(self) -> int:
        """``dual`` in points, rounded down."""
        return self.dual // self.scale

    @property
    def gap(self) -> Fraction:
        """(bound - value) / bound: what another choice of trips and seats could add at most."""
        return Fraction(self.bound - self.value, self.bound) if self.bound > 0 else Fraction(0)


def plan_trips(
    problem: Problem,
    *,
    time_budget_s: float = 60.0,
    gap_target: float = 0.0,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """Choose trips so that pupils can have the most points; the best found within the budgets.

    Raises
    ------
    ProblemError
        Some classes cannot be given their half-days; the messages say which, and why.
    """
    from baiye_placement.files import problem_sha256  # noqa: PLC0415 - a library of its own for callers of ``planned``
    from baiye_placement.solve import place  # noqa: PLC0415 - it asks ``planned`` in its turn

    _compile()
    begun = time.monotonic()
    clock = Clock(begun + time_budget_s * CHOICE, progress or silent, stop or never)
    search = Planner(problem, clock)
    made = search.chosen(gap_target)
    left = max(begun + time_budget_s - time.monotonic(), time_budget_s * (1 - CHOICE))
    draft = place(made, time_budget_s=left, gap_target=0.001, progress=progress, stop=stop)
    short = tuple(sorted(draft.unfilled))
    dual, prices = search.proof(short)
    return Plan(
        problem=made,
        draft=draft,
        value=draft.points - travel_cost(made),
        dual=dual,
        scale=SCALE,
        prices=prices,
        short=short,
        offers_sha256=problem_sha256(problem),
        cut_short=clock.cut_short,
    )


def planned(problem: Problem, clock: Clock) -> Problem:
    """``problem`` with its open trips chosen in half of the time left; itself where none are open."""
    if all(trip.chosen for trip in problem.trips):
        return problem
    if not (classes := classes_of(problem)).open:
        made = with_plans(problem, classes, np.zeros((0, 1), dtype=np.int64))
        return problem if made.group_slots == problem.group_slots else made
    _compile()
    half = Clock(time.monotonic() + clock.left / 2, clock.shows, clock.stop)
    made = Planner(problem, half).chosen(0.0)
    clock.cut_short = clock.cut_short or half.cut_short
    return made


def travel_cost(problem: Problem) -> int:
    """Points that the chosen trips cost all pupils together."""
    pupils = Counter(pupil.group for pupil in problem.pupils)
    return sum(problem.minute_cost * t.minutes * pupils[t.group] for t in problem.trips if t.chosen)


@cache
def _compile() -> None:
    """Choose the trips of three classes, so that compiling is on no one's time budget."""
    sessions = tuple(
        Session(f"{venue}{day}{slot}", f"{venue}{slot}", venue, 2 * day + slot, 2)
        for venue in "ab"
        for day in (0, 1, 2)
        for slot in (0, 1)
    )
    pupils = tuple(Pupil(f"p{g}{i}", g, (f"a{i}", f"b{i}"), 4) for g in "xyz" for i in (0, 1))
    trips = tuple(Trip(g, (2 * d, 2 * d + 1), v, 5, chosen=False) for g in "xyz" for d in (0, 1, 2) for v in "ab")
    problem = Problem(sessions, pupils, dict.fromkeys("xyz", ()), (2, 1), trips=trips, minute_cost=1)
    Planner(problem, Clock(time.monotonic() + 3600)).choose(0.0)


class Planner:
    """One run: arrays, prices, choice."""

    def __init__(self, problem: Problem, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        self.classes = classes_of(problem)
        self.pupils = [p.id for c in self.classes.names for p in self.classes.pupils[c]]
        g = compile_ground(problem, self.classes)
        self.g = with_whole(g, self.classes, _can_be_whole(g, self.classes))
        self.step = STEP * problem.points[0]
        self.prices: JointPrices | None = None

    def chosen(self, gap_target: float) -> Problem:
        """The problem with trips chosen."""
        if not self.classes.open:
            return with_plans(self.problem, self.classes, np.zeros((0, 1), dtype=np.int64))
        plans = best_plans(self.g, SMALL, self.clock.left)
        return with_plans(self.problem, self.classes, self.choose(gap_target) if plans is None else plans)

    def proof(self, short: tuple[str, ...]) -> tuple[int, dict[str, int]]:
        """(U, prices), both in 1/SCALE, for choices in which all pupils but ``short`` are full."""
        whole = ~np.isin(self.pupils, short)
        prices = self.prices
        if prices is None or not np.array_equal(whole, self.g.whole):
            begin = None if prices is None else prices.best
            prices = JointPrices(with_whole(self.g, self.classes, whole), step=self.step)
            if begin is not None:
                prices.consider(begin)
            self._sweep(prices, time.monotonic() + self.clock.left, "prices")
        ids = sorted(s.id for s in self.problem.sessions)
        constant = self.problem.locked_points - travel_cost(self.problem)
        found = {ids[s]: int(prices.best[s]) for s in np.flatnonzero(prices.best)}
        return prices.bound + constant * SCALE, found

    def _sweep(self, prices: JointPrices, until: float, stage: str) -> None:
        for round_ in range(ROUNDS):
            before = prices.bound
            for done in prices.run(SWEEPS):
                self.clock.progress(stage, done / (SWEEPS * ROUNDS))
                if self.clock.over or time.monotonic() > until:
                    break
            if self.clock.over or time.monotonic() > until or (round_ and before - prices.bound < prices.bound >> 14):
                return

    def choose(self, gap_target: float) -> Ints:
        """Plans of all classes that keep every room, by prices and moves."""
        prices = self.prices = JointPrices(self.g, step=self.step)
        self._sweep(prices, time.monotonic() + self.clock.left * PRICES / CHOICE, "prices")
        prices.bound_at(prices.best)
        choice = self._first(prices)
        choice.settle(SETTLING)
        better = True
        while better and not self.clock.over:
            better = choice.improve()
            reached = choice.settle(SETTLING)
            self.clock.progress("improve", choice.looked / (choice.looked + 10_000))
            if (prices.bound / SCALE - reached) <= gap_target * prices.bound / SCALE:
                break
        return choice.plans

    def _first(self, prices: JointPrices) -> Choice:
        for seed in range(SEEDS):
            choice = Choice(self.g, prices.plans, prices.best, lambda: self.clock.over)
            choice.begin(seed)
            if not choice.overflow:
                return choice
        plans, without = fitting_plans(self.g, self.clock.left)
        if without:
            names, lacking = [self.classes.names[c] for c in without], len(self.classes.open) - len(without)
            raise ProblemError(
                f"group {name!r} cannot be given its {self.classes.rest[name]} half-days: the venues have seats "
                f"for {lacking} of the {len(self.classes.open)} groups at once"
                for name in names
            )
        return Choice(self.g, plans, prices.best, lambda: self.clock.over)


def _can_be_whole(g: Ground, classes: Classes) -> Bools:
    """Pupils who can have every half-day they need, were they alone, when their class has the plan with the most."""
    nobody, price = np.zeros(len(g.need), dtype=np.bool_), np.zeros(len(g.capacity), dtype=np.int64)
    free = with_whole(g, classes, nobody)
    w = space_for(free)
    plans = np.full((g.class_count, MOST_TRIPS + 1), -1, dtype=np.int64)
    total, worth = np.zeros(g.class_count, dtype=np.int64), np.zeros(len(g.offer_cell), dtype=np.int64)
    costless = free._replace(offer_cost=np.zeros_like(free.offer_cost))
    worths(1, price, 0, costless, w, worth, plans, total)
    whole = np.ones(len(g.need), dtype=np.bool_)
    for c in range(g.class_count):
        mine = range(g.pupil_ptr[c], g.pupil_ptr[c + 1])
        if total[c] <= NEVER or total[c] == sum(g.need[p] for p in mine):
            continue
        for p in mine:
            ptr = g.pupil_ptr.copy()
            ptr[c], ptr[c + 1] = p, p + 1
            alone = costless._replace(pupil_ptr=ptr)
            whole[p] = plan_worth(c, plans[c], 1, price, 0, w.nobody, alone, w) == g.need[p]
    return whole


def with_plans(problem: Problem, classes: Classes, plans: Ints) -> Problem:
    """``problem`` with these offers (numbers as in the arrays) said yes to, and the half-days that follow."""
    flat = [trip for name in classes.names for trip in classes.offers[name]]
    chosen = {flat[o] for o in plans[plans >= 0].tolist()}
    slots = {g: set(s) - problem.only_offered.get(g, frozenset()) for g, s in problem.group_slots.items()}
    for trip in chosen:
        slots[trip.group] |= set(trip.slots)
    trips = []
    for trip in problem.trips:
        yes = trip in chosen
        chosen.discard(trip)  # of two equal rows one is enough
        trips.append(replace(trip, chosen=True) if yes else trip)
    return replace(problem, trips=tuple(trips), group_slots={g: tuple(sorted(s)) for g, s in slots.items()})
