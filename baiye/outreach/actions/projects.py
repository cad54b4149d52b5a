"""Community projects are made, changed and published; their visits and leads are made by `visits`."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit
from baiye.core.refusals import Refused
from baiye.mentors.models import Mentor
from baiye.outreach.models import Programme, Project
from baiye.outreach.permissions import require_project
from baiye.outreach.queries.projects import district_of
from baiye.visits.actions import make_visit
from baiye.visits.assigning import assign_mentor


class ProjectRefused(Refused):
    """The programme or project may not be made, opened or published so."""


@transaction.atomic
def make_programme(*, unit: Unit, title: str, about: str, request: uuid.UUID, by: User, at: datetime) -> Programme:
    """Found a programme of a district or agency; the same ``request`` again gets the same one.

    Raises
    ------
    PermissionDenied
        ``by`` manages no projects at ``unit``.
    ProjectRefused
        The unit has one of that name, or is neither a district nor an agency.
    """
    require(by, Permission.PROJECT_MANAGE, unit)
    if unit.kind not in {"district", "agency"}:
        raise ProjectRefused(_("系列由区里或牵头部门来办。请选区或部门。"))
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # a form sent twice at once waits for itself
    if (before := Programme.objects.filter(request=request, unit=unit).first()) is not None:
        return before
    made = Programme(request=request, unit=unit, title=title.strip(), about=about.strip(), made_at=at, made_by=by)
    made.is_example = unit.is_example
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ProjectRefused(_("这个单位已经有同名的系列。直接用它，或换个名字。")) from error
    audit.record("programme.made", by=by, on=made, at_unit=unit.path)
    return made


@transaction.atomic
def make_project(
    *,
    programme: Programme,
    plan: Mapping[str, Any],
    master: Mentor,
    takes_walk_ins: bool,
    note: str,
    request: uuid.UUID,
    by: User,
    at: datetime,
) -> Project:
    """Make the visit of ``plan`` (fields of ``visits.plans.Plan``), led by ``master``, as a draft of ``programme``.

    Nobody organises it and it counts as nothing, whatever ``plan`` says. The same ``request`` again gets the same one.

    Raises
    ------
    PermissionDenied
        ``by`` may not manage projects, visits or mentors there.
    Refused
        The programme is of another district; the visit cannot be (`make_visit`), or not led so (`assign_mentor`).
    """
    host = plan["venue"].host
    require(by, Permission.PROJECT_MANAGE, host.unit)
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # a form sent twice at once waits for itself
    if (before := Project.objects.filter(request=request, programme=programme).first()) is not None:
        return before
    if not host.unit.path.startswith(district_of(programme.unit.path)):
        raise ProjectRefused(_("这个系列是别的区的。请选本区的系列。"))
    if plan["starts_at"] <= at:
        raise ProjectRefused(_("开始时间已经过了。请选以后的时间。"))
    visit = make_visit(**{**plan, "organised_by": None, "counts_as": "", "credit_minutes": 0}, by=by)
    assign_mentor(visit=visit, mentor=master, role="lead", by=by, at=at, request=uuid.uuid5(request, "master"))
    said = {"takes_walk_ins": takes_walk_ins, "note": note.strip(), "made_at": at, "made_by": by}
    project = Project.objects.create(request=request, programme=programme, visit=visit, **said)
    audit.record("project.made", by=by, on=project, at_unit=host.unit.path, visit=visit.pk)
    return project


@transaction.atomic
def publish_project(*, project: Project, by: User, at: datetime) -> Project:
    """Show the project to everyone; a second call does nothing.

    Raises
    ------
    PermissionDenied
        ``by`` manages neither its host's projects nor its programme.
    ProjectRefused
        It is over or cancelled; nobody leads it; one can neither sign up nor walk in.
    """
    require_project(by, project.visit.venue.host, project.programme)
    locked = Project.objects.select_for_update(of=("self",)).select_related("visit").get(pk=project.pk)
    if locked.published_at is not None:
        return locked
    if locked.visit.cancelled_at is not None or locked.visit.ends_at <= at:
        raise ProjectRefused(_("这一场已经取消或结束了，不能再公布。"))
    if not locked.visit.assignments.filter(role="lead", ended_at=None).exists():
        raise ProjectRefused(_("还没有带教的师傅。先在「场次」里安排一位，再来公布。"))
    if not locked.takes_walk_ins and not _takes_sign_up(locked):
        raise ProjectRefused(_("现在既不能报名，也不接待散客，家长来不了。先开放报名，或写明不用报名。"))
    locked.published_at, locked.published_by = at, by
    locked.save(update_fields=["published_at", "published_by"])
    audit.record("project.published", by=by, on=locked, at_unit=project.visit.venue.host.unit.path)
    return locked


@transaction.atomic
def set_walk_ins(*, project: Project, takes_walk_ins: bool, note: str, by: User, at: datetime) -> None:
    """Change whether one may come without having signed up, and what families are told beside it.

    Raises
    ------
    ProjectRefused
        People walked in already, or nobody could come any more.
    """
    host = project.visit.venue.host
    require_project(by, host, project.programme)
    locked = Project.objects.select_for_update(of=("self",)).select_related("visit").get(pk=project.pk)
    if not takes_walk_ins and locked.walk_ins.filter(voided_at=None).exists():
        raise ProjectRefused(_("门口已经登记了散客，不能改成只接待报名的。"))
    if not takes_walk_ins and locked.published_at is not None and not _takes_sign_up(locked):
        raise ProjectRefused(_("这一场没有开放报名，再不接待散客，就没有人能来了。先开放报名。"))
    if locked.visit.ends_at <= at:
        raise ProjectRefused(_("这一场已经结束了，不用再改。"))
    locked.takes_walk_ins, locked.note = takes_walk_ins, note.strip()
    locked.save(update_fields=["takes_walk_ins", "note"])
    audit.record("project.changed", by=by, on=locked, at_unit=host.unit.path, takes_walk_ins=takes_walk_ins)


def _takes_sign_up(project: Project) -> bool:
    """Whether the visit stands in a published release."""
    opening = getattr(project.visit, "opening", None)
    return opening is not None and opening.release.published_at is not None
