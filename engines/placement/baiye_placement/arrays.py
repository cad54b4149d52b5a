"""The problem as flat arrays, in one order that does not depend on the order of its rows.

A *unit* is what sits together: one pupil, or pupils tied to one another (``width`` of them). A *kind* is a set of
units to which the same sessions are open. Half-days of a unit are numbered from 0; a *mask* is a set of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from baiye_placement.checks import tied_groups
from baiye_placement.lottery import lottery_order
from baiye_placement.people import People

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.problem import Problem, Pupil, Session

    Ints = NDArray[np.int64]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Caps:
    """Caps above 0: those of unit ``u`` are ``index[ptr[u]]`` …; cap ``c`` allows ``limit[c]`` of ``projects[c]``."""

    ptr: Ints
    index: Ints
    limit: Ints
    projects: NDArray[np.bool_]

    @staticmethod
    def of(problem: Problem, project_index: dict[str, int], units: Sequence[tuple[Pupil, ...]]) -> Caps:
        caps = sorted({(c.pupil or "", c.limit, tuple(sorted(c.projects))) for c in problem.caps if c.limit})
        projects = np.zeros((len(caps), len(project_index)), dtype=np.bool_)
        by_pupil: dict[str, list[int]] = {}
        for i, (pupil, _, names) in enumerate(caps):
            projects[i, [project_index[name] for name in names]] = True
            by_pupil.setdefault(pupil, []).append(i)
        everyone = by_pupil.pop("", [])
        ptr, index = _flatten([everyone + [i for p in unit for i in by_pupil.get(p.id, [])] for unit in units])
        return Caps(ptr, ints(index), ints(c[1] for c in caps), projects)


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """Everything the solver reads.

    ``*_ptr`` arrays are offsets: the wishes of unit ``u`` are ``wish_ptr[u]`` … ``wish_ptr[u + 1] - 1``. The sessions
    in which wish ``w`` can be met are the edges ``offer_ptr[f]`` … of its offer ``f = wish_offer[w]``; the options of
    kind ``k`` (one per mask) are ``option_ptr[k]`` …, and the sessions open under option ``o`` are ``open_ptr[l]`` … of
    its list ``l = option_list[o]``. Offers and lists are shared by all to whom they are the same. Points are whole
    numbers.
    """

    session_ids: list[str]
    capacity: Ints  # seats left after locks
    project: Ints
    session_slots: Ints  # (sessions, most half-days of one), -1 past their end
    slot_count: int
    members: list[tuple[str, ...]]
    people: People
    width: Ints
    need: Ints  # half-days still open after locks
    lottery: Ints  # position in the public lottery, 0 first
    slot_ptr: Ints
    slots: Ints  # global half-day of each local one
    wish_ptr: Ints
    wish_project: Ints
    wish_points: Ints  # per half-day, summed over the unit
    wish_offer: Ints
    offer_ptr: Ints
    edge_session: Ints
    edge_mask: Ints
    kind: Ints
    option_ptr: Ints
    option_mask: Ints
    option_list: Ints
    open_ptr: Ints
    open_session: Ints
    locked: list[tuple[int, ...]]  # sessions held before anything is decided
    caps: Caps
    apart: list[tuple[int, int]]

    @property
    def unit_count(self) -> int:
        return len(self.width)


def compile_arrays(problem: Problem) -> Arrays:
    """Arrays of ``problem``: sessions and units sorted by id."""
    return _Compiler(problem).arrays()


class _Compiler:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.sessions = sorted(problem.sessions, key=lambda s: s.id)
        self.session_index = {session.id: i for i, session in enumerate(self.sessions)}
        self.project_index = {p: i for i, p in enumerate(sorted({s.project for s in self.sessions}))}
        every_slot = {slot for s in self.sessions for slot in s.slots}
        every_slot.update(slot for slots in problem.group_slots.values() for slot in slots)
        self.slot_index = {slot: i for i, slot in enumerate(sorted(every_slot))}
        self.short: dict[int, list[Session]] = {}  # sessions of one half-day, by it
        self.long: dict[int, list[Session]] = {}  # longer ones, by their first
        for session in self.sessions:
            (self.long if session.more_slots else self.short).setdefault(session.slot, []).append(session)
        self.locks: dict[str, list[Session]] = {}
        for lock in problem.locks:
            self.locks.setdefault(lock.pupil, []).append(problem.session_by_id[lock.session])
        load = Counter(lock.session for lock in problem.locks)
        self.capacity = [session.capacity - load[session.id] for session in self.sessions]
        self.kinds: dict[object, _Kind] = {}
        self.open_in: dict[object, _Open] = {}
        self.offers: dict[tuple[tuple[int, int], ...], int] = {}
        self.lists: dict[tuple[int, ...], int] = {}

    def arrays(self) -> Arrays:
        units = self._units()
        kinds = [self._kind(unit) for unit in units]
        place = {pupil_id: i for i, pupil_id in enumerate(lottery_order(self.problem))}
        slot_ptr, slots = _flatten([kind.slots for kind in kinds])
        wish_ptr, wishes = _flatten([self._wishes(unit, kind) for unit, kind in zip(units, kinds, strict=True)])
        offer_ptr, edges = _flatten(list(self.offers))
        option_ptr, options = _flatten([sorted(kind.options.items()) for kind in self.kinds.values()])
        open_ptr, open_session = _flatten(list(self.lists))
        locks = [self.locks.get(unit[0].id, []) for unit in units]
        return Arrays(
            session_ids=[s.id for s in self.sessions],
            capacity=ints(self.capacity),
            project=ints(self.project_index[s.project] for s in self.sessions),
            slot_count=len(self.slot_index),
            session_slots=self._session_slots(),
            members=[tuple(p.id for p in unit) for unit in units],
            people=People.of(self.project_index, units),
            width=ints(len(unit) for unit in units),
            need=ints(unit[0].need - sum(len(s.slots) for s in held) for unit, held in zip(units, locks, strict=True)),
            lottery=ints(min(place[p.id] for p in unit) for unit in units),
            slot_ptr=slot_ptr,
            slots=ints(self.slot_index[s] for s in slots),
            wish_ptr=wish_ptr,
            wish_project=ints(w[1] for w in wishes),
            wish_points=ints(-w[0] for w in wishes),
            wish_offer=ints(w[2] for w in wishes),
            offer_ptr=offer_ptr,
            edge_session=ints(e[0] for e in edges),
            edge_mask=ints(e[1] for e in edges),
            kind=ints(kind.number for kind in kinds),
            option_ptr=option_ptr,
            option_mask=ints(m for m, _ in options),
            option_list=ints(found for _, found in options),
            open_ptr=open_ptr,
            open_session=ints(open_session),
            locked=[tuple(self.session_index[s.id] for s in held) for held in locks],
            caps=Caps.of(self.problem, self.project_index, units),
            apart=self._apart(units),
        )

    def _apart(self, units: list[tuple[Pupil, ...]]) -> list[tuple[int, int]]:
        number = {pupil.id: u for u, unit in enumerate(units) for pupil in unit}
        pairs = {(number[a.first], number[a.second]) for a in self.problem.apart}
        return sorted((min(pair), max(pair)) for pair in pairs)

    def _session_slots(self) -> Ints:
        longest = max((len(s.slots) for s in self.sessions), default=1)
        return np.array(
            [[self.slot_index[slot] for slot in s.slots] + [-1] * (longest - len(s.slots)) for s in self.sessions],
            dtype=np.int64,
        ).reshape(len(self.sessions), longest)

    def _units(self) -> list[tuple[Pupil, ...]]:
        groups = tied_groups(self.problem)
        tied = {pupil.id for members in groups for pupil in members}
        alone = [(pupil,) for pupil in self.problem.pupils if pupil.id not in tied]
        return sorted([*groups, *alone], key=lambda unit: unit[0].id)

    def _kind(self, unit: tuple[Pupil, ...]) -> _Kind:
        held = self.locks.get(unit[0].id, [])
        key = (
            frozenset((p.group, p.stage, self.problem.barred_for(p.id)) for p in unit),
            tuple(sorted(s.id for s in held)),
            len(unit),
        )
        if key not in self.kinds:
            taken = {slot for s in held for slot in s.slots}
            slots = set.intersection(*(set(self.problem.group_slots[p.group]) for p in unit)) - taken
            self.kinds[key] = self._make_kind(unit, sorted(slots), {s.project for s in held})
        return self.kinds[key]

    def _make_kind(self, unit: tuple[Pupil, ...], slots: list[int], held: set[str]) -> _Kind:
        bit = {slot: 1 << i for i, slot in enumerate(slots)}
        short = {bit[slot]: self._open_in(unit, slot) for slot in slots}
        long: dict[int, list[int]] = {}
        for session in (s for slot in slots for s in self.long.get(slot, [])):
            if bit.keys() >= set(session.slots) and self._fits(unit, session):
                mask = sum(bit[slot] for slot in session.slots)
                long.setdefault(mask, []).append(self.session_index[session.id])
        options = {m: one.all for m, one in short.items()} | {m: tuple(found) for m, found in long.items()}
        if held:
            options = {m: tuple(i for i in all_ if self.sessions[i].project not in held) for m, all_ in options.items()}
        kind = _Kind(len(self.kinds), slots, short, {m: found for m, found in options.items() if found}, {}, {})
        kind.options = {mask: _number(self.lists, found) for mask, found in kind.sessions.items()}
        return kind

    def _open_in(self, unit: tuple[Pupil, ...], slot: int) -> _Open:
        """Sessions of this half-day alone that are open to the unit; found once for all alike."""
        key = (
            slot,
            len(unit),
            frozenset(
                (p.stage, self.problem.barred_for(p.id), self.problem.venue_of.get((p.group, slot))) for p in unit
            ),
        )
        if key not in self.open_in:
            found = [self.session_index[s.id] for s in self.short.get(slot, []) if self._fits(unit, s)]
            self.open_in[key] = _Open(tuple(found), _by_project(self.sessions, found))
        return self.open_in[key]

    def _fits(self, unit: tuple[Pupil, ...], session: Session) -> bool:
        return self.capacity[self.session_index[session.id]] >= len(unit) and all(
            self.problem.may_sit(pupil, session) for pupil in unit
        )

    def _offer(self, kind: _Kind, project: str) -> int:
        """Number of the offer: every session of the project that is open to the kind, with its mask; -1 for none."""
        if project not in kind.offers:
            edges = tuple(
                (i, mask) for mask, found in kind.sessions.items() for i in self._of_project(kind, mask, found, project)
            )
            kind.offers[project] = _number(self.offers, edges) if edges else -1
        return kind.offers[project]

    def _of_project(self, kind: _Kind, mask: int, found: tuple[int, ...], project: str) -> list[int]:
        if mask in kind.short and len(kind.short[mask].all) == len(found):  # nothing was added or left out
            return kind.short[mask].by_project.get(project, [])
        return [i for i in found if self.sessions[i].project == project]

    def _wishes(self, unit: tuple[Pupil, ...], kind: _Kind) -> list[tuple[int, int, int]]:
        """(minus points, project, offer) of each wish that can be met at all, best first."""
        points: dict[str, int] = {}
        for pupil in unit:
            for rank, project in zip(pupil.wish_ranks, pupil.wishes, strict=True):
                points[project] = points.get(project, 0) + pupil.multiplier * self.problem.points[rank - 1]
        met = ((-value, self.project_index[p], self._offer(kind, p)) for p, value in points.items())
        return sorted(wish for wish in met if wish[2] >= 0)


@dataclass(frozen=True, slots=True)
class _Open:
    all: tuple[int, ...]  # kinds share it: each of its own would be kinds times sessions
    by_project: dict[str, list[int]]


@dataclass(slots=True)
class _Kind:
    number: int
    slots: list[int]
    short: dict[int, _Open]  # mask of one half-day → what is open then
    sessions: dict[int, tuple[int, ...]]  # mask → sessions
    options: dict[int, int]  # mask → number of its list
    offers: dict[str, int]  # project → number of its offer


def _by_project(sessions: Sequence[Session], found: Iterable[int]) -> dict[str, list[int]]:
    by: dict[str, list[int]] = {}
    for i in found:
        by.setdefault(sessions[i].project, []).append(i)
    return by


def _number(numbers: dict[tuple[T, ...], int], key: tuple[T, ...]) -> int:
    """The number of ``key``: that of its first sight."""
    return numbers.setdefault(key, len(numbers))


def ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _flatten(rows: Sequence[Sequence[T]]) -> tuple[Ints, list[T]]:
    """(offsets, all items one after the other)."""
    pointers = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=pointers[1:])
    return pointers, [item for row in rows for item in row]
