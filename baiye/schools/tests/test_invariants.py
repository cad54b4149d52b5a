import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, crypto, invariants
from baiye.schools import invariants as ours
from baiye.schools.models import HealthNote, RosterUpload
from baiye.schools.tests.factories import (
    ConsentFactory,
    GuardianshipFactory,
    PupilCodeFactory,
    PupilFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    """The names of the invariants that find a row."""
    assert ours.invariants is invariants
    return {finding.name for finding in invariants.findings() if finding.rows}


def test_a_healthy_school_breaks_none():
    pupil = PupilFactory(user=UserFactory(kind="pupil"))
    PupilCodeFactory(pupil=pupil)
    consent = ConsentFactory(pupil=pupil, purpose="health", given_by=GuardianshipFactory(pupil=pupil).user)
    ConsentFactory(pupil=pupil, given_by=UserFactory(), from_paper=True)
    HealthNote.objects.create(pupil=pupil, consent=consent, hazard="nuts", note_sealed=crypto.encrypt("花生"))

    assert broken() == set()


def test_an_answer_of_a_teacher_that_was_not_on_paper_is_found():
    ConsentFactory(given_by=UserFactory())

    assert broken() == {"consent_by_a_guardian_or_from_paper"}


def test_a_pupil_who_signs_in_as_staff_is_found():
    PupilFactory(user=UserFactory())

    assert broken() == {"pupil_signs_in_as_a_pupil"}


def test_a_live_code_of_a_leaver_is_found():
    PupilCodeFactory(pupil__left_on=clock.today())

    assert broken() == {"leaver_has_no_live_code"}


def test_a_roster_that_went_in_without_its_event_is_found():
    by = UserFactory()
    RosterUpload.objects.create(
        school=SchoolFactory(), made_by=by, for_year=2026, checked_at=clock.now(), applied_at=clock.now(), applied_by=by
    )

    assert broken() == {"roster_goes_in_once_and_whole"}
