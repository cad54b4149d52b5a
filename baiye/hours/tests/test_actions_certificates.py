"""Certificates are issued and revoked: done, refused, denied, and nothing left behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.attendance.tests.factories import confirmed_seat, coordinator_of, events
from baiye.core import clock
from baiye.core.tests.factories import queued
from baiye.hours import actions
from baiye.hours.models import Certificate, CertificateLine
from baiye.hours.tests.factories import HourEntryFactory, NoticeLineFactory, ObjectionFactory, school_of
from baiye.schools.tests.factories import PupilFactory

pytestmark = pytest.mark.django_db


def test_issue_certificates_makes_one_paper_a_pupil_and_repeats_make_none():
    line = NoticeLineFactory(ended=True)
    pupil = line.entry.pupil
    second = HourEntryFactory(
        pupil=pupil, seat=confirmed_seat(pupil=pupil, visit__starts_at=clock.now() - timedelta(days=8))
    )
    NoticeLineFactory(entry=second, ended=True)
    NoticeLineFactory(entry__pupil=PupilFactory(school_class=pupil.school_class))  # still on notice
    by = coordinator_of(pupil)

    (certificate,) = actions.issue_certificates(school=school_of(pupil), by=by, at=clock.now())

    assert (certificate.pupil, certificate.minutes, certificate.lines.count()) == (pupil, 320, 2)
    assert certificate.number == f"BY{clock.today().year}-000001"
    assert (certificate.shows["name"], certificate.shows["hours"]) == (pupil.name, 8)
    assert actions.issue_certificates(school=school_of(pupil), by=by, at=clock.now()) == []
    assert events() == ["certificates.issued"]


def test_issue_certificates_leaves_out_pupils_somebody_objects_to():
    line = NoticeLineFactory(ended=True)
    ObjectionFactory(line=line)
    pupil = line.entry.pupil

    assert actions.issue_certificates(school=school_of(pupil), by=coordinator_of(pupil), at=clock.now()) == []


def test_issue_certificates_by_another_school_is_denied_and_leaves_nothing_behind():
    pupil = NoticeLineFactory(ended=True).entry.pupil

    with pytest.raises(PermissionDenied):
        actions.issue_certificates(school=school_of(pupil), by=coordinator_of(PupilFactory()), at=clock.now())

    assert (Certificate.objects.count(), CertificateLine.objects.count(), events(), queued()) == (0, 0, [], [])


@pytest.mark.parametrize("count", [1, 3])
def test_issue_certificates_takes_as_many_statements_for_three_pupils_as_for_one(count, django_assert_num_queries):
    first = NoticeLineFactory(ended=True).entry.pupil
    for _ in range(count - 1):
        NoticeLineFactory(ended=True, entry__pupil=PupilFactory(school_class=first.school_class))
    by = coordinator_of(first)

    with django_assert_num_queries(11):  # savepoint ×2, grants, notices, entries, number ×2, papers, lines, event, job
        assert len(actions.issue_certificates(school=school_of(first), by=by, at=clock.now())) == count


def test_revoke_certificate_lets_its_hours_stand_on_a_new_one():
    line = NoticeLineFactory(ended=True)
    pupil = line.entry.pupil
    by = coordinator_of(pupil)
    (certificate,) = actions.issue_certificates(school=school_of(pupil), by=by, at=clock.now())

    actions.revoke_certificate(certificate=certificate, because="姓名写错", by=by, at=clock.now())

    (again,) = actions.issue_certificates(school=school_of(pupil), by=by, at=clock.now())
    assert (again.minutes, again.number) == (160, f"BY{clock.today().year}-000002")


@pytest.mark.parametrize("because", ["", "再来"])
def test_revoke_certificate_without_a_reason_or_twice_is_refused(because):
    line = NoticeLineFactory(ended=True)
    pupil = line.entry.pupil
    by = coordinator_of(pupil)
    (certificate,) = actions.issue_certificates(school=school_of(pupil), by=by, at=clock.now())
    if because:
        actions.revoke_certificate(certificate=certificate, because="姓名写错", by=by, at=clock.now())

    with pytest.raises(actions.HoursRefused, match="早先已经撤回了" if because else "写下撤回的理由"):
        actions.revoke_certificate(certificate=certificate, because=because, by=by, at=clock.now())
