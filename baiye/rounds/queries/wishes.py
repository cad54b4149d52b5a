"""Reads of wishes: what a pupil may choose from, what they chose, and how many others want the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet

from baiye.catalogue.models import Course, CourseVersion
from baiye.core import clock
from baiye.rounds.models import Round, Trip, Wish, WishList
from baiye.rounds.queries.rounds import half_of, round_visits
from baiye.schools.models import Pupil, SchoolClass
from baiye.visits.models import Visit

HOT, CALM = 1.0, 0.6  # first wishes ÷ seats: above is hard to get, below is likely


@dataclass(frozen=True, slots=True)
class OpenCourse:
    """A course a class may wish for: on the day the class travels to its host, in one or both half-days.

    ``seats`` are those of that day; ``first`` counts pupils travelling there that day who put it first, ``wished``
    those who wish for it at all.
    """

    version: CourseVersion
    host: str
    host_id: int
    venue: str
    on: date
    halves: tuple[str, ...]
    seats: int
    first: int
    wished: int

    @property
    def pk(self) -> int:
        return self.version.course_id

    @property
    def is_example(self) -> bool:
        return self.version.course.is_example

    @property
    def is_hot(self) -> bool:
        return self.first > HOT * self.seats

    @property
    def is_calm(self) -> bool:
        return self.first <= CALM * self.seats


def courses_open_to(round: Round, pupil: Pupil) -> list[OpenCourse]:
    """Courses the pupil may wish for, by day, host and title; 4 queries."""
    return courses_open_to_class(round, pupil.school_class)


def courses_open_to_class(round: Round, school_class: SchoolClass) -> list[OpenCourse]:
    """Courses with a visit of the round where and when the class travels, for its grade; 4 queries, 1 without trips."""
    trips = list(Trip.objects.filter(round=round, school_class=school_class))
    if not trips:
        return []
    sittings: dict[int, list[Visit]] = defaultdict(list)
    there = Q()
    for trip in trips:
        there |= Q(venue__host=trip.host_id, starts_at__gte=_midnight(trip.on), starts_at__lt=_midnight(trip.on, 1))
    for visit in round_visits(round).filter(there):
        if visit.version.grade_from <= school_class.grade(clock.day_of(visit.starts_at)) <= visit.version.grade_to:
            sittings[visit.version.course_id].append(visit)
    rivals = _rivals(round, trips, sittings)
    found = [_open_course(visits, *rivals.get(course, (0, 0))) for course, visits in sittings.items()]
    return sorted(found, key=lambda course: (course.on, course.host_id, course.version.title, course.pk))


def _midnight(on: date, plus: int = 0) -> datetime:
    return datetime.combine(on + timedelta(days=plus), time(), clock.SHANGHAI)


def _rivals(round: Round, trips: Sequence[Trip], sittings: dict[int, list[Visit]]) -> dict[int, tuple[int, int]]:
    """(first wishes, wishes) for each course by pupils who travel to its host on the same day; 2 queries."""
    same = Q()
    for trip in trips:
        same |= Q(host=trip.host_id, on=trip.on)
    companions: dict[int, set[int]] = defaultdict(set)
    for host, school_class in Trip.objects.filter(same, round=round).values_list("host", "school_class"):
        companions[host].add(school_class)
    courses: dict[int, list[int]] = defaultdict(list)
    for course, visits in sittings.items():
        courses[visits[0].venue.host_id].append(course)
    rivals = Q(pk__in=[])
    for host, there in courses.items():
        rivals |= Q(course__in=there, wish_list__pupil__school_class__in=companions[host])
    counted = Wish.objects.filter(rivals, wish_list__round=round, wish_list__pupil__left_on=None).order_by()
    rows = counted.values_list("course").annotate(first=Count("pk", filter=Q(rank=1)), n=Count("pk"))
    return {course: (first, n) for course, first, n in rows}


def _open_course(visits: Sequence[Visit], first: int, wished: int) -> OpenCourse:
    last = visits[-1]
    return OpenCourse(
        version=last.version,
        host=str(last.venue.host),
        host_id=last.venue.host_id,
        venue=last.venue.name,
        on=clock.day_of(last.starts_at),
        halves=tuple(sorted({half_of(visit.starts_at) for visit in visits})),
        seats=sum(visit.seats for visit in visits),
        first=first,
        wished=wished,
    )


def find_wish_list(round: Round, pupil: Pupil) -> WishList | None:
    """The pupil's list with its wishes (course loaded) and who changed it last; 2 queries, 1 when there is none."""
    return (
        WishList.objects.filter(round=round, pupil=pupil)
        .select_related("changed_by")
        .prefetch_related("wishes")
        .first()
    )


def version_of(wish_list: WishList | None) -> str:
    """A text that changes whenever the list does; empty while there is none."""
    return wish_list.changed_at.isoformat() if wish_list else ""


def ranked_courses(wish_list: WishList | None) -> list[int]:
    """Course keys in rank order; one query, none where wishes are loaded."""
    return [wish.course_id for wish in wish_list.wishes.all()] if wish_list else []


@dataclass(frozen=True, slots=True)
class RankedWish:
    """A wish as the page shows it; ``course`` is None where the class no longer travels to it."""

    rank: int
    pk: int
    title: str
    glyph: str
    riasec: str
    course: OpenCourse | None


def ranked_wishes(wish_list: WishList | None, open_courses: Iterable[OpenCourse]) -> list[RankedWish]:
    """The list as shown, in rank order; one query more only where a wish is no longer open."""
    known = {course.pk: course for course in open_courses}
    wanted = ranked_courses(wish_list)
    lost = titles_of([course for course in wanted if course not in known])
    return [
        RankedWish(rank, pk, *_face(known[pk].version if pk in known else lost.get(pk)), course=known.get(pk))
        for rank, pk in enumerate(wanted, start=1)
    ]


def _face(version: CourseVersion | None) -> tuple[str, str, str]:
    return (version.title, version.glyph, version.riasec) if version else ("", "", "")


def titles_of(courses: Sequence[int]) -> dict[int, CourseVersion]:
    """The newest version of each course; one query, none for no course."""
    if not courses:
        return {}
    return {v.course_id: v for v in CourseVersion.objects.filter(course__in=courses).order_by("course", "number")}


def find_courses(keys: Sequence[object]) -> list[Course]:
    """These courses, in the order asked for; what is no key or no course is passed over. One query, none for none."""
    wanted = [int(str(key)) for key in keys if str(key).isdecimal()]
    found = Course.objects.in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def courses_in(round: Round) -> QuerySet[Course]:
    """Courses with a visit in the round."""
    return Course.objects.filter(versions__visits__round_visit__round=round).distinct()


def hazards_of(courses: Iterable[OpenCourse]) -> list[str]:
    """Hazards of these courses, each once, in order."""
    return list(dict.fromkeys(hazard for course in courses for hazard in course.version.hazards))


def lists_of(round: Round) -> QuerySet[WishList]:
    """Every list of the round that counts: saved is enough, pupils who left are out."""
    return WishList.objects.filter(round=round, pupil__left_on=None)
