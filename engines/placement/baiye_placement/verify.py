"""Checks a placement from the problem alone: every rule, every figure, every bound.

This module shares no code with the solver and imports nothing but the standard library, so that it can be read in an
hour and believed. It reads the files itself, or the attributes of the objects; both become the same rows.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.verify_closed import wrong_closed
from baiye_placement.verify_levels import wrong_levels
from baiye_placement.verify_rows import Row, body_sha256, csv_rows, rows_in, rows_of, rows_sha256, sha256

if TYPE_CHECKING:
    from baiye_placement.placement import Placement
    from baiye_placement.problem import Problem


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule or false figure: a code for programs, a sentence for people."""

    code: str
    message: str

    def __str__(self) -> str:
        return self.message


def verify(problem: Problem, placement: Placement) -> list[Violation]:
    """Everything that is wrong with ``placement``; an empty list means it may be believed."""
    c = placement.certificate
    claim = Claim(
        seats={p: list(zip(s, placement.ranks.get(p, ()), strict=False)) for p, s in placement.seats.items()},
        body={
            **asdict(c),
            "points": placement.points,
            "rank_vector": list(placement.rank_vector),
            "unfilled": dict(placement.unfilled),
            "closed": dict(placement.closed),
            "gap": str(c.gap),
        },
    )
    uneven = [p for p, s in placement.seats.items() if len(s) != len(placement.ranks.get(p, ()))]
    return [
        *(Violation("rank", f"pupil {p!r}: as many ranks as seats are needed") for p in uneven),
        *_violations(rows_of(problem), claim),
    ]


def verify_folder(problem: Path | str, placement: Path | str) -> list[Violation]:
    """``verify`` for the files on disk, the certificate's digest included."""
    try:
        rows = rows_in(Path(problem))
        claim = _claim_in(Path(placement))
    except (OSError, ValueError, KeyError, TypeError, csv.Error, AttributeError) as error:
        return [Violation("file", f"a file cannot be read: {type(error).__name__}: {error}")]
    found = [] if claim.digest == body_sha256(claim.body) else [Violation("digest", "certificate.json was changed")]
    try:
        return found + list(_violations(rows, claim))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return [*found, Violation("file", f"the files contradict themselves: {type(error).__name__}: {error}")]


@dataclass(slots=True)
class Claim:
    """What the placement says of itself."""

    seats: dict[str, list[tuple[str, int]]]
    body: dict[str, Any]
    digest: str = ""


def _claim_in(folder: Path) -> Claim:
    body = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    seats: dict[str, list[tuple[str, int]]] = {pupil: [] for pupil in body["unfilled"]}
    for row in csv_rows(folder, "seats.csv"):
        seats.setdefault(row["pupil"], []).append((row["session"], int(row["rank"])))
    return Claim(seats, body, body.pop("digest", ""))


# ── the rules ───────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(slots=True)
class _S:
    project: str
    venue: str
    slots: list[int]
    capacity: int
    minimum: int
    stages: list[str]


@dataclass(slots=True)
class _P:
    group: str
    need: int
    multiplier: int
    tied_to: str | None
    stage: str | None
    memory: int
    wishes: dict[str, int] = field(default_factory=dict)
    locks: list[str] = field(default_factory=list)


class _Book:
    """The rows, looked up by name."""

    def __init__(self, rows: Sequence[Row]) -> None:
        by: dict[str, list[Row]] = {}
        for row in rows:
            by.setdefault(row[0], []).append(row[1:])
        self.policy, self.points = by["policy"][0]
        self.seed = by["seed"][0][0]
        self.sessions = {r[0]: _S(*r[1:]) for r in by.get("session", [])}
        self.group: dict[str, set[int]] = {row[1]: set() for row in by.get("pupil", [])}  # some are never out
        for name, slot in by.get("group", []):
            self.group.setdefault(name, set()).add(slot)
        self.pupils = {r[0]: _P(*r[1:]) for r in by.get("pupil", [])}
        for pupil, rank, project in by.get("wish", []):
            self.pupils[pupil].wishes[project] = rank
        for pupil, session in by.get("lock", []):
            self.pupils[pupil].locks.append(session)
        self.apart = by.get("apart", [])
        self.caps = [(pupil, frozenset(projects), limit) for pupil, projects, limit in by.get("cap", [])]
        self.venue = {(group, slot): venue for group, slot, venue in by.get("trip", [])}
        self.barred: dict[str | None, frozenset[str]] = {}
        for pupil, projects, limit in self.caps:
            if limit == 0:
                self.barred[pupil] = self.barred.get(pupil, frozenset()) | projects

    def bars(self, pupil: str) -> frozenset[str]:
        return self.barred.get(None, frozenset()) | self.barred.get(pupil, frozenset())

    def why_not(self, name: str, s: _S) -> str | None:
        """The rule that keeps the pupil out of the session, seats aside."""
        p = self.pupils[name]
        if s.stages and p.stage is not None and p.stage not in s.stages:
            return "stage"
        if not self.group[p.group].issuperset(s.slots):
            return "half_day"
        if any(self.venue.get((p.group, slot), s.venue) != s.venue for slot in s.slots):
            return "trip"
        return "barred" if s.project in self.bars(name) else None


def _violations(rows: list[Row], claim: Claim) -> Iterator[Violation]:
    if claim.body["problem_sha256"] != rows_sha256(rows):
        yield Violation("problem", "the certificate is for another problem")
    book = _Book(rows)
    if claim.body["policy"] != book.policy:
        yield Violation("policy", f"the policy is {book.policy!r}, not {claim.body['policy']!r}")
    if claim.body["seed"] != book.seed and not claim.body["seed_given"]:
        yield Violation("seed", "the seed is not the problem's")
    unknown = [v for pupil, held in claim.seats.items() for v in _unknown(book, pupil, held)]
    yield from unknown
    if unknown:
        return
    load = Counter(session for held in claim.seats.values() for session, _ in held)
    yield from _sessions(book, load)
    yield from (Violation(*wrong) for wrong in wrong_closed(book, load, claim.body.get("closed", {})))
    for name, pupil in book.pupils.items():
        yield from _pupil(book, name, pupil, claim.seats.get(name, []))
    yield from _pairs(book, claim.seats)
    points, ranks = _count(book, claim.seats)
    yield from _figures(claim, points, ranks)
    yield from (Violation(*wrong) for wrong in wrong_levels(book, claim.seats, claim.body, points, ranks))


def _unknown(book: _Book, pupil: str, held: Iterable[tuple[str, int]]) -> Iterator[Violation]:
    if pupil not in book.pupils:
        yield Violation("unknown", f"pupil {pupil!r} is not in the problem")
    for session, _ in held:
        if session not in book.sessions:
            yield Violation("unknown", f"pupil {pupil!r}: session {session!r} is not in the problem")


def _sessions(book: _Book, load: Mapping[str, int]) -> Iterator[Violation]:
    locked = {session for pupil in book.pupils.values() for session in pupil.locks}
    for name, s in book.sessions.items():
        if load[name] > s.capacity:
            yield Violation("capacity", f"session {name!r} holds {load[name]} of {s.capacity}")
        if 0 < load[name] < s.minimum and name not in locked:
            yield Violation("minimum", f"session {name!r} holds {load[name]}, fewer than {s.minimum}")


def _pupil(book: _Book, name: str, p: _P, held: list[tuple[str, int]]) -> Iterator[Violation]:
    at = f"pupil {name!r}"
    sessions = [book.sessions[session] for session, _ in held]
    for (session, rank), s in zip(held, sessions, strict=True):
        if rule := book.why_not(name, s):
            yield Violation(rule, f"{at} may not sit in {session!r}: {rule}")
        if rank != p.wishes.get(s.project, 0):
            yield Violation("rank", f"{at}: {session!r} is wish {p.wishes.get(s.project, 0)}, not {rank}")
    slots = [slot for s in sessions for slot in s.slots]
    if len(slots) != len(set(slots)):
        yield Violation("clash", f"{at} sits in two sessions at one time")
    if len(slots) > p.need:
        yield Violation("need", f"{at} has {len(slots)} half-days of {p.need}")
    if len(sessions) != len({s.project for s in sessions}):
        yield Violation("repeat", f"{at} has one project twice")
    if missing := set(p.locks) - {session for session, _ in held}:
        yield Violation("lock", f"{at} is not in locked {sorted(missing)}")


def _pairs(book: _Book, seats: Mapping[str, list[tuple[str, int]]]) -> Iterator[Violation]:
    held = {name: {session for session, _ in rows} for name, rows in seats.items()}
    for name, p in book.pupils.items():
        if p.tied_to is not None and held.get(name, set()) != held.get(p.tied_to, set()):
            yield Violation("tied", f"pupils {name!r} and {p.tied_to!r} do not sit together")
    for first, second in book.apart:
        if both := held.get(first, set()) & held.get(second, set()):
            yield Violation("apart", f"pupils {first!r} and {second!r} are both in {sorted(both)}")
    for pupil, projects, limit in book.caps:
        for name in book.pupils if pupil is None else [pupil]:
            count = sum(book.sessions[session].project in projects for session in held.get(name, ()))
            if count > limit:
                yield Violation("cap", f"pupil {name!r} has {count} of {sorted(projects)}, at most {limit}")


# ── the figures ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _count(book: _Book, seats: Mapping[str, list[tuple[str, int]]]) -> tuple[int, list[int]]:
    """Points, and half-days by rank, those that nobody wished first."""
    points, ranks = 0, [0] * (len(book.points) + 1)
    for name, held in seats.items():
        p = book.pupils[name]
        for s in (book.sessions[session] for session, _ in held):
            rank = p.wishes.get(s.project, 0)
            ranks[rank] += len(s.slots)
            points += p.multiplier * book.points[rank - 1] * len(s.slots) if rank else 0
    return points, ranks


def _figures(claim: Claim, points: int, ranks: list[int]) -> Iterator[Violation]:
    if claim.body["points"] != points:
        yield Violation("points", f"the seats have {points} points, not {claim.body['points']}")
    if claim.body["rank_vector"] != ranks:
        yield Violation("rank_vector", f"half-days by wish are {ranks}, not {claim.body['rank_vector']}")
    lines = [["pupil", "session", "rank"]]
    lines += [[p, s, str(rank)] for p in sorted(claim.seats) for s, rank in claim.seats[p]]
    if claim.body["seats_sha256"] != sha256("".join(_csv_line(line) for line in lines)):
        yield Violation("seats", "the seats are not those that the certificate was made for")


def _csv_line(cells: Sequence[str]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
