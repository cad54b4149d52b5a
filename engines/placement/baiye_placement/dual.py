# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""Prices of sessions: the dual of the placement, and the exact bound that any prices give.

At prices L (whole numbers, at least 0) no placement that fills every half-day has more points than
U(L) = Σ capacity · L + Σ over units of their best bundle. The prices are sought by an incremental subgradient method
(Nedić and Bertsekas, SIAM J. Optim. 12, 2001), a batch of units at a time: a price rises with the pupils of the batch
who take the session, and falls by the batch's share of its seats.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.bundles import NEVER, best_of_all
from baiye_placement.compiling import compiled, inner, small
from baiye_placement.open_lists import sort_heads, sort_open
from baiye_placement.team import ALONE, Team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from baiye_placement.arrays import Ints
    from baiye_placement.clock import Clock
    from baiye_placement.tables import Tables

    Part = Callable[[Ints, int, int, Tables], None]

SCALE = 256  # of published prices, to the point
FINE = SCALE << 20  # of prices while they are sought
FAR = 1 << 32  # a price in 1/SCALE that nobody pays: that of a closed session
HALVINGS = 10  # of the step, from the first sweep of all to the last one of a run
BATCHES = 128  # in which a sweep goes through the units
BLOCKS = 32  # of neighbouring units that a batch has at least, where there are many
CALM, ASKED = 2, 4  # after so many equal bundles a unit is asked in every fourth sweep


@dataclass(frozen=True, slots=True)
class Goal:
    """What is maximised: ``weight`` · points + ``hour`` a half-day; ``full`` where every unit must be full."""

    weight: int
    hour: int
    full: bool


HALF_DAYS = Goal(weight=0, hour=1, full=False)
POINTS_WHEN_FULL = Goal(weight=1, hour=0, full=True)


def own_most(t: Tables) -> Ints:
    """How many half-days each unit could have if it were alone, at most its need.

    The open lists of a kind have every session that a unit of it could sit in, so one unit of a kind answers for all
    that need as many.
    """
    _, one, of = np.unique(t.kind << 32 | t.need, return_index=True, return_inverse=True)
    price, worth = np.zeros(len(t.capacity), dtype=np.int64), np.zeros(len(t.need), dtype=np.int64)
    sort_open(price, t)
    _worths(one, HALF_DAYS.weight, HALF_DAYS.hour, HALF_DAYS.full, price, t, worth)
    most: Ints = (worth[one] // t.width[one])[of]
    return most


def upper_bound(t: Tables, goal: Goal, price: Ints, team: Team = ALONE) -> int:
    """U(price) times SCALE, exact; ``price`` in units of 1/SCALE."""
    worth = worths(t, goal, price, SCALE, team)
    if worth.min(initial=0) <= NEVER:
        raise ValueError("a unit has no full bundle")
    return int(worth.sum() + price @ np.maximum(t.capacity, 0))


def worths(t: Tables, goal: Goal, price: Ints, scale: int, team: Team = ALONE) -> Ints:
    """Worth of each unit's best bundle, exact; ``price`` in units of 1/scale."""
    worth = np.zeros(len(t.need), dtype=np.int64)
    sort_open(price, t)

    def part(_: int, first: int, last: int, mine: Tables) -> None:
        _worths(np.arange(first, last), goal.weight * scale, goal.hour * scale, goal.full, price, mine, worth)

    team.share(t, 0, len(worth), part)
    return worth


class Descent(ABC):
    """Seeks prices with a low bound, sweep by sweep; ``best`` and ``bound`` are the best prices seen, in 1/SCALE.

    Parameters
    ----------
    step : points
        How far the first sweep moves the price of a session that is taken twice as often as it has seats.
    """

    def __init__(self, capacity: Ints, step: float) -> None:
        self.step = step / np.maximum(capacity, 1)
        self.price: Ints = np.zeros(len(capacity), dtype=np.int64)  # in 1/FINE
        self.sweeps = 0
        self.best: Ints = self.price.copy()
        self._bound: int | None = None  # of the best prices, once it is asked for

    @abstractmethod
    def bound_at(self, price: Ints) -> int:
        """U(price) times SCALE, exact; ``price`` in 1/SCALE."""

    @abstractmethod
    def _sweep(self, step: Ints) -> None:
        """Move ``self.price`` once, by ``step`` (in 1/FINE) for each pupil who takes a session."""

    @property
    def bound(self) -> int:
        """U of the best prices, in 1/SCALE."""
        if self._bound is None:
            self._bound = self.bound_at(self.best)
        return self._bound

    def begin_at(self, price: Ints) -> None:
        """Go on from ``price``, in 1/SCALE."""
        self.price, self.best, self._bound = price * (FINE // SCALE), price, None

    def prove(self, price: Ints, bound: int) -> None:
        """Keep ``price``, of which it is known that U is ``bound``."""
        self.best, self._bound = price, bound

    def run(self, sweeps: int) -> Iterator[int]:
        """Sweep so many times, yielding after each; then try the last prices, and the average of the last third.

        The first step is the smaller the more sweeps there were before; from it on, steps shrink evenly.
        """
        total, count = np.zeros_like(self.price), 0
        first = (1 + self.sweeps).bit_length() - 1
        for k in range(sweeps):
            halvings = first + max(0, HALVINGS - first) * k / max(1, sweeps - 1)
            self._sweep(np.rint(self.step * (FINE * _shrunk(halvings))).astype(np.int64))
            self.sweeps += 1
            if 3 * k >= 2 * sweeps:
                total, count = total + self.price, count + 1
            yield self.sweeps
        for price in (self.price, total // max(count, 1)):
            self.consider((price * SCALE + FINE // 2) // FINE)

    def sweep(self, sweeps: int, clock: Clock, stage: str | None = None) -> None:
        """Sweep so many times, or until the time is over; how far that is is told as done of ``stage``."""
        if clock.over:
            return
        for done in self.run(sweeps):
            if stage is not None:
                clock.progress(stage, done / sweeps)
            if clock.over:
                break

    def consider(self, price: Ints) -> None:
        """Keep ``price`` (in 1/SCALE) if its bound is lower."""
        if (bound := self.bound_at(price)) < self.bound:
            self.prove(price, bound)


def _shrunk(halvings: float) -> float:
    """1 / 2 ** ``halvings``, between whole halvings by a straight line: the same bits on every machine."""
    whole = int(halvings)
    return (1 - (halvings - whole) / 2) / (1 << whole)


class PriceSearch(Descent):
    """Prices of sessions while every class's half-days are known."""

    def __init__(self, t: Tables, goal: Goal, *, step: float, team: Team = ALONE) -> None:
        super().__init__(t.capacity, step)
        self.t, self.goal, self.team = t, goal, team
        self._kept: Ints = np.full(len(t.slots), -1, dtype=np.int64)  # sessions of each unit's last bundle
        self._calm: Ints = np.zeros(len(t.need), dtype=np.int64)  # how often running it was the same
        self._rng = np.random.default_rng(20240524)  # an order of units, not a lottery: it favours nobody

    def bound_at(self, price: Ints) -> int:
        return upper_bound(self.t, self.goal, price, self.team)

    def round_up(self) -> None:
        """Try prices of zeros and ones: the dual of half-days has such a solution (Hall)."""
        for share in (4, 2, 1):
            self.consider(np.where(self.price * 4 >= share * FINE, SCALE, 0))

    def _sweep(self, step: Ints) -> None:
        order = shuffled(self._rng, len(self.t.need))
        goal, t, price = self.goal, self.t, self.price
        scale, hour = goal.weight * FINE, goal.hour * FINE
        if self.team.threads == 1:
            _sweep(order, self.sweeps, scale, hour, goal.full, price, step, self._kept, self._calm, t)
            return

        def part(taken: Ints, first: int, last: int, mine: Tables) -> None:
            turn, kept, calm = self.sweeps, self._kept, self._calm
            _take(order, first, last, turn, scale, hour, goal.full, price, taken, kept, calm, mine)

        in_batches(t, self.team, price, step, t.capacity, part)


def shuffled(rng: np.random.Generator, n: int) -> Ints:
    """The numbers below ``n`` in random order; if many, in blocks, because what neighbours read lies together."""
    block = max(1, n // (BATCHES * BLOCKS))
    order: Ints = (rng.permutation(-(-n // block))[:, None] * block + np.arange(block)).ravel()
    return order[order < n]


def in_batches(t: Tables, team: Team, price: Ints, step: Ints, capacity: Ints, part: Part, begin: int = 0) -> None:
    """One sweep by several threads, from batch ``begin`` on.

    ``part`` adds the pupils who take each session to its first argument.
    """
    n, taken = len(t.need), np.zeros((team.threads, len(price)), dtype=np.int64)
    fall = _falls(step, capacity, n)
    for first, last in batches(n)[begin:]:
        sort_heads(price, t)
        team.share(t, first, last, lambda i, one, end, mine: part(taken[i], one, end, mine))
        _move_all(price, step, taken, fall[last - first - n // BATCHES])


@compiled
def batches(n):  # type: ignore[no-untyped-def]
    """(first, last) of each batch of ``n`` units that is not empty."""
    cuts = [n * i // BATCHES for i in range(BATCHES + 1)]
    return [(cuts[i], cuts[i + 1]) for i in range(BATCHES) if cuts[i] < cuts[i + 1]]


@compiled
def _worths(units, scale, hour, full, price, t, worth):  # type: ignore[no-untyped-def]
    for u in units:
        worth[u] = best_of_all(u, full, True, price, scale, hour, t)


@compiled
def _take(order, first, last, turn, scale, hour, full, price, taken, kept, calm, t):  # type: ignore[no-untyped-def]
    """Each unit takes its best bundle; one whose bundle has not changed of late is asked in some sweeps only."""
    for i in range(first, last):
        u = order[i]
        if calm[u] < CALM or (turn + u) % ASKED == 0:
            best_of_all(u, full, False, price, scale, hour, t)
            calm[u] = calm[u] + 1 if keep(t.chosen, kept, t.slot_ptr[u], t.slot_ptr[u + 1]) else 0
        for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
            if kept[j] < 0:
                break
            taken[kept[j]] += t.width[u]


@small
def keep(chosen, kept, first, last):  # type: ignore[no-untyped-def]
    """Note the chosen sessions in ``kept[first:last]``; whether they stood there already."""
    same, more = True, True
    for j in range(first, last):
        more = more and chosen[j - first] >= 0
        s = chosen[j - first] if more else -1
        same = same and kept[j] == s
        kept[j] = s
    return same


@compiled
def _sweep(order, turn, scale, hour, full, price, step, kept, calm, t):  # type: ignore[no-untyped-def]
    """One pass over all units, in batches: each unit of a batch takes its best bundle at the same prices."""
    taken, n = np.zeros(len(price), dtype=np.int64), len(order)
    fall = falls(step, t.capacity, n)
    for first, last in batches(n):
        sort_heads(price, t)
        _take(order, first, last, turn, scale, hour, full, price, taken, kept, calm, t)
        move(price, step, taken, fall[last - first - n // BATCHES])


@inner
def falls(step, capacity, n):  # type: ignore[no-untyped-def]
    """How far the prices fall in a batch that nobody takes from: a row for each of the two sizes of ``batches(n)``."""
    fall = np.zeros((2, len(step)), dtype=np.int64)
    for k in range(2):
        for s in range(len(step)):
            fall[k, s] = step[s] * capacity[s] * (n // BATCHES + k) // max(1, n)
    return fall


@compiled
def _falls(step, capacity, n):  # type: ignore[no-untyped-def]
    return falls(step, capacity, n)


@compiled
def _move_all(price, step, taken, fall):  # type: ignore[no-untyped-def]
    """The same where several threads have counted who was ``taken``, each in a row of its own."""
    for i in range(1, len(taken)):
        for s in range(len(price)):
            taken[0, s] += taken[i, s]
            taken[i, s] = 0
    move(price, step, taken[0], fall)


@inner
def move(price, step, taken, fall):  # type: ignore[no-untyped-def]
    """Prices after a batch by which they ``fall`` (a row of ``falls``); ``taken`` is emptied."""
    for s in range(len(price)):
        price[s] = max(0, price[s] + step[s] * taken[s] - fall[s])
        taken[s] = 0
