"""Reads of class trips: who travels when and where, and how full each host's day is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.core import clock
from baiye.registry.models import Host
from baiye.rounds.filling import FEWEST, MOST, HostDay
from baiye.rounds.models import Round, Trip
from baiye.rounds.permissions import classes_due
from baiye.rounds.queries.rounds import class_sizes, half_of, round_visits
from baiye.schools.models import Pupil, School, SchoolClass
from baiye.schools.permissions import class_scope
from baiye.schools.queries import school_days
from baiye.visits import hindrances


def trips_of(round: Round) -> QuerySet[Trip]:
    """Trips of the round by class and day; host, unit, class, school and its unit loaded."""
    return (
        Trip.objects.filter(round=round)
        .select_related("host__unit", "school_class__school__unit")
        .order_by("school_class__school__unit__pinyin", "school_class__number", "on", "pk")
    )


def trips_for(user: User, permission: Permission = Permission.PUPIL_VIEW) -> QuerySet[Trip]:
    """Trips of classes where ``user`` holds ``permission``, soonest first; round, host, class and school loaded."""
    return (
        Trip.objects.filter(class_scope(user, permission, "school_class__"))
        .select_related("round__unit", "host__unit", "school_class__school__unit")
        .order_by("on", "pk")
    )


def trips_of_class(round: Round, school_class: SchoolClass) -> list[Trip]:
    """The days of one class, soonest first, with host and unit loaded."""
    return list(Trip.objects.filter(round=round, school_class=school_class).select_related("host__unit").order_by("on"))


def find_trip(round: Round, school_class: SchoolClass, on: date) -> Trip | None:
    """The class's trip on a day, with host and unit loaded; or None."""
    return Trip.objects.filter(round=round, school_class=school_class, on=on).select_related("host__unit").first()


def due_classes(round: Round) -> QuerySet[SchoolClass]:
    """Classes that go in the round, by school (pinyin) and number, each with ``size``; school and unit loaded."""
    return (
        SchoolClass.objects.filter(classes_due(round))
        .select_related("school__unit")
        .annotate(size=Count("pupils", filter=Q(pupils__left_on=None)))
        .order_by("school__unit__pinyin", "school", "number")
    )


def due_schools(round: Round) -> QuerySet[School]:
    """Schools that go in the round, by pinyin, with unit loaded."""
    return (
        School.objects.filter(pk__in=SchoolClass.objects.filter(classes_due(round)).values("school"))
        .select_related("unit")
        .order_by("unit__pinyin", "pk")
    )


def host_day_seats(round: Round) -> dict[HostDay, int]:
    """Pupils each host's day can hold: the smaller of morning and afternoon, of visits that may have pupils; 2 queries.

    A visit whose course is not for the round's grade counts for nothing.
    """
    visits = [(visit, clock.day_of(visit.starts_at)) for visit in round_visits(round)]
    hindered = hindrances.of_places({(visit.venue_id, on, on) for visit, on in visits})
    halves: dict[HostDay, dict[str, int]] = defaultdict(lambda: {"am": 0, "pm": 0})
    for visit, on in visits:
        fits = visit.version.grade_from <= round.grade(on) <= visit.version.grade_to
        if fits and (visit.venue_id, on, on) not in hindered:
            halves[HostDay(on, visit.venue.host_id)][half_of(visit.starts_at)] += visit.seats
    return {place: min(half.values()) for place, half in sorted(halves.items())}


def travel_days(round: Round, days: Iterable[date]) -> frozenset[date]:
    """Those of ``days`` on which the round's grade has school and may travel; 2 queries."""
    days = sorted(set(days))
    if not days:
        return frozenset()
    return frozenset(days) & school_days(days[0], days[-1], round.grade(days[0])).keys()


@dataclass(frozen=True, slots=True)
class HostDayFill:
    """How full a host's day is."""

    place: HostDay
    seats: int
    pupils: int

    @property
    def ratio(self) -> float | None:
        return self.seats / self.pupils if self.pupils else None

    @property
    def is_short(self) -> bool:
        return self.seats < FEWEST * self.pupils

    @property
    def is_loose(self) -> bool:
        return bool(self.pupils) and self.seats > MOST * self.pupils


def host_day_fills(round: Round) -> dict[HostDay, HostDayFill]:
    """Seats and travelling pupils of each host's day that has either; 4 queries."""
    seats = host_day_seats(round)
    sizes = class_sizes(round)
    pupils: dict[HostDay, int] = defaultdict(int)
    for school_class, host, on in Trip.objects.filter(round=round).values_list("school_class", "host", "on"):
        pupils[HostDay(on, host)] += sizes.get(school_class, 0)
    return {place: HostDayFill(place, seats.get(place, 0), pupils[place]) for place in sorted(seats.keys() | pupils)}


def round_hosts(round: Round) -> QuerySet[Host]:
    """Hosts with a visit in the round, by pinyin, with unit loaded."""
    return (
        Host.objects.filter(pk__in=round_visits(round).order_by().values("venue__host"))
        .select_related("unit")
        .order_by("unit__pinyin", "pk")
    )


def roll_for_trip(trip: Trip) -> QuerySet[Pupil]:
    """Pupils who travel, by pinyin: the class's roll of today."""
    return Pupil.objects.filter(school_class=trip.school_class_id, left_on=None).order_by("pinyin", "pk")
