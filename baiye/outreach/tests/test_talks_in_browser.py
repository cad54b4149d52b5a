"""Pages of talks in a real browser: nobody shut out, on a phone and at a desk."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from baiye.core import clock
from baiye.outreach.tests.factories import AgreedTalkFactory, CampaignFactory, RequestFactory
from baiye.outreach.tests.talking import holder, published, town
from tests.rig.browser import DESK, PHONE, barriers

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def page_of(open_page, live_server):
    """A page on which someone is signed in."""

    def opened(user, viewport=DESK):
        client = Client()
        client.force_login(user)
        page = open_page(viewport)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return page

    return opened


def at(name, *keys):
    return reverse(f"outreach:{name}", args=keys)


def shut_nobody_out(page, addresses):
    for address in addresses:
        page.set_viewport_size(DESK)
        page.goto(address)
        assert barriers(page) == [], address
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address


def test_pages_of_talks_shut_nobody_out_and_fit_a_phone(page_of):
    place = town()
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

    shut_nobody_out(page_of(place.coordinator), desk)
    shut_nobody_out(page_of(desk_of_held), [at("talk", held.pk)])
    school = [at("campaign-list"), at("school-campaign", place.campaign.pk), at("talk", talk.pk)]
    shut_nobody_out(page_of(place.teacher), [*school, at("talk-request", place.ask.pk)])
    speaker = [at("my-talks"), at("talk", talk.pk), at("offer", open_one.pk, place.speaker.pk)]
    shut_nobody_out(page_of(place.craftsman, PHONE), speaker)
    shut_nobody_out(page_of(place.officer), [at("public-campaign", place.campaign.pk)])
