"""A district in which talks are offered and asked for, and the people around them."""

import uuid
from dataclasses import dataclass

from baiye.accounts.models import User
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UserFactory
from baiye.core import clock, jobs
from baiye.mentors.models import Mentor
from baiye.outreach.actions import matches
from baiye.outreach.models import Campaign, Match, Talk, TalkOffer, TalkRequest
from baiye.outreach.tests.factories import CampaignFactory, OfferFactory, RequestFactory, WishFactory, half_days
from baiye.schools.models import School


def holder(role: str, unit) -> User:
    return GrantFactory(role=role, unit=unit).user


@dataclass
class Town:
    """One campaign, a speaker with an account and mornings, a school that asks for that speaker."""

    campaign: Campaign
    offer: TalkOffer
    ask: TalkRequest
    coordinator: User
    officer: User
    teacher: User  # who asks for the school
    craftsman: User  # the speaker's account

    @property
    def speaker(self) -> Mentor:
        return self.offer.speaker

    @property
    def school(self) -> School:
        return self.ask.school


def town(phase: str = "match") -> Town:
    district = DistrictFactory()
    campaign = CampaignFactory(unit=district, phase=phase)
    mornings = [half for half in half_days(campaign, 8) if half.endswith("am")]
    offer = OfferFactory(campaign=campaign, half_days=mornings)
    craftsman = GrantFactory(role="mentor", unit=offer.speaker.unit).user
    Mentor.objects.filter(pk=offer.speaker.pk).update(user=craftsman)
    offer.speaker.refresh_from_db()
    ask = RequestFactory(campaign=campaign, half_days=mornings)
    WishFactory(ask=ask, offer=offer)
    return Town(
        campaign,
        offer,
        ask,
        holder("coordinator", district),
        holder("district_officer", district),
        holder("school_coordinator", ask.school.unit),
        craftsman,
    )


def computed(place: Town) -> Match:
    """A run of the campaign that has ended."""
    match = matches.ask_match(campaign=place.campaign, by=place.coordinator, at=clock.now())
    jobs.run_due()
    match.refresh_from_db()
    return match


def published(place: Town) -> Match:
    """A run that two people published, and its messages sent."""
    match = computed(place)
    matches.propose_match(match=match, by=place.coordinator, at=clock.now())
    matches.approve_match(match=match, by=place.officer, at=clock.now())
    jobs.run_due()
    match.refresh_from_db()
    return match


def talk_in(place: Town) -> Talk:
    """The one talk of the published match."""
    published(place)
    return Talk.objects.get()


def stranger() -> User:
    return UserFactory()


def new() -> uuid.UUID:
    return uuid.uuid4()
