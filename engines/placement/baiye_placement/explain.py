"""Why a wish was met or not: a code and the figures behind it; the words are the caller's.

Every figure is counted from the problem and the placement, and no other pupil is ever named.

========== =====================================================================================================
met        the pupil has a seat in the project: ``session``
not_offered no session of the project on the half-days, or at the venue, of the pupil's group
stage      … only for other stages
barred     a cap of 0 bars the project for the pupil
cap        the pupil already has as many as a cap allows: ``held``
tied       tied pupils sit together, and together they have more points elsewhere
clash      every session of it lies in half-days in which the pupil has a wish of the same or a better rank, or a
           locked seat: ``held`` lists rank and session
enough     the pupil's half-days are filled with wishes of the same or a better rank
closed     the sessions that were left to the pupil were closed for want of a minimum group
lost_draw  full; all who sit there on the same claim have earlier lottery numbers: ``number``, ``last_number``
full       full: ``seats``, ``better`` (seats held by pupils who ranked it higher or whose points count more)
balance    a seat was free, but other rules, or half-days of this pupil, stood against it: ``free``
========== =====================================================================================================

``met``, ``lost_draw`` and ``full`` also have ``wanted_first`` and ``wanted`` (pupils who could come and ranked it
first, or at all), ``seats``, ``price`` (what a seat there cost the others, in points) and ``number`` (in the lottery).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from baiye_placement.checks import tied_groups
from baiye_placement.lottery import lottery_order

if TYPE_CHECKING:
    from baiye_placement.placement import Placement
    from baiye_placement.problem import Problem, Pupil, Session

CODES = (
    "met",
    "not_offered",
    "stage",
    "barred",
    "cap",
    "tied",
    "clash",
    "enough",
    "closed",
    "lost_draw",
    "full",
    "balance",
)

Crowd = tuple[str, str | None, frozenset[str]]  # group, stage, barred projects


@dataclass(frozen=True, slots=True)
class Reason:
    """What became of wish ``k`` (1 is the first) of a pupil."""

    pupil: str
    k: int
    rank: int
    project: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def explain(problem: Problem, placement: Placement, pupil: str, k: int) -> Reason:
    """The reason for wish ``k`` of the pupil; KeyError for an unknown pupil, IndexError for an unknown wish."""
    wishes = problem.pupil_by_id[pupil].wishes
    if not 1 <= k <= len(wishes):
        raise IndexError(f"pupil {pupil!r} has no wish {k}")
    return Explainer(problem, placement).reason(problem.pupil_by_id[pupil], k)


def explain_all(problem: Problem, placement: Placement) -> dict[str, dict[int, Reason]]:
    """Pupil id → number of the wish → reason."""
    explainer = Explainer(problem, placement)
    return {
        pupil.id: {k: explainer.reason(pupil, k) for k in range(1, len(pupil.wishes) + 1)} for pupil in problem.pupils
    }


class Explainer:
    """Counts once what the reasons need."""

    def __init__(self, problem: Problem, placement: Placement) -> None:
        self.problem, self.placement = problem, placement
        self.sessions = problem.session_by_id
        self.load = Counter(session for held in placement.seats.values() for session in held)
        self.number = {name: i + 1 for i, name in enumerate(lottery_order(problem))}
        self.rank = {p.id: dict(zip(p.wishes, p.wish_ranks, strict=True)) for p in problem.pupils}
        self.locked = {(lock.pupil, lock.session) for lock in problem.locks}
        self.prices, self.scale = placement.certificate.prices, placement.certificate.scale
        self.by_project: dict[str, list[Session]] = {}
        for session in problem.sessions:
            self.by_project.setdefault(session.project, []).append(session)
        self._reach: dict[tuple[Any, ...], list[Session]] = {}
        self._wanted: dict[tuple[str, ...], tuple[int, int]] = {}

    def reason(self, pupil: Pupil, k: int) -> Reason:
        project, rank = pupil.wishes[k - 1], pupil.wish_ranks[k - 1]
        code, facts = self._why(pupil, project, rank)
        return Reason(pupil.id, k, rank, project, code, facts)

    def _why(self, pupil: Pupil, project: str, rank: int) -> tuple[str, dict[str, Any]]:
        held = [self.sessions[session] for session in self.placement.seats.get(pupil.id, ())]
        reach = self._reachable(pupil, project)
        for session in held:
            if session.project == project:
                return "met", {"session": session.id, **self._claims(pupil, project, reach)}
        if not reach or pupil.id in self._tied:
            return ("tied" if reach else self._closed_off(pupil, project)), {}
        firm = [s for s in held if self._firm(pupil, s, rank)]
        taken = {slot for s in firm for slot in s.slots}
        left = [s for s in reach if taken.isdisjoint(s.slots)]
        if not left:
            wanted = {slot for s in reach for slot in s.slots}
            return "clash", self._held(pupil, [s for s in firm if not wanted.isdisjoint(s.slots)])
        if len(taken) >= pupil.need:
            return "enough", self._held(pupil, firm)
        if (capped := self._capped(pupil, project, held)) is not None:
            return "cap", {"held": capped}
        return self._no_room(pupil, project, rank, left)

    def _no_room(self, pupil: Pupil, project: str, rank: int, left: list[Session]) -> tuple[str, dict[str, Any]]:
        held = [s for s in left if self.load[s.id] or not s.minimum]
        if not held:
            return "closed", {"minimum": min(s.minimum for s in left)}
        free = sum(s.capacity - self.load[s.id] for s in held)
        if free > 0:
            return "balance", {"free": free}
        better, equal = 0, []
        for name in (name for s in held for name in self._holders[s.id]):
            theirs, weight = self.rank[name].get(project, 0), self.problem.pupil_by_id[name].multiplier
            if theirs and (weight, -theirs) > (pupil.multiplier, -rank):
                better += 1
            elif (theirs, weight) == (rank, pupil.multiplier):
                equal.append(self.number[name])
        facts = {**self._claims(pupil, project, held), "better": better}
        if equal and max(equal) < self.number[pupil.id]:
            return "lost_draw", {**facts, "last_number": max(equal)}
        return "full", facts

    def _held(self, pupil: Pupil, sessions: list[Session]) -> dict[str, Any]:
        return {"held": [{"rank": self.rank[pupil.id].get(s.project, 0), "session": s.id} for s in sessions]}

    def _firm(self, pupil: Pupil, session: Session, rank: int) -> bool:
        """Whether the pupil would not give this seat up for a wish of ``rank``."""
        theirs = self.rank[pupil.id].get(session.project, 0)
        return 0 < theirs <= rank or (pupil.id, session.id) in self.locked

    def _claims(self, pupil: Pupil, project: str, sessions: list[Session]) -> dict[str, Any]:
        key = tuple(sorted(s.id for s in sessions))
        if key not in self._wanted:
            firsts, everyone = 0, 0
            for crowd, (first, count) in self._crowds.get(project, {}).items():
                if any(s.id in key for s in self._reach_of(crowd, project)):
                    firsts, everyone = firsts + first, everyone + count
            self._wanted[key] = firsts, everyone
        wanted_first, wanted = self._wanted[key]
        price = min((self.prices.get(s.id, 0) for s in sessions), default=0)
        return {
            "wanted_first": wanted_first,
            "wanted": wanted,
            "seats": sum(s.capacity for s in sessions),
            "price": round(price / self.scale, 1),
            "number": self.number[pupil.id],
        }

    def _closed_off(self, pupil: Pupil, project: str) -> str:
        if project in self.problem.barred_for(pupil.id):
            return "barred"
        anyone: Crowd = (pupil.group, None, frozenset())
        return "stage" if self._reach_of(anyone, project) else "not_offered"

    def _capped(self, pupil: Pupil, project: str, held: list[Session]) -> int | None:
        for cap in self.problem.caps:
            if cap.limit and cap.pupil in (None, pupil.id) and project in cap.projects:
                count = sum(s.project in cap.projects for s in held)
                if count >= cap.limit:
                    return count
        return None

    def _crowd(self, pupil: Pupil) -> Crowd:
        """Pupils with equal crowds may sit in the same sessions."""
        return pupil.group, pupil.stage, self.problem.barred_for(pupil.id)

    def _reachable(self, pupil: Pupil, project: str) -> list[Session]:
        return self._reach_of(self._crowd(pupil), project)

    def _reach_of(self, crowd: Crowd, project: str) -> list[Session]:
        group, stage, barred = crowd
        key = (group, stage, project in barred, project)
        if key not in self._reach:
            slots, venue = self.problem.group_slots[group], self.problem.venue_of
            self._reach[key] = (
                []
                if project in barred
                else [
                    s
                    for s in self.by_project.get(project, ())
                    if (not s.stages or stage is None or stage in s.stages)
                    and all(slot in slots and venue.get((group, slot), s.venue) == s.venue for slot in s.slots)
                ]
            )
        return self._reach[key]

    @cached_property
    def _crowds(self) -> dict[str, dict[Crowd, tuple[int, int]]]:
        """Project → crowd → (pupils who ranked it first, pupils who wished it)."""
        found: dict[str, dict[Crowd, tuple[int, int]]] = {}
        for pupil in self.problem.pupils:
            crowd = self._crowd(pupil)
            for project, rank in self.rank[pupil.id].items():
                by_crowd = found.setdefault(project, {})
                first, count = by_crowd.get(crowd, (0, 0))
                by_crowd[crowd] = (first + (rank == 1), count + 1)
        return found

    @cached_property
    def _holders(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {session.id: [] for session in self.problem.sessions}
        for name, held in self.placement.seats.items():
            for session in held:
                found[session].append(name)
        return found

    @cached_property
    def _tied(self) -> set[str]:
        return {pupil.id for members in tied_groups(self.problem) for pupil in members}
