"""A placement as the explanations see it: who holds what, who wishes what, and who could come, each counted once."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.checks import tied_groups
from baiye_placement.lottery import lottery_order
from baiye_placement.problem import Pupil

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from baiye_placement.placement import Placement
    from baiye_placement.problem import Cap, Problem, Session

Crowd = tuple[str, str | None, frozenset[str]]  # group, stage, barred projects


class Standing:
    """Who holds and wishes what in ``placement``.

    ``number`` is the place in the lottery, 1 the first; pupils with equal ``crowd`` may sit in the same sessions.
    """

    def __init__(self, problem: Problem, placement: Placement) -> None:
        self.problem, self.placement = problem, placement
        self.load = Counter(session for held in placement.seats.values() for session in held)
        self.number = {name: i + 1 for i, name in enumerate(lottery_order(problem))}
        self.rank = {p.id: dict(zip(p.wishes, p.wish_ranks, strict=True)) for p in problem.pupils}
        self.held = {p.id: [problem.session_by_id[s] for s in placement.seats.get(p.id, ())] for p in problem.pupils}
        self.locked = {(lock.pupil, lock.session) for lock in problem.locks}
        self.opened = {lock.session for lock in problem.locks}
        self.crowd = {p.id: (p.group, p.stage, problem.barred_for(p.id)) for p in problem.pupils}
        self._reach: dict[tuple[str, str | None, bool, str], list[Session]] = {}

    def points(self, pupil: Pupil, session: Session, rank: int | None = None) -> int:
        """Points of the session for the pupil, by ``rank`` or the rank they chose; 0 where they did not wish it."""
        rank = self.rank[pupil.id].get(session.project, 0) if rank is None else rank
        return self.problem.points[rank - 1] * pupil.multiplier * len(session.slots) if rank else 0

    def is_open(self, session: Session) -> bool:
        """Whether one pupil more would find the session open."""
        return self.load[session.id] > 0 or session.minimum <= 1

    def is_free(self, session: Session) -> bool:
        return self.is_open(session) and self.load[session.id] < session.capacity

    def may_leave(self, session: Session) -> bool:
        """Whether the session still stands when one pupil leaves it."""
        left = self.load[session.id] - 1
        return left == 0 or left >= session.minimum or session.id in self.opened

    def reach(self, pupil: Pupil, project: str) -> list[Session]:
        """Sessions of the project to which the pupil could come, were there seats."""
        return self.reach_of(self.crowd[pupil.id], project)

    def reach_of(self, crowd: Crowd, project: str) -> list[Session]:
        group, stage, barred = crowd
        key = (group, stage, project in barred, project)
        if key not in self._reach:
            anyone = Pupil("", group, (), stage=stage)
            sessions = [] if project in barred else self.by_project.get(project, [])
            self._reach[key] = [s for s in sessions if self.problem.may_sit(anyone, s)]
        return self._reach[key]

    def breaks_a_cap(self, pupil: Pupil, projects: Iterable[str]) -> bool:
        """Whether the pupil may not hold all these projects."""
        projects = list(projects)
        return any(
            sum(p in cap.projects for p in projects) > cap.limit for cap in self.limits if cap.pupil in (None, pupil.id)
        )

    @cached_property
    def limits(self) -> list[Cap]:
        """Caps above 0."""
        return [cap for cap in self.problem.caps if cap.limit]

    @cached_property
    def by_project(self) -> dict[str, list[Session]]:
        found: dict[str, list[Session]] = {}
        for session in sorted(self.problem.sessions, key=lambda s: s.id):
            found.setdefault(session.project, []).append(session)
        return found

    @cached_property
    def holders(self) -> dict[str, list[str]]:
        """Session → pupils, by id."""
        found: dict[str, list[str]] = {session.id: [] for session in self.problem.sessions}
        for name in sorted(self.held):
            for session in self.held[name]:
                found[session.id].append(name)
        return found

    @cached_property
    def wishers(self) -> dict[str, list[Pupil]]:
        """Project → pupils who wish it."""
        found: dict[str, list[Pupil]] = {}
        for pupil in self.problem.pupils:
            for project in pupil.wishes:
                found.setdefault(project, []).append(pupil)
        return found

    @cached_property
    def tied(self) -> set[str]:
        return {pupil.id for members in tied_groups(self.problem) for pupil in members}

    @cached_property
    def apart(self) -> dict[str, set[str]]:
        """Pupil → those with whom they are never in one session."""
        found: dict[str, set[str]] = {}
        for pair in self.problem.apart:
            found.setdefault(pair.first, set()).add(pair.second)
            found.setdefault(pair.second, set()).add(pair.first)
        return found


class Crowds:
    """How many pupils could come to sessions of a project and wish it."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self._by_project: dict[str, dict[Crowd, list[int]]] = {}
        for pupil in standing.problem.pupils:
            for project, rank in standing.rank[pupil.id].items():
                counts = self._by_project.setdefault(project, {}).setdefault(standing.crowd[pupil.id], [0, 0])
                counts[0] += rank == 1
                counts[1] += 1
        self._tables: dict[str, tuple[dict[str, int], NDArray[np.bool_], NDArray[np.int64]]] = {}

    def count(self, project: str, sessions: Sequence[Session]) -> tuple[int, int]:
        """(first wishes, wishes) of the project by pupils who could come to one of ``sessions``."""
        if project not in self._tables:
            self._tables[project] = self._table(project)
        place, comes, counts = self._tables[project]
        firsts, everyone = counts[comes[:, [place[s.id] for s in sessions]].any(axis=1)].sum(axis=0)
        return int(firsts), int(everyone)

    def _table(self, project: str) -> tuple[dict[str, int], NDArray[np.bool_], NDArray[np.int64]]:
        """Column of each session; which crowd (row) may come to it; first wishes and wishes of each crowd."""
        crowds = self._by_project.get(project, {})
        place = {s.id: i for i, s in enumerate(self.standing.by_project.get(project, ()))}
        comes = np.zeros((len(crowds), len(place)), dtype=np.bool_)
        for row, crowd in enumerate(crowds):
            comes[row, [place[s.id] for s in self.standing.reach_of(crowd, project)]] = True
        return place, comes, np.array(list(crowds.values()), dtype=np.int64).reshape(len(crowds), 2)
