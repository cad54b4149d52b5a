"""Talks in calendars, and on the front page."""

from datetime import timedelta

import pytest

from baiye.core import clock
from baiye.outreach import talk_public
from baiye.outreach.actions.talks import accept_talk, decline_talk
from baiye.outreach.tests.factories import CampaignFactory
from baiye.outreach.tests.talking import talk_in, town
from baiye.visits.calendar_entries import entries

pytestmark = pytest.mark.django_db


def test_a_talk_stands_in_the_calendars_of_its_speaker_and_its_school_and_nobody_elses():
    place, other = town(), town()
    talk = talk_in(place)

    (spoken,) = entries(place.craftsman, clock.now())
    (heard,) = entries(place.teacher, clock.now())

    assert (spoken.starts_at, spoken.title, spoken.place) == (
        talk.starts_at,
        f"讲座：{talk.school.unit.name}",
        talk.hall,
    )
    assert (heard.title, heard.text) == (f"讲座：{talk.topic.title}", place.speaker.name)
    assert spoken.key != heard.key
    assert [*entries(other.craftsman, clock.now()), *entries(other.teacher, clock.now())] == []


def test_a_talk_that_ended_is_cancelled_with_a_sequence_that_never_falls():
    place = town()
    talk, now = talk_in(place), clock.now()
    accept_talk(talk=talk, by=place.craftsman, at=now + timedelta(minutes=5))
    (accepted,) = entries(place.craftsman, now)

    decline_talk(talk=talk, because="出差", by=place.craftsman, at=now + timedelta(minutes=9))

    (ended,) = entries(place.craftsman, now)
    assert (accepted.is_cancelled, ended.is_cancelled) == (False, True)
    assert ended.key == accepted.key
    assert ended.sequence > accepted.sequence > 0


def test_the_front_page_shows_announced_campaigns_until_their_feedback_ends():
    campaign = CampaignFactory(phase="feedback")
    CampaignFactory(phase="ask", announced_at=None, announced_by=None)

    shown = list(talk_public.opens(clock.now()))
    later = list(talk_public.opens(clock.now() + timedelta(days=40)))

    assert [each.title for each in shown] == [campaign.title]
    assert later == []
