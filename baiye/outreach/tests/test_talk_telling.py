"""What is told of talks each morning, once."""

from datetime import time, timedelta

import pytest

from baiye.core import clock, jobs
from baiye.core.models import Message
from baiye.mentors.tests.factories import CheckFactory
from baiye.outreach import talk_telling
from baiye.outreach.actions.talks import cancel_talk, confirm_talk
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


def test_the_speaker_is_told_of_another_hall_when_the_school_confirms_again(agreed):
    place, talk = agreed
    given = {"staff": "组长", "begins": time(10), "minutes": 50, "by": place.teacher}

    for minute, hall in enumerate(("大礼堂", "小礼堂")):
        confirm_talk(talk=talk, hall=hall, at=clock.now() + timedelta(minutes=minute), **given)
        jobs.run_due()

    told = Message.objects.filter(to=place.craftsman).order_by("pk")
    assert [message.body.split("。")[0] for message in told] == ["地点：大礼堂", "地点：小礼堂"]


def test_organisers_of_today_are_told_that_a_talk_ended_however_long_ago_it_was_made(agreed):
    place, talk = agreed
    Talk.objects.filter(pk=talk.pk).update(made_at=clock.now() - timedelta(days=900))

    cancel_talk(talk=talk, because="停电", by=place.teacher, at=clock.now())
    jobs.run_due()

    assert {message.to for message in Message.objects.all()} == {place.craftsman, place.coordinator}


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
