"""A campaign of talks is planned, announced and kept open: done, refused, denied, nothing left behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.core import clock, jobs
from baiye.core.models import Event, Message
from baiye.core.refusals import Refused
from baiye.mentors.refusals import MentorRefused
from baiye.outreach.actions import campaigns
from baiye.outreach.models import Campaign
from baiye.outreach.tests.factories import (
    CampaignFactory,
    OfferFactory,
    RequestFactory,
    days_of,
    the_term,
)
from baiye.outreach.tests.talking import new, town

pytestmark = pytest.mark.django_db


def plan(unit, by, **fields):
    days = days_of("offer")
    term = the_term()
    days |= {"first_on": min(days["first_on"], term.ends_on), "last_on": min(days["last_on"], term.ends_on)}
    given = {"title": "五月讲座", "term": term, "minutes": 60, "points": [100, 80]} | days | fields
    return campaigns.make_campaign(unit=unit, request=new(), by=by, at=clock.now(), **given)


def test_a_campaign_is_planned_changed_announced_and_then_stays():
    place = town("offer")
    campaign = plan(place.campaign.unit, place.coordinator)

    campaigns.change_campaign(campaign=campaign, by=place.coordinator, minutes=45)
    campaigns.announce_campaign(campaign=campaign, by=place.coordinator, at=clock.now())
    jobs.run_due()

    campaign.refresh_from_db()
    assert (campaign.minutes, campaign.announced_by) == (45, place.coordinator)
    assert set(Event.objects.values_list("kind", flat=True)) >= {"campaign.made", "campaign.changed"}
    assert {message.to for message in Message.objects.all()} == {place.teacher, place.craftsman}
    with pytest.raises(Refused, match="不能改"):
        campaigns.change_campaign(campaign=campaign, by=place.coordinator, minutes=50)


def test_days_that_make_no_sense_are_refused_and_leave_nothing_behind():
    place = town("offer")
    before = Campaign.objects.count()

    with pytest.raises(MentorRefused, match="按先后"):
        plan(place.campaign.unit, place.coordinator, match_from=clock.today() - timedelta(days=300))
    with pytest.raises(Refused, match="从高到低"):
        plan(place.campaign.unit, place.coordinator, points=[1, 2])
    with pytest.raises(Refused, match="学期里"):
        plan(place.campaign.unit, place.coordinator, last_on=clock.today() + timedelta(days=500))
    with pytest.raises(PermissionDenied):
        plan(place.campaign.unit, place.teacher)
    with pytest.raises(Refused, match="牵头部门"):
        plan(place.school.unit, place.coordinator)

    assert Campaign.objects.count() == before
    assert not Event.objects.filter(kind="campaign.made").exists()


def test_a_campaign_is_announced_while_offers_can_still_come_and_its_feedback_only_longer():
    place = town("match")
    late = CampaignFactory(unit=place.campaign.unit, phase="match", announced_at=None, announced_by=None)

    with pytest.raises(Refused, match="来不及"):
        campaigns.announce_campaign(campaign=late, by=place.coordinator, at=clock.now())
    with pytest.raises(Refused, match="只能延后"):
        campaigns.extend_feedback(campaign=place.campaign, until=clock.today(), by=place.coordinator)
    until = place.campaign.feedback_until + timedelta(days=5)
    campaigns.extend_feedback(campaign=place.campaign, until=until, by=place.coordinator)

    place.campaign.refresh_from_db()
    assert place.campaign.feedback_until == until


def test_offers_and_requests_of_factories_are_what_the_match_sees():
    campaign = CampaignFactory(phase="match")
    OfferFactory(campaign=campaign)
    RequestFactory(campaign=campaign)

    assert campaign.offers.count() == campaign.requests.count() == 1
