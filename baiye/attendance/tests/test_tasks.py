from datetime import timedelta

import pytest

from baiye.attendance import notes
from baiye.attendance.tasks import forget_health_notes
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock, crypto
from baiye.schools.models import HealthNote
from baiye.schools.tests.factories import ConsentFactory, PupilFactory
from baiye.visits.tests.factories import SeatFactory

pytestmark = pytest.mark.django_db


def note(pupil, hazard="food", days_ago=60):
    given_at = clock.now() - timedelta(days=days_ago)
    consent = ConsentFactory(pupil=pupil, purpose="health", given_at=given_at, ended_at=None)
    return HealthNote.objects.create(
        pupil=pupil, consent=consent, hazard=hazard, note_sealed=crypto.encrypt("花生过敏")
    )


def seat(pupil, days, hazards=("food",), **fields):
    """A seat on a visit that ended (negative: will end) about so many days ago."""
    starts_at = clock.now() - timedelta(days=days, hours=4)
    version = CourseVersionFactory(hazards=list(hazards))
    return SeatFactory(pupil=pupil, visit__starts_at=starts_at, visit__version=version, **fields)


@pytest.mark.parametrize(("days", "kept"), [(6, True), (8, False), (29, False), (31, True)])
def test_forget_health_notes_a_week_after_the_visit(days, kept):
    seat(noted := PupilFactory(), days)
    note(noted)

    forget_health_notes()
    forget_health_notes()

    assert HealthNote.objects.exists() == kept


@pytest.mark.parametrize("days", [3, -20])
def test_forget_health_notes_keeps_what_a_later_seat_needs(days):
    seat(noted := PupilFactory(), 8)
    seat(noted, days)
    note(noted)

    forget_health_notes()

    assert HealthNote.objects.exists()


def test_forget_health_notes_is_not_kept_by_a_seat_that_needs_none_or_was_given_up():
    seat(noted := PupilFactory(), 8)
    seat(noted, -5, hazards=["latex"])
    given_up = {"given_up_at": clock.now(), "given_up_by": ConsentFactory().given_by}
    seat(noted, -9, **given_up)
    note(noted)

    forget_health_notes()

    assert not HealthNote.objects.exists()


def test_forget_health_notes_keeps_other_hazards_other_pupils_and_notes_given_since():
    seat(over := PupilFactory(), 8)
    seat(again := PupilFactory(), 8)
    note(over)
    kept = [note(again, days_ago=2), note(PupilFactory())]

    forget_health_notes()

    assert list(HealthNote.objects.order_by("pk")) == kept


def test_forget_health_notes_keeps_the_note_on_a_hazard_the_visit_did_not_have():
    seat(noted := PupilFactory(), 8)
    note(noted, hazard="latex")

    forget_health_notes()

    assert HealthNote.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_notes_that_are_over_cost_one_query(count, django_assert_num_queries):
    for _ in range(count):
        seat(noted := PupilFactory(), 8)
        note(noted)

    with django_assert_num_queries(1):
        assert len(notes.over(clock.now())["food"]) == count
