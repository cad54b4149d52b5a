"""The pages of pledges and statements in a real browser, at both widths and in both themes."""

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory
from baiye.attendance.tests.factories import MarkFactory, PastSeatFactory, PastVisitFactory
from baiye.partners.tests.factories import PledgeFactory
from tests.journeys.looking import Eyes

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def test_pages_of_pledges_and_statements_shut_nobody_out(page_of):
    seat = PastSeatFactory(visit=PastVisitFactory(seats=12))
    MarkFactory(seat=seat)
    pledge = PledgeFactory(host=seat.visit.venue.host)
    PledgeFactory(host=pledge.host, term=pledge.term, kind="equipment", title="焊台", quantity=6)
    page, eyes = page_of(GrantFactory(role="coordinator", unit=pledge.host.unit.parent).user), Eyes()
    pages = {
        "pledges": reverse("partners:pledge-list"),
        "pledge-new": reverse("partners:pledge-new"),
        "pledge-withdrawal": reverse("partners:withdrawal", args=[pledge.pk]),
        "statements": reverse("partners:statement-list"),
    }

    for name, address in pages.items():
        page.goto(address)
        eyes.look_at(page, name)

    assert eyes.found == []
