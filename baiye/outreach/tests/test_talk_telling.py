"""What is told of talks each morning, once."""

from datetime import timedelta

import pytest

from baiye.core import clock
from baiye.core.models import Message
from baiye.mentors.tests.factories import CheckFactory
from baiye.outreach import talk_telling
from baiye.outreach.models import Talk
from baiye.outreach.tests.factories import TalkFactory
from baiye.outreach.tests.talking import talk_in, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed():
    """A talk that both sides agreed on, its earlier messages gone."""
    place = town()
    talk = talk_in(place)
    said = {"accepted_at": clock.now(), "accepted_by": place.craftsman}
    said |= {"confirmed_at": clock.now(), "confirmed_by": place.teacher, "staff": "组长"}
    Talk.objects.filter(pk=talk.pk).update(**said)
    Message.objects.all().delete()
    return place, talk


def test_the_day_before_speaker_and_school_are_reminded_once(agreed):
    place, talk = agreed
    eve = talk.starts_at - timedelta(days=1)

    talk_telling.tell_of_the_day(at=eve - timedelta(days=1))
    assert not Message.objects.exists()
    talk_telling.tell_of_the_day(at=eve)
    talk_telling.tell_of_the_day(at=eve + timedelta(hours=1))

    told = Message.objects.order_by("to")
    assert {message.to for message in told} == {place.craftsman, place.teacher}
    assert all(message.subject.startswith("明天讲座") for message in told)


def test_organisers_are_told_once_and_without_the_reason_that_a_speaker_may_no_longer_speak(agreed):
    place, _talk = agreed
    CheckFactory(mentor=place.speaker, checked_on=clock.today(), result="not_clear")

    talk_telling.tell_of_the_day(at=clock.now())
    talk_telling.tell_of_the_day(at=clock.now() + timedelta(hours=2))

    message = Message.objects.get()
    assert message.to == place.coordinator
    assert "查询" not in message.subject + message.body


def test_nothing_is_told_of_a_talk_that_is_over(agreed):
    _place, talk = agreed
    ended = {"ended_at": clock.now(), "ended_by": talk.made_by, "ended_kind": "school", "ended_because": "停电"}
    Talk.objects.filter(pk=talk.pk).update(**ended)

    assert talk_telling.tell_of_the_day(at=talk.starts_at - timedelta(days=1)) == 0


def test_looking_at_three_talks_costs_one_query_as_at_one(django_assert_num_queries, agreed):
    _place, talk = agreed
    early = talk.starts_at - timedelta(days=3)
    with django_assert_num_queries(1):
        talk_telling.tell_of_the_day(at=early)
    TalkFactory.create_batch(2)

    with django_assert_num_queries(1):
        talk_telling.tell_of_the_day(at=early)
