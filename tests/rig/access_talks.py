"""The world's campaign of talks: matched, published, one talk of its mentor at its school."""

from baiye.accounts.models import User
from baiye.core import clock
from baiye.mentors.models import Mentor
from baiye.outreach.actions.matches import approve_match, ask_match, propose_match, run_match
from baiye.outreach.models import Talk
from baiye.outreach.tests.factories import AgreedTalkFactory, CampaignFactory, OfferFactory, RequestFactory
from baiye.rounds.tests.factories import District

CAMPAIGN = (
    *("campaign", "campaign-particulars", "announcement", "feedback-until", "talk-list", "talk-export", "talk-plan"),
    *(
        "offer-list",
        "offer-export",
        "request-list",
        "request-export",
        "school-list",
        "school-export",
        "match-create",
        "school-campaign",
    ),
    *("request-new", "offer", "public-campaign", "public-campaign-file"),
)
MATCH = ("match", "match-discarding", "match-proposal", "match-withdrawal", "match-approval", "public-campaign-file")
TALK = ("talk", "acceptance", "refusal", "confirmation", "rehearsal", "holding", "cancellation", "feedback")


def talk_keys(base: District, own: User | None) -> dict[str, object]:
    """Keys for the addresses of talks; ``own`` is the account of a mentor whom nothing hinders."""
    campaign = CampaignFactory(unit=base.unit, phase="match")
    offer = OfferFactory(campaign=campaign, speaker=Mentor.objects.get(user=own))
    ask = RequestFactory(campaign=campaign, school=base.school, classes=0)
    ask.classes.add(base.school_class)
    match = ask_match(campaign=campaign, by=base.coordinator, at=clock.now())
    run_match(match=match)
    propose_match(match=match, by=base.coordinator, at=clock.now())
    approve_match(match=match, by=base.officer, at=clock.now())
    talk = Talk.objects.get(ask=ask)
    keys = {f"outreach:{name}.campaign_id": campaign.pk for name in CAMPAIGN}
    keys |= {f"outreach:{name}.match_id": match.pk for name in MATCH}
    keys |= {f"outreach:{name}.talk_id": talk.pk for name in TALK}
    keys |= {f"outreach:{name}.request_id": ask.pk for name in ("talk-request", "request-withdrawal")}
    keys |= {"outreach:letter.talk_id": _held(base, offer.speaker).pk}
    keys |= {"outreach:offer-withdrawal.offer_id": offer.pk, "outreach:request-new.school_id": base.school.pk}
    return keys


def _held(base: District, speaker: Mentor) -> Talk:
    """A talk of an earlier campaign, which has a letter of thanks."""
    offer = OfferFactory(campaign=CampaignFactory(unit=base.unit, phase="hold"), speaker=speaker)
    ask = RequestFactory(campaign=offer.campaign, school=base.school)
    talk: Talk = AgreedTalkFactory(offer=offer, ask=ask)
    talk.held_at, talk.held_by, talk.heard = talk.ends_at, base.coordinator, 30
    talk.save(update_fields=["held_at", "held_by", "heard"])
    return talk
