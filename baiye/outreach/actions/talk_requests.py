"""Schools ask for talks, change what they ask, and take it back."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.catalogue.models import Occupation
from baiye.core import audit, clock
from baiye.core.refusals import Refused
from baiye.mentors.refusals import in_words
from baiye.outreach.half_days import in_order
from baiye.outreach.models import Campaign, TalkOffer, TalkRequest, TalkWish
from baiye.outreach.talk_scope import require_school, same_district
from baiye.outreach.talk_words import REQUESTS
from baiye.schools.models import School, SchoolClass

PLAIN = ("half_days", "hall", "takes_any", "note")
Wish = Occupation | TalkOffer


class RequestRefused(Refused):
    """A talk may not be asked for so."""


@transaction.atomic
def ask_for_talk(
    *,
    campaign: Campaign,
    school: School,
    classes: Collection[SchoolClass],
    wishes: Sequence[Wish],
    request: uuid.UUID,
    by: User,
    at: datetime,
    **fields: Any,
) -> TalkRequest:
    """Ask for one talk to ``classes``, by ranked ``wishes``; ``fields`` are those of PLAIN. Same request: same row.

    Raises
    ------
    PermissionDenied
        ``by`` does not ask for the school.
    RequestRefused
        It is not the time, or classes, wishes, half-days or the hall are missing.
    """
    require_school(by, school, campaign)
    if not same_district(school.unit, campaign):
        raise PermissionDenied(f"school {school.pk} in campaign {campaign.pk}")
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # so that a request sent twice finds its row
    before = TalkRequest.objects.filter(request=request, school=school, campaign=campaign).first()
    if before is not None:
        return before
    ask = TalkRequest(campaign=campaign, school=school, request=request, made_by=by, made_at=at)
    ask.is_example = school.unit.is_example
    _write(ask, classes, wishes, at, fields)
    audit.record("talk_request.made", by=by, on=ask, at_unit=school.unit.path, classes=len(classes))
    return ask


@transaction.atomic
def change_request(
    *,
    ask: TalkRequest,
    classes: Collection[SchoolClass],
    wishes: Sequence[Wish],
    by: User,
    at: datetime,
    **fields: Any,
) -> None:
    """Write a request anew, while schools may still ask."""
    require_school(by, ask.school, ask.campaign)
    locked = TalkRequest.objects.select_for_update(of=("self",)).select_related("campaign", "school").get(pk=ask.pk)
    if locked.withdrawn_at is not None:
        raise RequestRefused(_("这项需求已经撤回。请另提一项。"))
    _write(locked, classes, wishes, at, fields)
    audit.record("talk_request.changed", by=by, on=locked, at_unit=ask.school.unit.path, classes=len(classes))


@transaction.atomic
def withdraw_request(*, ask: TalkRequest, by: User, at: datetime) -> None:
    """Take a request back; not one of which a talk was made. Twice does nothing more."""
    require_school(by, ask.school, ask.campaign)
    locked = TalkRequest.objects.select_for_update().get(pk=ask.pk)
    if locked.withdrawn_at is not None:
        return
    if locked.talks.filter(ended_at=None).exists():
        raise RequestRefused(_("已经排了讲座。请在那一场里取消。"))
    TalkRequest.objects.filter(pk=locked.pk).update(withdrawn_at=at, withdrawn_by=by)
    audit.record("talk_request.withdrawn", by=by, on=locked, at_unit=ask.school.unit.path)


def _write(
    ask: TalkRequest,
    classes: Collection[SchoolClass],
    wishes: Sequence[Wish],
    at: datetime,
    fields: dict[str, Any],
) -> None:
    if not ask.campaign.takes_requests(clock.day_of(at)):
        raise RequestRefused(_("现在不收需求。收的日子是提需求开始到匹配以前。"))
    stages = {each.stage for each in classes}
    if len(stages) != 1:
        raise RequestRefused(_("请选一个学段的班级，至少一个。不同学段请分开提。"))
    for name in PLAIN:
        if name in fields:
            setattr(ask, name, fields[name])
    if not wishes and not ask.takes_any:
        raise RequestRefused(_("请至少填一个志愿，或勾上「什么讲座都欢迎」。"))
    if len(wishes) > len(ask.campaign.points):
        raise RequestRefused(_("最多填 %d 个志愿。") % len(ask.campaign.points))
    ask.stage = stages.pop()
    ask.half_days = in_order(ask.half_days)
    with in_words(REQUESTS):
        ask.save()
        ask.classes.set(classes)
        ask.wishes.all().delete()
        TalkWish.objects.bulk_create(
            TalkWish(ask=ask, rank=rank, **({"offer": wish} if isinstance(wish, TalkOffer) else {"occupation": wish}))
            for rank, wish in enumerate(wishes, 1)
        )
