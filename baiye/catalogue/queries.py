"""Reads of the catalogue."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.catalogue.models import Course, CourseVersion, Occupation, ReportedCourse
from baiye.core import pinyin
from baiye.registry.models import Host


def current_versions() -> QuerySet[CourseVersion]:
    """The version in force of each course that is published and not retired; course, host, unit, occupation loaded."""
    newest = CourseVersion.objects.filter(published_at__isnull=False).order_by("course", "-number").distinct("course")
    return (
        CourseVersion.objects.filter(pk__in=newest.values("pk"), course__retired_at=None)
        .select_related("course__host__unit", "occupation")
        .order_by("course__is_example", "course__host__unit__pinyin", "pinyin", "pk")
    )


def current_versions_for(user: User, permission: Permission) -> QuerySet[CourseVersion]:
    """Versions in force of courses at hosts where ``user`` holds ``permission``."""
    return current_versions().filter(within(user, permission, "course__host__unit"))


def published_courses() -> QuerySet[Course]:
    """Courses that are published and not retired, host and unit loaded; ``current[0]`` is the version in force."""
    published = CourseVersion.objects.filter(course=OuterRef("pk"), published_at__isnull=False)
    return (
        Course.objects.filter(Exists(published), retired_at=None)
        .select_related("host__unit")
        .prefetch_related(Prefetch("versions", current_versions(), to_attr="current"))
        .order_by("host__unit__pinyin", "slug")
    )


def search(text: str) -> Q:
    """A filter over versions: title, occupation or host named by characters, by sound or by first letters."""
    fields = ("title", "occupation__name", "course__host__unit__name", "course__host__unit__short_name", "summary")
    found = Q(*((f"{name}__icontains", text) for name in fields), _connector=Q.OR)
    if letters := pinyin.pattern(text):
        sounds = ("pinyin", "occupation__pinyin", "course__host__unit__pinyin")
        found |= Q(*((f"{name}__regex", letters) for name in sounds), _connector=Q.OR)
    return found


def find_versions(*, q: str = "", riasec: str = "", host: Host | None = None) -> QuerySet[CourseVersion]:
    """Versions in force by words, interest and host."""
    found = current_versions()
    if q:
        found = found.filter(search(q))
    if riasec:
        found = found.filter(riasec=riasec)
    return found.filter(course__host=host) if host else found


def hosts_with_courses() -> QuerySet[Host]:
    """Hosts that have a published course, by name; unit loaded."""
    published = CourseVersion.objects.filter(
        course__host=OuterRef("pk"), course__retired_at=None, published_at__isnull=False
    )
    return Host.objects.filter(Exists(published)).select_related("unit").order_by("unit__pinyin", "pk")


def reported_courses() -> QuerySet[ReportedCourse]:
    """Courses that public sources tell of, official ones first; host and unit loaded."""
    return ReportedCourse.objects.select_related("host__unit").order_by("trust", "pk")


def course_counts() -> dict[str, int]:
    """How many courses are published (``real`` and ``example``), how many are only ``reported``; two queries."""
    rows = dict(current_versions().order_by().values_list("course__is_example").annotate(n=Count("pk")))
    return {"real": rows.get(False, 0), "example": rows.get(True, 0), "reported": ReportedCourse.objects.count()}


def versions_for(user: User, permission: Permission = Permission.COURSE_MANAGE) -> QuerySet[CourseVersion]:
    """Every version, drafts too, of courses at hosts where ``user`` holds ``permission``, newest first; all loaded."""
    return (
        CourseVersion.objects.filter(within(user, permission, "course__host__unit"))
        .select_related("course__host__unit", "occupation")
        .order_by("course__host__unit__pinyin", "pinyin", "course", "-number")
    )


def find_occupation(named: str) -> Occupation | None:
    """The occupation of that name or code, as the classification writes it."""
    return Occupation.objects.filter(Q(name=named) | Q(code=named)).order_by("code").first()
