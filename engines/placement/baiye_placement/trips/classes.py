"""Which classes are still to be given trips, out of which offers; and why a class cannot be given them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from baiye_placement.checks import MOST_SLOTS
from baiye_placement.problem import ProblemError

if TYPE_CHECKING:
    from baiye_placement.problem import Problem, Pupil, Session, Trip

    Space = dict[tuple[str, int], int]

MOST_REASONS = 4  # said of one class


@dataclass(frozen=True, slots=True)
class Classes:
    """Every class with pupils, by name, the open ones (which need offers) with what they may choose from.

    Parameters
    ----------
    fixed
        The half-days on which a class is out whatever is chosen.
    rest
        Half-days to be found among its offers; 0 for a class that needs none.
    space
        Pupils whom a venue still takes in a half-day, by (venue, half-day): seats of its sessions, less the classes
        whose trip there is made.
    """

    names: list[str]
    pupils: dict[str, list[Pupil]]
    fixed: dict[str, tuple[int, ...]]
    rest: dict[str, int]
    offers: dict[str, list[Trip]]
    space: Space

    @property
    def open(self) -> list[str]:
        return [name for name in self.names if self.rest[name]]

    def length(self, name: str) -> int | None:
        """Half-days of every plan of the class; None where plans differ."""
        sizes = {len(trip.slots) for trip in self.offers[name]}
        if self.rest[name] and (len(sizes) != 1 or self.rest[name] % min(sizes)):
            return None
        return len(self.fixed[name]) + self.rest[name]

    def longest(self, name: str) -> int:
        """Half-days of the longest plan of the class, or of one of its offers; at least 1.

        The last trip may give more than is lacking: all but one of its half-days, at the most.
        """
        spare = max((len(trip.slots) for trip in self.offers[name]), default=1) - 1
        return max(1, len(self.fixed[name]) + self.rest[name] + spare)


def classes_of(problem: Problem) -> Classes:
    """The classes of ``problem``.

    Raises
    ------
    ProblemError
        A class cannot be given its half-days, or its trips cannot be chosen apart from what else is asked.
    """
    pupils: dict[str, list[Pupil]] = {}
    for pupil in sorted(problem.pupils, key=lambda p: p.id):
        pupils.setdefault(pupil.group, []).append(pupil)
    names = sorted(pupils)
    fixed = {
        name: tuple(sorted(set(problem.group_slots[name]) - problem.only_offered.get(name, frozenset())))
        for name in names
    }
    rest = {}
    for name in names:
        lacking = max(p.need for p in pupils[name]) - len(fixed[name])
        rest[name] = max(0, lacking) if problem.only_offered.get(name) else 0
    space = _space(problem, pupils)
    offers: dict[str, list[Trip]] = {name: [] for name in names}
    for trip in sorted(problem.trips, key=lambda t: (t.group, t.slots, t.venue, t.minutes)):
        if not trip.chosen and rest.get(trip.group):
            offers[trip.group].append(trip)
    judged = {n: [(t, _why_not(t, pupils[n], fixed[n], space)) for t in offers[n]] for n in names}
    messages = [m for n in names if rest[n] for m in _trouble(n, len(fixed[n]), judged[n], rest[n])]
    usable = {n: [t for t, reason in judged[n] if reason is None] for n in names}
    found = Classes(names, pupils, fixed, rest, usable, space)
    messages += _bonds(problem, found)
    if messages:
        raise ProblemError(messages)
    return found


def _space(problem: Problem, pupils: dict[str, list[Pupil]]) -> Space:
    """Seats of each venue and half-day that no class's trip has taken yet."""
    space: Counter[tuple[str, int]] = Counter()
    for session in problem.sessions:
        for slot in session.slots:
            space[session.venue, slot] += session.capacity
    for trip in problem.trips:
        for slot in trip.slots:
            space[trip.venue, slot] -= len(pupils.get(trip.group, ())) if trip.chosen else 0
    return dict(space)


def _why_not(trip: Trip, pupils: list[Pupil], fixed: tuple[int, ...], space: Space) -> str | None:
    """What keeps the class from this offer, whatever the other classes do."""
    if trip.seats is not None and trip.seats < len(pupils):
        return f"the bus has {trip.seats} seats for {len(pupils)} pupils"
    if not set(fixed).isdisjoint(trip.slots):
        return "the class is out already in one of its half-days"
    for slot in trip.slots:
        if space[trip.venue, slot] < len(pupils):
            return f"in half-day {slot} the venue still takes {max(space[trip.venue, slot], 0)} of {len(pupils)} pupils"
    return None


def _trouble(name: str, fixed: int, judged: list[tuple[Trip, str | None]], rest: int) -> Iterator[str]:
    """Why the class cannot have its half-days even if no other class had any, its offers ``judged`` by ``_why_not``."""
    found = most_half_days([frozenset(trip.slots) for trip, reason in judged if reason is None], rest)
    if found < rest:
        why = [
            f"; half-days {', '.join(map(str, trip.slots))} at {trip.venue!r}: {reason}"
            for trip, reason in judged
            if reason is not None
        ]
        more = f"; and {len(why) - MOST_REASONS} more" if len(why) > MOST_REASONS else ""
        yield f"group {name!r} lacks {rest} half-days, and its offers give {found}" + "".join(why[:MOST_REASONS]) + more
    elif fixed + rest > MOST_SLOTS:
        yield f"group {name!r} would be out for {fixed + rest} half-days; {MOST_SLOTS} is the most"


def most_half_days(offers: list[frozenset[int]], enough: int) -> int:
    """Half-days in the largest set of offers that share none; the search ends at ``enough``."""
    best = 0
    todo = [(0, frozenset[int]())]
    distinct = sorted(set(offers), key=sorted)
    while todo and best < enough:
        start, taken = todo.pop()
        best = max(best, len(taken))
        todo += [
            (i + 1, taken | distinct[i]) for i in range(len(distinct) - 1, start - 1, -1) if not taken & distinct[i]
        ]
    return best


def _bonds(problem: Problem, classes: Classes) -> Iterator[str]:
    """Rows that hold an open class to something which its trips decide."""
    still = set(classes.open)
    group = {pupil.id: pupil.group for pupil in problem.pupils}
    for pupil in problem.pupils:
        if (
            pupil.tied_to is not None
            and group[pupil.tied_to] != pupil.group
            and still & {pupil.group, group[pupil.tied_to]}
        ):
            yield f"pupils {pupil.id!r} and {pupil.tied_to!r} are tied, but their classes' trips are still to be chosen"
    for lock in problem.locks:
        name, session = group[lock.pupil], problem.session_by_id[lock.session]
        if not problem.only_offered.get(name, frozenset()).isdisjoint(session.slots):
            yield (
                f"lock of pupil {lock.pupil!r} in session {session.id!r}: the class's trip there is only offered; "
                "say yes to it in trips.csv"
            )
    for session in problem.sessions:
        for name in sorted(still) if session.more_slots else ():
            yield from _too_long(session, name, classes)


def _too_long(session: Session, name: str, classes: Classes) -> Iterator[str]:
    """A session that a class could only visit by two of its trips together would be worth more than their sum."""
    slots = set(session.slots)
    visits = [set(t.slots) for t in classes.offers[name] if t.venue == session.venue] + [set(classes.fixed[name])]
    if slots <= set().union(*visits) and not any(slots <= visit for visit in visits) and not slots <= visits[-1]:
        yield f"session {session.id!r} lasts beyond one trip of group {name!r}, whose trips are still to be chosen"
