"""A roster is uploaded, checked and tidied away."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock, jobs
from baiye.core.refusals import Refused
from baiye.core.sheets.queries import file_of
from baiye.schools.models import Pupil, RosterUpload, SchoolClass
from baiye.schools.roster import actions, queries
from baiye.schools.tests.factories import PupilFactory, SchoolFactory, roll_number
from baiye.schools.tests.people import coordinator_of, events
from baiye.schools.tests.rosters import counts, import_, roster, row, upload, xlsx

pytestmark = pytest.mark.django_db


# ── upload_roster ──


def test_upload_roster_keeps_the_file_encrypted_and_queues_its_check(school, by):
    data = roster(row(1))

    made = actions.upload_roster(school=school, file_name="a.xlsx", data=data, for_year=2026, by=by, at=clock.now())

    assert data not in bytes(made.file_sealed)
    assert file_of(made) == data
    assert list(ProcrastinateJob.objects.values_list("task_name", flat=True)) == ["schools.check_roster"]
    assert events() == ["roster.uploaded"]


def test_upload_roster_of_a_macro_file_is_refused_and_leaves_nothing_behind(school, by):
    with pytest.raises(Refused, match="文件里带宏"):
        actions.upload_roster(school=school, file_name="a.xlsm", data=b"PK", for_year=2026, by=by, at=clock.now())

    assert not RosterUpload.objects.exists()
    assert not ProcrastinateJob.objects.exists()
    assert events() == []


def test_upload_roster_for_another_school_is_denied_and_leaves_nothing_behind(school):
    with pytest.raises(PermissionDenied):
        actions.upload_roster(
            school=school,
            file_name="a.csv",
            data=b"a",
            for_year=2026,
            by=coordinator_of(SchoolFactory()),
            at=clock.now(),
        )

    assert not RosterUpload.objects.exists()
    assert events() == []


# ── check_roster ──


def test_check_roster_counts_and_changes_nothing(school, by):
    made = upload(school, by, roster(row(1), row(2), row(3, phone="154")))

    assert counts(made) == {"added": 2, "errors": 1}
    assert (made.rows_total, made.rows_done) == (3, 3)
    assert not Pupil.objects.exists()
    assert not SchoolClass.objects.exists()


def test_check_roster_shows_what_changes_field_by_field(school, by):
    import_(school, by, roster(row(1), row(2)))

    changed = row(1, name="示例改", phone="15400000099", school_class="七（4）班")
    found = queries.findings_of(upload(school, by, roster(changed, row(2))))

    (line,) = found["moved"]
    assert line["fields"] == {
        "name": ["示例乙", "示例改"],
        "class": ["七（3）班", "七（4）班"],
        "guardian": ["林建国 154****0001", "林建国 154****0099"],
    }
    assert line["roll"] == "G990000********" + roll_number(1)[-4:]


def test_check_roster_suggests_who_is_missing_in_the_grades_of_the_file(school, by):
    import_(school, by, roster(row(1), row(2), row(3, grade="八年级", school_class="八（1）班")))

    made = upload(school, by, roster(row(1)))

    assert counts(made) == {"same": 1, "left": 1}
    assert [line["pk"] for line in queries.findings_of(made)["left"]] == [Pupil.objects.get(name="示例丙").pk]


def test_check_roster_suggests_nobody_whose_own_row_is_unreadable(school, by):
    import_(school, by, roster(row(1), row(2), row(3)))

    made = upload(school, by, roster(row(1), row(2).but(roll="G1"), row(3, sex="?")))

    assert counts(made) == {"same": 1, "errors": 2}


def test_check_roster_refuses_a_pupil_of_another_school(school, by):
    PupilFactory(roll=roll_number(1))

    made = upload(school, by, roster(row(1)))

    (error,) = queries.findings_of(made)["errors"]
    assert (error["code"], error["value"]) == ("roll_elsewhere", "G990000********" + roll_number(1)[-4:])
    assert counts(made) == {"errors": 1}


def test_check_roster_moves_between_schools_in_scope(school):
    grant = GrantFactory(role="school_coordinator", unit=school.unit)
    there = SchoolFactory()
    GrantFactory(role="school_coordinator", unit=there.unit, user=grant.user)
    pupil = PupilFactory(roll=roll_number(1), school_class__school=there)

    import_(school, grant.user, roster(row(1)))

    pupil.refresh_from_db()
    assert (pupil.school_class.school, pupil.joined_on) == (school, clock.today())


def test_check_roster_takes_in_who_left_another_school(school, by):
    pupil = PupilFactory(roll=roll_number(1), left_on=clock.today())

    made = import_(school, by, roster(row(1)))

    pupil.refresh_from_db()
    assert counts(made) == {"moved": 1}
    assert (pupil.school_class.school, pupil.left_on, pupil.joined_on) == (school, None, clock.today())


def test_check_roster_of_a_file_without_a_header_refuses_the_file_and_empties_it(school, by):
    made = upload(school, by, xlsx([["课程", "地点"]]))

    assert made.refused == "没找到表头。表头里至少要有“学籍号”“姓名”“班级”，可以下载模板对照"
    assert bytes(made.file_sealed) == b""


def test_check_roster_twice_finds_the_same(school, by):
    made = upload(school, by, roster(row(1)))

    actions.check_roster(upload=made, at=clock.now())

    assert queries.find_upload(made.pk).plan == made.plan


def test_check_roster_that_fails_half_way_says_so(school, by, monkeypatch):
    made = actions.upload_roster(
        school=school, file_name="a.xlsx", data=roster(row(1)), for_year=2026, by=by, at=clock.now()
    )
    monkeypatch.setattr(queries, "known_pupils", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        actions.check_roster(upload=queries.find_upload(made.pk), at=clock.now())

    assert queries.find_upload(made.pk).refused.startswith("核对到一半出了错，名册没有变")


# ── tidy_uploads, and what the database promises ──


def test_tidy_uploads_empties_old_files_and_findings_alone(school, by):
    old = upload(school, by, roster(row(1)))
    new = upload(school, by, roster(row(1)))
    RosterUpload.objects.filter(pk=old.pk).update(made_at=clock.now() - timedelta(days=31))

    assert actions.tidy_uploads(at=clock.now()) == 1

    old, new = queries.find_upload(old.pk), queries.find_upload(new.pk)
    assert (bytes(old.file_sealed), bytes(old.findings_sealed)) == (b"", b"")
    assert file_of(new) != b""
    assert queries.findings_of(old)["errors"] == []


def test_apply_roster_when_the_file_was_emptied_says_so_and_does_not_wait_for_ever(school, by):
    made = upload(school, by, roster(row(1)))
    actions.tidy_uploads(at=clock.now() + timedelta(days=31))

    actions.ask_import(upload=made, leavers=[], by=by, at=clock.now())
    jobs.run_due()

    made = queries.find_upload(made.pk)
    assert (made.asked_at, made.refused) == (None, "文件已经按规定清空，请重新上传")


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
