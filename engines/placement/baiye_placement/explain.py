# ruff: noqa: PLC0415 - NumPy is loaded by the first reason, not by the import
"""Why a wish was met or not, and what would have had to be different: a code and figures; the words are the caller's.

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
closed     the sessions that were left to the pupil were closed for want of a minimum group: ``minimum``
lost_draw  full; all who sit there on the same claim have earlier lottery numbers: ``number``, ``last_number``
full       full: ``seats``, ``better`` (seats held by pupils who ranked it higher or whose points count more)
balance    a seat was free, but other rules, or half-days of this pupil, stood against it: ``free``
========== =====================================================================================================

Wherever the pupil could come at all there are also ``wanted_first`` and ``wanted`` (pupils who could come and ranked it
first, or at all), ``seats``, ``number`` (in the lottery) and, where points are a level of the policy, ``price`` (an
estimate of what a seat there costs the others, in points); ``merged`` where a session that the pupil could have had was
merged into others: its id, and theirs. Where the wish was not met there is the cut: ``cut_rank``
(the lowest rank with which somebody got in), ``cut_number`` (the last lottery number among those) and ``unwished``
(seats held by pupils who did not wish it). What would have had to be different is in ``counterfactuals``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baiye_placement.placement import Placement
    from baiye_placement.problem import Problem, Pupil, Session
    from baiye_placement.standing import Crowd

    Verdict = tuple[str, dict[str, Any], list[Session]]

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
Claim = tuple[int, int]  # how much the points of a pupil count, minus the rank: the larger, the better


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
        from baiye_placement.counterfactuals import Counterfactuals
        from baiye_placement.standing import Crowds, Standing

        self.problem = problem
        self.standing = Standing(problem, placement)
        self._crowds = Crowds(self.standing)
        self.counterfactuals = Counterfactuals(self.standing)
        self.prices, self.scale = placement.certificate.prices, placement.certificate.scale
        self.has_prices = any(level.name == "points" for level in placement.certificate.levels)
        self._wanted: dict[tuple[str, ...], tuple[int, int]] = {}
        self._cuts: dict[tuple[str, ...], dict[str, int]] = {}

    def reason(self, pupil: Pupil, k: int) -> Reason:
        project, rank = pupil.wishes[k - 1], pupil.wish_ranks[k - 1]
        code, facts, sessions = self._why(pupil, project, rank)
        if sessions:
            facts |= self._claims(pupil, project, sessions)
            if code != "met":
                facts |= self._cut(sessions) | self.counterfactuals.facts(pupil, k, code, sessions)
        return Reason(pupil.id, k, rank, project, code, facts)

    def _why(self, pupil: Pupil, project: str, rank: int) -> Verdict:  # noqa: PLR0911
        """The code, its own figures, and the sessions of which the others are counted."""
        held = self.standing.held[pupil.id]
        reach = self.standing.reach(pupil, project)
        for session in held:
            if session.project == project:
                return "met", {"session": session.id}, reach
        if not reach:
            return self._closed_off(pupil, project), {}, []
        if pupil.id in self.standing.tied:
            return "tied", {}, reach
        firm = [s for s in held if self._firm(pupil, s, rank)]
        taken = {slot for s in firm for slot in s.slots}
        left = [s for s in reach if taken.isdisjoint(s.slots)]
        if not left:
            wanted = {slot for s in reach for slot in s.slots}
            return "clash", self._held(pupil, [s for s in firm if not wanted.isdisjoint(s.slots)]), reach
        if len(taken) >= pupil.need:
            return "enough", self._held(pupil, firm), left
        if (capped := self._capped(pupil, project, held)) is not None:
            return "cap", {"held": capped}, left
        return self._no_room(pupil, rank, left)

    def _no_room(self, pupil: Pupil, rank: int, left: list[Session]) -> Verdict:
        held = [s for s in left if self.standing.is_open(s)]
        if not held:
            return "closed", {"minimum": min(s.minimum for s in left)}, left
        code, facts = self._crowded_out(pupil, rank, held)
        into = {s.id: list(self.standing.placement.closed.get(s.id, {}).get("into", ())) for s in left if s not in held}
        merged = {name: others for name, others in into.items() if others}
        return code, facts | ({"merged": merged} if merged else {}), held

    def _crowded_out(self, pupil: Pupil, rank: int, held: list[Session]) -> tuple[str, dict[str, Any]]:
        free = sum(s.capacity - self.standing.load[s.id] for s in held)
        if free > 0:
            return "balance", {"free": free}
        mine: Claim = (pupil.multiplier, -rank)
        better, last = 0, 0
        for session in held:
            for claim, (count, number) in self._claimants[session.id].items():
                if claim > mine and claim[1]:
                    better += count
                elif claim == mine:
                    last = max(last, number)
        if 0 < last < self.standing.number[pupil.id]:
            return "lost_draw", {"better": better, "last_number": last}
        return "full", {"better": better}

    def _held(self, pupil: Pupil, sessions: list[Session]) -> dict[str, Any]:
        rank = self.standing.rank[pupil.id]
        return {"held": [{"rank": rank.get(s.project, 0), "session": s.id} for s in sessions]}

    def _firm(self, pupil: Pupil, session: Session, rank: int) -> bool:
        """Whether the pupil would not give this seat up for a wish of ``rank``."""
        theirs = self.standing.rank[pupil.id].get(session.project, 0)
        return 0 < theirs <= rank or (pupil.id, session.id) in self.standing.locked

    def _claims(self, pupil: Pupil, project: str, sessions: list[Session]) -> dict[str, Any]:
        key = tuple(s.id for s in sessions)
        if key not in self._wanted:
            self._wanted[key] = self._crowds.count(project, sessions)
        wanted_first, wanted = self._wanted[key]
        facts: dict[str, Any] = {
            "wanted_first": wanted_first,
            "wanted": wanted,
            "seats": sum(s.capacity for s in sessions),
            "number": self.standing.number[pupil.id],
        }
        if self.has_prices:
            facts["price"] = round(min(self.prices.get(name, 0) for name in key) / self.scale, 1)
        return facts

    def _cut(self, sessions: list[Session]) -> dict[str, int]:
        """Rank and lottery number of the last one who got in."""
        key = tuple(s.id for s in sessions)
        if key not in self._cuts:
            found = [
                (-rank, number, count) for name in key for (_, rank), (count, number) in self._claimants[name].items()
            ]
            last = max(((rank, number) for rank, number, _ in found), default=(0, 0))
            cut = {"cut_rank": last[0], "cut_number": last[1]} if last[0] else {}
            self._cuts[key] = cut | {"unwished": sum(count for rank, _, count in found if not rank)}
        return self._cuts[key]

    def _closed_off(self, pupil: Pupil, project: str) -> str:
        if project in self.problem.barred_for(pupil.id):
            return "barred"
        anyone: Crowd = (pupil.group, None, frozenset())
        return "stage" if self.standing.reach_of(anyone, project) else "not_offered"

    def _capped(self, pupil: Pupil, project: str, held: list[Session]) -> int | None:
        for cap in self.standing.limits:
            if cap.pupil in (None, pupil.id) and project in cap.projects:
                count = sum(s.project in cap.projects for s in held)
                if count >= cap.limit:
                    return count
        return None

    @cached_property
    def _claimants(self) -> dict[str, dict[Claim, tuple[int, int]]]:
        """Session → claim → (how many sit there on it, the last lottery number among them)."""
        found: dict[str, dict[Claim, tuple[int, int]]] = {}
        for session in self.problem.sessions:
            claims: Counter[Claim] = Counter()
            last: dict[Claim, int] = {}
            for name in self.standing.holders[session.id]:
                claim = (self.problem.pupil_by_id[name].multiplier, -self.standing.rank[name].get(session.project, 0))
                claims[claim] += 1
                last[claim] = max(last.get(claim, 0), self.standing.number[name])
            found[session.id] = {claim: (count, last[claim]) for claim, count in claims.items()}
        return found
