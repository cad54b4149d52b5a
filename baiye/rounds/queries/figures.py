"""Live figures of a round's desk page: what is done, what is wanted, what needs a hand."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from baiye.catalogue.models import CourseVersion
from baiye.rounds.models import NoticeRead, Round, Trip, Wish, WishList
from baiye.rounds.permissions import classes_due
from baiye.rounds.queries.rounds import HalfDay, class_sizes, half_days, round_visits
from baiye.schools.models import School, SchoolClass

HOT = 1.5  # pupils who put a course first ÷ its seats: above needs another sitting
BEHIND = 0.8  # a school below this share of the district's submitted share is behind


@dataclass(frozen=True, slots=True)
class SchoolProgress:
    """How far a school is: pupils due, lists submitted, notices read, class days set of those needed."""

    school: int
    name: str
    is_example: bool
    classes: int
    pupils: int
    submitted: int
    read: int
    trips: int
    trips_needed: int

    @property
    def submitted_share(self) -> float:
        return self.submitted / self.pupils if self.pupils else 0.0

    @property
    def read_share(self) -> float:
        return self.read / self.pupils if self.pupils else 0.0


def school_progress(round: Round, sizes: Mapping[int, int] | None = None) -> list[SchoolProgress]:
    """Every school that goes, by pinyin; 6 queries, whatever their number, one less with `class_sizes` at hand."""
    sizes = class_sizes(round) if sizes is None else sizes
    schools = School.objects.filter(pk__in=_classes(round).values("school")).select_related("unit")
    classes, pupils = Counter[int](), Counter[int]()
    for school_class, school in _classes(round).values_list("pk", "school"):
        classes[school] += 1
        pupils[school] += sizes.get(school_class, 0)
    submitted = _by_school(
        WishList.objects.filter(round=round, submitted_at__isnull=False, pupil__left_on=None),
        "pupil__school_class__school",
    )
    read = _by_school(NoticeRead.objects.filter(round=round, pupil__left_on=None), "pupil__school_class__school")
    trips = _by_school(Trip.objects.filter(round=round), "school_class__school")
    return [
        SchoolProgress(
            school.pk,
            str(school),
            school.unit.is_example,
            classes.get(school.pk, 0),
            pupils.get(school.pk, 0),
            submitted.get(school.pk, 0),
            read.get(school.pk, 0),
            trips.get(school.pk, 0),
            classes.get(school.pk, 0) * round.days,
        )
        for school in schools.order_by("unit__pinyin", "pk")
    ]


def _classes(round: Round) -> QuerySet[SchoolClass]:
    return SchoolClass.objects.filter(classes_due(round))


def _by_school(rows: QuerySet[Any], path: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(path).annotate(n=Count("pk")))


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """What the desk shows of a round, computed from the rows as they stand."""

    schools: list[SchoolProgress]
    courses: list["CourseDemand"]
    half_days: list[HalfDay]

    @property
    def pupils(self) -> int:
        return sum(school.pupils for school in self.schools)

    @property
    def classes(self) -> int:
        return sum(school.classes for school in self.schools)

    @property
    def submitted(self) -> int:
        return sum(school.submitted for school in self.schools)

    @property
    def read(self) -> int:
        return sum(school.read for school in self.schools)

    @property
    def seats(self) -> int:
        return sum(half.seats for half in self.half_days)

    @property
    def demand(self) -> int:
        return sum(half.demand for half in self.half_days)

    @property
    def sittings(self) -> int:
        return sum(course.sittings for course in self.courses)

    @property
    def over_asked(self) -> list["CourseDemand"]:
        return [course for course in self.courses if course.ratio > HOT]

    @property
    def without_trips(self) -> list[SchoolProgress]:
        return [school for school in self.schools if school.trips < school.trips_needed]

    @property
    def behind(self) -> list[SchoolProgress]:
        """Schools far below the district's share of submitted lists, worst first."""
        bar = BEHIND * self.submitted / self.pupils if self.pupils else 0.0
        found = [school for school in self.schools if school.pupils and school.submitted_share < bar]
        return sorted(found, key=lambda school: (school.submitted_share, school.name))

    @property
    def short(self) -> list[HalfDay]:
        return [half for half in self.half_days if half.is_short]


def round_figures(round: Round) -> RoundFigures:
    """The figures of a round; 11 queries, whatever its size."""
    sizes = class_sizes(round)
    return RoundFigures(school_progress(round, sizes), course_demand(round), half_days(round, sizes))


@dataclass(frozen=True, slots=True)
class CourseDemand:
    """A course in the round: pupils who put it first against its seats."""

    course: int
    title: str
    glyph: str
    riasec: str
    host: str
    first: int
    wished: int
    seats: int
    sittings: int
    is_example: bool

    @property
    def ratio(self) -> float:
        return self.first / self.seats if self.seats else 0.0


def course_demand(round: Round) -> list[CourseDemand]:
    """Courses of the round, most wanted first, each as its newest version there; 3 queries."""
    wished = {
        course: (first, n)
        for course, first, n in Wish.objects.filter(wish_list__round=round)
        .order_by()
        .values_list("course")
        .annotate(first=Count("pk", filter=Q(rank=1)), n=Count("pk"))
    }
    offered = {
        version: (seats, sittings)
        for version, seats, sittings in round_visits(round)
        .order_by()
        .values_list("version__course")
        .annotate(newest=Max("version"), seats=Sum("seats"), sittings=Count("pk"))
        .values_list("newest", "seats", "sittings")
    }
    versions = CourseVersion.objects.filter(pk__in=offered).select_related("course__host__unit")
    found = [
        CourseDemand(
            course=version.course_id,
            title=version.title,
            glyph=version.glyph,
            riasec=version.riasec,
            host=str(version.course.host),
            first=wished.get(version.course_id, (0, 0))[0],
            wished=wished.get(version.course_id, (0, 0))[1],
            seats=offered[version.pk][0],
            sittings=offered[version.pk][1],
            is_example=version.course.is_example,
        )
        for version in versions
    ]
    return sorted(found, key=lambda demand: (-demand.first, -demand.wished, demand.course))
