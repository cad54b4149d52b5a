"""What happened after a placement was published, and the problem as it is since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from baiye_placement.checks import tied_groups
from baiye_placement.problem import Policy, Problem, ProblemError

if TYPE_CHECKING:
    from baiye_placement.problem import Lock, Pupil, Trip


@dataclass(frozen=True, slots=True)
class Changes:
    """Sessions cancelled, pupils moved to another group, half-days that fall away for a group (its bus is lost)."""

    cancelled: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    lost: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """The changed problem, and which rows had to go with the changes.

    A cancelled session stays as a row without seats, so that wishes and caps that name its project still stand. A
    group that loses all its half-days keeps the rows, but its pupils need nothing any more: ``stay_home``.
    """

    problem: Problem
    dropped_locks: tuple[Lock, ...]
    stay_home: tuple[str, ...]


def changed(problem: Problem, changes: Changes) -> Changed:
    """``problem`` after ``changes``; its policy is ``points``, which is what a repair keeps to.

    Raises
    ------
    ProblemError
        A session, pupil, group or half-day is unknown, or the changed rows contradict each other.
    """
    if messages := list(_unknown(problem, changes)):
        raise ProblemError(messages)
    lost = {group: set(slots) for group, slots in changes.lost.items()}
    home = {group for group, slots in lost.items() if slots >= set(problem.group_slots[group])}
    slots = {
        group: tuple(s for s in slots if group in home or s not in lost.get(group, ()))
        for group, slots in problem.group_slots.items()
    }
    pupils, stay_home = _pupils(problem, changes, home)
    after = replace(
        problem,
        sessions=tuple(replace(s, capacity=0, minimum=0) if s.id in changes.cancelled else s for s in problem.sessions),
        pupils=pupils,
        group_slots=slots,
        trips=tuple(
            trip for t in problem.trips if (trip := _trip(t, set() if t.group in home else lost.get(t.group, set())))
        ),
        policy=Policy("points"),
        locks=(),
    )
    locks = _locks(after, problem.locks)
    return Changed(
        replace(after, locks=locks),
        tuple(sorted(set(problem.locks) - set(locks), key=lambda k: (k.pupil, k.session))),
        tuple(sorted(stay_home)),
    )


def _pupils(problem: Problem, changes: Changes, home: set[str]) -> tuple[tuple[Pupil, ...], set[str]]:
    pupils = [replace(p, group=changes.moved.get(p.id, p.group)) for p in problem.pupils]
    stay = {p.id for p in pupils if p.group in home and p.need}
    for members in tied_groups(problem):  # who is tied to one who stays at home sits where that one sits: nowhere
        if not stay.isdisjoint(p.id for p in members):
            stay |= {p.id for p in members if p.need}
    return tuple(replace(p, need=0) if p.id in stay else p for p in pupils), stay


def _trip(trip: Trip, lost: set[int]) -> Trip | None:
    slots = tuple(slot for slot in trip.slots if slot not in lost)
    return replace(trip, slots=slots) if slots else None


def _locks(after: Problem, locks: Iterable[Lock]) -> tuple[Lock, ...]:
    """Locks that still can be kept: of tied pupils, those that all of them can keep."""
    together = {p.id: members for members in tied_groups(after) for p in members}

    def stands(lock: Lock) -> bool:
        session = after.session_by_id[lock.session]
        unit = together.get(lock.pupil, (after.pupil_by_id[lock.pupil],))
        return session.capacity > 0 and all(p.need and after.may_sit(p, session) for p in unit)

    return tuple(lock for lock in locks if stands(lock))


def _unknown(problem: Problem, changes: Changes) -> Iterable[str]:
    sessions, pupils = problem.session_by_id, problem.pupil_by_id
    yield from (f"cancelled session {s!r} is unknown" for s in changes.cancelled if s not in sessions)
    for pupil, group in changes.moved.items():
        if pupil not in pupils:
            yield f"moved pupil {pupil!r} is unknown"
        if group not in problem.group_slots:
            yield f"pupil {pupil!r} moves to unknown group {group!r}"
    for group, slots in changes.lost.items():
        if group not in problem.group_slots:
            yield f"group {group!r} that lost half-days is unknown"
            continue
        yield from (
            f"half-day {slot} lost by group {group!r} is none of its half-days"
            for slot in slots
            if slot not in problem.group_slots[group]
        )
