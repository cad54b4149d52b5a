"""Locks and ties that contradict each other: as many as can stand together are kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from baiye_placement.checks import tied_groups
from baiye_placement.lottery import lottery_order
from baiye_placement.relax_rows import Change, Fields, Step, unchecked

if TYPE_CHECKING:
    from baiye_placement.problem import Lock, Problem, Pupil, Session


def _locks(fields: Fields) -> list[Change]:
    """Of each pupil the locks that can be kept together, the earliest first; then seats by the lottery."""
    problem, changes = unchecked(fields), list[Change]()
    kept: list[Lock] = []
    order = {name: i for i, name in enumerate(lottery_order(problem))}
    held: dict[str, list[Session]] = {}
    load: Counter[str] = Counter()

    def early(lock: Lock) -> tuple[int, int, str]:
        return order[lock.pupil], min(problem.session_by_id[lock.session].slots), lock.session

    for lock in sorted(problem.locks, key=early):
        session, mine = problem.session_by_id[lock.session], held.setdefault(lock.pupil, [])
        why = _why_not(problem, problem.pupil_by_id[lock.pupil], session, mine)
        if why is None and load[lock.session] >= session.capacity:
            why = f"its {session.capacity} seats are locked for earlier lottery numbers"
        if why is not None:
            changes.append(Change(f"lock of {lock.pupil!r} in {lock.session!r} dropped: {why}", "locks", 1))
            continue
        mine.append(session)
        load[lock.session] += 1
        kept.append(lock)
    fields["locks"] = tuple(kept)
    return changes


def _why_not(problem: Problem, pupil: Pupil, session: Session, held: list[Session]) -> str | None:
    if not problem.may_sit(pupil, session):
        return "it is not open to the pupil"
    if any(set(session.slots) & set(other.slots) for other in held):
        return "another lock is at the same time"
    if any(session.project == other.project for other in held):
        return "another lock is of the same project"
    if sum(len(s.slots) for s in (*held, session)) > pupil.need:
        return "the pupil needs no more half-days"
    if any(
        cap.pupil in (None, pupil.id) and sum(s.project in cap.projects for s in (*held, session)) > cap.limit
        for cap in problem.caps
    ):
        return "a cap forbids it"
    return None


def _ties(fields: Fields) -> list[Change]:
    """Pupils tied together in parts that can sit together."""
    problem = unchecked(fields)
    largest = max((s.capacity for s in problem.sessions), default=0)
    locks: dict[str, set[str]] = {}
    for lock in problem.locks:
        locks.setdefault(lock.pupil, set()).add(lock.session)
    apart = {frozenset((pair.first, pair.second)) for pair in problem.apart}
    tied_to: dict[str, str | None] = {}
    changes = []
    for members in tied_groups(problem):
        parts: list[list[Pupil]] = []
        for pupil in members:
            for part in parts:
                if (
                    len(part) < largest
                    and part[0].need == pupil.need
                    and locks.get(part[0].id) == locks.get(pupil.id)
                    and not any(frozenset((pupil.id, other.id)) in apart for other in part)
                ):
                    part.append(pupil)
                    break
            else:
                parts.append([pupil])
        if len(parts) > 1:
            names = " | ".join(", ".join(repr(p.id) for p in part) for part in parts)
            changes.append(Change(f"tied pupils divided: {names}", "ties", len(parts) - 1))
            tied_to.update({p.id: None if p is part[0] else part[0].id for part in parts for p in part})
    fields["pupils"] = tuple(replace(p, tied_to=tied_to[p.id]) if p.id in tied_to else p for p in problem.pupils)
    return changes


LOCK_STEPS: tuple[Step, ...] = (_locks, _ties)
