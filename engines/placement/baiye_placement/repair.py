# ruff: noqa: PLC0415 - the solver and its libraries are loaded by the first repair, not by the import
"""Repairs a published placement after sessions were cancelled, pupils moved or half-days lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from baiye_placement.files import problem_sha256
from baiye_placement.placement import seats_sha256
from baiye_placement.problem import ProblemError
from baiye_placement.repair_changes import Changes, changed

if TYPE_CHECKING:
    from baiye_placement.placement import Placement
    from baiye_placement.problem import Lock, Problem


@dataclass(frozen=True, slots=True)
class Loser:
    """A pupil who has fewer half-days, or seats of fewer points, than before.

    ``memory`` is what the next round owes for it: how far the pupil's share (hundredths of their own best, as in the
    module ``memory``) has fallen, or the half-days lost in hundredths of those needed, whichever is more.
    """

    pupil: str
    half_days: tuple[int, int]  # before and after
    points: tuple[int, int]
    memory: int


@dataclass(frozen=True, slots=True)
class Repaired:
    """The changed problem, its new placement, and whom that disturbed.

    Parameters
    ----------
    hit
        Pupils who lost a seat to the changes, and with them those tied to them; they count as disturbed.
    disturbed
        Pupils who have not kept all their seats, ``hit`` included.
    bound
        No repair that fills as many half-days disturbs fewer pupils: ``hit`` plus what ``prices`` of seats and
        ``hour`` of a half-day, in 1/256 of a family, prove.
    closed
        Sessions held before, and by nobody now; those cancelled aside.
    exact
        Whether nothing better exists among repairs that move only the pupils ``in_play``.
    """

    problem: Problem
    placement: Placement
    hit: tuple[str, ...]
    disturbed: tuple[str, ...]
    bound: int
    prices: Mapping[str, int]
    hour: int
    in_play: int
    exact: bool
    gained: tuple[str, ...]
    losers: tuple[Loser, ...]
    half_days: tuple[int, int]
    points: tuple[int, int]
    unfilled_before: tuple[str, ...]
    closed: tuple[str, ...]
    dropped_locks: tuple[Lock, ...]
    stay_home: tuple[str, ...]

    @property
    def proved(self) -> bool:
        """Whether it is proved that no repair disturbs fewer."""
        return len(self.disturbed) == self.bound


def repair(problem: Problem, placement: Placement, changes: Changes, *, time_budget_s: float = 60.0) -> Repaired:
    """Seats after ``changes``: half-days first, then as few pupils disturbed as can be, then points.

    Raises
    ------
    ProblemError
        The placement is not one of this problem, or a row of the changes is unknown.
    """
    from baiye_placement.repair_ground import Ground
    from baiye_placement.repair_mend import mend
    from baiye_placement.repair_result import certified

    _refuse_strangers(problem, placement)
    problem = replace(problem, seed=placement.certificate.seed.encode())  # the lottery that the families know
    after = changed(problem, changes)
    ground = Ground(after.problem, placement.seats)
    mended = mend(ground, seconds=time_budget_s)
    new = certified(ground, mended, placement.certificate)
    hit = {name for members, hit in zip(ground.a.members, ground.hit, strict=True) if hit for name in members}
    old, now = placement.seats, new.seats
    count = {name: (_half_days(problem, old[name]), _half_days(problem, now[name])) for name in now}
    return Repaired(
        problem=after.problem,
        placement=new,
        hit=tuple(sorted(hit)),
        disturbed=tuple(name for name in now if name in hit or set(old[name]) - set(now[name])),
        bound=mended.bound,
        prices={ground.a.session_ids[s]: price for s, price in enumerate(mended.prices) if price},
        hour=mended.hour,
        in_play=mended.in_play,
        exact=mended.exact,
        gained=tuple(name for name, (b, a) in count.items() if a > b),
        losers=_losers(problem, placement, new),
        half_days=(sum(b for b, _ in count.values()), sum(a for _, a in count.values())),
        points=(placement.points, new.points),
        unfilled_before=tuple(placement.unfilled),
        closed=tuple(sorted(_held(placement) - _held(new) - set(changes.cancelled))),
        dropped_locks=after.dropped_locks,
        stay_home=after.stay_home,
    )


def _refuse_strangers(problem: Problem, placement: Placement) -> None:
    """Only the placement of this very problem can be repaired."""
    if placement.certificate.problem_sha256 != problem_sha256(problem):
        raise ProblemError(["the placement was made for another problem"])
    if placement.certificate.seats_sha256 != seats_sha256(placement.seats, placement.ranks):
        raise ProblemError(["the seats are not those that the placement's certificate was made for"])


def _held(placement: Placement) -> set[str]:
    """Sessions in which somebody sits."""
    return {session for held in placement.seats.values() for session in held}


def _half_days(problem: Problem, held: tuple[str, ...]) -> int:
    return sum(len(problem.session_by_id[name].slots) for name in held)


def _losers(problem: Problem, old: Placement, new: Placement) -> tuple[Loser, ...]:
    """Who has less than before, and what is owed for it."""
    from baiye_placement.claims import claims_of, points_of

    worse = {}
    for name, pupil in problem.pupil_by_id.items():
        half_days = _half_days(problem, old.seats[name]), _half_days(problem, new.seats[name])
        points = points_of(problem, old, name), points_of(problem, new, name)
        if half_days[0] > half_days[1] or points[0] > points[1]:
            worse[name] = half_days, points, pupil.need
    if not worse:
        return ()
    units, claims = claims_of(problem)
    most = {m: own for members, own in zip(units, claims.alone.tolist(), strict=True) for m in members}
    together = {m: members for members in units for m in members}
    losers = []
    for name in sorted(worse):
        half_days, points, need = worse[name]
        had = [sum(points_of(problem, which, m) for m in together[name]) for which in (old, new)]
        lost = [(100 * had[0] // most[name]) - (100 * had[1] // most[name])] if most[name] else []
        losers.append(Loser(name, half_days, points, max(0, 100 * (half_days[0] - half_days[1]) // need, *lost)))
    return tuple(losers)
