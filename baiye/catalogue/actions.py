"""A course's life: drafted by its host or the coordination centre, published by the centre, revised, retired."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.catalogue.models import STEPS, Course, CourseVersion, Occupation
from baiye.core import audit, pinyin
from baiye.core.refusals import Refused
from baiye.registry.models import Host

CONTENT = (
    "title",
    "summary",
    "glyph",
    "riasec",
    "occupation",
    "task_group",
    "grade_from",
    "grade_to",
    "minutes",
    "group_min",
    "group_ideal",
    "group_max",
    "hazards",
    "steps",
    "bring",
)


class CourseRefused(Refused):
    """The version may not be drafted, published or retired now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a version says."""

    title: str
    glyph: str
    riasec: str
    task_group: str
    grade_from: int
    grade_to: int
    minutes: int
    group_min: int
    group_ideal: int
    group_max: int
    summary: str = ""
    occupation: Occupation | None = None
    hazards: Sequence[str] = ()
    steps: Mapping[str, str] = field(default_factory=dict)
    bring: str = ""


@transaction.atomic
def draft_course(*, host: Host, content: Content, by: User) -> CourseVersion:
    """Make a course at ``host`` with a first draft; it is an example (示例) when its host is one."""
    require(by, Permission.COURSE_MANAGE, host.unit)
    course = Course.objects.create(host=host, slug=_free_slug(content.title), is_example=host.unit.is_example)
    version = CourseVersion.objects.create(course=course, number=1, **_fields(content))
    audit.record("course.drafted", by=by, on=course, at_unit=host.unit.path)
    return version


@transaction.atomic
def draft_version(*, course: Course, by: User) -> CourseVersion:
    """Give the draft of ``course``: the one there is, or a new one that says what the last version says."""
    require(by, Permission.COURSE_MANAGE, course.host.unit)
    _lock(course)
    last = course.versions.order_by("-number")[0]
    if last.published_at is None:
        return last
    content = {name: getattr(last, name) for name in (*CONTENT, "pinyin")}
    version = CourseVersion.objects.create(course=course, number=last.number + 1, **content)
    audit.record("course_version.drafted", by=by, on=version, at_unit=course.host.unit.path, number=version.number)
    return version


@transaction.atomic
def edit_draft(*, version: CourseVersion, content: Content, by: User) -> None:
    """Write ``content`` into a draft; a published version never changes."""
    unit = version.course.host.unit
    require(by, Permission.COURSE_MANAGE, unit)
    locked = CourseVersion.objects.select_for_update().get(pk=version.pk)
    if locked.published_at is not None:
        raise CourseRefused(_("第 %(n)d 版已经发布，不能再改。请另起一版。") % {"n": locked.number})
    CourseVersion.objects.filter(pk=version.pk).update(**_fields(content))
    version.refresh_from_db()
    audit.record("course_version.edited", by=by, on=version, at_unit=unit.path)


@transaction.atomic
def publish_version(*, version: CourseVersion, by: User, at: datetime) -> None:
    """Publish a draft: visits may be made from it, and it never changes again.

    Raises
    ------
    PermissionDenied
        ``by`` may not publish courses at the host: its own manager may not.
    CourseRefused
        It is published already, one of the four steps is empty, or the course is retired.
    """
    unit = version.course.host.unit
    require(by, Permission.COURSE_PUBLISH, unit)
    course = _lock(version.course)
    locked = CourseVersion.objects.select_for_update().get(pk=version.pk)
    if locked.published_at is not None:
        raise CourseRefused(_("第 %(n)d 版早先已经发布了。") % {"n": locked.number})
    if course.retired_at is not None:
        raise CourseRefused(_("这个项目已经下架，不能再发布新版。"))
    missing = [str(name) for key, name in STEPS if not locked.steps.get(key, "").strip()]
    if missing:
        raise CourseRefused(_("四步里还差：%(steps)s。写完再发布。") % {"steps": "、".join(missing)})
    version.published_at, version.published_by = at, by
    version.save(update_fields=["published_at", "published_by"])
    audit.record("course_version.published", by=by, on=version, at_unit=unit.path, number=version.number)


@transaction.atomic
def retire_course(*, course: Course, by: User, at: datetime) -> None:
    """Take ``course`` out of the catalogue; visits already made from it stand."""
    require(by, Permission.COURSE_PUBLISH, course.host.unit)
    locked = _lock(course)
    if locked.retired_at is not None:
        raise CourseRefused(_("这个项目早先已经下架了。"))
    course.retired_at, course.retired_by = at, by
    course.save(update_fields=["retired_at", "retired_by"])
    audit.record("course.retired", by=by, on=course, at_unit=course.host.unit.path)


def _fields(content: Content) -> dict[str, object]:
    fields = {name: getattr(content, name) for name in CONTENT} | {"pinyin": pinyin.key(content.title)[:240]}
    return fields | {"hazards": list(content.hazards), "steps": dict(content.steps)}


def _lock(course: Course) -> Course:
    return Course.objects.select_for_update(no_key=True).get(pk=course.pk)


def _free_slug(title: str) -> str:
    """A readable address that no course has: the title's sounds, with a number where they are taken."""
    base = re.sub(r"[^a-z0-9]+", "-", pinyin.key(title)).strip("-")[:32].strip("-") or "course"
    taken = set(Course.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)
