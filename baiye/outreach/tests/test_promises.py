"""What the database promises of talks, each broken once."""

from datetime import timedelta

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.mentors.tests.factories import CheckFactory
from baiye.outreach.models import Campaign, Match, Talk, TalkFeedback, TalkRequest
from baiye.outreach.tests.factories import (
    AgreedTalkFactory,
    CampaignFactory,
    OfferFactory,
    RequestFactory,
    TalkFactory,
    TopicFactory,
    WishFactory,
    at,
    half_days,
)
from baiye.schools.tests.factories import SchoolClassFactory
from baiye.visits.models import Assignment
from baiye.visits.tests.factories import VisitFactory
from tests.rig.promises import refused

pytestmark = pytest.mark.django_db


def change(talk, **fields):
    Talk.objects.filter(pk=talk.pk).update(**fields)


def held(talk, when=None, **fields):
    when = when or talk.starts_at + timedelta(hours=1)
    change(talk, held_at=when, held_by=UserFactory(), heard=30, **fields)


# ── campaigns, offers, requests ──


def test_campaign_stays_as_it_was_announced_but_for_the_end_of_feedback():
    campaign = CampaignFactory()

    with refused("campaign_stays_as_it_was_announced"):
        Campaign.objects.filter(pk=campaign.pk).update(points=[5])

    assert Campaign.objects.update(feedback_until=campaign.feedback_until + timedelta(days=9)) == 1


def test_campaign_phases_follow_in_order_and_have_points():
    campaign = CampaignFactory(announced_at=None, announced_by=None)

    with refused("campaign_phases_follow_in_order"):
        Campaign.objects.update(match_from=campaign.ask_from)
    with refused("campaign_takes_one_to_ten_wishes"):
        Campaign.objects.update(points=list(range(11)))
    with refused("campaign_talks_take_time"):
        Campaign.objects.update(minutes=5)


def test_offers_and_requests_name_half_days_of_their_campaign_once():
    campaign = CampaignFactory()
    late = f"{campaign.last_on + timedelta(days=1)}am"

    for days in ([late], [half_days(campaign)[0]] * 2, ["2027-05-12"]):
        with refused("talk_offer_for_half_days_of_its_campaign"):
            OfferFactory(campaign=campaign, half_days=days)
        with refused("talk_request_for_half_days_of_its_campaign"):
            RequestFactory(campaign=campaign, half_days=days)
    with refused("talk_offer_names_a_half_day"):
        OfferFactory(campaign=campaign, half_days=[])


def test_a_speaker_offers_once_a_campaign_for_some_talks_with_a_title():
    offer = OfferFactory()

    with refused("talk_offer_one_a_speaker_and_campaign"):
        OfferFactory(campaign=offer.campaign, speaker=offer.speaker)
    with refused("talk_offer_is_for_some"):
        OfferFactory(most_talks=0)
    with refused("talk_topic_has_a_title"):
        TopicFactory(offer=offer, place=2, title="")


def test_a_request_is_for_classes_of_its_school_and_stage():
    ask = RequestFactory()

    with refused("talk_request_for_classes_of_its_school"):
        ask.classes.add(SchoolClassFactory())
    with refused("talk_request_for_classes_of_its_school"):
        ask.classes.add(SchoolClassFactory(school=ask.school, stage="senior"))


def test_a_wish_is_an_occupation_or_an_offer_of_the_same_campaign():
    ask = RequestFactory()

    with refused("talk_wish_for_an_offer_of_its_campaign"):
        WishFactory(ask=ask, offer=OfferFactory())
    with refused("talk_wish_is_an_occupation_or_a_speaker"):
        WishFactory(ask=ask, offer=None)


# ── talks ──


def test_a_talk_takes_speaker_and_school_from_what_it_is_made_of():
    other = TalkFactory()
    talk = TalkFactory(speaker=other.speaker, school=other.school)

    talk.refresh_from_db()

    assert (talk.speaker, talk.school) == (talk.offer.speaker, talk.ask.school)


def test_talk_only_by_a_speaker_who_may_be_with_pupils_that_day():
    talk = TalkFactory()
    CheckFactory(mentor=talk.speaker, checked_on=clock.today(), result="not_clear")

    with refused("talk_only_by_a_speaker_who_may"):
        TalkFactory(offer=talk.offer, half_day=talk.offer.half_days[1])
    with refused("talk_only_by_a_speaker_who_may"):
        change(talk, accepted_at=clock.now(), accepted_by=UserFactory())
    with refused("talk_only_by_a_speaker_who_may"):
        change(talk, starts_at=talk.starts_at + timedelta(minutes=5))


def test_talk_no_speaker_in_two_places_at_once():
    talk = TalkFactory()
    same_time = RequestFactory(campaign=talk.offer.campaign)

    with refused("talk_no_speaker_in_two_places_at_once"):
        TalkFactory(offer=talk.offer, ask=same_time, starts_at=talk.starts_at + timedelta(minutes=30))


def test_who_speaks_guides_no_visit_meanwhile_and_who_guides_does_not_speak():
    talk = TalkFactory()
    visit = VisitFactory(starts_at=talk.starts_at, ends_at=talk.ends_at)
    later = VisitFactory(starts_at=at(talk.offer.half_days[1]), ends_at=at(talk.offer.half_days[1], 17))
    span = (visit.starts_at, visit.ends_at)

    with refused("assignment_no_mentor_in_two_places_at_once"):
        Assignment.objects.create(visit=visit, mentor=talk.speaker, role="lead", span=span)
    Assignment.objects.create(visit=later, mentor=talk.speaker, role="lead", span=span)
    with refused("talk_no_speaker_in_two_places_at_once"):
        TalkFactory(offer=talk.offer, half_day=talk.offer.half_days[1])


def test_talk_no_more_than_its_speaker_offers_and_no_more_classes():
    talk = TalkFactory(offer__most_talks=1)

    with refused("talk_no_more_than_its_speaker_offers"):
        TalkFactory(offer=talk.offer, half_day=talk.offer.half_days[1])
    with refused("talk_of_an_offer_that_is_for_its_request"):
        TalkFactory(ask__classes=2)
    with refused("talk_of_an_offer_that_is_for_its_request"):
        TalkFactory(offer__stages=["senior"])


def test_talk_on_a_day_of_its_campaign_in_a_hall_that_is_free():
    talk = TalkFactory()
    second = RequestFactory(campaign=talk.offer.campaign, school=talk.school)

    with refused("talk_on_a_day_of_its_campaign"):
        change(talk, starts_at=talk.starts_at - timedelta(days=9), ends_at=talk.ends_at - timedelta(days=9))
    with refused("talk_no_hall_twice_at_once"):
        TalkFactory(offer=OfferFactory(campaign=talk.offer.campaign), ask=second)


def test_talk_one_for_a_request():
    talk = TalkFactory()

    with refused("talk_one_for_a_request"):
        TalkFactory(offer=talk.offer, ask=talk.ask, half_day=talk.offer.half_days[2])


def test_talk_confirmed_with_somebody_of_the_school():
    with refused("talk_confirmed_with_somebody_of_the_school"):
        AgreedTalkFactory(staff="")


def test_talk_held_only_when_accepted_and_confirmed_and_after_it_began():
    with refused("talk_held_only_when_accepted_and_confirmed"):
        held(AgreedTalkFactory(confirmed_at=None, confirmed_by=None, staff=""))
    talk = AgreedTalkFactory()
    with refused("talk_held_only_when_accepted_and_confirmed"):
        held(talk, talk.starts_at - timedelta(minutes=1))


def test_the_first_talk_of_a_speaker_is_held_after_a_rehearsal_and_the_next_without_one():
    first = AgreedTalkFactory(rehearsed_at=None, rehearsed_by=None)
    again = AgreedTalkFactory(
        offer=first.offer, half_day=first.offer.half_days[1], rehearsed_at=None, rehearsed_by=None
    )

    with refused("talk_the_first_is_held_after_a_rehearsal"):
        held(first)
    held(first, rehearsed_at=clock.now(), rehearsed_by=UserFactory())
    held(again)

    assert Talk.objects.filter(held_at__isnull=False).count() == 2


def test_a_talk_that_is_over_stays_and_no_talk_is_deleted():
    talk = AgreedTalkFactory()

    with refused("talk_keeps_its_row"):
        Talk.objects.filter(pk=talk.pk).delete()
    with refused("talk_ended_by_whom_when_and_why"):
        change(talk, ended_at=clock.now(), ended_by=UserFactory(), ended_kind="speaker")
    held(talk)
    with refused("talk_stays_once_it_is_over"):
        change(talk, heard=90)


def test_feedback_only_on_a_talk_that_was_held_once_a_side_and_with_words_where_it_went_badly():
    talk = AgreedTalkFactory()

    with refused("talk_feedback_only_when_it_was_held"):
        TalkFeedback.objects.create(talk=talk, side="school", verdict="well", again=True)
    held(talk)
    with refused("talk_feedback_says_what_was_wrong"):
        TalkFeedback.objects.create(talk=talk, side="school", verdict="poor", again=False)
    TalkFeedback.objects.create(talk=talk, side="school", verdict="well", again=True)
    with refused("talk_feedback_once_a_side"):
        TalkFeedback.objects.create(talk=talk, side="school", verdict="well", again=True)


# ── runs ──


def run(**fields):
    given = {"campaign": CampaignFactory(phase="match"), "asked_by": UserFactory(), "asked_at": clock.now()}
    return Match.objects.create(**(given | {"input_zip": b"zip", "input_sha256": "0" * 64, "seed": "7"} | fields))


def test_a_match_stays_as_it_was_frozen_and_runs_one_at_a_time():
    match = run()

    with refused("match_stays_as_it_was_frozen"):
        Match.objects.update(seed="8")
    with refused("match_one_at_a_time_a_campaign"):
        run(campaign=match.campaign)
    Match.objects.update(finished_at=clock.now(), output_zip=b"out", figures={"n": 1})
    with refused("match_stays_as_it_was_frozen"):
        Match.objects.update(figures={"n": 2})


def test_a_match_is_published_by_two_people_and_once_a_campaign():
    now, one, other = clock.now(), UserFactory(), UserFactory()
    match = run(finished_at=now, proposed_at=now, proposed_by=one)

    with refused("match_published_by_two_people"):
        Match.objects.update(approved_at=now, approved_by=one)
    with refused("match_approved_by_whom_and_when"):
        Match.objects.update(approved_at=now)
    Match.objects.update(approved_at=now, approved_by=other)
    with refused("match_one_published_a_campaign"):
        run(
            campaign=match.campaign,
            finished_at=now,
            proposed_at=now,
            proposed_by=one,
            approved_at=now,
            approved_by=other,
        )


def test_request_has_a_hall():
    with refused("talk_request_has_a_hall"):
        TalkRequest.objects.filter(pk=RequestFactory().pk).update(hall="")
