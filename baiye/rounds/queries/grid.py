"""The grid of class trips: classes by day, page by page."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count as CountRows
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from baiye.rounds.filling import HostDay
from baiye.rounds.models import Round, Trip
from baiye.rounds.queries.rounds import HalfDay, half_days
from baiye.rounds.queries.trips import HostDayFill, due_classes, host_day_fills, travel_days
from baiye.schools.models import SchoolClass

CLASSES_A_PAGE = 24


@dataclass(frozen=True, slots=True)
class Cell:
    """A class on a day: its trip with how full the host's day is, or nothing."""

    on: date
    trip: Trip | None
    fill: HostDayFill | None


@dataclass(frozen=True, slots=True)
class Row:
    """A class and its days."""

    school_class: SchoolClass
    cells: list[Cell]
    lacking: int


@dataclass(frozen=True, slots=True)
class Day:
    """A column: a day with its two half-days, and whether the grade may travel."""

    on: date
    halves: list[HalfDay]
    may_travel: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """One page of the grid."""

    days: list[Day]
    page: Page[SchoolClass]
    rows: list[Row]


def grid(round: Round, *, q: str = "", lacking: bool = False, number: str | None = None) -> Grid:
    """Classes of the round by day; 14 queries, whatever its size."""
    fills = host_day_fills(round)
    halves: dict[date, list[HalfDay]] = defaultdict(list)
    for half in half_days(round):
        halves[half.on].append(half)
    days = sorted(halves.keys() | {place.on for place in fills})
    allowed = travel_days(round, days)
    page = Paginator(_classes(round, q, lacking), CLASSES_A_PAGE).get_page(number)
    trips: dict[tuple[int, date], Trip] = {}
    for trip in Trip.objects.filter(round=round, school_class__in=list(page)).select_related("host__unit"):
        trips[trip.school_class_id, trip.on] = trip
    return Grid(
        [Day(on, halves[on], on in allowed) for on in days],
        page,
        [
            Row(
                one,
                [_cell(trips.get((one.pk, on)), on, fills) for on in days],
                round.days - getattr(one, "set_days", 0),
            )
            for one in page
        ],
    )


def _cell(trip: Trip | None, on: date, fills: dict[HostDay, HostDayFill]) -> Cell:
    return Cell(on, trip, fills.get(HostDay(on, trip.host_id)) if trip else None)


def _classes(round: Round, q: str, lacking: bool) -> QuerySet[SchoolClass]:
    """Classes with ``set_days``, those of schools whose name holds ``q``, those without all their days."""
    mine = Trip.objects.filter(round=round, school_class=OuterRef("pk")).order_by().values("school_class")
    counted = Coalesce(Subquery(mine.annotate(n=CountRows("pk")).values("n")), Value(0))
    found = due_classes(round).annotate(set_days=counted)
    if q:
        found = found.filter(Q(school__unit__name__icontains=q) | Q(school__unit__short_name__icontains=q))
    return found.filter(set_days__lt=round.days).exclude(pupils=None) if lacking else found
