"""Reads at the door: counts, the roll, what each seat earns, what a school still has to confirm."""

import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, within
from baiye.attendance.anomalies import Alarm, Stroke, alarms
from baiye.attendance.models import Confirmation, Mark
from baiye.attendance.rule import Verdict, verdict
from baiye.core import clock
from baiye.schools.models import SchoolClass
from baiye.schools.permissions import pupil_scope
from baiye.schools.queries import health_notes
from baiye.visits.models import Seat, Visit
from baiye.visits.queries import day_begins, roll_of, visits_for

NOTES_FROM, NOTES_UNTIL = timedelta(days=1), timedelta(days=7)  # health notes: from the day before to a week after
OVERDUE_H = 24  # a list that is not confirmed a day after the end
HELD, LIVE = Q(given_up_at=None), Q(marks__voided_at=None)


# ── counts ──


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are expected, have come, have gone; ``marks`` counts live marks, to see that something changed."""

    expected: int = 0
    arrived: int = 0
    left: int = 0
    marks: int = 0

    @property
    def missing(self) -> int:
        return self.expected - self.arrived

    @property
    def inside(self) -> int:
        return self.arrived - self.left


def counts_of(visit_ids: Collection[int]) -> dict[int, Counts]:
    """The counts of these visits, in one query; a visit without seats has zeros."""
    rows = (
        Seat.objects.filter(HELD, visit__in=visit_ids)
        .values("visit_id")
        .annotate(
            expected=Count("pk", distinct=True),
            arrived=Count("pk", distinct=True, filter=LIVE & Q(marks__kind="in")),
            left=Count("pk", distinct=True, filter=LIVE & Q(marks__kind="out")),
            live=Count("marks", filter=LIVE),
        )
    )
    found = {row["visit_id"]: Counts(row["expected"], row["arrived"], row["left"], row["live"]) for row in rows}
    return {visit_id: found.get(visit_id, Counts()) for visit_id in visit_ids}


# ── the roll ──


@dataclass(slots=True)
class Row:
    """One pupil on the roll at the door."""

    seat: Seat
    in_at: datetime | None = None
    out_at: datetime | None = None
    late_min: int = 0
    marks: int = 0
    notes: list[str] = field(default_factory=list)
    mark_id: uuid.UUID = field(default_factory=uuid.uuid4)  # of the mark that the row's button makes

    @property
    def class_name(self) -> str:
        return self.seat.pupil.school_class.name(clock.day_of(self.seat.visit.starts_at))


def door_visits(user: User) -> QuerySet[Visit]:
    """Visits at hosts where ``user`` checks pupils in, soonest first; version, course, venue, host, unit loaded."""
    return visits_for(user, Permission.CHECKIN)


def next_day(user: User, on: date) -> date | None:
    """The first day after ``on`` with a visit at a host where ``user`` checks pupils in."""
    later = door_visits(user).filter(starts_at__gte=day_begins(on + timedelta(days=1)), cancelled_at=None).first()
    return clock.day_of(later.starts_at) if later else None


def unsigned(visit: Visit, signed: Collection[Confirmation]) -> bool:
    """Whether the side of these confirmations has to sign: it never did, or marks came since. One query at most."""
    if not signed:
        return True
    last = max(one.received_at for one in signed)
    return Mark.objects.filter(seat__visit=visit, seat__given_up_at=None, voided_at=None, received_at__gt=last).exists()


def roll(visit: Visit, at: datetime) -> list[Row]:
    """The roll with marks and, near the day, what must be watched: three queries, one less without hazards."""
    rows = {seat.pk: Row(seat) for seat in roll_of(visit)}
    for seat_id, times in times_of(rows).items():
        row = rows[seat_id]
        row.in_at, row.out_at, row.marks = times
        if row.in_at and row.in_at > visit.starts_at:
            row.late_min = -(-(row.in_at - visit.starts_at) // timedelta(minutes=1))
    for row in rows.values():
        row.seat.visit = visit
    hazards = visit.version.hazards
    if hazards and visit.starts_at - NOTES_FROM <= at <= visit.ends_at + NOTES_UNTIL:
        notes = health_notes([row.seat.pupil_id for row in rows.values()], hazards)
        for row in rows.values():
            row.notes = [note.note for note in notes.get(row.seat.pupil_id, [])]
    return list(rows.values())


def counts_in(rows: Collection[Row]) -> Counts:
    """The counts of a roll that is at hand, as `counts_of` would give them but for ``marks``; no query."""
    came = sum(row.in_at is not None for row in rows)
    went = sum(row.out_at is not None for row in rows)
    return Counts(expected=len(rows), arrived=came, left=went, marks=sum(row.marks for row in rows))


def times_of(seat_ids: Iterable[int]) -> dict[int, tuple[datetime | None, datetime | None, int]]:
    """Seat → earliest live "in", latest live "out", how many live marks; seats without are left out. One query."""
    marks = Mark.objects.filter(seat__in=list(seat_ids), voided_at=None).values("seat_id")
    earliest, latest = Min("at", filter=Q(kind="in")), Max("at", filter=Q(kind="out"))
    rows = marks.annotate(in_at=earliest, out_at=latest, count=Count("pk"))
    return {row["seat_id"]: (row["in_at"], row["out_at"], row["count"]) for row in rows}


def marks_at(user: User) -> QuerySet[Mark]:
    """Marks of visits at hosts where ``user`` checks pupils in, with seat, visit and host loaded."""
    return Mark.objects.filter(within(user, Permission.CHECKIN, "seat__visit__venue__host__unit")).select_related(
        "seat__visit__venue__host__unit"
    )


def marks_of(seat: Seat) -> QuerySet[Mark]:
    """Every mark of ``seat``, voided ones too, in the order of their time; who made and voided them loaded."""
    return Mark.objects.filter(seat=seat).select_related("by", "voided_by").order_by("at", "received_at")


def confirmations_of(visit: Visit) -> list[Confirmation]:
    """Who confirmed ``visit`` for which side, first come first; person and unit loaded."""
    return list(Confirmation.objects.filter(visit=visit).select_related("by", "unit").order_by("received_at"))


# ── what a seat earns ──

Seen = tuple[str, datetime, datetime]  # a live mark: kind, when it was made, when it was received


def verdicts(of: Visit | Iterable[Seat]) -> dict[int, Verdict]:
    """Seat → what it earns, or why it earns nothing; three queries however many seats there are."""
    chosen = Q(visit=of) & HELD if isinstance(of, Visit) else Q(pk__in=[seat.pk for seat in of])
    facts = list(
        Seat.objects.filter(chosen).values(
            "pk",
            "visit_id",
            "given_up_at",
            starts_at=F("visit__starts_at"),
            ends_at=F("visit__ends_at"),
            late_limit_min=F("visit__late_limit_min"),
            credit_minutes=F("visit__credit_minutes"),
            school=F("pupil__school_class__school__unit"),
        )
    )
    marks: dict[int, list[Seen]] = defaultdict(list)
    for seat_id, kind, made_at, received_at in Mark.objects.filter(
        seat__in=[fact["pk"] for fact in facts], voided_at=None
    ).values_list("seat_id", "kind", "at", "received_at"):
        marks[seat_id].append((kind, made_at, received_at))
    signed = _signed({fact["visit_id"] for fact in facts})
    return {fact["pk"]: _verdict(fact, marks[fact["pk"]], signed) for fact in facts}


def _signed(visit_ids: Collection[int]) -> dict[tuple[int, int], datetime]:
    """(visit, school's unit, or 0 for the host) → when the latest confirmation was received."""
    rows = Confirmation.objects.filter(visit__in=visit_ids).values_list("visit_id", "side", "unit_id", "received_at")
    signed: dict[tuple[int, int], datetime] = {}
    for visit_id, side, unit_id, received_at in rows:
        key = (visit_id, unit_id if side == "school" else 0)
        signed[key] = max(received_at, signed.get(key, received_at))
    return signed


def _verdict(fact: Mapping[str, Any], marks: Sequence[Seen], signed: dict[tuple[int, int], datetime]) -> Verdict:
    host = signed.get((fact["visit_id"], 0))
    school = signed.get((fact["visit_id"], fact["school"]))
    rule: dict[str, Any] = {
        name: fact[name] for name in ("starts_at", "ends_at", "late_limit_min", "credit_minutes")
    } | {
        "host_confirmed": host is not None,
        "school_confirmed": school is not None,
        "cancelled": fact["given_up_at"] is not None,
    }
    whole = verdict(**rule, **_times(marks))
    if not whole.credited or not host or not school:
        return whole
    seen = _times([mark for mark in marks if mark[2] <= min(host, school)])
    return whole if verdict(**rule, **seen).credited else verdict(**rule, **_times(marks), all_seen=False)


def _times(marks: Sequence[Seen]) -> dict[str, Any]:
    return {
        "in_at": min((at for kind, at, _received in marks if kind == "in"), default=None),
        "out_at": max((at for kind, at, _received in marks if kind == "out"), default=None),
    }


# ── the school's side ──


@dataclass(slots=True)
class Sheet:
    """One visit with the pupils of one school whom somebody may confirm."""

    visit: Visit
    unit: Unit
    pupils: int
    present: int
    whole: bool  # all of the school's pupils on it lie in the person's scope, so the person may sign for the school
    host: Confirmation | None
    school: Confirmation | None
    is_open: bool  # the school has not signed, or marks have come since
    overdue: bool
    alarms: list[Alarm]

    @property
    def key(self) -> str:
        """Names the sheet in a form."""
        return f"{self.visit.pk}-{self.unit.pk}"

    @property
    def may_pick(self) -> bool:
        """Whether it may be signed without being opened: nothing about it is odd."""
        return self.is_open and self.whole and not self.alarms


class SheetRow(TypedDict):
    """A row of `sheets_of`; whether it is open is told by ``OPEN``."""

    visit_id: int
    visit__starts_at: datetime
    unit_id: Any
    pupils: Any
    present: Any
    latest: Any
    signed_at: Any


def sheets_of(user: User, at: datetime) -> QuerySet[Seat, SheetRow]:
    """(visit, school) of pupils whom ``user`` confirms, for counted visits that have ended, newest first."""
    signed = Confirmation.objects.filter(visit=OuterRef("visit"), side="school", unit=OuterRef("unit_id"))
    return (
        Seat.objects.filter(pupil_scope(user, Permission.CONFIRM_AS_SCHOOL, "pupil__"), HELD, visit__ends_at__lte=at)
        .exclude(visit__counts_as="")
        .values("visit_id", "visit__starts_at", unit_id=F("pupil__school_class__school__unit"))
        .annotate(
            pupils=Count("pk", distinct=True),
            present=Count("pk", distinct=True, filter=LIVE & Q(marks__kind="in")),
            latest=Max("marks__received_at", filter=LIVE),
            signed_at=Subquery(signed.order_by("-received_at").values("received_at")[:1]),
        )
        .order_by("-visit__starts_at", "visit_id", "unit_id")
    )


OPEN = Q(signed_at=None) | Q(latest__gt=F("signed_at"))


def sheets(rows: Iterable[SheetRow], at: datetime) -> list[Sheet]:
    """``rows`` of `sheets_of` with everything a page shows, in five queries however many there are."""
    rows = list(rows)
    visit_ids = {row["visit_id"] for row in rows}
    loaded = Visit.objects.filter(pk__in=visit_ids).select_related("version__course", "venue__host__unit")
    visits = {visit.pk: visit for visit in loaded}
    units = Unit.objects.in_bulk({row["unit_id"] for row in rows})
    newest = Confirmation.objects.filter(visit__in=visit_ids).select_related("by").order_by("received_at")
    signed = {(one.visit_id, one.unit_id if one.side == "school" else 0): one for one in newest}
    strokes, arrived = _strokes(visit_ids)
    sizes = _sizes(visit_ids)
    found = []
    for row in rows:
        visit, unit_id = visits[row["visit_id"]], row["unit_id"]
        host, school = signed.get((visit.pk, 0)), signed.get((visit.pk, unit_id))
        is_open = school is None or (row["latest"] is not None and row["latest"] > school.received_at)
        odd = alarms(strokes[visit.pk, unit_id], arrived=arrived[visit.pk], head_count=host.present if host else None)
        found.append(
            Sheet(
                visit=visit,
                unit=units[unit_id],
                pupils=row["pupils"],
                present=row["present"],
                whole=sizes[visit.pk, unit_id] == row["pupils"],
                host=host,
                school=school,
                is_open=is_open,
                overdue=is_open and at - visit.ends_at > timedelta(hours=OVERDUE_H),
                alarms=odd,
            )
        )
    return found


def sheet_rows(user: User, visit_id: int, unit_id: int, at: datetime) -> list[SheetRow]:
    """The row of one visit and school, if the person confirms pupils on it."""
    return list(sheets_of(user, at).filter(visit=visit_id, pupil__school_class__school__unit=unit_id))


def picked_sheets(user: User, picked: Collection[str], at: datetime) -> list[Sheet]:
    """The open sheets named ``"visit-unit"`` that lie in the person's scope."""
    pairs = {tuple(map(int, name.split("-"))) for name in picked if re.fullmatch(r"\d{1,12}-\d{1,12}", name)}
    rows = sheets_of(user, at).filter(OPEN, visit__in={pair[0] for pair in pairs})
    return sheets([row for row in rows if (row["visit_id"], row["unit_id"]) in pairs], at)


def _strokes(visit_ids: Collection[int]) -> tuple[dict[tuple[int, int], list[Stroke]], dict[int, int]]:
    """(visit, school's unit) → its live marks, and visit → how many pupils came in; one query."""
    marks = Mark.objects.filter(seat__visit__in=visit_ids, seat__given_up_at=None, voided_at=None)
    strokes, came = defaultdict(list), defaultdict(set)
    unit = "seat__pupil__school_class__school__unit"
    for visit_id, unit_id, seat_id, kind, at, note in marks.values_list(
        "seat__visit", unit, "seat", "kind", "at", "note"
    ):
        strokes[visit_id, unit_id].append(Stroke(kind, at, note))
        if kind == "in":
            came[visit_id].add(seat_id)
    return strokes, defaultdict(int, {visit_id: len(seats) for visit_id, seats in came.items()})


def _sizes(visit_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """(visit, school's unit) → how many of its pupils hold a seat; one query."""
    rows = Seat.objects.filter(HELD, visit__in=visit_ids).values_list("visit_id", "pupil__school_class__school__unit")
    return {(visit_id, unit_id): count for visit_id, unit_id, count in rows.annotate(count=Count("pk"))}


def school_rows(user: User, sheet: Sheet) -> list[tuple[Row, Verdict]]:
    """The pupils of one sheet in the person's scope, by class and pinyin, with marks and verdict."""
    seats = roll_of(sheet.visit).filter(
        pupil_scope(user, Permission.CONFIRM_AS_SCHOOL, "pupil__"), pupil__school_class__school__unit=sheet.unit
    )
    rows = {seat.pk: Row(seat) for seat in seats}
    times = times_of(rows)
    earned = verdicts([row.seat for row in rows.values()])
    for seat_id, row in rows.items():
        row.seat.visit = sheet.visit
        row.in_at, row.out_at, row.marks = times.get(seat_id, (None, None, 0))
    return [(row, earned[seat_id]) for seat_id, row in rows.items()]


# ── passes ──


def passes_for(user: User) -> QuerySet[Seat]:
    """Held seats whose pass ``user`` may show: the pupil's own, a child's, a class's; everything on it loaded."""
    return (
        Seat.objects.filter(pupil_scope(user, Permission.PUPIL_VIEW, "pupil__"), HELD)
        .select_related("visit__version__course", "visit__venue__host__unit", "pupil__school_class__school__unit")
        .order_by("visit__starts_at", "pupil__pinyin", "pk")
    )


def pass_days(school_class: SchoolClass, since: date) -> list[date]:
    """The days from ``since`` on which pupils of the class hold seats, in order; one query."""
    starts = Seat.objects.filter(HELD, pupil__school_class=school_class, visit__starts_at__gte=day_begins(since))
    return sorted({clock.day_of(at) for at in starts.values_list("visit__starts_at", flat=True).distinct()})


def passes_on(school_class: SchoolClass, on: date) -> QuerySet[Seat]:
    """The seats of a class on one day, by pupil; all that stands on a pass loaded."""
    return (
        Seat.objects.filter(HELD, pupil__school_class=school_class)
        .filter(visit__starts_at__gte=day_begins(on), visit__starts_at__lt=day_begins(on + timedelta(days=1)))
        .select_related("visit__version__course", "visit__venue__host__unit", "pupil__school_class__school__unit")
        .order_by("pupil__pinyin", "pupil", "visit__starts_at")
    )
