"""One placement round: who may sit where, who wishes what, and by which published rule seats are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from baiye_placement import checks

POLICIES = ("floor", "rank_maximal", "points", "dictatorship")
POINTS = (100, 80, 65, 52, 41, 32, 24, 17, 11, 6)  # the usual scale: of the first wish, of the second …


class ProblemError(ValueError):
    """The problem contradicts itself; each message names the row that must be put right."""

    def __init__(self, messages: Iterable[str]) -> None:
        self.messages = tuple(messages)
        more = len(self.messages) - 20
        super().__init__("; ".join(self.messages[:20]) + (f"; and {more} more" if more > 0 else ""))


@dataclass(frozen=True, slots=True)
class Session:
    """One dated sitting of a project at a venue.

    A session of a whole day names its first half-day in ``slot`` and the others in ``more_slots``. ``stages`` says
    who may come; empty means everyone. ``minimum`` is the smallest group the host will receive.
    """

    id: str
    project: str
    venue: str
    slot: int
    capacity: int
    minimum: int = 0
    stages: frozenset[str] = frozenset()
    more_slots: tuple[int, ...] = ()

    @property
    def slots(self) -> tuple[int, ...]:
        return (self.slot, *self.more_slots)


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil with wishes (projects, best first) and the half-days still needed.

    ``ranks`` gives the rank of each wish where two wishes tie; empty means 1, 2, 3 … ``multiplier`` makes a pupil's
    points count more (compensation from earlier rounds). A pupil ``tied_to`` another sits wherever that one sits.
    A pupil whose ``stage`` is None may go to sessions of every stage. ``memory`` is what earlier rounds still owe the
    pupil, in hundredths of what could have been had (see ``baiye_placement.memory``); who has more goes ahead in the
    lottery.
    """

    id: str
    group: str
    wishes: tuple[str, ...]
    need: int = 4
    multiplier: int = 1
    tied_to: str | None = None
    stage: str | None = None
    ranks: tuple[int, ...] = ()
    memory: int = 0

    @property
    def wish_ranks(self) -> tuple[int, ...]:
        return self.ranks or tuple(range(1, len(self.wishes) + 1))


@dataclass(frozen=True, slots=True)
class Trip:
    """In these half-days the group travels to this venue, and may sit nowhere else.

    A trip that is not ``chosen`` is only offered: ``plan_trips`` decides, and until then nobody travels. Of offers that
    share a half-day one at most is chosen. ``minutes`` is the travel, ``seats`` what the bus has (None: enough).
    """

    group: str
    slots: tuple[int, ...]
    venue: str
    minutes: int = 0
    seats: int | None = None
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Lock:
    """The pupil has this seat before anything is decided."""

    pupil: str
    session: str


@dataclass(frozen=True, slots=True)
class Apart:
    """These two pupils are never in one session."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``limit`` sessions out of ``projects`` for this pupil, or for everyone (``pupil`` None); 0 bars them."""

    pupil: str | None
    projects: tuple[str, ...]
    limit: int


@dataclass(frozen=True, slots=True)
class Policy:
    """The published rule by which seats are given; in all but the last, half-days filled come first.

    ``floor``: the highest floor of points that every pupil with a claim is given, then the most points;
    ``rank_maximal``: the most half-days of wish 1, then of wish 2 …; ``points``: the most points; ``dictatorship``: in
    the order of the lottery each pupil chooses among the seats that are left.
    """

    name: str = "floor"

    def __post_init__(self) -> None:
        if self.name not in POLICIES:
            raise ProblemError([f"policy {self.name!r} is unknown; known: {', '.join(POLICIES)}"])


@dataclass(frozen=True)
class Problem:
    """Everything a placement depends on: no database, no clock.

    Parameters
    ----------
    group_slots
        The half-days on which each group (class) is out.
    points
        Published points of wish 1, 2, 3 …, whole numbers that never rise.
    seed
        Text drawn in public after the problem's hash is published; it orders the lottery.
    minute_cost
        Points that a minute of travel costs for each pupil, when trips are chosen.

    Raises
    ------
    ProblemError
        A row contradicts another one or itself; ``messages`` name all such rows.
    """

    sessions: tuple[Session, ...]
    pupils: tuple[Pupil, ...]
    group_slots: Mapping[str, tuple[int, ...]]
    points: tuple[int, ...] = POINTS[:6]
    policy: Policy = field(default_factory=Policy)
    seed: bytes = b""
    trips: tuple[Trip, ...] = ()
    locks: tuple[Lock, ...] = ()
    apart: tuple[Apart, ...] = ()
    caps: tuple[Cap, ...] = ()
    minute_cost: int = 0

    def __post_init__(self) -> None:
        for name in ("sessions", "pupils", "points", "trips", "locks", "apart", "caps"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if messages := checks.contradictions(self):
            raise ProblemError(messages)

    @cached_property
    def session_by_id(self) -> dict[str, Session]:
        return {session.id: session for session in self.sessions}

    @cached_property
    def pupil_by_id(self) -> dict[str, Pupil]:
        return {pupil.id: pupil for pupil in self.pupils}

    @cached_property
    def venue_of(self) -> dict[tuple[str, int], str]:
        """The venue a group travels to, by (group, slot); nothing where it may choose."""
        return {(trip.group, slot): trip.venue for trip in self.trips if trip.chosen for slot in trip.slots}

    @cached_property
    def only_offered(self) -> dict[str, frozenset[int]]:
        """The half-days of each group that are in an offer and in no chosen trip."""
        found: dict[str, set[int]] = {}
        for trip in self.trips:
            if not trip.chosen:
                found.setdefault(trip.group, set()).update(trip.slots)
        return {g: frozenset(s for s in slots if (g, s) not in self.venue_of) for g, slots in found.items()}

    @cached_property
    def locked_points(self) -> int:
        """Points of all locked seats, multipliers included."""
        total = 0
        for lock in self.locks:
            pupil, session = self.pupil_by_id[lock.pupil], self.session_by_id[lock.session]
            for project, rank in zip(pupil.wishes, pupil.wish_ranks, strict=True):
                if project == session.project:
                    total += pupil.multiplier * self.points[rank - 1] * len(session.slots)
        return total

    def may_sit(self, pupil: Pupil, session: Session) -> bool:
        """Whether stage, half-days, trip and bars allow the pupil into the session (free seats aside)."""
        slots = self.group_slots[pupil.group]
        if session.stages and pupil.stage is not None and pupil.stage not in session.stages:
            return False
        if session.project in self.barred_for(pupil.id):
            return False
        return all(
            s in slots and self.venue_of.get((pupil.group, s), session.venue) == session.venue for s in session.slots
        )

    def barred_for(self, pupil_id: str) -> frozenset[str]:
        """Projects with a cap of 0 for this pupil."""
        return self._barred.get(None, frozenset()) | self._barred.get(pupil_id, frozenset())

    @cached_property
    def _barred(self) -> dict[str | None, frozenset[str]]:
        barred: dict[str | None, frozenset[str]] = {}
        for cap in self.caps:
            if cap.limit == 0:
                barred[cap.pupil] = barred.get(cap.pupil, frozenset()) | frozenset(cap.projects)
        return barred
