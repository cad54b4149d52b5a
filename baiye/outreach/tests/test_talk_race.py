"""What happens when people press at once: one row, one winner, nobody in two places."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock
from baiye.core.refusals import Refused
from baiye.mentors.models import Mentor
from baiye.outreach.actions import campaigns, matches, talk_offers, talk_requests, talks
from baiye.outreach.models import Campaign, Match, Talk, TalkOffer, TalkRequest
from baiye.outreach.tests.factories import TalkFactory, at, days_of, half_days
from baiye.outreach.tests.talking import computed, holder, town
from baiye.schools.models import School, SchoolClass
from baiye.visits.assigning import assign_mentor
from baiye.visits.models import Assignment, Visit
from baiye.visits.tests.factories import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def at_once(*calls):
    """Do all at once, each on its own connection; what each gave, or its refusal."""

    def one(call):
        try:
            return call()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def proposed(place):
    """A match waits for the second person, whose approval this gives."""
    match = computed(place)
    matches.propose_match(match=match, by=place.coordinator, at=clock.now())

    def approve():
        officer = User.objects.get(pk=place.officer.pk)
        return matches.approve_match(match=Match.objects.get(pk=match.pk), by=officer, at=clock.now())

    return approve


def test_a_match_approved_twice_at_once_makes_its_talks_once(own_database):
    place = town()
    approve = proposed(place)

    assert sorted(at_once(approve, approve, approve)) == [0, 0, 1]
    assert Talk.objects.count() == 1


def test_an_offer_and_a_request_sent_four_times_at_once_are_one_row_each(own_database):
    place, request = town("ask"), uuid.uuid4()
    TalkRequest.objects.all().delete()
    each_class = SchoolClass.objects.filter(school=place.school).get()

    def offer():
        given = {"topics": [("题", None)], "stages": ["junior"], "half_days": half_days(place.campaign)}
        return talk_offers.offer_talks(
            campaign=Campaign.objects.get(pk=place.campaign.pk),
            speaker=Mentor.objects.get(pk=place.speaker.pk),
            request=request,
            by=User.objects.get(pk=place.craftsman.pk),
            at=clock.now(),
            **given,
        ).pk

    def ask():
        return talk_requests.ask_for_talk(
            campaign=Campaign.objects.get(pk=place.campaign.pk),
            school=School.objects.get(pk=place.school.pk),
            classes=[each_class],
            wishes=[],
            request=request,
            by=User.objects.get(pk=place.teacher.pk),
            at=clock.now(),
            half_days=half_days(place.campaign),
            hall="小礼堂",
            takes_any=True,
        ).pk

    assert len({*at_once(*[offer] * 4)}) == 1
    assert len({*at_once(*[ask] * 4)}) == 1
    assert (TalkOffer.objects.count(), TalkRequest.objects.count()) == (1, 1)


def test_a_campaign_planned_by_one_request_four_times_at_once_is_one(own_database):
    place, request = town("offer"), uuid.uuid4()
    days = days_of("offer")
    days["last_on"] = days["first_on"]

    def plan():
        unit, by = Unit.objects.get(pk=place.campaign.unit_id), User.objects.get(pk=place.coordinator.pk)
        given = {"title": "五月讲座", "term": place.campaign.term} | days
        return campaigns.make_campaign(unit=unit, request=request, by=by, at=clock.now(), **given).pk

    assert len({*at_once(*[plan] * 4)}) == 1


def test_who_takes_a_request_back_while_it_is_published_has_no_talk_or_keeps_it(own_database):
    place = town()
    approve = proposed(place)

    def withdraw():
        found = TalkRequest.objects.select_related("school__unit", "campaign__unit").get(pk=place.ask.pk)
        teacher = User.objects.get(pk=place.teacher.pk)
        return talk_requests.withdraw_request(ask=found, by=teacher, at=clock.now())

    at_once(approve, withdraw)

    place.ask.refresh_from_db()
    assert Talk.objects.filter(ended_at=None).exists() == (place.ask.withdrawn_at is None)


def test_whoever_is_asked_for_a_visit_and_a_talk_at_once_is_in_one_place(own_database):
    place = town("confirm")
    begins = at(place.offer.half_days[0])
    visit = VisitFactory(starts_at=begins, ends_at=begins + timedelta(hours=1))
    GrantFactory(user=place.coordinator, role="coordinator", unit=visit.venue.host.unit)

    def speak():
        try:
            TalkFactory(offer=place.offer, ask=place.ask, half_day=place.offer.half_days[0])
        except IntegrityError:
            return "no"
        return "talk"

    def guide():
        by, mentor = User.objects.get(pk=place.coordinator.pk), Mentor.objects.get(pk=place.speaker.pk)
        found = Visit.objects.select_related("venue__host__unit").get(pk=visit.pk)
        assign_mentor(visit=found, mentor=mentor, role="lead", by=by, at=clock.now())
        return "visit"

    at_once(speak, guide)

    assert Talk.objects.filter(ended_at=None).count() + Assignment.objects.filter(ended_at=None).count() == 1


def test_a_speaker_who_accepts_while_the_school_cancels_ends_with_one_story(own_database):
    talk = TalkFactory()
    desk = holder("coordinator", talk.offer.campaign.unit)

    def accept():
        found = Talk.objects.select_related("offer__campaign__unit", "offer__speaker").get(pk=talk.pk)
        return talks.accept_talk(talk=found, by=User.objects.get(pk=desk.pk), at=clock.now())

    def cancel():
        loaded = ("offer__campaign__unit", "speaker", "school__unit")
        found = Talk.objects.select_related(*loaded).get(pk=talk.pk)
        return talks.cancel_talk(talk=found, because="停电", by=User.objects.get(pk=desk.pk), at=clock.now())

    at_once(accept, cancel)

    talk.refresh_from_db()
    assert talk.state == "ended"
    assert talk.ended_because == "停电"
