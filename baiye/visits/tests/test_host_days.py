"""The last day of a host, for its accreditation."""

from datetime import UTC, datetime

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.registry import dormancy
from baiye.visits.host_days import last_visits
from baiye.visits.tests.factories import VisitFactory

pytestmark = pytest.mark.django_db
EARLY, LATE = datetime(2026, 9, 1, 1, tzinfo=UTC), datetime(2026, 10, 1, 1, tzinfo=UTC)


def test_last_visits_are_the_latest_that_were_not_cancelled():
    early = VisitFactory(starts_at=EARLY)
    host = early.venue.host
    VisitFactory(
        venue=early.venue, version=early.version, starts_at=LATE, cancelled_at=LATE, cancelled_by=UserFactory()
    )

    assert last_visits([host.pk]) == {host.pk: EARLY.date()}
    assert last_visits([]) == {}


def test_the_registry_knows_of_our_days():
    assert last_visits in dormancy.LAST_VISITS
