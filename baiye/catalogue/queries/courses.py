"""Reads of the catalogue."""

from collections.abc import Collection

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.catalogue.models import CourseListing, CourseVersion, Occupation, OccupationAlias, ReportedCourse
from baiye.core import search
from baiye.registry.models import Host


def current_versions() -> QuerySet[CourseVersion]:
    """The version in force of each course that is published and not retired; course, host, unit, occupation loaded."""
    return (
        CourseVersion.objects.filter(listing__isnull=False)
        .select_related("course__host__unit", "occupation")
        .order_by("listing__is_example", "listing__sort", "listing__course")
    )


def current_versions_for(user: User, permission: Permission) -> QuerySet[CourseVersion]:
    """Versions in force of courses at hosts where ``user`` holds ``permission``."""
    return current_versions().filter(within(user, permission, "course__host__unit"))


def versions_by_words(versions: QuerySet[CourseVersion], words: str) -> QuerySet[CourseVersion]:
    """Those of ``versions`` in force that have the words, as the catalogue is searched."""
    return versions.filter(search.matches(words, "listing__"))


def hosts_with_courses() -> QuerySet[Host]:
    """Hosts that have a published course, by name; unit loaded."""
    published = CourseListing.objects.filter(host=OuterRef("pk"))
    return Host.objects.filter(Exists(published)).select_related("unit").order_by("unit__pinyin", "pk")


def reported_courses() -> QuerySet[ReportedCourse]:
    """Courses that public sources tell of, official ones first; host and unit loaded."""
    return ReportedCourse.objects.select_related("host__unit").order_by("trust", "pk")


def course_counts() -> dict[str, int]:
    """How many courses are published (``real`` and ``example``), how many are only ``reported``; two queries."""
    rows = dict(CourseListing.objects.values_list("is_example").annotate(n=Count("pk")))
    return {"real": rows.get(False, 0), "example": rows.get(True, 0), "reported": ReportedCourse.objects.count()}


def versions_for(user: User, permission: Permission = Permission.COURSE_MANAGE) -> QuerySet[CourseVersion]:
    """Every version, drafts too, of courses at hosts where ``user`` holds ``permission``, newest first; all loaded."""
    return (
        CourseVersion.objects.filter(within(user, permission, "course__host__unit"))
        .select_related("course__host__unit", "occupation")
        .order_by("course__host__unit__pinyin", "pinyin", "course", "-number")
    )


def occupations_named(words: Collection[str]) -> dict[str, Occupation]:
    """Each of ``words`` that is a name or code, of today or of before → its occupation; of several, the first by code.

    Two queries.
    """
    before = OccupationAlias.objects.filter(code__in=words).values("occupation")
    known = Q(name__in=words) | Q(code__in=words) | Q(pk__in=before)
    found: dict[str, Occupation] = {}
    for one in Occupation.objects.filter(known).prefetch_related("aliases").order_by("code"):
        for word in (one.name, one.code, *(alias.code for alias in one.aliases.all())):
            found.setdefault(word, one)
    return found


def find_occupation(named: str) -> Occupation | None:
    """The occupation of that name or code, as the classification writes it, or wrote it before."""
    return occupations_named([named]).get(named)


def other_versions(version: CourseVersion) -> QuerySet[CourseVersion]:
    """The other versions of the same course, newest first; occupation loaded."""
    others = CourseVersion.objects.filter(course=version.course_id).exclude(pk=version.pk)
    return others.select_related("occupation").order_by("-number")
