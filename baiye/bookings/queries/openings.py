"""Reads of what is open: the openings of a child's district, one opening, and the seats that are left."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, DateTimeField, F, IntegerField, Q, QuerySet, Value, When

from baiye.bookings.models import Booking, Opening
from baiye.core import clock
from baiye.schools.models import FIRST_GRADE, LAST_GRADE, Pupil, school_year
from baiye.visits.queries import day_begins, day_ends

LOADED = (
    "release__unit",
    "release__term",
    "visit__version__course",
    "visit__version__occupation",
    "visit__organised_by",
)
PLACE = ("visit__venue__host__unit",)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which openings are looked for; empty means any."""

    q: str = ""
    on: date | None = None
    occupation: str = ""
    street: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Free:
    """The seats of one opening: what the live number shows."""

    opening_id: int
    seats: int
    taken: int
    offered: int
    is_cancelled: bool
    is_live: bool  # it may change while someone looks
    takes_line: bool  # who finds no seat may wait for one

    @property
    def left(self) -> int:
        return self.seats - self.taken - self.offered

    @property
    def mark(self) -> str:
        """What a page has seen of it: nothing is sent again while this stands."""
        return f"{self.seats}.{self.taken}.{self.offered}"


def published() -> QuerySet[Opening]:
    """Openings of published releases; release, visit, version, occupation, venue, host and unit loaded."""
    return Opening.objects.filter(release__published_at__isnull=False).select_related(*LOADED, *PLACE)


def district_of(pupil: Pupil) -> str:
    """The path of the district whose school ``pupil`` goes to; class, school and unit loaded."""
    return pupil.school_class.school.unit.lineage()[0]


def in_district(path: str) -> QuerySet[Opening]:
    """`published` openings of the releases of a district and of its hosts."""
    return published().filter(release__unit__path__startswith=path)


def openings_for(pupil: Pupil) -> QuerySet[Opening]:
    """Every published opening that ``pupil``'s district has, for whatever grade: the pages of single ones."""
    return in_district(district_of(pupil))


def open_to(pupil: Pupil, at: datetime) -> QuerySet[Opening]:
    """What ``pupil`` may book now or soon: for their grade, not over, not cancelled; open ones first, by day."""
    return in_order(openings_for(pupil).filter(for_grade_of(pupil, at), still_to_come(at)), at)


def still_to_come(at: datetime) -> Q:
    """A filter: openings that can be booked at ``at`` or later."""
    return Q(release__closes_at__gt=at, visit__starts_at__gt=at, visit__cancelled_at=None)


def for_grade_of(pupil: Pupil, at: datetime) -> Q:
    """A filter: openings for the grade that ``pupil`` is in on the day of the visit; the year turns on 1 September."""
    day = clock.day_of(at)
    grade, turns = pupil.school_class.grade(day), day_begins(date(school_year(day) + 1, 9, 1))
    this_year = Q(visit__starts_at__lt=turns, grades__contains=[grade])
    return Q(grades=[]) | this_year | Q(visit__starts_at__gte=turns, grades__contains=[grade + 1])


def in_order(openings: QuerySet[Opening], at: datetime) -> QuerySet[Opening]:
    """Open ones by the day of their visit; then those still to open, the next minute first."""
    soon = Q(release__opens_at__gt=at)
    return openings.annotate(
        is_soon=Case(When(soon, then=Value(1)), default=Value(0), output_field=IntegerField()),
        opens=Case(When(soon, then=F("release__opens_at")), default=None, output_field=DateTimeField()),
    ).order_by("is_soon", "opens", "visit__starts_at", "pk")


def matching(openings: QuerySet[Opening], asked: Asked) -> QuerySet[Opening]:
    """Those of ``openings`` that are asked for."""
    if asked.q:
        words = Q(visit__version__title__icontains=asked.q) | Q(visit__version__pinyin__icontains=asked.q)
        words |= Q(visit__version__occupation__name__icontains=asked.q)
        openings = openings.filter(words | Q(visit__venue__host__unit__name__icontains=asked.q))
    if asked.on:
        openings = openings.filter(visit__starts_at__gte=day_begins(asked.on), visit__starts_at__lt=day_ends(asked.on))
    if asked.occupation:
        openings = openings.filter(visit__version__occupation__name=asked.occupation)
    if asked.street:
        openings = openings.filter(_in_street(asked.street))
    if asked.stage:
        grades = list(range(FIRST_GRADE[asked.stage], LAST_GRADE[asked.stage] + 1))
        openings = openings.filter(Q(grades=[]) | Q(grades__overlap=grades))
    return openings


def _in_street(street: str) -> Q:
    return Q(visit__venue__street=street) | Q(visit__venue__street="", visit__venue__host__street=street)


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be filtered by: days, occupations, streets, each once and in order."""

    days: tuple[date, ...]
    occupations: tuple[str, ...]
    streets: tuple[str, ...]


def choices_among(openings: QuerySet[Opening]) -> Choices:
    """The days, occupations and streets that occur among ``openings``; one query."""
    rows = openings.order_by().values_list(
        "visit__starts_at", "visit__version__occupation__name", "visit__venue__street", "visit__venue__host__street"
    )
    found = list(rows.distinct())
    days = {clock.day_of(starts_at) for starts_at, *_rest in found}
    occupations = {occupation for _at, occupation, *_rest in found if occupation}
    streets = {street or host_street for *_rest, street, host_street in found}
    return Choices(tuple(sorted(days)), tuple(sorted(occupations)), tuple(sorted(streets - {""})))


def live_bookings(pupil: Pupil, openings: list[Opening]) -> dict[int, Booking]:
    """Opening → the live booking that ``pupil`` has of it, with that very opening loaded; one query."""
    known = {opening.pk: opening for opening in openings}
    live = {one.opening_id: one for one in Booking.objects.filter(pupil=pupil, opening__in=openings, ended_at=None)}
    for key, booking in live.items():
        booking.opening = known[key]
    return live


def free_of(opening_ids: Collection[int], at: datetime) -> list[Free]:
    """The seats of published openings by key: one indexed row each and its visit's, nothing is counted; one query."""
    rows = Opening.objects.filter(pk__in=opening_ids, release__published_at__isnull=False)
    shown = rows.select_related("release", "visit").only(
        *(
            "waiting_most",
            "cancel_until",
            "visit__seats",
            "visit__taken",
            "visit__offered",
            "visit__starts_at",
            "visit__cancelled_at",
        ),
        *("release__mode", "release__opens_at", "release__draw_until", "release__closes_at", "release__drawn_at"),
    )
    return [free_at(row, at) for row in shown.order_by("pk")]


def free_at(opening: Opening, at: datetime) -> Free:
    """The seats of an opening whose visit and release are loaded; no query."""
    visit, release = opening.visit, opening.release
    moves = release.is_settled and at < visit.starts_at and visit.cancelled_at is None
    takes_line = opening.waiting_most != 0 and at < opening.cancel_until_at
    seats = (visit.seats, visit.taken, visit.offered)
    return Free(opening.pk, *seats, is_cancelled=visit.cancelled_at is not None, is_live=moves, takes_line=takes_line)
