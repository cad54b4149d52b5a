"""Who would have to move, so that one more pupil could sit in a full session: the cheapest short chain of moves.

In one half-day a pupil moves to another session, whose seat another pupil leaves, and so on to a seat that is free.
The cheapest chain of at most ``LONGEST`` moves is a shortest path over sessions. It is one way that keeps every rule:
a longer chain, or one over several half-days, may cost less.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.problem import Pupil, Session
    from baiye_placement.standing import Standing

    Ints = NDArray[np.int64]

LONGEST = 3  # moves of others
NEVER = 1 << 40  # points: no such move


@dataclass(frozen=True, slots=True)
class Move:
    """Another pupil goes from one session to another, and loses so many points by it."""

    pupil: str
    source: str
    target: str
    loss: int


class Chains:
    """Chains of moves in each half-day of a placement."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        problem = standing.problem
        self._half_days: dict[int, HalfDay] = {}
        capped = {cap.pupil for cap in standing.limits}
        fixed = standing.tied | standing.apart.keys() | capped
        self._pupils = sorted((p for p in problem.pupils if p.id not in fixed), key=lambda p: p.id)
        self._common = [cap for cap in standing.limits if cap.pupil is None]

    def cheapest(self, pupil: Pupil, session: Session, left: Session | None) -> tuple[Move, ...] | None:
        """Moves that make room for ``pupil`` in the full ``session``; None where no short chain does.

        ``left`` is the seat of the same half-day that the pupil leaves, and which others may take.
        """
        if session.more_slots:
            return None
        day = self.half_day(session.slot)
        found = [chain for end in day.ends(session, left) if (chain := day.chain(session, end)) is not None]
        fit = [chain for chain in found if all(move.pupil != pupil.id for move in chain)]
        return min(fit, key=lambda chain: (sum(move.loss for move in chain), len(chain)), default=None)

    def half_day(self, slot: int) -> HalfDay:
        if slot not in self._half_days:
            self._half_days[slot] = HalfDay(self, slot)
        return self._half_days[slot]

    @cached_property
    def by_slot(self) -> dict[int, list[Session]]:
        """Sessions of one half-day alone."""
        found: dict[int, list[Session]] = {}
        for session in sorted(self.standing.problem.sessions, key=lambda s: s.id):
            if not session.more_slots:
                found.setdefault(session.slot, []).append(session)
        return found

    @cached_property
    def seated(self) -> dict[int, list[tuple[Pupil, Session]]]:
        """Pupils who may move, with their session, by half-day."""
        found: dict[int, list[tuple[Pupil, Session]]] = {}
        for pupil in self._pupils:
            for session in self.standing.held[pupil.id]:
                if not session.more_slots and (pupil.id, session.id) not in self.standing.locked:
                    found.setdefault(session.slot, []).append((pupil, session))
        return found

    def full_caps(self, pupil: Pupil) -> list[tuple[int, frozenset[str], int]]:
        """(number held, projects, limit) of the caps that hold for everyone."""
        held = Counter(s.project for s in self.standing.held[pupil.id])
        return [(sum(held[p] for p in set(cap.projects)), frozenset(cap.projects), cap.limit) for cap in self._common]


class HalfDay:
    """The cheapest moves between sessions of one half-day: ``cost[k][a, b]`` is that of at most k + 1 moves."""

    def __init__(self, chains: Chains, slot: int) -> None:
        self.standing, self.chains = chains.standing, chains
        self.sessions = chains.by_slot.get(slot, [])
        self.place = {session.id: i for i, session in enumerate(self.sessions)}
        self.rows = chains.seated.get(slot, [])
        self.free = [i for i, session in enumerate(self.sessions) if self.standing.is_free(session)]
        self._open: dict[object, Ints] = {}
        self._chain: dict[tuple[int, int], tuple[Move, ...] | None] = {}
        self.loss = self._losses()
        least, self.mover = self._least()
        self.cost, self.step = [least], [np.tile(np.arange(len(self.sessions)), (len(self.sessions), 1))]
        for _ in range(LONGEST - 1):
            self._one_move_more(least)
        free = np.array(self.free, dtype=np.int64)
        self.nearest = free[self.cost[-1][:, free].argmin(axis=1)] if self.free else free

    def ends(self, session: Session, left: Session | None) -> list[int]:
        """Where a chain from ``session`` may end: the cheapest free seat, and the seat that is left."""
        a = self.place[session.id]
        ends = {int(self.nearest[a])} if self.free else set()
        if left is not None and left.id in self.place:
            ends.add(self.place[left.id])
        return [b for b in sorted(ends) if b != a and self.cost[-1][a, b] < NEVER // 2]

    def chain(self, session: Session, end: int) -> tuple[Move, ...] | None:
        """The moves of the cheapest chain; None where it would go round in a circle."""
        key = self.place[session.id], end
        if key not in self._chain:
            self._chain[key] = self._walk(*key)
        return self._chain[key]

    def lost_by(self, pupil: str, source: Session, target: Session) -> int | None:
        """Points that the pupil loses by moving from one session to the other; None where no rule lets them."""
        if target.id not in self.place or (row := self._row.get((pupil, source.id))) is None:
            return None
        loss = int(self.loss[row, self.place[target.id]])
        return loss if loss < NEVER // 2 else None

    @cached_property
    def _row(self) -> dict[tuple[str, str], int]:
        return {(pupil.id, session.id): row for row, (pupil, session) in enumerate(self.rows)}

    def _walk(self, a: int, end: int) -> tuple[Move, ...] | None:
        path, k = [a], LONGEST - 1
        while path[-1] != end:
            while k and self.cost[k][path[-1], end] == self.cost[k - 1][path[-1], end]:
                k -= 1
            path.append(int(self.step[k][path[-1], end]))
            k -= 1
        if len(set(path)) < len(path):
            return None
        moves = []
        for source, target in pairwise(path):
            row = int(self.mover[source, target])
            names = self.rows[row][0].id, self.sessions[source].id, self.sessions[target].id
            moves.append(Move(*names, int(self.loss[row, target])))
        return tuple(moves)

    def _one_move_more(self, least: Ints) -> None:
        before = self.cost[-1]
        cost, step = before.copy(), np.full_like(before, -1)
        for a in range(len(self.sessions)):
            through = least[a][:, None] + before
            first = through.argmin(axis=0)
            sums = through[first, np.arange(len(first))]
            better = sums < cost[a]
            cost[a, better], step[a, better] = sums[better], first[better]
        self.cost.append(cost)
        self.step.append(step)

    def _least(self) -> tuple[Ints, Ints]:
        """For each two sessions the points lost by the pupil who loses least by moving, and the pupil's row."""
        n = len(self.sessions)
        least, mover = np.full((n, n), NEVER, dtype=np.int64), np.zeros((n, n), dtype=np.int64)
        at = np.array([self.place[session.id] for _, session in self.rows], dtype=np.int64)
        for a in range(n):
            rows = np.flatnonzero(at == a)
            if len(rows):
                first = self.loss[rows].argmin(axis=0)
                least[a], mover[a] = self.loss[rows[first], np.arange(n)], rows[first]
        np.fill_diagonal(least, NEVER)
        return least, mover

    def _losses(self) -> Ints:
        """(rows, sessions) Points that each pupil would lose in each session; NEVER where they cannot sit."""
        loss = np.full((len(self.rows), len(self.sessions)), NEVER, dtype=np.int64)
        for row, (pupil, session) in enumerate(self.rows):
            loss[row, self._open_to(pupil)] = self.standing.points(pupil, session)
            mine = {s.project for s in self.standing.held[pupil.id]} - {session.project}
            for project in mine | self._capped(pupil, session):
                loss[row, self._sessions_of(project)] = NEVER
            for project in self.standing.rank[pupil.id]:
                for b in self._sessions_of(project):
                    if loss[row, b] < NEVER:
                        loss[row, b] -= self.standing.points(pupil, self.sessions[b])
        return loss

    def _open_to(self, pupil: Pupil) -> Ints:
        crowd = self.standing.crowd[pupil.id]
        if crowd not in self._open:
            may = self.standing.problem.may_sit
            self._open[crowd] = np.array([b for b, s in enumerate(self.sessions) if may(pupil, s)], dtype=np.int64)
        return self._open[crowd]

    def _sessions_of(self, project: str) -> list[int]:
        return self._by_project.get(project, [])

    @cached_property
    def _by_project(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for b, session in enumerate(self.sessions):
            found.setdefault(session.project, []).append(b)
        return found

    def _capped(self, pupil: Pupil, session: Session) -> set[str]:
        """Projects that a common cap closes to the pupil who leaves ``session``."""
        closed: set[str] = set()
        for held, projects, limit in self.chains.full_caps(pupil):
            if held - (session.project in projects) + 1 > limit:
                closed |= projects
        return closed
