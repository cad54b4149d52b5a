"""What the public front page shows of talks: a campaign that is on, with its phase."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from baiye.core import clock
from baiye.outreach.models.talks import PHASES
from baiye.outreach.queries.talks import public_campaigns
from baiye.registry.landing import OpenNow


def opens(at: datetime) -> Iterable[OpenNow]:
    """Announced campaigns until their feedback ends; one query."""
    on = clock.day_of(at)
    for campaign in public_campaigns().filter(feedback_until__gte=on):
        address = reverse("outreach:public-campaign", args=[campaign.pk])
        yield OpenNow(campaign.title, str(dict(PHASES)[campaign.phase(on)]), address, campaign.is_example)
