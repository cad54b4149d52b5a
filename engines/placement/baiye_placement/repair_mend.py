"""Repairs a published placement: half-days first, then as few families disturbed as can be, then points.

A family is disturbed when one of its pupil's seats is taken away or exchanged; those whose seat was cancelled are
*hit*, and disturbed whatever is done. A new seat on an empty half-day disturbs nobody.

1. Units that were hit or lack a half-day are *in play*; all others keep their seats. The linear programme of the units
   in play gives prices of seats; whoever would, at these prices, do well enough by moving to pay for being disturbed
   comes into play too. When nobody does, the linear programme of those in play is that of the whole problem: free
   seats need nobody else, a full session brings in just its chain.
2. The integer programme of the units in play, aim by aim: half-days, families disturbed, points; then seats left as
   they are, and the lottery.
3. The prices prove a lower bound over all repairs, computed exactly with whole numbers (``repair_prices``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from baiye_placement.repair_part import Part, value
from baiye_placement.repair_prices import SCALE, Worths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baiye_placement.highs import Aims
    from baiye_placement.repair_ground import Ground

HOUR = 1000  # of a half-day, in families, while the part in play grows; the aims themselves are strict
SMALL = 6000  # columns up to which everyone is in play
WIDE = 30_000  # columns up to which others come into play to open a session
LARGE = 120_000  # columns beyond which nobody else comes into play
FIRST, ROUNDS = 64, 40  # so many units come into play in the first round, twice as many in the next …


@dataclass(frozen=True, slots=True)
class Mended:
    """Seats of all units after the repair, and what proves how few families had to be disturbed.

    ``bound`` counts the pupils hit as well. ``exact``: nothing better exists among repairs that move only ``in_play``.
    ``scarce`` are sessions for which, at the prices, a half-day is given up: what bounds the half-days.
    """

    seats: list[tuple[int, ...]]
    bound: int
    prices: list[int]  # in 1/SCALE of a family
    hour: int
    in_play: int
    exact: bool
    scarce: list[int]


def mend(ground: Ground, *, seconds: float = 60.0) -> Mended:
    """The best seats found that differ little from ``ground.old``."""
    ends_at = time.monotonic() + seconds
    units = _in_play(ground, ends_at)
    seats, exact = _choose(Part(ground, units), ends_at)
    if more := _needed_to_open(ground, units, seats):
        units |= more
        seats, exact = _choose(Part(ground, units), ends_at)
    filled = sum(ground.width[u] * ground.half_days(held) for u, held in enumerate(seats))
    (bound, prices, hour), scarce = _prove(ground, units, filled)
    hit = sum(w for w, hit in zip(ground.width, ground.hit, strict=True) if hit)
    return Mended(seats, max(0, -(-bound // SCALE)) + hit, prices, hour, len(units), exact, scarce)


def _in_play(ground: Ground, ends_at: float) -> set[int]:
    """Units among which the repair chooses."""
    load = ground.loads(ground.old)
    under = {s for s, n in load.items() if n < ground.minimum[s]}
    units = {u for u, hit in enumerate(ground.hit) if hit} | set(ground.lacking)
    units |= {u for u, held in enumerate(ground.old) if not under.isdisjoint(held)}
    size = [len(ground.kind_of(u).open) for u in range(len(ground.old))]
    if not units:
        return units
    if sum(size) <= SMALL:
        return set(range(len(ground.old)))
    most = FIRST
    for _ in range(ROUNDS):
        if sum(size[u] for u in units) > LARGE or time.monotonic() > ends_at:
            break
        worths = Worths(ground, *_prices(Part(ground, units, minimum=False), HOUR))
        gain = {u: worths.gain(u) for u in range(len(ground.old)) if u not in units}
        more = sorted((u for u, g in gain.items() if g > 0), key=lambda u: (-gain[u], u))
        if not more:
            break
        units |= set(more[:most])
        most *= 2
    return units


def _prices(part: Part, hour: int) -> tuple[list[int], int]:
    """Prices of seats and of a half-day when each is worth ``hour`` families."""
    solution = part.open(whole=False).minimise([*part.half_days(-hour), *part.disturbed()])
    if solution is None:
        return [0] * len(part.ground.capacity), hour * SCALE
    return part.prices(solution, SCALE), hour * SCALE


def _needed_to_open(ground: Ground, units: set[int], seats: list[tuple[int, ...]]) -> set[int]:
    """Who could help a session to its minimum, where units still lack a half-day and that one is open to them."""
    lacking = [u for u in units if ground.half_days(seats[u]) < ground.need[u]]
    load = ground.loads(seats)
    wanted = {s for u in lacking for s, _ in ground.kind_of(u).open if load[s] < ground.minimum[s]}
    found: set[int] = set()
    columns = sum(len(ground.kind_of(u).open) for u in units)
    for u in range(len(seats)) if wanted else ():
        open_here = ground.kind_of(u).open
        if u not in units and columns + len(open_here) <= WIDE and any(s in wanted for s, _ in open_here):
            found.add(u)
            columns += len(open_here)
    return found


def _choose(part: Part, ends_at: float) -> tuple[list[tuple[int, ...]], bool]:
    """Seats of all, those in play chosen aim by aim; whether each aim was reached for certain."""
    seats, exact = list(part.ground.old), True
    if not part.x:
        return seats, exact
    aims = part.open(whole=True)
    for aim in (part.half_days(-1), part.disturbed(), part.lost_points(), part.changes(), part.late_draws()):
        if not aim:
            continue
        solution = aims.minimise(aim, seconds=ends_at - time.monotonic())
        if solution is None:
            return seats, False
        exact = exact and solution.exact
        for u, held in part.seats(solution).items():
            seats[u] = held
        aims.at_most(aim, round(value(aim, solution)))
    return seats, exact


def scarce_sessions(ground: Ground, *, seconds: float = 60.0) -> list[int]:
    """Sessions for a seat of which a half-day is given up elsewhere: where half-days stay empty, seats are too few."""
    part = Part(ground, _in_play(ground, time.monotonic() + seconds), minimum=False)
    return _scarce(ground, _prices(part, HOUR)[0]) if part.x else []


def _scarce(ground: Ground, prices: list[int]) -> list[int]:
    return [s for s, price in enumerate(prices) if 2 * price >= HOUR * SCALE * ground.length[s]]


Proof = tuple[int, list[int], int]  # bound in 1/SCALE, prices, price of a half-day


def _prove(ground: Ground, units: Iterable[int], filled: int) -> tuple[Proof, list[int]]:
    """The best of a few sets of prices, each of them valid, and the scarce sessions."""
    part = Part(ground, units, minimum=False)
    nothing: tuple[list[int], int] = ([0] * len(ground.capacity), 0)
    if not part.x:
        return (0, *nothing), []
    dear = _prices(part, HOUR)
    proved = [
        (Worths(ground, prices, hour).bound(filled), prices, hour)
        for prices, hour in (nothing, dear, _prices_when_filled(part, filled))
    ]
    return max(proved, key=lambda one: one[0]), _scarce(ground, dear[0])


def _prices_when_filled(part: Part, filled: int) -> tuple[list[int], int]:
    """Prices where so many half-days must be filled, which is what they are worth at the margin."""
    ground = part.ground
    inside = set(part.units)
    outside = sum(w * ground.half_days(ground.old[u]) for u, w in enumerate(ground.width) if u not in inside)
    aims: Aims = part.open(whole=False)
    aims.at_most(part.half_days(-1), outside - filled)
    solution = aims.minimise(part.disturbed())
    if solution is None:
        return [0] * len(ground.capacity), 0
    return part.prices(solution, SCALE), max(0, round(-float(solution.duals[-1]) * SCALE))
