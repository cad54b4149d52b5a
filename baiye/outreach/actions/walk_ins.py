"""Who came without a seat is counted at the door: figures without names, never a seat, never class hours."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit
from baiye.core.refusals import Refused
from baiye.outreach.models import Project, WalkIn

BEFORE, AFTER = timedelta(hours=1), timedelta(hours=48)  # of the project, in which its door is counted


class WalkInRefused(Refused):
    """The count may not be entered, or not be voided."""


@transaction.atomic
def count_walk_in(
    *, project: Project, children: int, adults: int, request: uuid.UUID, by: User, at: datetime
) -> WalkIn:
    """Enter how many came just now; the same ``request`` again is the same count.

    Raises
    ------
    PermissionDenied
        ``by`` does not check people in at the host.
    WalkInRefused
        One may not walk in there; it is not the day; nobody or too many were counted; the request counted elsewhere.
    """
    unit = project.visit.venue.host.unit
    require(by, Permission.CHECKIN, unit)
    locked = Project.objects.select_for_update(of=("self",), no_key=True).select_related("visit").get(pk=project.pk)
    if (before := WalkIn.objects.filter(request=request).first()) is not None:
        if before.project_id != project.pk:
            raise WalkInRefused(_("这一笔已经记在别的活动上了。请刷新页面再记。"))
        return before
    _refuse_untimely(locked, at)
    if not locked.takes_walk_ins:
        raise WalkInRefused(_("这个活动要先报名，不登记散客。要接待散客，先在活动资料里改。"))
    if children + adults < 1 or min(children, adults) < 0:
        raise WalkInRefused(_("孩子和大人至少有一位。"))
    if max(children, adults) > WalkIn.MOST:
        raise WalkInRefused(_("一次最多记 %(n)d 人。人再多就分几次记。") % {"n": WalkIn.MOST})
    counted = WalkIn.objects.create(
        request=request, project=locked, children=children, adults=adults, counted_at=at, counted_by=by
    )
    audit.record("walk_in.counted", by=by, on=counted, at_unit=unit.path, children=children, adults=adults)
    return counted


@transaction.atomic
def void_walk_in(*, walk_in: WalkIn, by: User, at: datetime) -> None:
    """Take a count back that was a mistake; it stays, struck out. Twice does nothing more."""
    unit = walk_in.project.visit.venue.host.unit
    require(by, Permission.CHECKIN, unit)
    locked = WalkIn.objects.select_for_update(of=("self",)).get(pk=walk_in.pk)
    if locked.voided_at is not None:
        return
    locked.voided_at, locked.voided_by = at, by
    locked.save(update_fields=["voided_at", "voided_by"])
    audit.record("walk_in.voided", by=by, on=locked, at_unit=unit.path)


def _refuse_untimely(project: Project, at: datetime) -> None:
    visit = project.visit
    if project.published_at is None or visit.cancelled_at is not None:
        raise WalkInRefused(_("这个活动没有公布，或已经取消，不登记散客。"))
    if at < visit.starts_at - BEFORE:
        raise WalkInRefused(_("还没到时间。开始前一小时起可以登记。"))
    if at > visit.ends_at + AFTER:
        raise WalkInRefused(_("活动结束两天后不能再补记。"))
