"""What can be wrong with a problem, said so that the row can be found and put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from baiye_placement.problem import Problem, Pupil, Session

T = TypeVar("T", bound=Hashable)

MOST_SLOTS = 12  # half-days of one group; the programme of one pupil grows with 2 to this power
MOST_NEED = 12


def contradictions(problem: Problem) -> list[str]:
    """One sentence for each row that cannot stand; empty when the problem is sound."""
    messages = [*_ids(problem), *_points(problem), *_sessions(problem), *_groups(problem)]
    if messages:  # the rows below refer to these
        return messages
    messages = [*_pupils(problem), *_trips(problem), *_references(problem)]
    return messages or [*_ties(problem), *_locks(problem)]


def _repeated(values: Iterable[str]) -> list[str]:
    return sorted(value for value, count in Counter(values).items() if count > 1)


def _ids(problem: Problem) -> Iterator[str]:
    for noun, rows in (("session", problem.sessions), ("pupil", problem.pupils)):
        yield from (f"{noun} {i!r} occurs more than once" for i in _repeated(row.id for row in rows))
        yield from (
            f"{noun} id {row.id!r} is empty or has spaces at its ends or characters that cannot be printed"
            for row in rows
            if not row.id or row.id != row.id.strip() or not row.id.isprintable()
        )


def _points(problem: Problem) -> Iterator[str]:
    if not problem.points or any(p != int(p) or p < 1 for p in problem.points):
        yield f"points {problem.points} must be whole numbers of at least 1"
    elif any(a < b for a, b in zip(problem.points, problem.points[1:], strict=False)):
        yield f"points {problem.points} must not rise from one wish to the next"
    try:
        problem.seed.decode()
    except UnicodeDecodeError:
        yield "the seed is not UTF-8 text"


def _sessions(problem: Problem) -> Iterator[str]:
    for session in problem.sessions:
        if session.capacity < 0:
            yield f"session {session.id!r}: capacity {session.capacity} is negative"
        if not 0 <= session.minimum <= max(session.capacity, 0):
            yield f"session {session.id!r}: minimum {session.minimum} is not between 0 and its capacity"
        if len(set(session.slots)) != len(session.slots):
            yield f"session {session.id!r} names a half-day twice"
        if not session.project or session.project != session.project.strip() or ";" in session.project:
            yield f"session {session.id!r}: project {session.project!r} is empty, has spaces at its ends, or holds ';'"
        if any(";" in stage or not stage for stage in session.stages):
            yield f"session {session.id!r}: a stage is empty or holds ';'"


def _groups(problem: Problem) -> Iterator[str]:
    for group, slots in problem.group_slots.items():
        if len(set(slots)) != len(slots):
            yield f"group {group!r} names a half-day twice"
        if (count := len(set(slots) - problem.only_offered.get(group, frozenset()))) > MOST_SLOTS:
            yield f"group {group!r} has {count} half-days; {MOST_SLOTS} is the most"


def _pupils(problem: Problem) -> Iterator[str]:
    projects = {session.project for session in problem.sessions}
    for pupil in problem.pupils:
        yield from (f"pupil {pupil.id!r}: {message}" for message in _pupil(problem, pupil, projects))


def _pupil(problem: Problem, pupil: Pupil, projects: set[str]) -> Iterator[str]:
    if pupil.group not in problem.group_slots:
        yield f"group {pupil.group!r} is unknown"
    elif pupil.need and not problem.group_slots[pupil.group] and pupil.group not in problem.only_offered:
        yield f"group {pupil.group!r} has no half-day"
    if not 0 <= pupil.need <= MOST_NEED:
        yield f"need {pupil.need} is not between 0 and {MOST_NEED}"
    if pupil.multiplier < 1:
        yield f"multiplier {pupil.multiplier} is below 1"
    if pupil.memory < 0:
        yield f"memory {pupil.memory} is negative"
    yield from (f"wish for unknown project {w!r}" for w in sorted(set(pupil.wishes) - projects))
    yield from (f"project {w!r} is wished twice" for w in _repeated(pupil.wishes))
    ranks = pupil.wish_ranks
    if len(ranks) != len(pupil.wishes):
        yield f"{len(ranks)} ranks for {len(pupil.wishes)} wishes"
    elif ranks != tuple(sorted(ranks)) or any(rank < 1 for rank in ranks):
        yield f"ranks {ranks} must rise from 1"
    elif ranks and ranks[-1] > len(problem.points):
        yield f"wish of rank {ranks[-1]}, but points are published for {len(problem.points)}"


def _trips(problem: Problem) -> Iterator[str]:
    venues = {session.venue for session in problem.sessions}
    seen: dict[tuple[str, int], str] = {}
    yield from _travel(problem)
    for trip in problem.trips:
        row = f"trip of group {trip.group!r} to {trip.venue!r}"
        if trip.group not in problem.group_slots:
            yield f"{row}: the group is unknown"
            continue
        if trip.venue not in venues:
            yield f"{row}: no session is held at this venue"
        for slot in trip.slots if trip.chosen else ():
            if slot not in problem.group_slots[trip.group]:
                yield f"{row}: half-day {slot} is none of the group's"
            if seen.setdefault((trip.group, slot), trip.venue) != trip.venue:
                yield f"{row}: in half-day {slot} it also travels to {seen[trip.group, slot]!r}"


def _travel(problem: Problem) -> Iterator[str]:
    """What is wrong with trips, their half-days in the group's aside."""
    sizes = Counter(pupil.group for pupil in problem.pupils)
    if problem.minute_cost != int(problem.minute_cost) or problem.minute_cost < 0:
        yield f"minute_cost {problem.minute_cost!r} is no whole number of at least 0"
    for trip in problem.trips:
        row = f"trip of group {trip.group!r} to {trip.venue!r}"
        if not trip.slots or len(set(trip.slots)) != len(trip.slots):
            yield f"{row}: it names no half-day, or one twice"
        if trip.minutes < 0 or (trip.seats is not None and trip.seats < 0):
            yield f"{row}: minutes {trip.minutes} or seats {trip.seats} are negative"
        elif trip.chosen and trip.seats is not None and trip.seats < sizes[trip.group]:
            yield f"{row}: the bus has {trip.seats} seats for {sizes[trip.group]} pupils"


def _references(problem: Problem) -> Iterator[str]:
    pupils = {pupil.id for pupil in problem.pupils}
    sessions = {session.id for session in problem.sessions}
    projects = {session.project for session in problem.sessions}
    for pupil in problem.pupils:
        if pupil.tied_to is not None and (pupil.tied_to not in pupils or pupil.tied_to == pupil.id):
            yield f"pupil {pupil.id!r}: tied to unknown pupil {pupil.tied_to!r}"
    for lock in problem.locks:
        if lock.pupil not in pupils or lock.session not in sessions:
            yield f"lock of pupil {lock.pupil!r} in session {lock.session!r}: one of them is unknown"
    for pair in problem.apart:
        if not {pair.first, pair.second} <= pupils or pair.first == pair.second:
            yield f"apart {pair.first!r}, {pair.second!r}: not two known pupils"
    for cap in problem.caps:
        row = f"cap of {cap.limit} for {'everyone' if cap.pupil is None else repr(cap.pupil)}"
        if cap.limit < 0 or not cap.projects:
            yield f"{row}: the limit is negative or no project is named"
        if cap.pupil is not None and cap.pupil not in pupils:
            yield f"{row}: the pupil is unknown"
        yield from (f"{row}: project {p!r} is unknown" for p in sorted(set(cap.projects) - projects))


def _ties(problem: Problem) -> Iterator[str]:
    largest = max((session.capacity for session in problem.sessions), default=0)
    for members in tied_groups(problem):
        first = members[0]
        names = ", ".join(repr(pupil.id) for pupil in members)
        if len(members) > largest:
            yield f"tied pupils {names}: {len(members)} pupils, but the largest session has {largest} seats"
        for pupil in members[1:]:
            if pupil.need != first.need:
                yield f"tied pupils {names}: needs {first.need} and {pupil.need} differ"
                break
        if len({frozenset(k.session for k in problem.locks if k.pupil == pupil.id) for pupil in members}) > 1:
            yield f"tied pupils {names}: they are locked in different sessions"
        together = {pupil.id for pupil in members}
        if any({pair.first, pair.second} <= together for pair in problem.apart):
            yield f"tied pupils {names}: two of them must also be kept apart"


def tied_groups(problem: Problem) -> list[tuple[Pupil, ...]]:
    """Groups of two or more pupils tied to one another, directly or through others; sorted by id."""
    ties = [(pupil.id, pupil.tied_to) for pupil in problem.pupils if pupil.tied_to is not None]
    groups = joined(sorted({name for tie in ties for name in tie}), ties)
    return [tuple(problem.pupil_by_id[name] for name in members) for members in groups]


def joined(items: Iterable[T], pairs: Iterable[tuple[T, T]]) -> list[list[T]]:
    """``items`` in groups, both of each pair in one; groups and their members in the order of ``items``."""
    items = list(items)
    root = {item: item for item in items}
    place = {item: i for i, item in enumerate(items)}

    def find(item: T) -> T:
        while root[item] != item:
            root[item] = root[root[item]]
            item = root[item]
        return item

    for pair in pairs:
        first, second = sorted((find(item) for item in pair), key=lambda item: place[item])
        root[second] = first
    groups: dict[T, list[T]] = {}
    for item in items:
        groups.setdefault(find(item), []).append(item)
    return list(groups.values())


def _locks(problem: Problem) -> Iterator[str]:
    sessions = {session.id: session for session in problem.sessions}
    held: dict[str, list[Session]] = {}
    for lock in problem.locks:
        held.setdefault(lock.pupil, []).append(sessions[lock.session])
    for pupil in problem.pupils:
        for message in _locks_of(problem, pupil, held[pupil.id]) if pupil.id in held else ():
            yield f"locks of pupil {pupil.id!r}: {message}"
    load = Counter(lock.session for lock in problem.locks)
    for session in problem.sessions:
        if load[session.id] > session.capacity:
            yield f"locks of session {session.id!r}: {load[session.id]} pupils for {session.capacity} seats"


def _locks_of(problem: Problem, pupil: Pupil, held: list[Session]) -> Iterator[str]:
    for session in held:
        if not problem.may_sit(pupil, session):
            yield f"session {session.id!r} is not open to the pupil"
    slots = [slot for session in held for slot in session.slots]
    if len(slots) != len(set(slots)):
        yield "two of the sessions are at one time"
    if len(slots) > pupil.need:
        yield f"{len(slots)} half-days locked, {pupil.need} needed"
    yield from (f"project {p!r} is locked twice" for p in _repeated(session.project for session in held))
    for cap in problem.caps:
        if cap.pupil in (None, pupil.id) and sum(s.project in cap.projects for s in held) > cap.limit:
            yield f"more than {cap.limit} out of {', '.join(cap.projects)}"
