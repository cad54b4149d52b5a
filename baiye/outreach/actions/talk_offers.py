"""Speakers offer talks, change what they offer, and take it back."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.catalogue.models import Occupation
from baiye.core import audit, clock
from baiye.core.refusals import Refused
from baiye.mentors.models import Mentor
from baiye.mentors.refusals import in_words
from baiye.outreach.half_days import in_order
from baiye.outreach.models import Campaign, TalkOffer, TalkTopic
from baiye.outreach.talk_scope import may_offer_for, require_speaker, same_district
from baiye.outreach.talk_words import OFFERS

PLAIN = ("stages", "half_days", "most_talks", "most_classes", "starts_from", "needs")
MOST_TOPICS = 5
Topics = Sequence[tuple[str, Occupation | None]]


class OfferRefused(Refused):
    """Nothing may be offered, changed or taken back so."""


@transaction.atomic
def offer_talks(
    *,
    campaign: Campaign,
    speaker: Mentor,
    topics: Topics,
    request: uuid.UUID,
    by: User,
    at: datetime,
    **fields: Any,
) -> TalkOffer:
    """Offer talks in a campaign, or write an offer that stands anew; ``fields`` are those of PLAIN.

    Raises
    ------
    PermissionDenied
        ``by`` is neither the speaker nor plans the campaign with this mentor in its roster.
    OfferRefused
        It is not the time for offers, or topics, stages or half-days are missing.
    """
    if not may_offer_for(by, speaker, campaign) or not same_district(speaker.unit, campaign):
        raise PermissionDenied(f"mentor {speaker.pk} in campaign {campaign.pk}")
    if not campaign.takes_offers(clock.day_of(at)):
        raise OfferRefused(_("现在不收讲座。收的日子是报讲座开始到匹配以前。"))
    if not topics or len(topics) > MOST_TOPICS:
        raise OfferRefused(_("请写 1 到 5 个讲座题目。"))
    Mentor.objects.select_for_update(no_key=True).get(pk=speaker.pk)  # so that two at once write one offer
    standing = TalkOffer.objects.filter(campaign=campaign, speaker=speaker).first()
    offer = standing or TalkOffer(campaign=campaign, speaker=speaker, request=request, made_by=by, made_at=at)
    offer.is_example = speaker.is_example
    _write(offer, topics, fields)
    kind = "talk_offer.changed" if standing else "talk_offer.made"
    audit.record(kind, by=by, on=offer, at_unit=campaign.unit.path, mentor=speaker.pk, talks=offer.most_talks)
    return offer


@transaction.atomic
def withdraw_offer(*, offer: TalkOffer, because: str, by: User, at: datetime) -> None:
    """Take an offer back before talks were made of it; twice does nothing more."""
    require_speaker(by, offer)
    locked = TalkOffer.objects.select_for_update().get(pk=offer.pk)
    if locked.withdrawn_at is not None:
        return
    if not because.strip():
        raise OfferRefused(_("请写一句原因。"))
    if locked.talks.filter(ended_at=None, held_at=None).exists():
        raise OfferRefused(_("已经排了讲座。请在那一场里说明不能来。"))
    TalkOffer.objects.filter(pk=locked.pk).update(withdrawn_at=at, withdrawn_by=by, withdrawn_because=because.strip())
    audit.record("talk_offer.withdrawn", by=by, on=locked, at_unit=offer.campaign.unit.path)


def _write(offer: TalkOffer, topics: Topics, fields: dict[str, Any]) -> None:
    """Write the offer anew, topics by their place; it stands again where it was taken back."""
    for name in PLAIN:
        if name in fields:
            setattr(offer, name, fields[name])
    offer.half_days = in_order(offer.half_days)
    offer.withdrawn_at = offer.withdrawn_by = None
    offer.withdrawn_because = ""
    with in_words(OFFERS):
        offer.save()
    if offer.talks.exists():
        raise OfferRefused(_("已经排了讲座，题目不能再改。"))
    offer.topics.all().delete()
    TalkTopic.objects.bulk_create(
        TalkTopic(offer=offer, place=place, title=title.strip(), occupation=occupation)
        for place, (title, occupation) in enumerate(topics, 1)
    )
