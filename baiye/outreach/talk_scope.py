"""Whose campaigns, offers, requests and talks are whose. A speaker is whom a mentor's row names, a school its unit."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, may, within
from baiye.mentors.models import Mentor
from baiye.mentors.permissions import may_over
from baiye.outreach.models import Campaign, Talk, TalkOffer
from baiye.schools.models import School


def desk(user: User, to: str = "") -> Q:
    """A filter: campaigns (reached by ``to``) that ``user`` plans or publishes."""
    return within(user, Permission.TALK_MANAGE, f"{to}unit") | within(user, Permission.TALK_PUBLISH, f"{to}unit")


def schools(user: User, to: str = "") -> Q:
    """A filter: rows whose school (reached by ``to``) ``user`` asks for."""
    return within(user, Permission.TALK_ASK, f"{to}unit")


def is_speaker(user: User, mentor: Mentor) -> bool:
    return mentor.user_id is not None and mentor.user_id == user.pk


def may_speak_for(user: User, mentor: Mentor, campaign: Campaign) -> bool:
    """Oneself, or whoever plans the campaign: many craftsmen say yes on the phone."""
    return is_speaker(user, mentor) or may(user, Permission.TALK_MANAGE, campaign.unit)


def may_offer_for(user: User, mentor: Mentor, campaign: Campaign) -> bool:
    """Oneself, or whoever plans the campaign and has this mentor in its roster."""
    at_desk = may(user, Permission.TALK_MANAGE, campaign.unit) and may_over(user, Permission.MENTOR_MANAGE, mentor)
    return is_speaker(user, mentor) or at_desk


def require_speaker(user: User, offer: TalkOffer) -> None:
    """Raise PermissionDenied unless ``user`` may answer for the speaker of ``offer``."""
    if not may_speak_for(user, offer.speaker, offer.campaign):
        raise PermissionDenied(f"speaker of offer {offer.pk}")


def require_school(user: User, school: School, campaign: Campaign) -> None:
    """Raise PermissionDenied unless ``user`` asks for ``school``, or plans the campaign."""
    if not may(user, Permission.TALK_ASK, school.unit) and not may(user, Permission.TALK_MANAGE, campaign.unit):
        raise PermissionDenied(f"{Permission.TALK_ASK} at {school.unit.path}")


def require_desk(user: User, campaign: Campaign) -> None:
    """Raise PermissionDenied unless ``user`` plans ``campaign``."""
    if not may(user, Permission.TALK_MANAGE, campaign.unit):
        raise PermissionDenied(f"{Permission.TALK_MANAGE} at {campaign.unit.path}")


def same_district(unit: Unit, campaign: Campaign) -> bool:
    return unit.lineage()[0] == campaign.unit.lineage()[0]


def sides_of(user: User, talk: Talk) -> list[str]:
    """For which sides ``user`` speaks of ``talk``: speaker, school, desk."""
    campaign = talk.offer.campaign
    found = {
        "speaker": is_speaker(user, talk.speaker),
        "school": may(user, Permission.TALK_ASK, talk.school.unit),
        "desk": may(user, Permission.TALK_MANAGE, campaign.unit),
    }
    return [side for side, holds in found.items() if holds]
