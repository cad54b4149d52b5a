"""Classes, their offers and their pupils as flat arrays, in one order that does not depend on the order of rows.

A *cell* is what a class may visit in some half-days: one venue's day, or the half-days a class is out already. The same
cell is shared by all classes to whom it is offered. Half-days of a cell are numbered from 0; a *mask* is a set of them.
A *room* is one half-day of a venue, with seats for as many pupils as its sessions have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from baiye_placement.trips.classes import Classes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.problem import Problem, Pupil, Session

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

T = TypeVar("T")
Place = tuple[int, str | None]  # a half-day, and the venue if there is but one


class Ground(NamedTuple):
    """What the compiled functions read; ``*_ptr`` are offsets.

    Entries of cell ``c`` and project ``j`` are ``first[c, j]`` … ``last[c, j] - 1``; the sessions of its option ``o``
    (all that last the half-days ``option_mask[o]``) are ``open_ptr[o]`` …, the cheapest first once they are sorted.
    """

    capacity: Ints  # seats left after locks
    project: Ints
    admits: Bools  # (sessions, stages)
    cell_size: Ints
    cell_slot_ptr: Ints
    cell_slots: Ints
    first: Ints
    last: Ints
    entry_session: Ints
    entry_mask: Ints
    option_ptr: Ints
    option_mask: Ints
    open_ptr: Ints
    open_session: Ints
    share: Bools  # (cells, cells): a project is held in both
    pupil_ptr: Ints  # of each class
    need: Ints  # half-days still open after locks
    stage: Ints
    wish_ptr: Ints
    wish_project: Ints
    wish_points: Ints
    gone_ptr: Ints
    gone: Ints  # projects that the pupil holds by a lock, or is barred from
    busy_ptr: Ints
    busy: Ints  # half-days taken by locks
    whole: Bools  # the pupil is to have every half-day needed
    fills: Bools  # … and so every half-day of every plan of the class
    base: Ints  # cell of the half-days on which the class is out already, or -1
    rest: Ints  # half-days to be found among its offers
    simple: Bools  # a plan whose cells share no project is worth the sum of its trips
    offer_ptr: Ints
    offer_cell: Ints
    offer_cost: Ints  # points, for the whole class
    clash_ptr: Ints
    clash: Bools  # (offers of the class)²: they share a half-day
    room_ptr: Ints  # the rooms of each offer
    room: Ints
    space: Ints  # pupils whom each room still takes
    bits: Ints  # how many half-days a mask of the longest plan has

    @property
    def class_count(self) -> int:
        return len(self.base)

    @property
    def longest_plan(self) -> int:
        """Half-days of the longest plan that a class may be given."""
        return len(self.bits).bit_length() - 1


@dataclass(slots=True)
class Cells:
    """Cells and their sessions, each made once."""

    sessions: Sequence[Session]
    project: Sequence[int]
    usable: Sequence[bool]
    number: dict[tuple[Place, ...], int] = field(default_factory=dict)
    slots: list[list[int]] = field(default_factory=list)
    entries: list[list[tuple[int, int, int]]] = field(default_factory=list)  # (project, session, mask)
    by_slot: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for i, session in enumerate(self.sessions):
            self.by_slot.setdefault(session.slot, []).append(i)

    def of(self, places: Iterable[Place]) -> int:
        """The number of the cell with these half-days."""
        key = tuple(sorted(places, key=str))
        if key not in self.number:
            self.number[key] = len(self.number)
            venue = dict(key)
            slots = sorted(venue)
            bit = {slot: 1 << i for i, slot in enumerate(slots)}
            self.slots.append(slots)
            found = (i for slot in slots for i in self.by_slot.get(slot, []) if self.usable[i])
            self.entries.append(
                sorted(
                    (self.project[i], i, sum(bit[t] for t in self.sessions[i].slots))
                    for i in found
                    if all(venue.get(t, "") in (None, self.sessions[i].venue) for t in self.sessions[i].slots)
                )
            )
        return self.number[key]


def compile_ground(problem: Problem, classes: Classes) -> Ground:
    """Arrays of ``problem``: sessions by id, classes by name, pupils by class and id."""
    sessions = sorted(problem.sessions, key=lambda s: s.id)
    projects = {p: j for j, p in enumerate(sorted({s.project for s in sessions}))}
    locked = Counter(lock.session for lock in problem.locks)
    capacity = [s.capacity - locked[s.id] for s in sessions]
    cells = Cells(sessions, [projects[s.project] for s in sessions], [n > 0 for n in capacity])
    base = [
        cells.of((s, problem.venue_of.get((c, s))) for s in classes.fixed[c]) if classes.fixed[c] else -1
        for c in classes.names
    ]
    offers = [[cells.of((s, t.venue) for s in t.slots) for t in classes.offers[c]] for c in classes.names]
    rooms = {room: i for i, room in enumerate(sorted(classes.space))}
    flat = [t for c in classes.names for t in classes.offers[c]]
    cost = [problem.minute_cost * t.minutes * len(classes.pupils[t.group]) for t in flat]
    clash = [
        np.array([[not set(a.slots).isdisjoint(b.slots) for b in mine] for a in mine], dtype=np.bool_).ravel()
        for mine in (classes.offers[c] for c in classes.names)
    ]
    room_ptr, room = flatten([[rooms[t.venue, s] for s in t.slots] for t in flat])
    return Ground(
        capacity=ints(max(n, 0) for n in capacity),
        project=ints(cells.project),
        **_cell_arrays(cells, len(projects)),
        **_people(problem, classes, projects, sessions),
        pupil_ptr=offsets([len(classes.pupils[c]) for c in classes.names]),
        base=ints(base),
        rest=ints(classes.rest[c] for c in classes.names),
        simple=np.zeros(len(base), dtype=np.bool_),
        offer_ptr=offsets([len(o) for o in offers]),
        offer_cell=ints(c for o in offers for c in o),
        offer_cost=ints(cost),
        clash_ptr=offsets([len(c) for c in clash]),
        clash=np.concatenate([np.zeros(0, dtype=np.bool_), *clash]),
        room_ptr=room_ptr,
        room=ints(room),
        space=ints(classes.space[r] for r in sorted(classes.space)),
        bits=ints(m.bit_count() for m in range(1 << max(map(classes.longest, classes.names), default=1))),
    )


def _cell_arrays(cells: Cells, projects: int) -> dict[str, Any]:
    count = len(cells.entries)
    first, last = np.zeros((count, projects), dtype=np.int64), np.zeros((count, projects), dtype=np.int64)
    at = 0
    options: list[list[tuple[int, list[int]]]] = []
    for c, entries in enumerate(cells.entries):
        by_mask: dict[int, list[int]] = {}
        for project, session, mask in entries:
            if last[c, project] == 0:
                first[c, project] = at
            at += 1
            last[c, project] = at
            by_mask.setdefault(mask, []).append(session)
        options.append(sorted(by_mask.items()))
    option_ptr, flat = flatten(options)
    open_ptr, open_session = flatten([found for _, found in flat])
    slot_ptr, slots = flatten(cells.slots)
    held = (last > first).astype(np.int64)
    return {
        "cell_size": ints(len(s) for s in cells.slots),
        "cell_slot_ptr": slot_ptr,
        "cell_slots": ints(slots),
        "first": first,
        "last": last,
        "entry_session": ints(e[1] for entries in cells.entries for e in entries),
        "entry_mask": ints(e[2] for entries in cells.entries for e in entries),
        "option_ptr": option_ptr,
        "option_mask": ints(mask for mask, _ in flat),
        "open_ptr": open_ptr,
        "open_session": ints(open_session),
        "share": held @ held.T > 0,
    }


def _people(
    problem: Problem, classes: Classes, projects: dict[str, int], sessions: Sequence[Session]
) -> dict[str, Any]:
    pupils = [p for c in classes.names for p in classes.pupils[c]]
    stages = {name: i for i, name in enumerate(sorted({p.stage for p in pupils if p.stage is not None}), start=1)}
    admits = np.ones((len(sessions), len(stages) + 1), dtype=np.bool_)
    for i, session in enumerate(sessions):
        if session.stages:
            admits[i, 1:] = [name in session.stages for name in stages]
    held: dict[str, list[Session]] = {}
    for lock in problem.locks:
        held.setdefault(lock.pupil, []).append(problem.session_by_id[lock.session])
    gone_ptr, gone = flatten([_gone(problem, p, held.get(p.id, []), projects) for p in pupils])
    busy_ptr, busy = flatten([[t for s in held.get(p.id, []) for t in s.slots] for p in pupils])
    wish_ptr, wishes = flatten([_wishes(problem, p, projects) for p in pupils])
    return {
        "admits": admits,
        "need": ints(p.need for p in pupils) - np.diff(busy_ptr),
        "stage": ints(0 if p.stage is None else stages[p.stage] for p in pupils),
        "wish_ptr": wish_ptr,
        "wish_project": ints(w[0] for w in wishes),
        "wish_points": ints(w[1] for w in wishes),
        "gone_ptr": gone_ptr,
        "gone": ints(gone),
        "busy_ptr": busy_ptr,
        "busy": ints(busy),
        "whole": np.ones(len(pupils), dtype=np.bool_),
        "fills": np.zeros(len(pupils), dtype=np.bool_),
    }


def _gone(problem: Problem, pupil: Pupil, held: Sequence[Session], projects: dict[str, int]) -> list[int]:
    return sorted({projects[p] for p in problem.barred_for(pupil.id)} | {projects[s.project] for s in held})


def _wishes(problem: Problem, pupil: Pupil, projects: dict[str, int]) -> list[tuple[int, int]]:
    ranks = zip(pupil.wishes, pupil.wish_ranks, strict=True)
    return [(projects[wish], problem.points[rank - 1] * pupil.multiplier) for wish, rank in ranks]


def with_whole(g: Ground, classes: Classes, whole: Bools) -> Ground:
    """``g`` where the pupils ``whole`` are to have every half-day they need, and no one else."""
    fills, simple = np.zeros(len(g.need), dtype=np.bool_), np.zeros(g.class_count, dtype=np.bool_)
    locked = np.diff(g.busy_ptr)
    for c, name in enumerate(classes.names):
        mine = slice(g.pupil_ptr[c], g.pupil_ptr[c + 1])
        if (length := classes.length(name)) is not None:
            everything = g.need[mine] + locked[mine] >= length
            fills[mine] = whole[mine] & everything
            simple[c] = bool(everything.all())
    return g._replace(whole=whole, fills=fills, simple=simple)


def ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def offsets(counts: Sequence[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)


def flatten(rows: Sequence[Sequence[T]]) -> tuple[Ints, list[T]]:
    """(offsets, all items one after the other)."""
    return offsets([len(row) for row in rows]), [item for row in rows for item in row]
