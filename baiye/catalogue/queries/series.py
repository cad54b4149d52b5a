"""Reads of series and of reported events."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, within
from baiye.catalogue.models import CourseVersion, ReportedCourse, ReportedEvent, Series, SeriesStep
from baiye.catalogue.queries.courses import current_versions
from baiye.core import search


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of a series with the version in force; without one it is a report, or a course that has left."""

    step: SeriesStep
    version: CourseVersion | None
    reported: ReportedCourse | None

    @property
    def title(self) -> str:
        """What stands there; empty for a course that has left."""
        return self.version.title if self.version else self.reported.title if self.reported else ""

    @property
    def is_example(self) -> bool:
        """Whether it is a course that was made up for a demonstration."""
        return self.version is not None and self.version.course.is_example


def open_series() -> QuerySet[Series]:
    """Series that everyone may see: published ones first, then those that sources tell of; ``n_steps`` counted."""
    return (
        Series.objects.filter(Q(published_at__isnull=False) | ~Q(trust=""))
        .select_related("unit")
        .annotate(n_steps=Count("steps"))
        .order_by(F("published_at").desc(nulls_last=True), "title", "pk")
    )


def real_series() -> QuerySet[Series]:
    """Series that everyone may see, but for those that consist of examples (示例) alone."""
    steps = SeriesStep.objects.filter(series=OuterRef("pk"))
    real = steps.exclude(course__is_example=True)
    return open_series().filter(Exists(real) | ~Exists(steps))


def series_for(user: User) -> QuerySet[Series]:
    """Series that ``user`` may draw up, by title; ``n_steps`` counted."""
    return (
        Series.objects.filter(within(user, Permission.COURSE_PUBLISH, "unit"))
        .select_related("unit")
        .annotate(n_steps=Count("steps"))
        .order_by("title", "pk")
    )


def districts_for(user: User) -> QuerySet[Unit]:
    """Districts for which ``user`` may begin a series."""
    return Unit.objects.filter(within(user, Permission.COURSE_PUBLISH), kind="district").order_by("pinyin", "pk")


def steps_for(user: User) -> QuerySet[SeriesStep]:
    """Steps of series that ``user`` may draw up; series and unit loaded."""
    return SeriesStep.objects.filter(within(user, Permission.COURSE_PUBLISH, "series__unit")).select_related(
        "series__unit"
    )


def stops_of(series: Series) -> list[Stop]:
    """The steps of ``series`` in order, each with its version in force or its report; two queries."""
    return stops_of_each([series])[series.pk]


def stops_of_each(several: Collection[Series]) -> dict[int, list[Stop]]:
    """Series → its steps in order, each with its version in force or its report; two queries for all."""
    current = Prefetch("course__versions", current_versions(), to_attr="current")
    steps = SeriesStep.objects.filter(series__in=several).select_related("course__host__unit", "reported__host__unit")
    stops: dict[int, list[Stop]] = {each.pk: [] for each in several}
    for step in steps.prefetch_related(current).order_by("series", "place"):
        stops[step.series_id].append(Stop(step, _current(step), step.reported))
    return stops


def choosable(series: Series, text: str) -> QuerySet[CourseVersion]:
    """Versions in force that are not in ``series`` yet, at hosts of its district, by words."""
    inside = SeriesStep.objects.filter(series=series, course=OuterRef("course"))
    found = current_versions().filter(~Exists(inside), course__host__unit__path__startswith=series.unit.path)
    return found.filter(search.matches(text, "listing__")) if text else found


def choosable_reports(series: Series) -> QuerySet[ReportedCourse]:
    """Reported courses that are not in ``series`` yet."""
    inside = SeriesStep.objects.filter(series=series, reported=OuterRef("pk"))
    return ReportedCourse.objects.filter(~Exists(inside)).order_by("title", "pk")


def reported_events(*, q: str = "", kind: str = "") -> QuerySet[ReportedEvent]:
    """Events that public sources tell of, by words and kind, official ones first."""
    found = ReportedEvent.objects.order_by("trust", "title", "pk")
    if q:
        fields = ("title", "place", "organiser", "audience", "note")
        found = found.filter(Q(*((f"{name}__icontains", q) for name in fields), _connector=Q.OR))
    return found.filter(kind=kind) if kind else found


def event_kinds() -> list[str]:
    """The kinds that reported events have, most frequent first."""
    rows = ReportedEvent.objects.values("kind").annotate(n=Count("pk")).order_by("-n", "kind")
    return [row["kind"] for row in rows]


def _current(step: SeriesStep) -> CourseVersion | None:
    found: Sequence[CourseVersion] = getattr(step.course, "current", ())
    return found[0] if found else None
