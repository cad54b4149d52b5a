"""A talk on its way, from accepted to what both sides say: done, refused, denied, nothing left behind."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, jobs
from baiye.core.models import Event, Message
from baiye.core.refusals import Refused
from baiye.mentors.refusals import MentorRefused
from baiye.mentors.tests.factories import CheckFactory
from baiye.outreach.actions import talks
from baiye.outreach.models import Talk, TalkFeedback
from baiye.outreach.talk_papers import letter_of_thanks
from baiye.outreach.tests.factories import (
    AgreedTalkFactory,
    TalkFactory,
)
from baiye.outreach.tests.talking import holder, talk_in, town

pytestmark = pytest.mark.django_db


def confirm(talk, by, **fields):
    given = {"staff": "年级组长", "hall": "大礼堂", "begins": time(10, 0), "minutes": 50} | fields
    talks.confirm_talk(talk=talk, by=by, at=clock.now(), **given)


def test_a_talk_is_accepted_confirmed_rehearsed_held_and_thanked_for():
    place = town()
    talk = talk_in(place)

    talks.accept_talk(talk=talk, by=place.craftsman, at=clock.now())
    talks.accept_talk(talk=talk, by=place.craftsman, at=clock.now())
    confirm(talk, place.teacher)
    talks.note_rehearsal(talk=talk, note="讲慢一点", by=place.coordinator, at=clock.now())
    talk.refresh_from_db()
    after = talk.ends_at
    talks.note_held(talk=talk, heard=44, by=place.teacher, at=after)
    talks.say_how_it_was(talk=talk, side="school", verdict="well", again=True, text="", by=place.teacher, at=after)
    talks.say_how_it_was(
        talk=talk, side="speaker", verdict="fine", again=True, text="话筒不响", by=place.craftsman, at=after
    )
    jobs.run_due()

    talk = Talk.objects.select_related("speaker__unit", "school__unit", "topic", "offer__campaign__unit").get()
    assert (talk.state, talk.heard, talk.hall) == ("held", 44, "大礼堂")
    assert clock.local(talk.starts_at).time() == time(10, 0)
    assert TalkFeedback.objects.count() == 2
    assert letter_of_thanks(talk) == letter_of_thanks(talk)
    assert letter_of_thanks(talk).startswith(b"%PDF")
    kinds = ["talk.accepted", "talk.confirmed", "talk.rehearsed", "talk.held", "talk.reviewed", "talk.reviewed"]
    assert list(Event.objects.filter(kind__startswith="talk.").order_by("pk").values_list("kind", flat=True)) == kinds
    subjects = list(Message.objects.filter(to=place.craftsman).order_by("pk").values_list("subject", flat=True))
    assert [subject[:4] for subject in subjects[-2:]] == ["说定了：", "谢谢您来"]


def test_whoever_is_neither_side_does_nothing_with_a_talk():
    place, other = town(), town()
    talk = talk_in(place)
    now = clock.now()

    def everything(by):
        return [
            lambda: talks.accept_talk(talk=talk, by=by, at=now),
            lambda: talks.decline_talk(talk=talk, because="不", by=by, at=now),
            lambda: confirm(talk, by),
            lambda: talks.note_rehearsal(talk=talk, note="", by=by, at=now),
            lambda: talks.note_held(talk=talk, heard=1, by=by, at=now),
            lambda: talks.cancel_talk(talk=talk, because="不", by=by, at=now),
            lambda: talks.say_how_it_was(talk=talk, side="school", verdict="well", again=True, text="", by=by, at=now),
        ]

    strangers = (other.craftsman, other.teacher, other.coordinator, UserFactory())
    denied = [do for stranger in strangers for do in everything(stranger)]
    as_teacher, as_speaker = everything(place.teacher), everything(place.craftsman)
    denied += [as_teacher[0], as_teacher[1], as_teacher[3], *as_speaker[2:6]]
    for do in denied:
        with pytest.raises(PermissionDenied):
            do()

    assert Talk.objects.get().state == "proposed"


def test_a_talk_is_confirmed_within_its_half_day_with_hall_and_staff():
    place = town()
    talk = talk_in(place)

    for fields, words in [
        ({"begins": time(14, 0)}, "那个半天"),
        ({"begins": time(12, 0)}, "那个半天"),
        ({"staff": " "}, "谁在场"),
        ({"hall": ""}, "礼堂"),
    ]:
        with pytest.raises(Refused, match=words):
            confirm(talk, place.teacher, **fields)

    assert Talk.objects.get().confirmed_at is None


def test_a_talk_may_last_until_its_half_day_ends():
    place = town()
    talk = talk_in(place)

    confirm(talk, place.teacher, begins=time(11, 30), minutes=60)

    assert clock.local(Talk.objects.get().ends_at).time() == time(12, 30)


def test_a_speaker_declines_with_a_reason_and_everybody_concerned_is_told():
    place = town()
    talk = talk_in(place)
    Message.objects.all().delete()

    with pytest.raises(Refused, match="原因"):
        talks.decline_talk(talk=talk, because="", by=place.craftsman, at=clock.now())
    talks.decline_talk(talk=talk, because="要出差", by=place.craftsman, at=clock.now())
    talks.decline_talk(talk=talk, because="又一次", by=place.craftsman, at=clock.now())
    jobs.run_due()

    talk.refresh_from_db()
    assert (talk.ended_kind, talk.ended_because) == ("declined", "要出差")
    assert {message.to for message in Message.objects.all()} == {place.teacher, place.coordinator}
    with pytest.raises(Refused, match="已经取消"):
        talks.accept_talk(talk=talk, by=place.craftsman, at=clock.now())


def test_the_school_and_the_organisers_cancel_each_in_their_name():
    first, second = TalkFactory(), TalkFactory()
    teacher = holder("school_coordinator", first.school.unit)
    desk = holder("coordinator", second.offer.campaign.unit)

    talks.cancel_talk(talk=first, because="停电", by=teacher, at=clock.now())
    talks.cancel_talk(talk=second, because="活动延期", by=desk, at=clock.now())

    assert list(Talk.objects.order_by("pk").values_list("ended_kind", flat=True)) == ["school", "organiser"]


def test_a_first_talk_is_not_held_without_a_rehearsal_and_nobody_notes_their_own():
    talk = AgreedTalkFactory(phase="hold", rehearsed_at=None, rehearsed_by=None)
    teacher = holder("school_coordinator", talk.school.unit)
    desk = holder("coordinator", talk.offer.campaign.unit)

    with pytest.raises(MentorRefused, match="试讲"):
        talks.note_held(talk=talk, heard=30, by=teacher, at=talk.ends_at)
    talk.speaker.user = desk
    talk.speaker.save()
    with pytest.raises(PermissionDenied):
        talks.note_rehearsal(talk=talk, note="", by=desk, at=clock.now())

    assert Talk.objects.get().held_at is None


def test_a_speaker_whose_check_fails_accepts_nothing():
    place = town()
    talk = talk_in(place)
    CheckFactory(mentor=place.speaker, checked_on=clock.today(), result="not_clear")

    with pytest.raises(MentorRefused, match="不能接触学生"):
        talks.accept_talk(talk=talk, by=place.craftsman, at=clock.now())

    assert Talk.objects.get().accepted_at is None
    assert not ProcrastinateJob.objects.filter(task_name="outreach.tell_talk").exists()


def test_feedback_is_given_once_a_side_after_the_talk_until_its_end():
    talk = AgreedTalkFactory(phase="hold")
    teacher = holder("school_coordinator", talk.school.unit)
    given = {"talk": talk, "side": "school", "again": True, "by": teacher}

    with pytest.raises(Refused, match="讲过以后"):
        talks.say_how_it_was(**given, verdict="well", text="", at=clock.now())
    talks.note_held(talk=talk, heard=30, by=teacher, at=talk.ends_at)
    with pytest.raises(Refused, match="哪里有问题"):
        talks.say_how_it_was(**given, verdict="poor", text="", at=talk.ends_at)
    first = talks.say_how_it_was(**given, verdict="well", text="", at=talk.ends_at)
    again = talks.say_how_it_was(**given, verdict="poor", text="改口", at=talk.ends_at)
    with pytest.raises(Refused, match="截止"):
        late = talk.ends_at + timedelta(days=100)
        talks.say_how_it_was(**(given | {"side": "school"}), verdict="well", text="", at=late)

    assert (first, again.verdict) == (again, "well")
