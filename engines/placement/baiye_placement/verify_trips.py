"""Checks chosen trips from the rows alone: what was offered, what was chosen, the draft of the seats, and the bound.

Like ``verify`` it shares no code with the solver and needs nothing but Python.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.verify import Violation, verify, verify_folder
from baiye_placement.verify_joint import Joint
from baiye_placement.verify_rows import Row, body_sha256, csv_rows, line, rows_in, rows_of, rows_sha256, trip_rows

if TYPE_CHECKING:
    from baiye_placement.problem import Problem
    from baiye_placement.trips.plan import Plan

DECIDED = ("seed", "trip", "offer", "group")  # rows that a plan may change; the seed is no part of it


@dataclass(frozen=True, slots=True)
class Offer:
    """A row of trips that is only offered."""

    group: str
    slots: tuple[int, ...]
    venue: str
    minutes: int
    seats: int | None


def verify_plan(problem: Problem, plan: Plan) -> list[Violation]:
    """Everything that is wrong with ``plan`` for the offers of ``problem``; nothing, and it may be believed."""
    from baiye_placement.trips.plan_files import plan_json  # noqa: PLC0415 - the claim, as it would be written

    drafted = [(p, s) for p, held in plan.draft.seats.items() for s in held]
    return [
        *verify(plan.problem, plan.draft),
        *_violations(
            rows_of(problem), rows_of(plan.problem), plan_json(plan), drafted, plan.draft.certificate.seats_sha256
        ),
    ]


def verify_plan_folder(offers: Path | str, plan: Path | str) -> list[Violation]:
    """``verify_plan`` for the files on disk."""
    offers, plan = Path(offers), Path(plan)
    try:
        body = json.loads((plan / "trips.json").read_text(encoding="utf-8"))
        before, after = rows_in(offers), rows_in(plan)
        drafted = [(row["pupil"], row["session"]) for row in csv_rows(plan / "draft", "seats.csv")]
        seats = json.loads((plan / "draft" / "certificate.json").read_text(encoding="utf-8"))["seats_sha256"]
        found = verify_folder(plan, plan / "draft")
        return found + list(_violations(before, after, body, drafted, seats))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, csv.Error) as error:
        return [Violation("file", f"a file cannot be read, or contradicts itself: {type(error).__name__}: {error}")]


def _offers(rows: Iterable[Row]) -> list[Offer]:
    """What is only offered, in the order of the rows."""
    return [
        Offer(group, tuple(slots), venue, minutes, seats)
        for _, group, slots, venue, minutes, seats, chosen in (row for row in rows if row[0] == "offer")
        if not chosen
    ]


def _violations(
    before: list[Row],
    after: list[Row],
    body: dict[str, Any],
    drafted: list[tuple[str, str]],
    seats_sha256: str,
) -> Iterator[Violation]:
    yield from _hashes(before, after, body, seats_sha256)
    kept = [sorted(line(row) for row in rows if row[0] not in DECIDED) for rows in (before, after)]
    if kept[0] != kept[1]:
        yield Violation("rows", "rows that no plan decides were changed")
        return
    book = _Book(before)
    trips = _new_trips(before, after)
    if trips is None:
        yield Violation("offers", "the trips are not those that were offered, or a trip that was made is not made now")
        return
    yield from _plans(book, trips, _half_days(after))
    yield from _rooms(book, trips)
    yield from _bound(book, trips, body, drafted)


def _hashes(before: list[Row], after: list[Row], body: Mapping[str, Any], seats_sha256: str) -> Iterator[Violation]:
    for name, rows in (("offers_sha256", before), ("problem_sha256", after)):
        if body[name] != rows_sha256(rows):
            yield Violation(name, f"{name} is that of other rows")
    if body["seats_sha256"] != seats_sha256:
        yield Violation("seats_sha256", "the draft is not the one that the plan was made with")
    if body["digest"] != body_sha256({key: value for key, value in body.items() if key != "digest"}):
        yield Violation("digest", "trips.json was changed")


def _half_days(rows: Iterable[Row]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for row in rows:
        if row[0] == "group":
            found.setdefault(row[1], set()).add(row[2])
    return found


class _Book:
    """The rows with the offers, looked up by name; a class that needs nothing of its offers is not open."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.pupils: dict[str, list[Row]] = {}
        for row in rows:
            if row[0] == "pupil":
                self.pupils.setdefault(row[2], []).append(row)
        trips, offered = [row for row in rows if row[0] == "trip"], _offers(rows)
        self.made = {(group, slot): venue for _, group, slot, venue in trips}
        only = {(t.group, s) for t in offered for s in t.slots} - self.made.keys()
        out = _half_days(rows)
        groups = self.pupils.keys() | out.keys() | {t.group for t in offered} | {row[1] for row in trips}
        self.fixed = {g: {s for s in out.get(g, ()) if (g, s) not in only} for g in groups}
        waiting = {group for group, _ in only}
        self.rest = {
            g: max(0, max((row[3] for row in self.pupils.get(g, [])), default=0) - len(self.fixed[g]))
            if g in waiting
            else 0
            for g in groups
        }
        self.offers = {g: [t for t in offered if t.group == g] for g in groups if self.rest[g]}
        self.minute_cost = next((row[1] for row in rows if row[0] == "minute_cost"), 0)
        self.space: Counter[tuple[str, int]] = Counter()
        for row in rows:
            if row[0] == "session":
                self.space.update({(row[3], slot): row[5] for slot in row[4]})
        for _, group, slot, venue in trips:
            self.space[venue, slot] -= self.size(group)

    def size(self, group: str) -> int:
        return len(self.pupils.get(group, ()))

    def usable(self, t: Offer) -> bool:
        """Whether the class could take the offer if no other class took any."""
        return (
            (t.seats is None or t.seats >= self.size(t.group))
            and self.fixed[t.group].isdisjoint(t.slots)
            and all(self.space[t.venue, slot] >= self.size(t.group) for slot in t.slots)
        )

    def cost(self, t: Offer) -> int:
        return self.minute_cost * t.minutes * self.size(t.group)


def _new_trips(before: list[Row], after: list[Row]) -> dict[str, list[Offer]] | None:
    """Trips that the plan adds, by group; None where it changed anything else."""
    trips: dict[str, list[Offer]] = {}
    expected = _lines(before)
    for t in (Counter(_offers(before)) - Counter(_offers(after))).elements():
        trips.setdefault(t.group, []).append(t)
        row = (t.group, list(t.slots), t.venue, t.minutes, t.seats)
        expected.subtract(_lines(trip_rows(*row, chosen=False)))
        expected.update(_lines(trip_rows(*row, chosen=True)))
    return trips if +expected == _lines(after) else None


def _lines(rows: Iterable[Row]) -> Counter[str]:
    """The rows of trips and offers, each as often as it occurs."""
    return Counter(line(row) for row in rows if row[0] in {"trip", "offer"})


def _plans(book: _Book, trips: dict[str, list[Offer]], out: dict[str, set[int]]) -> Iterator[Violation]:
    for group, fixed in book.fixed.items():
        at, mine, rest = f"group {group!r}", trips.get(group, []), book.rest[group]
        slots = [slot for t in mine for slot in t.slots]
        if len(slots) != len(set(slots)):
            yield Violation("clash", f"{at} has two trips in one half-day")
        if len(slots) < rest:
            yield Violation("cover", f"{at} is given {len(slots)} of {rest} half-days")
        if any(len(slots) - len(t.slots) >= rest for t in mine):
            yield Violation("spare", f"{at} has a trip that it does not need")
        if out.get(group, set()) != fixed | set(slots):
            yield Violation("half_days", f"{at}: its half-days are not those of its trips")
        for t in mine:
            if t.seats is not None and t.seats < book.size(group):
                yield Violation(
                    "bus", f"{at}: the bus to {t.venue!r} has {t.seats} seats for {book.size(group)} pupils"
                )
            if not fixed.isdisjoint(t.slots):
                yield Violation("clash", f"{at} was out already on a half-day of its trip to {t.venue!r}")


def _rooms(book: _Book, trips: dict[str, list[Offer]]) -> Iterator[Violation]:
    left = Counter(book.space)
    for group, mine in trips.items():
        for t in mine:
            for slot in t.slots:
                left[t.venue, slot] -= book.size(group)
                if left[t.venue, slot] < 0:
                    yield Violation("room", f"in half-day {slot} too many pupils travel to {t.venue!r}")


def _bound(
    book: _Book, trips: dict[str, list[Offer]], body: Mapping[str, Any], drafted: list[tuple[str, str]]
) -> Iterator[Violation]:
    joint = Joint(book)
    travel = sum(book.cost(t) for mine in trips.values() for t in mine) + joint.travel_made
    if body["value"] != joint.points(drafted) - travel:
        yield Violation("value", f"the draft is worth {joint.points(drafted) - travel}, not {body['value']}")
    if sorted(body["short"]) != sorted(joint.short(drafted)):
        yield Violation("short", "the pupils named are not those who lack half-days in the draft")
    prices, scale = body["prices"], body["scale"]
    if any(s not in joint.sessions or type(price) is not int or price < 0 for s, price in prices.items()):
        yield Violation("prices", "a price is negative, no whole number, or for no session")
        return
    dual = joint.dual(prices, scale, frozenset(body["short"]))
    if body["dual"] != dual:
        yield Violation("dual", f"the prices prove {dual}, not {body['dual']}")
    bound = dual // scale
    if body["bound"] != bound or bound < body["value"]:
        yield Violation("bound", f"the bound is {bound}, not {body['bound']}")
    gap = Fraction(bound - body["value"], bound) if bound > 0 else Fraction(0)
    if body["gap"] != str(gap):
        yield Violation("gap", f"the gap is {gap}, not {body['gap']}")
