"""Searches of the catalogue: courses, occupations, and which hosts offer what."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from baiye.catalogue.models import CourseListing, CourseVersion, Occupation
from baiye.core import search
from baiye.registry.landing import CourseLine
from baiye.registry.models import Host

STAGE_GRADES = {"小学": (1, 5), "初中": (6, 9), "高中": (10, 12)}  # Shanghai counts 5–4–3
TITLES = 2  # of a host's courses, in one line


def find_lines(
    *, q: str = "", riasec: str = "", host: Host | None = None, occupation: str = "", stage: str = ""
) -> QuerySet[CourseListing]:
    """Lines of the catalogue that answer all that is asked: real courses first, by host and title."""
    found = CourseListing.objects.filter(search.matches(q)) if q else CourseListing.objects.all()
    if riasec:
        found = found.filter(riasec=riasec)
    if host:
        found = found.filter(host=host)
    found = found.filter(_offered(occupation, stage))
    order = ("is_example", "sort", "course")
    return search.sorted_by(found, *order) if q else found.order_by(*order)


def find_courses(
    *, q: str = "", riasec: str = "", host: Host | None = None, occupation: str = "", stage: str = ""
) -> QuerySet[CourseVersion]:
    """Versions in force that answer all that is asked, in the order of ``find_lines``; everything loaded."""
    lines = find_lines(q=q, riasec=riasec, host=host, occupation=occupation, stage=stage)
    found = _all_loaded().filter(listing__in=lines.order_by())
    return found.order_by("listing__is_example", "listing__sort", "listing__course")


def courses_in_order(keys: Sequence[int]) -> list[CourseVersion]:
    """The versions with these keys in their order, everything loaded; one query."""
    return search.in_order(_all_loaded(), keys)


def _all_loaded() -> QuerySet[CourseVersion]:
    return CourseVersion.objects.select_related("course__host__unit", "occupation")


def _offered(occupation: str, stage: str) -> Q:
    """A filter over lines: courses of this occupation and for this stage."""
    offered = search.contains("occupation", occupation.lower()) if occupation else Q()
    if stage:
        first, last = STAGE_GRADES[stage]
        offered &= Q(grade_from__lte=last, grade_to__gte=first)
    return offered


def find_occupations(q: str) -> QuerySet[Occupation]:
    """Occupations by name, code of today or of before, sound or first letters, by code: 无人机 finds 无人机驾驶员."""
    found = Occupation.objects.order_by("code")
    return found.filter(search.matches(q, "listing__")) if q else found


def hosts_offering(occupation: str, stage: str) -> QuerySet[CourseListing, int]:
    """Keys of hosts with a published course, no example, of this occupation and for this stage."""
    return CourseListing.objects.filter(_offered(occupation, stage), is_example=False).values_list("host", flat=True)


def course_lines(hosts: Collection[int]) -> dict[int, CourseLine]:
    """Host → its courses in a line: the first titles and how many there are, no examples; one query."""
    titles: dict[int, list[CourseVersion]] = defaultdict(list)
    counts: dict[int, int] = {}
    shown = CourseVersion.objects.filter(Q(listing__host__in=hosts), listing__is_example=False)
    place = Window(RowNumber(), partition_by=F("listing__host"), order_by=[F("listing__sort"), F("pk")])
    behind = Window(RowNumber(), partition_by=F("listing__host"), order_by=[F("listing__sort").desc(), F("pk").desc()])
    ranked = shown.annotate(at=F("listing__host"), place=place, behind=behind).filter(place__lte=TITLES)
    for version in ranked.order_by("at", "place").only("title", "glyph", "riasec"):
        titles[version.at].append(version)
        counts.setdefault(version.at, version.place + version.behind - 1)
    return {
        host: CourseLine(tuple(each.title for each in first), counts[host], first[0].glyph, first[0].riasec)
        for host, first in titles.items()
    }
