"""Speakers offer talks and take offers back: done, refused, denied, nothing left behind."""

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import UnitFactory
from baiye.catalogue.tests.factories import OccupationFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.core.refusals import Refused
from baiye.mentors.models import Mentor
from baiye.mentors.refusals import MentorRefused
from baiye.outreach.actions import talk_offers
from baiye.outreach.models import TalkOffer
from baiye.outreach.tests.factories import (
    CampaignFactory,
    TalkFactory,
    half_days,
)
from baiye.outreach.tests.talking import holder, new, town

pytestmark = pytest.mark.django_db


def offer(campaign, speaker, by, **fields):
    given = {"topics": [("怎样烤面包", None)], "stages": ["junior"], "half_days": half_days(campaign), "most_talks": 3}
    return talk_offers.offer_talks(
        campaign=campaign, speaker=speaker, request=new(), by=by, at=clock.now(), **(given | fields)
    )


def test_a_speaker_offers_and_writes_the_offer_anew():
    place = town("offer")
    occupation = OccupationFactory()

    first = offer(place.campaign, place.speaker, place.craftsman)
    again = offer(place.campaign, place.speaker, place.craftsman, topics=[("甲", occupation), ("乙", None)])

    assert first == again == place.offer
    assert list(again.topics.values_list("place", "title", "occupation")) == [(1, "甲", occupation.pk), (2, "乙", None)]
    assert TalkOffer.objects.get().most_talks == 3
    assert Event.objects.filter(kind="talk_offer.changed").count() == 2


def test_the_desk_offers_for_somebody_on_the_phone_and_nobody_else_does():
    place = town("offer")
    other = town("offer")

    offer(place.campaign, place.speaker, place.coordinator)

    for stranger in (place.teacher, other.craftsman, other.coordinator):
        with pytest.raises(PermissionDenied):
            offer(place.campaign, place.speaker, stranger)
    with pytest.raises(PermissionDenied):
        offer(place.campaign, other.speaker, place.coordinator)  # of another district


def test_a_body_that_runs_a_campaign_offers_for_its_own_roster_alone():
    place = town("offer")
    union = UnitFactory(kind="agency", parent=place.campaign.unit, name="示例总工会")
    campaign, officer = CampaignFactory(unit=union, phase="offer"), holder("agency_officer", union)

    with pytest.raises(PermissionDenied):
        offer(campaign, place.speaker, officer)
    Mentor.objects.filter(pk=place.speaker.pk).update(appointed_by=union)
    place.speaker.refresh_from_db()
    offer(campaign, place.speaker, officer)

    assert TalkOffer.objects.filter(campaign=campaign).count() == 1


def test_offers_are_taken_until_the_match_and_with_a_topic():
    place, late = town("ask"), town("match")

    offer(place.campaign, place.speaker, place.craftsman)

    with pytest.raises(Refused, match="现在不收"):
        offer(late.campaign, late.speaker, late.craftsman)
    with pytest.raises(Refused, match="1 到 5 个"):
        offer(place.campaign, place.speaker, place.craftsman, topics=[])
    with pytest.raises(MentorRefused, match="这次活动里的半天"):
        offer(place.campaign, place.speaker, place.craftsman, half_days=["2020-01-01am"])


def test_an_offer_is_taken_back_with_a_reason_unless_talks_stand_of_it():
    talk = TalkFactory()
    place = town("offer")

    with pytest.raises(Refused, match="原因"):
        talk_offers.withdraw_offer(offer=place.offer, because=" ", by=place.craftsman, at=clock.now())
    talk_offers.withdraw_offer(offer=place.offer, because="出差", by=place.craftsman, at=clock.now())
    talk_offers.withdraw_offer(offer=place.offer, because="又说", by=place.craftsman, at=clock.now())

    place.offer.refresh_from_db()
    assert place.offer.withdrawn_because == "出差"
    desk = holder("coordinator", talk.offer.campaign.unit)
    with pytest.raises(Refused, match="已经排了讲座"):
        talk_offers.withdraw_offer(offer=talk.offer, because="出差", by=desk, at=clock.now())
