"""Searches of the catalogue: courses, occupations, and which hosts offer what."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from baiye.catalogue.models import CourseListing, CourseVersion, Occupation
from baiye.core import search
from baiye.registry.landing import CourseLine
from baiye.registry.models import Host

STAGE_GRADES = {"小学": (1, 5), "初中": (6, 9), "高中": (10, 12)}  # Shanghai counts 5–4–3
TITLES = 2  # of a host's courses, in one line


def find_courses(
    *, q: str = "", riasec: str = "", host: Host | None = None, occupation: str = "", stage: str = ""
) -> QuerySet[CourseVersion]:
    """Versions in force that answer all that is asked, real ones first, by host and title; everything loaded."""
    found = CourseVersion.objects.filter(listing__isnull=False)
    if q:
        found = found.filter(search.matches(q, "listing__"))
    if riasec:
        found = found.filter(listing__riasec=riasec)
    if host:
        found = found.filter(listing__host=host)
    if occupation:
        found = found.filter(listing__occupation__contains=occupation.lower())
    if stage:
        first, last = STAGE_GRADES[stage]
        found = found.filter(listing__grade_from__lte=last, listing__grade_to__gte=first)
    found = found.select_related("course__host__unit", "occupation")
    return found.order_by("listing__is_example", "listing__sort", "listing__course")


def find_occupations(q: str) -> QuerySet[Occupation]:
    """Occupations by name, code of today or of before, sound or first letters, by code: 无人机 finds 无人机驾驶员."""
    found = Occupation.objects.order_by("code")
    return found.filter(search.matches(q, "listing__")) if q else found


def hosts_offering(occupation: str, stage: str) -> QuerySet[CourseListing, int]:
    """Keys of hosts with a published course, no example, of this occupation and for this stage."""
    found = CourseListing.objects.filter(is_example=False)
    if occupation:
        found = found.filter(occupation__contains=occupation.lower())
    if stage:
        first, last = STAGE_GRADES[stage]
        found = found.filter(grade_from__lte=last, grade_to__gte=first)
    return found.values_list("host", flat=True)


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
