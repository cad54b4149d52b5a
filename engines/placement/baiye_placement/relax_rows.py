"""Single rows brought into order: ids, numbers, half-days, wishes, and names that nobody bears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from baiye_placement.checks import MOST_NEED, MOST_SLOTS
from baiye_placement.problem import Problem

if TYPE_CHECKING:
    from baiye_placement.problem import Pupil, Session, Trip

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one row, and its cost: so many ``rows``, ``wishes``, ``half_days``, ``locks`` and so on."""

    sentence: str
    kind: str
    cost: int

    def __str__(self) -> str:
        return self.sentence


Step = Callable[[Fields], list[Change]]


def unchecked(fields: Fields) -> Problem:
    """A Problem that may contradict itself, to be looked at but not to be placed."""
    problem = object.__new__(Problem)
    for name, value in fields.items():
        object.__setattr__(problem, name, value)
    return problem


def _points(fields: Fields) -> list[Change]:
    new: list[int] = []
    for given in fields["points"] or (1,):
        point = max(1, int(given)) if isinstance(given, int | float) else 1
        new.append(min([point, *new[-1:]]))
    if tuple(new) == tuple(fields["points"]):
        return []
    change = Change(f"points {list(fields['points'])} become {new}", "numbers", 1)
    fields["points"] = tuple(new)
    return [change]


def _ids(fields: Fields) -> list[Change]:
    """Ids without what cannot be printed, wherever they are named; of rows with one id the first."""
    changes: list[Change] = []
    for name, noun in (("sessions", "session"), ("pupils", "pupil")):
        new = {row.id: _printable(row.id) for row in fields[name]}
        changes += [
            Change(f"{noun} id {old!r} becomes {clean!r}", "ids", 1)
            for old, clean in new.items()
            if clean not in {"", old}
        ]
        rows: dict[str, Any] = {}
        for row in fields[name]:
            if not new[row.id]:
                changes.append(Change(f"{noun} {row.id!r} left out: nothing of its id can be printed", "rows", 1))
            elif new[row.id] in rows:
                changes.append(Change(f"{noun} {row.id!r} left out: another row has this id", "rows", 1))
            else:
                rows[new[row.id]] = replace(row, id=new[row.id])
        fields[name] = tuple(rows.values())
        _rename(fields, noun, new)
    return changes


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable()).strip()


def _rename(fields: Fields, noun: str, new: dict[str, str]) -> None:
    fields["locks"] = tuple(replace(k, **{noun: new.get(getattr(k, noun), getattr(k, noun))}) for k in fields["locks"])
    if noun == "pupil":
        fields["pupils"] = tuple(replace(p, tied_to=new.get(p.tied_to, p.tied_to)) for p in fields["pupils"])
        fields["apart"] = tuple(
            replace(a, first=new.get(a.first, a.first), second=new.get(a.second, a.second)) for a in fields["apart"]
        )
        fields["caps"] = tuple(replace(c, pupil=new.get(c.pupil, c.pupil)) for c in fields["caps"])


def _sessions(fields: Fields) -> list[Change]:
    changes: list[Change] = []
    rows = []
    for session in fields["sessions"]:
        if not session.project.replace(";", "").strip():
            changes.append(Change(f"session {session.id!r} left out: it has no project", "rows", 1))
            continue
        new, told = _session(session)
        rows.append(new)
        changes += [Change(f"session {session.id!r}: {text}", kind, cost) for text, kind, cost in told]
    fields["sessions"] = tuple(rows)
    return changes


def _session(s: Session) -> tuple[Session, list[tuple[str, str, int]]]:
    told: list[tuple[str, str, int]] = []
    if s.capacity < 0:
        told.append((f"capacity {s.capacity} becomes 0", "numbers", 1))
    capacity = max(0, s.capacity)
    minimum = min(max(0, s.minimum), capacity)
    if minimum != s.minimum:
        told.append((f"minimum {s.minimum} becomes {minimum}", "minimum", abs(s.minimum - minimum)))
    slots = tuple(dict.fromkeys(s.slots))
    if slots != s.slots:
        told.append(("the half-day named twice counts once", "numbers", 1))
    project = s.project.replace(";", ",").strip()
    if project != s.project:
        told.append((f"project {s.project!r} becomes {project!r}", "ids", 1))
    stages = frozenset(stage.replace(";", ",") for stage in s.stages if stage)
    if stages != s.stages:
        told.append(("stages without the empty one and ';'", "ids", 1))
    return replace(
        s, capacity=capacity, minimum=minimum, slot=slots[0], more_slots=slots[1:], project=project, stages=stages
    ), told


def _groups(fields: Fields) -> list[Change]:
    changes, new = [], {}
    for group, slots in fields["group_slots"].items():
        once = tuple(dict.fromkeys(slots))
        if once != tuple(slots):
            changes.append(Change(f"group {group!r}: the half-day named twice counts once", "numbers", 1))
        if len(once) > MOST_SLOTS:
            gone = sorted(once)[MOST_SLOTS:]
            changes.append(Change(f"group {group!r}: half-days {gone} left out", "slots", len(gone)))
            once = tuple(sorted(once)[:MOST_SLOTS])
        new[group] = once
    fields["group_slots"] = new
    return changes


def _pupils(fields: Fields) -> list[Change]:
    projects = {s.project for s in fields["sessions"]}
    changes, rows = [], []
    for pupil in fields["pupils"]:
        if pupil.group not in fields["group_slots"]:
            sentence = f"pupil {pupil.id!r} left out: group {pupil.group!r} is unknown"
            changes.append(Change(sentence, "half_days", max(0, min(pupil.need, MOST_NEED))))
            continue
        new, told = _numbers(fields, pupil)
        wishes, more = _wishes(new, projects, len(fields["points"]))
        rows.append(wishes)
        changes += [Change(f"pupil {pupil.id!r}: {text}", kind, cost) for text, kind, cost in (*told, *more)]
    fields["pupils"] = tuple(rows)
    return changes


def _numbers(fields: Fields, p: Pupil) -> tuple[Pupil, list[tuple[str, str, int]]]:
    told: list[tuple[str, str, int]] = []
    need = min(max(0, p.need), MOST_NEED)
    offered = any(trip.group == p.group and not trip.chosen for trip in fields["trips"])
    if need and not fields["group_slots"][p.group] and not offered:
        need = 0
    if need != p.need:
        told.append((f"need {p.need} becomes {need}", "half_days", abs(p.need - need)))
    if p.multiplier < 1:
        told.append((f"multiplier {p.multiplier} becomes 1", "numbers", 1))
    if p.memory < 0:
        told.append((f"memory {p.memory} becomes 0", "numbers", 1))
    return replace(p, need=need, multiplier=max(1, p.multiplier), memory=max(0, p.memory)), told


def _wishes(p: Pupil, projects: set[str], most: int) -> tuple[Pupil, list[tuple[str, str, int]]]:
    """Wishes that can be counted; ranks from 1 where the first is below, or where there are not as many as wishes."""
    told: list[tuple[str, str, int]] = []
    ranks = p.wish_ranks if len(p.wish_ranks) == len(p.wishes) else tuple(range(1, len(p.wishes) + 1))
    if any(rank < 1 for rank in ranks):
        ranks = tuple(range(1, len(p.wishes) + 1))
    if ranks != p.wish_ranks:
        told.append((f"ranks {p.wish_ranks} become {ranks}", "numbers", 1))
    kept: dict[str, int] = {}
    for rank, project in sorted(zip(ranks, p.wishes, strict=True), key=lambda wish: wish[0]):
        if project not in projects:
            told.append((f"wish for unknown project {project!r} dropped", "wishes", 1))
        elif project in kept:
            told.append((f"second wish for {project!r} dropped", "wishes", 1))
        elif rank > most:
            told.append((f"wish of rank {rank} dropped: points are published for {most}", "wishes", 1))
        else:
            kept[project] = rank
    plain = tuple(kept.values()) == tuple(range(1, len(kept) + 1))
    return replace(p, wishes=tuple(kept), ranks=() if plain else tuple(kept.values())), told


def _trips(fields: Fields) -> list[Change]:
    venues, seen = {s.venue for s in fields["sessions"]}, dict[tuple[str, int], str]()
    sizes = Counter(pupil.group for pupil in fields["pupils"])
    changes, rows = [], []
    for trip in fields["trips"]:
        slots = _trip_slots(fields, trip, seen)
        row = f"trip of group {trip.group!r} to {trip.venue!r}"
        if trip.group not in fields["group_slots"] or trip.venue not in venues or not slots:
            changes.append(Change(f"{row} left out: the group may choose its venue there", "rows", 1))
            continue
        if slots != trip.slots:
            gone = len(trip.slots) - len(slots)
            changes.append(Change(f"{row}: only half-days {list(slots)}", "slots", gone))
        seen.update({(trip.group, slot): trip.venue for slot in slots if trip.chosen})
        new = _travel(replace(trip, slots=slots), sizes[trip.group])
        if (new.minutes, new.seats) != (trip.minutes, trip.seats):
            sentence = f"{row}: {trip.minutes} minutes and {trip.seats} seats become {new.minutes} and {new.seats}"
            changes.append(Change(sentence, "numbers", 1))
        rows.append(new)
    fields["trips"] = tuple(rows)
    if not isinstance(fields["minute_cost"], int) or fields["minute_cost"] < 0:
        changes.append(Change(f"minute_cost {fields['minute_cost']!r} becomes 0", "numbers", 1))
        fields["minute_cost"] = 0
    return changes


def _travel(trip: Trip, pupils: int) -> Trip:
    """No negative minutes, and a bus that holds the class."""
    seats = trip.seats
    if seats is not None and (seats < 0 or trip.chosen):
        seats = max(seats, pupils if trip.chosen else 0)
    return replace(trip, minutes=max(0, trip.minutes), seats=seats)


def _trip_slots(fields: Fields, trip: Trip, seen: dict[tuple[str, int], str]) -> tuple[int, ...]:
    known = fields["group_slots"].get(trip.group, ())
    return tuple(
        slot
        for slot in dict.fromkeys(trip.slots)
        if not trip.chosen or (slot in known and seen.get((trip.group, slot), trip.venue) == trip.venue)
    )


def _references(fields: Fields) -> list[Change]:
    """Ties, locks, apartness and caps of names that nobody bears."""
    pupils, sessions = {p.id for p in fields["pupils"]}, {s.id for s in fields["sessions"]}
    changes: list[Change] = []
    rows = []
    for p in fields["pupils"]:
        strange = p.tied_to is not None and (p.tied_to not in pupils or p.tied_to == p.id)
        if strange:
            changes.append(Change(f"pupil {p.id!r}: no longer tied to {p.tied_to!r}", "ties", 1))
        rows.append(replace(p, tied_to=None) if strange else p)
    fields["pupils"] = tuple(rows)
    for name, known, text in (
        (
            "locks",
            lambda k: k.pupil in pupils and k.session in sessions,
            "lock of {0.pupil!r} in {0.session!r} left out",
        ),
        (
            "apart",
            lambda a: {a.first, a.second} <= pupils and a.first != a.second,
            "apart {0.first!r}, {0.second!r} left out",
        ),
    ):
        changes += [Change(text.format(row), name, 1) for row in fields[name] if not known(row)]
        fields[name] = tuple(row for row in fields[name] if known(row))
    changes += _caps(fields, pupils)
    return changes


def _caps(fields: Fields, pupils: set[str]) -> Iterable[Change]:
    projects, rows, changes = {s.project for s in fields["sessions"]}, [], list[Change]()
    for cap in fields["caps"]:
        new = replace(cap, projects=tuple(p for p in cap.projects if p in projects), limit=max(0, cap.limit))
        who = "everyone" if cap.pupil is None else repr(cap.pupil)
        if not new.projects or (cap.pupil is not None and cap.pupil not in pupils):
            changes.append(Change(f"cap of {cap.limit} for {who} left out", "rows", 1))
            continue
        if new != cap:
            sentence = f"cap of {cap.limit} for {who} becomes {new.limit} of {', '.join(new.projects)}"
            changes.append(Change(sentence, "numbers", 1))
        rows.append(new)
    fields["caps"] = tuple(rows)
    return changes


ROW_STEPS: tuple[tuple[Step, ...], ...] = ((_points, _ids, _sessions, _groups), (_pupils, _trips, _references))
