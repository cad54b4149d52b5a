"""A course's life: drafted by its host or the coordination centre, published by the centre, revised, retired."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.catalogue.actions.content import CONTENT, Content, CourseRefused, missing_steps
from baiye.catalogue.models import Author, Course, CourseVersion, Material, Supply
from baiye.catalogue.queries.reviews import find_standing_review
from baiye.core import audit, pinyin
from baiye.registry.models import Host

RESERVED = {"drafts", "materials", "papers", "reviews", "stock"}  # addresses of pages


@transaction.atomic
def draft_course(*, host: Host, content: Content, by: User) -> CourseVersion:
    """Make a course at ``host`` with a first draft; it is an example (示例) when its host is one."""
    require(by, Permission.COURSE_MANAGE, host.unit)
    fields = content.fields()
    course = Course.objects.create(host=host, slug=_free_slug(content.title), is_example=host.unit.is_example)
    version = CourseVersion.objects.create(course=course, number=1, **fields)
    Author.objects.create(version=version, user=by)
    audit.record("course.drafted", by=by, on=course, at_unit=host.unit.path)
    return version


@transaction.atomic
def copy_course(*, version: CourseVersion, host: Host, by: User) -> CourseVersion:
    """Make a course at ``host`` whose first draft says what a published ``version`` of any host says, and names it.

    Its supplies are copied; its papers and what its instructors are told are not, for they are another's.

    Raises
    ------
    PermissionDenied
        ``by`` writes no courses at ``host``.
    CourseRefused
        The version is no published one.
    """
    require(by, Permission.COURSE_MANAGE, host.unit)
    if version.published_at is None:
        raise CourseRefused(_("只能复制已经发布的项目。"))
    course = Course.objects.create(
        host=host, slug=_free_slug(version.title), is_example=host.unit.is_example, copied_from=version
    )
    draft = _next(version, course, 1, by)
    if host != version.course.host:
        draft.instructor_notes = {}
        draft.save(update_fields=["instructor_notes"])
    audit.record("course.copied", by=by, on=course, at_unit=host.unit.path, version=version.pk)
    return draft


@transaction.atomic
def draft_version(*, course: Course, by: User) -> CourseVersion:
    """Give the draft of ``course``: the one there is, or a new one that says what the last version says."""
    require(by, Permission.COURSE_MANAGE, course.host.unit)
    lock(course.pk)
    last = course.versions.order_by("-number")[0]
    if last.published_at is None:
        return last
    version = _next(last, course, last.number + 1, by)
    papers = ("step", "reader", "file_id", "request")
    standing = [Material(version=version, **row) for row in last.materials.order_by("pk").values(*papers)]
    Material.objects.bulk_create(standing)
    audit.record("course_version.drafted", by=by, on=version, at_unit=course.host.unit.path, number=version.number)
    return version


@transaction.atomic
def edit_draft(*, version: CourseVersion, content: Content, by: User) -> None:
    """Write ``content`` into a draft; a published version never changes."""
    unit = version.course.host.unit
    require(by, Permission.COURSE_MANAGE, unit)
    require_open(version)
    CourseVersion.objects.filter(pk=version.pk).update(**content.fields())
    Author.objects.get_or_create(version=version, user=by)
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
        It is published already, one of the four steps is empty, it passed no review, or the course is retired.
    """
    unit = version.course.host.unit
    require(by, Permission.COURSE_PUBLISH, unit)
    course = lock(version.course_id)
    locked = CourseVersion.objects.select_for_update().get(pk=version.pk)
    if locked.published_at is not None:
        raise CourseRefused(_("第 %(n)d 版早先已经发布了。") % {"n": locked.number})
    if course.retired_at is not None:
        raise CourseRefused(_("这个项目已经下架，不能再发布新版。"))
    if missing := missing_steps(locked):
        raise CourseRefused(_("四步里还差：%(steps)s。写完再发布。") % {"steps": "、".join(missing)})
    review = find_standing_review(locked)
    if review is None or review.passed_at is None:
        raise CourseRefused(_("这一版还没有通过安全和教学评审。请先提交评审。"))
    version.published_at, version.published_by = at, by
    version.save(update_fields=["published_at", "published_by"])
    audit.record("course_version.published", by=by, on=version, at_unit=unit.path, number=version.number)


@transaction.atomic
def retire_course(*, course: Course, by: User, at: datetime) -> None:
    """Take ``course`` out of the catalogue; visits already made from it stand."""
    require(by, Permission.COURSE_PUBLISH, course.host.unit)
    locked = lock(course.pk)
    if locked.retired_at is not None:
        raise CourseRefused(_("这个项目早先已经下架了。"))
    course.retired_at, course.retired_by = at, by
    course.save(update_fields=["retired_at", "retired_by"])
    audit.record("course.retired", by=by, on=course, at_unit=course.host.unit.path)


def require_open(version: CourseVersion) -> CourseVersion:
    """The locked row of a draft that may be changed.

    Raises
    ------
    CourseRefused
        It is published, or in review.
    """
    lock(version.course_id)
    locked = CourseVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if locked.published_at is not None:
        raise CourseRefused(_("第 %(n)d 版已经发布，不能再改。请另起一版。") % {"n": locked.number})
    if find_standing_review(locked) is not None:
        raise CourseRefused(_("第 %(n)d 版正在评审，不能改。要改，请先撤回。") % {"n": locked.number})
    return locked


def _next(last: CourseVersion, course: Course, number: int, by: User) -> CourseVersion:
    """A draft that says what ``last`` says, with its supplies."""
    content = {name: getattr(last, name) for name in (*CONTENT, "pinyin")}
    version = CourseVersion.objects.create(course=course, number=number, **content)
    Author.objects.create(version=version, user=by)
    columns = ("name", "kind", "quantity", "share")
    standing = [Supply(version=version, **row) for row in last.supplies.order_by("pk").values(*columns)]
    Supply.objects.bulk_create(standing)
    return version


def lock(course_id: int) -> Course:
    """The course, locked: whatever changes a course, its versions or their reviews takes this lock first."""
    return Course.objects.select_for_update(no_key=True).get(pk=course_id)


def _free_slug(title: str) -> str:
    """A readable address that no course has: the title's sounds, with a number where they are taken."""
    base = re.sub(r"[^a-z0-9]+", "-", pinyin.key(title)).strip("-")[:32].strip("-") or "course"
    taken = RESERVED | set(Course.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)
