"""Asking for an import, tidying uploads, and what the database promises of them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.core import clock, crypto
from baiye.core.refusals import Refused
from baiye.schools.models import Pupil, RosterUpload
from baiye.schools.roster import actions, queries
from baiye.schools.tests.factories import (
    PupilFactory,
    SchoolFactory,
    roll_number,
)
from baiye.schools.tests.people import coordinator_of
from baiye.schools.tests.rosters import import_, roster, row, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def by(school):
    return coordinator_of(school)


# ── ask_import ──


def test_ask_import_twice_queues_one_job(school, by):
    made = upload(school, by, roster(row(1)))

    for _time in range(2):
        actions.ask_import(upload=made, leavers=[], by=by, at=clock.now())

    assert ProcrastinateJob.objects.filter(task_name="schools.apply_roster").count() == 1


def test_ask_import_before_the_check_is_refused(school, by):
    made = actions.upload_roster(
        school=school, file_name="a.xlsx", data=roster(row(1)), for_year=2026, by=by, at=clock.now()
    )

    with pytest.raises(Refused, match="还没有核对好"):
        actions.ask_import(upload=made, leavers=[], by=by, at=clock.now())

    assert queries.find_upload(made.pk).asked_at is None


def test_ask_import_with_a_leaver_of_elsewhere_is_refused(school, by):
    made = upload(school, by, roster(row(1)))

    with pytest.raises(Refused, match="对不上"):
        actions.ask_import(upload=made, leavers=[PupilFactory().pk], by=by, at=clock.now())

    assert queries.find_upload(made.pk).asked_at is None


def test_ask_import_for_another_school_is_denied(school, by):
    made = upload(school, by, roster(row(1)))

    with pytest.raises(PermissionDenied):
        actions.ask_import(upload=made, leavers=[], by=coordinator_of(SchoolFactory()), at=clock.now())

    assert queries.find_upload(made.pk).asked_at is None


# ── tidy_uploads, and what the database promises ──


def test_tidy_uploads_empties_old_files_and_findings_alone(school, by):
    old = upload(school, by, roster(row(1)))
    new = upload(school, by, roster(row(1)))
    RosterUpload.objects.filter(pk=old.pk).update(made_at=clock.now() - timedelta(days=31))

    assert actions.tidy_uploads(at=clock.now()) == 1

    old, new = queries.find_upload(old.pk), queries.find_upload(new.pk)
    assert (bytes(old.file_sealed), bytes(old.findings_sealed)) == (b"", b"")
    assert queries.file_of(new) != b""
    assert queries.findings_of(old)["errors"] == []


@pytest.mark.parametrize(
    ("promise", "change"),
    [
        ("roster_applied_by_whom_and_when", {"applied_at": clock.now(), "file_sealed": b""}),
        ("roster_asked_by_whom_and_when", {"asked_at": clock.now()}),
        ("roster_applied_only_after_a_check", {"applied_at": clock.now(), "file_sealed": b"", "checked_at": None}),
        ("roster_file_emptied_once_applied", {"applied_at": clock.now()}),
    ],
)
def test_the_database_keeps_the_promises_of_an_upload(school, by, promise, change):
    made = upload(school, by, roster(row(1)))
    people = {"applied_by": by} if "applied_at" in change and promise != "roster_applied_by_whom_and_when" else {}

    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        RosterUpload.objects.filter(pk=made.pk).update(**change, **people)


def test_a_roll_number_is_kept_encrypted_and_once(school, by):
    import_(school, by, roster(row(1)))
    pupil = Pupil.objects.get()

    assert roll_number(1).encode() not in bytes(pupil.roll_sealed)
    assert pupil.roll_blind == crypto.blind(roll_number(1))
    with pytest.raises(IntegrityError, match="roll_blind"), transaction.atomic():
        PupilFactory(roll=roll_number(1))
