"""A series is drawn up by the coordination centre: its words, its steps in order, its publication."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, require
from baiye.catalogue.models import Course, ReportedCourse, Series, SeriesStep
from baiye.catalogue.queries.courses import current_versions
from baiye.core import audit, pinyin
from baiye.core.refusals import Refused

MOST_STEPS = 24
FEWEST_STEPS = 2  # of published courses, before a series is published


class SeriesRefused(Refused):
    """The series may not be changed or published so."""


@dataclass(frozen=True, slots=True)
class SeriesContent:
    """What a series says of itself."""

    title: str
    glyph: str
    riasec: str
    about: str = ""


@transaction.atomic
def make_series(*, unit: Unit, content: SeriesContent, by: User) -> Series:
    """Begin a series of the district ``unit``, without steps; nobody sees it yet."""
    require(by, Permission.COURSE_PUBLISH, unit)
    series = Series.objects.create(unit=unit, slug=free_slug(content.title), **asdict(content))
    audit.record("series.made", by=by, on=series, at_unit=unit.path)
    return series


@transaction.atomic
def edit_series(*, series: Series, content: SeriesContent, by: User) -> None:
    """Write ``content`` into a series; its address stays."""
    require(by, Permission.COURSE_PUBLISH, series.unit)
    Series.objects.filter(pk=series.pk).update(**asdict(content))
    series.refresh_from_db()
    audit.record("series.edited", by=by, on=series, at_unit=series.unit.path)


@transaction.atomic
def add_step(
    *, series: Series, course: Course | None = None, reported: ReportedCourse | None = None, note: str = "", by: User
) -> SeriesStep:
    """Put a published course, or one that a source tells of, at the end; what is there already stays where it is.

    Raises
    ------
    PermissionDenied
        ``by`` draws up no series there.
    SeriesRefused
        The course is not published or no longer offered, or there are too many steps.
    """
    _locked(series, by)
    if found := series.steps.filter(course=course, reported=reported).first():
        return found
    if course is not None and not current_versions().filter(course=course).exists():
        raise SeriesRefused(_("只有已经发布、没有下架的项目才能进系列。"))
    if series.steps.count() >= MOST_STEPS:
        raise SeriesRefused(_("一个系列最多 %(n)d 站。") % {"n": MOST_STEPS})
    last = series.steps.aggregate(last=Max("place"))["last"] or 0
    step = SeriesStep.objects.create(
        series=series, place=last + 1, course=course, reported=reported, note=note.strip()[:120]
    )
    audit.record("series.edited", by=by, on=series, at_unit=series.unit.path)
    return step


@transaction.atomic
def move_step(*, step: SeriesStep, up: bool, by: User) -> None:
    """Change places with the step before, or after; the first stays first, the last last."""
    series = step.series
    _locked(series, by)
    steps = list(series.steps.order_by("place"))
    here = steps.index(step)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(steps):
        return
    steps[here].place, steps[there].place = steps[there].place, steps[here].place
    SeriesStep.objects.bulk_update([steps[here], steps[there]], ["place"])
    audit.record("series.edited", by=by, on=series, at_unit=series.unit.path)


@transaction.atomic
def note_step(*, step: SeriesStep, note: str, by: User) -> None:
    """Say in a few words why this stop is there."""
    _locked(step.series, by)
    SeriesStep.objects.filter(pk=step.pk).update(note=note.strip()[:120])
    audit.record("series.edited", by=by, on=step.series, at_unit=step.series.unit.path)


@transaction.atomic
def remove_step(*, step: SeriesStep, by: User) -> None:
    """Take a stop out; those after it move up.

    Raises
    ------
    SeriesRefused
        The series is published and would be left with too few courses.
    """
    series = step.series
    now = _locked(series, by)
    if now.published_at is not None and step.course_id and series.steps.exclude(course=None).count() <= FEWEST_STEPS:
        raise SeriesRefused(_("公开的系列至少要有 %(n)d 个项目。请先加一个，或先收回系列。") % {"n": FEWEST_STEPS})
    place = step.place
    step.delete()
    series.steps.filter(place__gt=place).update(place=F("place") - 1)
    audit.record("series.edited", by=by, on=series, at_unit=series.unit.path)


@transaction.atomic
def publish_series(*, series: Series, by: User, at: datetime) -> None:
    """Show a series to everyone; published twice, it is published once.

    Raises
    ------
    SeriesRefused
        It has too few published courses.
    """
    now = _locked(series, by)
    if now.published_at is not None:
        return
    offered = current_versions().filter(course__series_steps__series=series).count()
    if offered < FEWEST_STEPS:
        raise SeriesRefused(_("至少要有 %(n)d 个已经发布的项目，才能公开系列。") % {"n": FEWEST_STEPS})
    series.published_at, series.published_by = at, by
    series.save(update_fields=["published_at", "published_by"])
    audit.record("series.published", by=by, on=series, at_unit=series.unit.path)


@transaction.atomic
def take_back_series(*, series: Series, by: User) -> None:
    """Take a series from the public pages; one that a source tells of goes back to being shown as that."""
    now = _locked(series, by)
    if now.published_at is None:
        return
    series.published_at, series.published_by = None, None
    series.save(update_fields=["published_at", "published_by"])
    audit.record("series.taken_back", by=by, on=series, at_unit=series.unit.path)


def free_slug(title: str) -> str:
    """A readable address that no series has."""
    base = re.sub(r"[^a-z0-9]+", "-", pinyin.key(title)).strip("-")[:32].strip("-") or "series"
    taken = {"desk"} | set(Series.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


def _locked(series: Series, by: User) -> Series:
    require(by, Permission.COURSE_PUBLISH, series.unit)
    return Series.objects.select_for_update(no_key=True).get(pk=series.pk)
