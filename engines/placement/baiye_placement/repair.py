# ruff: noqa: PLC0415 - the solver and its libraries are loaded by the first repair, not by the import
"""Repairs a published placement after sessions were cancelled, pupils moved or half-days lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from baiye_placement.files import problem_sha256
from baiye_placement.placement import seats_sha256
from baiye_placement.problem import ProblemError
from baiye_placement.repair_changes import Changes, changed

if TYPE_CHECKING:
    from baiye_placement.placement import Placement
    from baiye_placement.problem import Lock, Problem, Pupil


@dataclass(frozen=True, slots=True)
class Loser:
    """A pupil who has fewer half-days, or seats of fewer points, than before.

    ``memory`` is what the next round owes for it: the points lost in hundredths of the most the pupil could have had
    alone, or the half-days lost in hundredths of those needed, whichever is more. The pupil's multiplier is left out.
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

    if placement.certificate.problem_sha256 != problem_sha256(problem):
        raise ProblemError(["the placement was made for another problem"])
    if placement.certificate.seats_sha256 != seats_sha256(placement.seats, placement.ranks):
        raise ProblemError(["the seats are not those that the placement's certificate was made for"])
    after = changed(problem, changes)
    ground = Ground(after.problem, placement.seats)
    mended = mend(ground, seconds=time_budget_s)
    new = certified(ground, mended, placement.certificate)
    units = ground.a.members
    hit = {name for members, hit in zip(units, ground.hit, strict=True) if hit for name in members}
    old, now = placement.seats, new.seats
    count = {name: (_half_days(problem, old[name]), _half_days(problem, now[name])) for name in now}
    held = {s for sessions in now.values() for s in sessions}
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
        losers=tuple(
            loser for name in now if now[name] != old[name] and (loser := _loser(problem, placement, new, name))
        ),
        half_days=(sum(b for b, _ in count.values()), sum(a for _, a in count.values())),
        points=(placement.points, new.points),
        unfilled_before=tuple(placement.unfilled),
        closed=tuple(sorted({s for sessions in old.values() for s in sessions} - held - set(changes.cancelled))),
        dropped_locks=after.dropped_locks,
        stay_home=after.stay_home,
    )


def _half_days(problem: Problem, held: tuple[str, ...]) -> int:
    return sum(len(problem.session_by_id[name].slots) for name in held)


def _points(problem: Problem, placement: Placement, name: str) -> int:
    return sum(
        problem.points[rank - 1] * len(problem.session_by_id[s].slots)
        for s, rank in zip(placement.seats[name], placement.ranks[name], strict=True)
        if rank
    )


def _loser(problem: Problem, old: Placement, new: Placement, name: str) -> Loser | None:
    pupil = problem.pupil_by_id[name]
    half_days = _half_days(problem, old.seats[name]), _half_days(problem, new.seats[name])
    points = _points(problem, old, name), _points(problem, new, name)
    if half_days[1] >= half_days[0] and points[1] >= points[0]:
        return None
    shares = [(half_days[0] - half_days[1], pupil.need), (points[0] - points[1], alone(problem, pupil))]
    memory = max((200 * lost + of) // (2 * of) for lost, of in shares if of)
    return Loser(name, half_days, points, max(0, memory))


def alone(problem: Problem, pupil: Pupil) -> int:
    """The most points the pupil could have if nobody else took part."""
    from baiye_placement.repair_prices import best_of

    slots = problem.group_slots[pupil.group]
    bit = {slot: 1 << i for i, slot in enumerate(slots)}
    points = {w: problem.points[rank - 1] for w, rank in zip(pupil.wishes, pupil.wish_ranks, strict=True)}
    offers = [
        (sum(bit[slot] for slot in s.slots), s.project, points[s.project] * len(s.slots))
        for s in problem.sessions
        if s.project in points and s.capacity and problem.may_sit(pupil, s)
    ]
    return best_of(offers, len(slots), pupil.need)
