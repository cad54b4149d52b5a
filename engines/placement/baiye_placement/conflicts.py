# ruff: noqa: PLC0415 - the libraries are loaded by the first search, not by the import
"""Why pupils cannot be filled: the smallest sets of rows that contradict each other, and what would reconcile them.

Kinds of conflict
-----------------
``half_days``
    A pupil needs more than the group's half-days, or the sessions open to one pupil alone, can give.
``seats``
    Pupils need more half-days than the sessions open to them offer (see ``shortage``).
``rules``
    Minimum sizes, caps or apartness keep half-days empty that seats alone would fill.

The nearest relaxation comes first: seats count one each, half-days given up one each, a lock is tried one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baiye_placement.placement import Placement
    from baiye_placement.problem import Lock, Problem, Session

NAMED = 5  # so many groups, sessions or venues a sentence names


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change of the problem after which the conflict is gone, or smaller by ``half_days``.

    ``cost`` counts what is given: seats added, half-days given up, pupils by which a minimum is lowered, locks dropped.
    ``points`` is what dropping a lock changes in the total (below 0: points are lost).
    """

    kind: str  # "seats", "needs", "minimum" or "lock"
    sentence: str
    cost: int
    half_days: int
    seats: Mapping[str, int] = field(default_factory=dict)  # session → seats more
    needs: Mapping[str, int] = field(default_factory=dict)  # pupil → half-days less
    minimum: Mapping[str, int] = field(default_factory=dict)  # session → new minimum
    locks: tuple[Lock, ...] = ()
    points: int = 0

    def applied(self, problem: Problem) -> Problem:
        """``problem`` with the change made."""
        return replace(
            problem,
            sessions=tuple(self._session(s) for s in problem.sessions),
            pupils=tuple(replace(p, need=p.need - self.needs.get(p.id, 0)) for p in problem.pupils),
            locks=tuple(lock for lock in problem.locks if lock not in self.locks),
        )

    def _session(self, s: Session) -> Session:
        lowest = min(s.minimum, self.minimum.get(s.id, s.minimum))
        return replace(s, capacity=s.capacity + self.seats.get(s.id, 0), minimum=lowest)


@dataclass(frozen=True, slots=True)
class Conflict:
    """``pupils`` need ``needed`` half-days and can have ``offered`` of them; ``core`` is a smallest part of them.

    ``core`` has the same conflict with ``core_needed`` and ``core_offered``, and with one pupil less it has none.
    """

    kind: str
    sentence: str
    pupils: tuple[str, ...]
    groups: tuple[str, ...]
    sessions: tuple[str, ...]
    slots: tuple[int, ...]
    needed: int
    offered: int
    core: tuple[str, ...]
    core_needed: int
    core_offered: int
    relaxations: tuple[Relaxation, ...] = ()

    @property
    def short(self) -> int:
        """Half-days that must stay empty."""
        return self.needed - self.offered


def conflicts(problem: Problem, placement: Placement) -> list[Conflict]:
    """What keeps pupils of ``placement`` from being filled; empty where nothing does."""
    from baiye_placement.conflict_search import Search

    return Search(problem, placement.seats).found() if placement.unfilled else []


def conflict_json(found: Iterable[Conflict]) -> list[dict[str, Any]]:
    """Conflicts as plain values, for the output of commands."""
    return [
        {
            "kind": c.kind,
            "sentence": c.sentence,
            "short": c.short,
            "needed": c.needed,
            "offered": c.offered,
            "pupils": list(c.pupils),
            "groups": list(c.groups),
            "sessions": list(c.sessions),
            "slots": list(c.slots),
            "smallest": {"pupils": list(c.core), "needed": c.core_needed, "offered": c.core_offered},
            "relaxations": [
                {
                    "kind": r.kind,
                    "sentence": r.sentence,
                    "cost": r.cost,
                    "half_days": r.half_days,
                    **({"seats": dict(r.seats)} if r.seats else {}),
                    **({"needs": dict(r.needs)} if r.needs else {}),
                    **({"minimum": dict(r.minimum)} if r.minimum else {}),
                    **({"locks": [[k.pupil, k.session] for k in r.locks], "points": r.points} if r.locks else {}),
                }
                for r in c.relaxations
            ],
        }
        for c in found
    ]


def conflict_lines(found: Iterable[Conflict]) -> list[str]:
    """Each conflict's sentence, and under it what would resolve it."""
    return [line for c in found for line in (c.sentence, *(f"  or else: {r.sentence}" for r in c.relaxations))]


def listed(names: Iterable[object]) -> str:
    """A few of ``names``, and how many more there are."""
    names = list(names)
    few = ", ".join(repr(name) for name in names[:NAMED])
    return few if len(names) <= NAMED else f"{few} and {len(names) - NAMED} more"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
