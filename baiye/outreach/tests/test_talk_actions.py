"""Talks from the plan of a campaign to what both sides say afterwards: done, refused, denied, nothing left behind."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.accounts.tests.factories import UnitFactory, UserFactory
from baiye.catalogue.tests.factories import OccupationFactory
from baiye.core import clock, jobs
from baiye.core.models import Event, Message
from baiye.core.refusals import Refused
from baiye.mentors.models import Mentor
from baiye.mentors.refusals import MentorRefused
from baiye.mentors.tests.factories import CheckFactory
from baiye.outreach.actions import campaigns, talk_offers, talk_requests, talks
from baiye.outreach.models import Campaign, Talk, TalkFeedback, TalkOffer, TalkRequest
from baiye.outreach.talk_papers import letter_of_thanks
from baiye.outreach.tests.factories import (
    AgreedTalkFactory,
    CampaignFactory,
    OfferFactory,
    RequestFactory,
    TalkFactory,
    days_of,
    half_days,
    the_term,
)
from baiye.outreach.tests.talking import holder, new, talk_in, town
from baiye.schools.tests.factories import SchoolClassFactory

pytestmark = pytest.mark.django_db


def plan(unit, by, **fields):
    days = days_of("offer")
    term = the_term()
    days |= {"first_on": min(days["first_on"], term.ends_on), "last_on": min(days["last_on"], term.ends_on)}
    given = {"title": "五月讲座", "term": term, "minutes": 60, "points": [100, 80]} | days | fields
    return campaigns.make_campaign(unit=unit, request=new(), by=by, at=clock.now(), **given)


# ── campaigns ──


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


# ── offers ──


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


# ── requests ──


def ask(place, by=None, request=None, **fields):
    classes = fields.pop("classes", None) or [SchoolClassFactory(school=place.school)]
    given = {"wishes": [place.offer], "half_days": half_days(place.campaign), "hall": "小礼堂"} | fields
    return talk_requests.ask_for_talk(
        campaign=place.campaign,
        school=place.school,
        classes=classes,
        request=request or new(),
        by=by or place.teacher,
        at=clock.now(),
        **given,
    )


def test_a_school_asks_once_for_a_request_sent_twice_and_changes_it():
    place, request, occupation = town("ask"), new(), OccupationFactory()

    made = ask(place, request=request)
    again = ask(place, request=request, hall="另一处")
    two = [SchoolClassFactory(school=place.school, stage="senior") for _n in range(2)]
    talk_requests.change_request(
        ask=made, classes=two, wishes=[occupation, place.offer], by=place.teacher, at=clock.now(), hall="大礼堂"
    )

    assert made == again
    changed = TalkRequest.objects.get(pk=made.pk)
    assert (changed.hall, changed.stage, changed.classes.count()) == ("大礼堂", "senior", 2)
    assert [(w.rank, w.occupation, w.offer) for w in changed.wishes.all()] == [
        (1, occupation, None),
        (2, None, place.offer),
    ]


def test_what_a_school_may_not_ask_is_refused_and_leaves_nothing_behind():
    place, late = town("ask"), town("match")
    before = TalkRequest.objects.count()
    mixed = [SchoolClassFactory(school=place.school, stage=stage) for stage in ("junior", "senior")]

    for fields, words in [
        ({"classes": mixed}, "不同学段"),
        ({"wishes": []}, "至少填一个志愿"),
        ({"wishes": [place.offer, place.offer]}, "只用填一次"),
        ({"classes": [SchoolClassFactory()]}, "本校"),
        ({"hall": ""}, "在哪里讲"),
        ({"wishes": [OccupationFactory() for _n in range(7)]}, "最多填 6 个"),
    ]:
        with pytest.raises(Refused, match=words):
            ask(place, **fields)
    with pytest.raises(Refused, match="现在不收"):
        ask(late)
    for stranger in (place.craftsman, late.teacher, UserFactory()):
        with pytest.raises(PermissionDenied):
            ask(place, by=stranger)

    assert TalkRequest.objects.count() == before
    assert not Event.objects.filter(kind="talk_request.made").exists()


def test_a_request_is_taken_back_unless_it_has_a_talk():
    place, talk = town("ask"), TalkFactory()

    talk_requests.withdraw_request(ask=place.ask, by=place.teacher, at=clock.now())
    talk_requests.withdraw_request(ask=place.ask, by=place.teacher, at=clock.now())

    assert Event.objects.filter(kind="talk_request.withdrawn").count() == 1
    with pytest.raises(Refused, match="另提一项"):
        talk_requests.change_request(
            ask=place.ask, classes=[], wishes=[], by=place.teacher, at=clock.now(), hall="小礼堂"
        )
    teacher = holder("school_coordinator", talk.school.unit)
    with pytest.raises(Refused, match="已经排了讲座"):
        talk_requests.withdraw_request(ask=talk.ask, by=teacher, at=clock.now())


# ── a talk on its way ──


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


def test_offers_and_requests_of_factories_are_what_the_match_sees():
    campaign = CampaignFactory(phase="match")
    OfferFactory(campaign=campaign)
    RequestFactory(campaign=campaign)

    assert campaign.offers.count() == campaign.requests.count() == 1
