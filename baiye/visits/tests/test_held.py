from datetime import timedelta

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.catalogue import using
from baiye.core import clock
from baiye.visits.held import courses_held_since
from baiye.visits.tests.factories import VisitFactory

pytestmark = pytest.mark.django_db


def test_courses_held_since_are_those_with_a_visit_that_was_not_cancelled():
    now = clock.now()
    held, ahead = VisitFactory(starts_at=now - timedelta(days=10)), VisitFactory(starts_at=now + timedelta(days=3))
    VisitFactory(starts_at=now - timedelta(days=10), cancelled_at=now, cancelled_by=UserFactory())
    VisitFactory(starts_at=now - timedelta(days=400))

    found = set(courses_held_since(now - timedelta(days=365)))

    assert found == {visit.version.course_id for visit in (held, ahead)}
    assert courses_held_since in using.HELD
