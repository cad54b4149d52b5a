"""A checked roster is asked to go in, and goes in whole or not at all."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, crypto, jobs, pinyin
from baiye.core.models import Event
from baiye.core.refusals import Refused
from baiye.schools.models import GuardianContact, Pupil, PupilCode, SchoolClass
from baiye.schools.roster import actions, queries
from baiye.schools.tests.factories import (
    GuardianContactFactory,
    PupilCodeFactory,
    PupilFactory,
    SchoolClassFactory,
    SchoolFactory,
    roll_number,
)
from baiye.schools.tests.people import coordinator_of, events
from baiye.schools.tests.rosters import counts, import_, roster, row, upload

pytestmark = pytest.mark.django_db


# ── apply_roster ──


def test_apply_roster_puts_everyone_in(school, by):
    made = import_(school, by, roster(row(1), row(2, school_class="七（12）班")))

    pupil = Pupil.objects.get(name="示例乙")
    assert (pupil.roll_number, pupil.sex, pupil.born_on, pupil.joined_on) == (
        roll_number(1),
        "F",
        date(2013, 9, 1),
        clock.today(),
    )
    assert pupil.school_class.name(clock.today()) == "七（3）班"
    assert [(contact.name, contact.phone) for contact in pupil.contacts.all()] == [("林建国", "15400000001")]
    assert {each.number for each in SchoolClass.objects.filter(school=school)} == {3, 12}
    assert (made.applied_by, bytes(made.file_sealed)) == (by, b"")


def test_apply_roster_writes_one_event_for_the_file_and_one_for_each_pupil(school, by):
    import_(school, by, roster(row(1), row(2)))

    assert events() == ["roster.uploaded", "pupil.added", "pupil.added", "roster.imported"]
    imported = Event.objects.get(kind="roster.imported")
    assert imported.facts == {"added": 2, "changed": 0, "moved": 0, "left": 0, "same": 0, "errors": 0}
    assert imported.unit_path == school.unit.path


def test_apply_roster_a_second_time_changes_nothing(school, by):
    import_(school, by, roster(row(1), row(2)))
    before = list(Pupil.objects.order_by("pk").values())
    contacts = list(GuardianContact.objects.order_by("pk").values())

    made = import_(school, by, roster(row(1), row(2)))

    assert counts(made) == {"same": 2}
    assert list(Pupil.objects.order_by("pk").values()) == before
    assert list(GuardianContact.objects.order_by("pk").values()) == contacts
    assert events().count("pupil.changed") == 0


def test_apply_roster_changes_what_differs_and_renames_the_account(school, by):
    import_(school, by, roster(row(1), row(2)))
    pupil = Pupil.objects.get(name="示例乙")
    pupil.user = UserFactory(kind="pupil", name="示例乙")
    pupil.save()

    import_(school, by, roster(row(1, name="欧阳一诺", school_class="七（4）班"), row(2)))

    pupil.refresh_from_db()
    assert (pupil.name, pupil.pinyin, pupil.user.name) == ("欧阳一诺", pinyin.key("欧阳一诺"), "欧阳一诺")
    assert pupil.school_class.number == 4
    assert events().count("pupil.moved") == 1


def test_apply_roster_replaces_guardians_but_keeps_those_others_vouched_for(school, by):
    import_(school, by, roster(row(1)))
    pupil = Pupil.objects.get()
    GuardianContactFactory(pupil=pupil, number="15499999999", added_by=by)

    import_(school, by, roster(row(1, guardian="王芳", phone="15400000077")))

    assert sorted((contact.name, contact.phone) for contact in pupil.contacts.exclude(added_by=by)) == [
        ("王芳", "15400000077")
    ]
    assert pupil.contacts.filter(added_by=by).count() == 1


def test_apply_roster_without_guardians_in_the_file_keeps_those_there_are(school, by):
    import_(school, by, roster(row(1)))

    made = import_(school, by, roster(row(1, guardian="", phone="")))

    assert counts(made) == {"same": 1}
    assert GuardianContact.objects.count() == 1


def test_apply_roster_marks_only_ticked_pupils_as_left_and_deletes_nobody(school, by):
    import_(school, by, roster(row(1), row(2), row(3)))
    gone = Pupil.objects.get(name="示例丙")
    PupilCodeFactory(pupil=gone)

    import_(school, by, roster(row(1)), leavers=[gone.pk])

    assert list(Pupil.objects.order_by("pk").values_list("name", "left_on")) == [
        ("示例乙", None),
        ("示例丙", clock.today()),
        ("示例丁", None),
    ]
    assert not PupilCode.objects.filter(revoked_at=None).exists()
    assert events().count("pupil.left") == 1


def test_apply_roster_leaves_rows_with_mistakes_out(school, by):
    import_(school, by, roster(row(1), row(2, sex="?")))

    assert list(Pupil.objects.values_list("name", flat=True)) == ["示例乙"]


def test_apply_roster_writes_nothing_when_the_database_changed_since_the_check(school, by):
    made = upload(school, by, roster(row(1), row(2)))
    PupilFactory(roll=roll_number(1), school_class=SchoolClassFactory(school=school))
    actions.ask_import(upload=made, leavers=[], by=by, at=clock.now())

    jobs.run_due()

    made = queries.find_upload(made.pk)
    assert made.stopped == "核对之后，名册又有了变动，这一次没有写入。已经重新核对，请再看一遍"
    assert (made.applied_at, made.asked_at) == (None, None)
    assert counts(made) == {"added": 1, "moved": 1}
    assert Pupil.objects.count() == 1


def test_apply_roster_that_fails_half_way_leaves_nothing_behind(school, by, monkeypatch):
    made = upload(school, by, roster(row(1), row(2)))
    actions.ask_import(upload=made, leavers=[], by=by, at=clock.now())
    monkeypatch.setattr(actions.write, "_write_contacts", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        actions.apply_roster(upload=queries.find_upload(made.pk), at=clock.now())

    assert not Pupil.objects.exists()
    assert not SchoolClass.objects.exists()
    assert events() == ["roster.uploaded"]


def test_apply_roster_gives_way_to_a_pupil_added_in_the_same_moment(school, by, monkeypatch):
    made = upload(school, by, roster(row(1)))
    actions.ask_import(upload=made, leavers=[], by=by, at=clock.now())

    def lose(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(actions.write, "write", lose)
    actions.apply_roster(upload=queries.find_upload(made.pk), at=clock.now())

    assert queries.find_upload(made.pk).stopped.startswith("导入时另一份名单先写了进去")


def test_apply_roster_after_the_grant_ended_is_denied(school, by):
    made = upload(school, by, roster(row(1)))
    actions.ask_import(upload=made, leavers=[], by=by, at=clock.now())
    by.grants.update(to_on=clock.today() - timedelta(days=1))

    with pytest.raises(PermissionDenied):
        actions.apply_roster(upload=queries.find_upload(made.pk), at=clock.now())

    assert not Pupil.objects.exists()


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


# ── what the database promises ──


def test_a_roll_number_is_kept_encrypted_and_once(school, by):
    import_(school, by, roster(row(1)))
    pupil = Pupil.objects.get()

    assert roll_number(1).encode() not in bytes(pupil.roll_sealed)
    assert pupil.roll_blind == crypto.blind(roll_number(1))
    with pytest.raises(IntegrityError, match="roll_blind"), transaction.atomic():
        PupilFactory(roll=roll_number(1))
