"""Pages of talks in a real browser: nobody shut out, on a phone and at a desk."""

from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.core import clock
from baiye.outreach.models import TalkTopic
from baiye.outreach.tests.factories import AgreedTalkFactory, CampaignFactory, RequestFactory
from baiye.outreach.tests.talking import holder, published, town
from tests.rig.browser import DESK, shut_nobody_out

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def at(name, *keys):
    return reverse(f"outreach:{name}", args=keys)


def test_pages_of_talks_shut_nobody_out_and_fit_a_phone(page_of):
    place = town()
    TalkTopic.objects.update(title="从一张图纸到一座桥，" * 6)
    RequestFactory(campaign=place.campaign, stage="senior")
    match = published(place)
    talk = place.ask.talks.get()
    open_one = CampaignFactory(unit=place.campaign.unit, phase="offer")
    plan = CampaignFactory(unit=place.campaign.unit, phase="offer", announced_at=None, announced_by=None)
    held = AgreedTalkFactory(phase="hold", starts_at=clock.now() - timedelta(hours=2), half_day=None)
    desk_of_held = holder("coordinator", held.offer.campaign.unit)
    lists = ("campaign", "talk-list", "talk-plan", "offer-list", "request-list", "school-list")
    desk = [at(name, place.campaign.pk) for name in lists]
    desk += [at("campaign-list"), at("campaign-new"), at("campaign", plan.pk), at("announcement", plan.pk)]
    desk += [at("match", match.pk), at("match-approval", match.pk), at("talk", talk.pk)]

    shut_nobody_out(page_of(place.coordinator, DESK), desk)
    shut_nobody_out(page_of(desk_of_held, DESK), [at("talk", held.pk)])
    school = [at("campaign-list"), at("school-campaign", place.campaign.pk), at("talk", talk.pk)]
    shut_nobody_out(page_of(place.teacher, DESK), [*school, at("talk-request", place.ask.pk)])
    speaker = [at("my-talks"), at("talk", talk.pk), at("offer", open_one.pk, place.speaker.pk)]
    shut_nobody_out(page_of(place.craftsman, DESK), speaker)
    shut_nobody_out(page_of(place.officer, DESK), [at("public-campaign", place.campaign.pk)])
