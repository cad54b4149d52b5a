"""Balances, half-days, notices and progress, and what they cost."""

from datetime import date, timedelta

import pytest

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.attendance.tests.factories import MarkFactory, PastSeatFactory, confirmed_seat, coordinator_of
from baiye.core import clock
from baiye.hours import actions, progress, queries
from baiye.hours.models import HourEntry
from baiye.hours.queries import Balance
from baiye.hours.tests.factories import (
    CertificateFactory,
    HourEntryFactory,
    NoticeLineFactory,
    ObjectionFactory,
    PublicNoticeFactory,
)
from baiye.registry.tests.factories import AccreditedHostFactory
from baiye.schools.tests.factories import (
    ClassTeacherFactory,
    GuardianshipFactory,
    PupilFactory,
    SchoolClassFactory,
    SchoolDayFactory,
)
from baiye.visits.tests.factories import SeatFactory

pytestmark = pytest.mark.django_db


def vocational_entry(pupil, days_ago=1):
    """Four class hours at a vocational school."""
    seat = confirmed_seat(
        pupil=pupil,
        visit__starts_at=clock.now() - timedelta(days=days_ago, minutes=180),
        visit__version__course__host=AccreditedHostFactory(is_vocational=True),
    )
    return HourEntryFactory(pupil=pupil, seat=seat)


def reverse(entry):
    return HourEntryFactory(
        pupil=entry.pupil, seat=entry.seat, minutes=-entry.minutes, reverses=entry, reason="错", made_by=UserFactory()
    )


# ── balance ──


def test_balance_adds_up_by_category_and_vocational():
    pupil, nobody = PupilFactory(), PupilFactory()
    vocational_entry(pupil)
    HourEntryFactory(pupil=pupil, seat=confirmed_seat(pupil=pupil, visit__starts_at=clock.now() - timedelta(days=5)))

    found = queries.balance([pupil.pk, nobody.pk])

    assert found == {pupil.pk: Balance({"职业体验": 320}, 160), nobody.pk: Balance()}
    assert (found[pupil.pk].hours("职业体验"), found[pupil.pk].vocational_hours) == (8, 4)
    assert (found[pupil.pk].vocational_owed, found[pupil.pk].owed("职业体验")) == (12, 24)


def test_balance_leaves_out_what_was_taken_back():
    entry = HourEntryFactory()
    reverse(entry)

    assert queries.balance([entry.pupil_id])[entry.pupil_id].hours("职业体验") == 0
    assert not queries.standing().exists()


@pytest.mark.parametrize("flag", ["职业体验", "公益劳动", "社会考察", "安全实训"])
def test_balance_keeps_the_four_kinds_apart(flag):
    seat = confirmed_seat(visit__counts_as=flag)
    HourEntryFactory(pupil=seat.pupil, seat=seat, category=flag)

    balance = queries.balance([seat.pupil_id])[seat.pupil_id]

    assert {kind for kind in ("职业体验", "公益劳动", "社会考察", "安全实训") if balance.hours(kind)} == {flag}


@pytest.mark.parametrize("count", [1, 3])
def test_balance_costs_one_query(count, django_assert_num_queries):
    pupils = [HourEntryFactory().pupil_id for _ in range(count)]

    with django_assert_num_queries(1):
        queries.balance(pupils)


# ── half-days ──


def test_half_days_say_what_each_brought_or_why_nothing():
    pupil = PupilFactory()
    entry = vocational_entry(pupil, days_ago=1)
    late = PastSeatFactory(pupil=pupil, visit__starts_at=clock.now() - timedelta(days=3))
    MarkFactory(seat=late, at=late.visit.starts_at + timedelta(minutes=20))
    taken_back = vocational_entry(pupil, days_ago=5)
    reverse(taken_back)
    SeatFactory(pupil=pupil)  # still to come

    days = queries.half_days(pupil, clock.now())

    assert [(day.entry, day.verdict.reason.value) for day in days] == [(entry, ""), (None, "late"), (None, "")]
    assert days[2].reversal.reason == "错"


@pytest.mark.parametrize("count", [1, 3])
def test_half_days_cost_five_queries(count, django_assert_num_queries):
    pupil = PupilFactory()
    for days_ago in range(1, count + 1):
        NoticeLineFactory(entry=vocational_entry(pupil, days_ago))

    with django_assert_num_queries(5):  # seats; facts, marks, confirmations; entries with their notices
        days = queries.half_days(pupil, clock.now())
        assert [day.entry.notice_line.notice.title for day in days if day.entry]


# ── notices ──


def test_notices_for_families_teachers_and_officers_are_those_of_their_schools():
    line = NoticeLineFactory()
    PublicNoticeFactory()
    pupil = line.entry.pupil
    school_class = pupil.school_class
    people = [
        GuardianshipFactory(pupil=pupil).user,
        ClassTeacherFactory(school_class=school_class).user,
        coordinator_of(pupil),
        GrantFactory(role="coordinator", unit=school_class.school.unit.parent).user,
    ]

    assert [list(queries.notices_for(person)) for person in people] == [[line.notice]] * 4
    assert not queries.notices_for(GrantFactory(role="host_manager").user).exists()


def test_notice_rows_leave_what_was_taken_back_out_of_the_sum():
    line = NoticeLineFactory()
    reverse(line.entry)

    (row,) = queries.notice_rows(line.notice, list(queries.pupils_on(line.notice)), own=[])

    assert (row.hours, [queries.is_reversed(entry) for entry in row.lines], row.own) == (0, [True], False)


@pytest.mark.parametrize(
    ("starts", "days", "ends"),
    [
        (date(2026, 11, 2), 5, date(2026, 11, 6)),  # Monday to Friday
        (date(2026, 11, 5), 5, date(2026, 11, 11)),  # over a weekend
        (date(2026, 11, 7), 1, date(2026, 11, 9)),  # from a Saturday
        (date(2026, 9, 28), 5, date(2026, 10, 10)),  # over the National Day week, Saturday 10 October is worked
    ],
)
def test_shortest_end_counts_working_days(starts, days, ends):
    for on in range(1, 8):
        SchoolDayFactory(on=date(2026, 10, on), kind="holiday")
    SchoolDayFactory(on=date(2026, 10, 10), kind="workday")
    if starts.month == 9:
        SchoolDayFactory(on=date(2026, 10, 8), kind="holiday")

    assert queries.shortest_end(starts, days) == ends


# ── certificates ──


def test_certifiable_is_what_stands_after_its_notice_without_objection():
    good = NoticeLineFactory(ended=True).entry
    NoticeLineFactory()
    ObjectionFactory(line=NoticeLineFactory(ended=True))
    reverse(NoticeLineFactory(ended=True).entry)

    assert list(queries.certifiable(clock.today())) == [good]


def test_find_certificate_by_number_asks_for_the_check_code_too():
    certificate = CertificateFactory()

    found = queries.find_certificate_by_number

    assert found(certificate.number, certificate.check_code) == certificate
    assert found(certificate.number, "00000000") is None
    assert found("BY1", certificate.check_code) is None


# ── progress ──


def test_progress_counts_each_pupil_up_to_the_quota():
    pupil = PupilFactory()
    for days_ago in range(1, 6):
        vocational_entry(pupil, days_ago)
    PupilFactory(school_class=pupil.school_class)
    PupilFactory(school_class=pupil.school_class, left_on=clock.today())

    reached = progress.progress_of([pupil.school_class_id])[pupil.school_class_id]

    assert reached == progress.Progress(pupils=2, done=1, minutes=640, begun=1)
    assert reached.hours_each == 8


def test_progress_by_school_adds_its_classes():
    first = SchoolClassFactory()
    second = SchoolClassFactory(school=first.school)
    PupilFactory(school_class=first)
    PupilFactory.create_batch(2, school_class=second)
    user = GrantFactory(unit=first.school.unit).user
    classes = list(progress.classes_of_desk(user, clock.today()))

    totals = progress.by_school(classes, progress.progress_of([one.pk for one in classes]))

    assert {unit: each.pupils for unit, each in totals.items()} == {first.school.unit: 3}


def test_work_at_a_school_names_what_waits():
    waiting = HourEntryFactory()
    school_class = waiting.pupil.school_class
    running = NoticeLineFactory(entry__pupil=PupilFactory(school_class=school_class))
    NoticeLineFactory(ended=True, entry__pupil=PupilFactory(school_class=school_class))
    ObjectionFactory(line=running)

    work = progress.work_at(coordinator_of(waiting.pupil), school_class.school.unit, clock.today())

    assert (work.to_notice, work.running, work.open_objections, work.to_certify) == (1, [running.notice], 1, 1)
    assert (work.may_notice, work.may_certify) == (True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_class_rows_cost_as_many_queries_for_three_pupils_as_for_one(count, django_assert_num_queries):
    school_class = SchoolClassFactory()
    for _ in range(count):
        pupil = PupilFactory(school_class=school_class)
        HourEntryFactory(pupil=pupil)
        PastSeatFactory(pupil=pupil, visit__starts_at=clock.now() - timedelta(days=4))

    with django_assert_num_queries(8):  # pupils, sums, seats, standing; facts, marks, confirmations; certificates
        rows = progress.class_rows(school_class, clock.now())

    assert [(row.attended, row.why) for row in rows] == [(1, ["没有签到记录，这半天不计课时"])] * count


# ── export ──


def test_lines_to_export_say_who_recorded_and_checked_and_what_was_objected():
    line = NoticeLineFactory(ended=True)
    ObjectionFactory(line=line, upheld=False, ruling="没有错", ruled_by=UserFactory(), ruled_at=clock.now())
    visit = line.entry.seat.visit

    (found,) = queries.lines_to_export(line.notice.school_unit, clock.today())

    names = dict(visit.confirmations.values_list("side", "by__name"))
    assert (found.entry, found.recorded_by, found.checked_by) == (line.entry, names["host"], names["school"])
    assert (found.objections, found.reversal) == (1, None)


def test_lines_to_export_tell_of_what_was_taken_back():
    line = NoticeLineFactory(ended=True)
    coordinator = coordinator_of(line.entry.pupil)
    objection = actions.object_to(
        notice=line.notice, pupil=line.entry.pupil, entry=line.entry, text="查出来了", by=coordinator, at=clock.now()
    )
    assert queries.lines_to_export(line.notice.school_unit, clock.today()) == []
    officer = GrantFactory(role="district_officer", unit=line.notice.school_unit.parent).user
    actions.rule_on(objection=objection, upheld=True, ruling="没有到场", by=officer, at=clock.now())

    (found,) = queries.lines_to_export(line.notice.school_unit, clock.today())

    assert (found.reversal, found.reversal.reason) == (HourEntry.objects.last(), "没有到场")


@pytest.mark.parametrize("count", [1, 3])
def test_lines_to_export_cost_four_queries(count, django_assert_num_queries):
    first = NoticeLineFactory(ended=True)
    for _ in range(count - 1):
        NoticeLineFactory(ended=True, entry__pupil=PupilFactory(school_class=first.entry.pupil.school_class))

    with django_assert_num_queries(4):  # entries, confirmations, objections, terms
        assert len(queries.lines_to_export(first.notice.school_unit, clock.today())) == count
