"""A campaign of talks is planned, announced, and its feedback kept open longer."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, clock, jobs
from baiye.core.refusals import Refused
from baiye.mentors.refusals import in_words
from baiye.outreach.models import Campaign
from baiye.outreach.talk_scope import require_desk
from baiye.outreach.talk_words import CAMPAIGNS

DAYS = ("offer_from", "ask_from", "match_from", "confirm_from", "first_on", "last_on", "feedback_until")
PLAIN = ("title", "minutes", "points", "term", *DAYS)


class CampaignRefused(Refused):
    """The campaign may not be made or changed so."""


@transaction.atomic
def make_campaign(*, unit: Unit, request: uuid.UUID, by: User, at: datetime, **fields: Any) -> Campaign:
    """Plan a campaign of a district or agency; ``fields`` are those of PLAIN. The same request: the same row."""
    require(by, Permission.TALK_MANAGE, unit)
    if unit.kind not in ("district", "agency"):
        raise CampaignRefused(_("活动由区或牵头部门举办。请重新选单位。"))
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # a form sent twice at once waits for itself
    before = Campaign.objects.filter(request=request, unit=unit).first()
    if before is not None:
        return before
    campaign = Campaign(unit=unit, request=request, made_by=by, made_at=at, is_example=unit.is_example)
    _write(campaign, fields)
    audit.record("campaign.made", by=by, on=campaign, at_unit=unit.path)
    return campaign


@transaction.atomic
def change_campaign(*, campaign: Campaign, by: User, **fields: Any) -> None:
    """Write days and rules of a campaign that is not announced yet."""
    require_desk(by, campaign)
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.announced_at is not None:
        raise CampaignRefused(str(CAMPAIGNS["campaign_stays_as_it_was_announced"]))
    _write(locked, fields)
    audit.record("campaign.changed", by=by, on=locked, at_unit=campaign.unit.path, fields=sorted(fields))


@transaction.atomic
def announce_campaign(*, campaign: Campaign, by: User, at: datetime) -> None:
    """Make days and rules public; from now on they stay. Twice does nothing more."""
    require_desk(by, campaign)
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.announced_at is not None:
        return
    if locked.match_from <= clock.day_of(at):
        raise CampaignRefused(_("匹配的日子已经到了，来不及报名。请先把日期往后改，再公布。"))
    Campaign.objects.filter(pk=locked.pk).update(announced_at=at, announced_by=by)
    audit.record("campaign.announced", by=by, on=locked, at_unit=campaign.unit.path)
    jobs.later("outreach.tell_announced", campaign_id=locked.pk)


@transaction.atomic
def extend_feedback(*, campaign: Campaign, until: date, by: User) -> None:
    """Take feedback until a later day."""
    require_desk(by, campaign)
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if until < locked.feedback_until:
        raise CampaignRefused(_("反馈截止日只能延后，不能提前。"))
    Campaign.objects.filter(pk=locked.pk).update(feedback_until=until)
    audit.record("campaign.changed", by=by, on=locked, at_unit=campaign.unit.path, fields=["feedback_until"])


def _write(campaign: Campaign, fields: dict[str, Any]) -> None:
    for name in PLAIN:
        if name in fields:
            setattr(campaign, name, fields[name])
    if list(campaign.points) != sorted(campaign.points, reverse=True):
        raise CampaignRefused(_("志愿分数要从高到低。"))
    term = campaign.term
    if not term.starts_on <= campaign.first_on <= campaign.last_on <= term.ends_on:
        raise CampaignRefused(_("讲座的日子要在所选的学期里（%s）。") % term.name)
    with in_words(CAMPAIGNS):
        campaign.save()
