"""Marks, voids and confirmations: done, refused, denied, and nothing left behind."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.attendance import actions, passes
from baiye.attendance.actions import Marking
from baiye.attendance.models import Confirmation, Mark
from baiye.attendance.tests.factories import (
    ConfirmationFactory,
    MarkFactory,
    PastSeatFactory,
    PastVisitFactory,
    attended_seat,
    coordinator_of,
    events,
    instructor_of,
    sign,
)
from baiye.core import clock
from baiye.core.models import Event
from baiye.schools.tests.factories import ClassTeacherFactory, PupilFactory, SchoolClassFactory
from baiye.visits.tests.factories import SeatFactory

pytestmark = pytest.mark.django_db


def marking(seat, kind="in", **fields):
    visit = seat.visit
    at = visit.starts_at if kind == "in" else visit.ends_at
    named = {} if {"token", "code"} & fields.keys() else {"seat": seat.pk}
    return Marking(**{"id": uuid.uuid4(), "kind": kind, "at": at, "source": "roll"} | named | fields)


def record(seat, *markings):
    return actions.record_marks(visit=seat.visit, marks=markings, by=instructor_of(seat.visit))


# ── record_marks ──


def test_record_marks_takes_pass_code_and_name_alike():
    seats = PastSeatFactory.create_batch(3, visit=PastVisitFactory())
    spoken = f" {seats[1].code[:3].lower()} {seats[1].code[3:]}"
    markings = [
        marking(seats[0], token=passes.token(seats[0]), source="qr"),
        marking(seats[1], code=spoken, source="code"),
        marking(seats[2]),
    ]

    outcomes = record(seats[0], *markings)

    assert [(outcome.status, outcome.seat) for outcome in outcomes] == [("new", seat) for seat in seats]
    assert set(Mark.objects.values_list("seat", "source")) == {
        (seats[0].pk, "qr"),
        (seats[1].pk, "code"),
        (seats[2].pk, "roll"),
    }
    assert events() == ["marks.recorded"]
    assert Event.objects.get(kind="marks.recorded").facts == {"came": 3, "went": 0}


def test_record_marks_sent_twice_is_the_same_mark():
    seat = PastSeatFactory()
    once = marking(seat)
    record(seat, once)

    (outcome,) = record(seat, once)

    assert (outcome.status, Mark.objects.count(), events()) == ("same", 1, ["marks.recorded"])


def test_record_marks_by_two_devices_keeps_both():
    seat = PastSeatFactory()

    outcomes = record(seat, marking(seat), marking(seat))

    assert [outcome.sentence for outcome in outcomes] == ["", "先前已经记过一次，两条都留着"]
    assert Mark.objects.count() == 2


def test_record_marks_keeps_the_good_ones_and_says_what_is_wrong_with_the_others():
    seat = PastSeatFactory()
    other = PastSeatFactory()
    given_up = PastSeatFactory(visit=seat.visit, given_up_at=clock.now(), given_up_by=UserFactory())
    used = MarkFactory(seat=seat, kind="out")

    outcomes = record(
        seat,
        marking(seat),
        marking(seat, token=passes.token(other)),
        marking(seat, token=passes.token(seat)[:-1] + "="),
        marking(seat, token="https://example.org/"),
        marking(seat, code="ZZZZZZ"),
        marking(given_up),
        marking(seat, at=seat.visit.ends_at + timedelta(hours=4)),
        marking(seat, id=used.pk),
    )

    assert [outcome.sentence for outcome in outcomes] == [
        "",
        "这一场的名单里没有这位同学，请看看是不是别的场次",
        "这个签到码不对，请让同学刷新后再扫",
        "这不是百业的签到码",
        "这一场的名单里没有这位同学，请看看是不是别的场次",
        "这一场的名单里没有这位同学，请看看是不是别的场次",
        "时间离这一场太远了，只能记前后 3 小时内的",
        "这条记录的编号已经用过了，请重新签一次",
    ]
    assert Mark.objects.filter(seat=seat, kind="in").count() == 1


def test_record_marks_by_another_host_is_denied_and_leaves_nothing_behind():
    seat, other = PastSeatFactory(), PastVisitFactory()

    with pytest.raises(PermissionDenied):
        actions.record_marks(visit=seat.visit, marks=[marking(seat)], by=instructor_of(other))

    assert not Mark.objects.exists()
    assert events() == []


@pytest.mark.parametrize("count", [1, 40])
def test_record_marks_takes_as_many_statements_for_forty_as_for_one(count, django_assert_num_queries):
    visit = PastVisitFactory(seats=40)
    seats = PastSeatFactory.create_batch(count, visit=visit)
    instructor = instructor_of(visit)

    with django_assert_num_queries(9):  # grants, savepoint ×2, lock, seats, known ids, marked, insert, event
        actions.record_marks(visit=visit, marks=[marking(seat) for seat in seats], by=instructor)

    assert Mark.objects.count() == count


# ── roll_call ──


def test_roll_call_marks_those_without_a_mark_and_repeats_mark_nobody():
    visit = PastVisitFactory()
    here, missing = PastSeatFactory.create_batch(2, visit=visit)
    MarkFactory(seat=here)
    call = {"visit": visit, "kind": "in", "batch": uuid.uuid4(), "by": instructor_of(visit), "at": visit.starts_at}

    assert (actions.roll_call(**call), actions.roll_call(**call)) == (1, 0)

    assert Mark.objects.get(source="roll").seat == missing


def test_roll_call_out_leaves_out_who_never_came():
    visit = PastVisitFactory()
    here, _missing = PastSeatFactory.create_batch(2, visit=visit)
    MarkFactory(seat=here)

    actions.roll_call(visit=visit, kind="out", batch=uuid.uuid4(), by=instructor_of(visit), at=visit.ends_at)

    assert list(Mark.objects.filter(kind="out").values_list("seat", flat=True)) == [here.pk]


def test_roll_call_at_a_wrong_time_is_refused_and_leaves_nothing_behind():
    seat = PastSeatFactory()
    late = seat.visit.ends_at + timedelta(hours=9)

    with pytest.raises(actions.MarkRefused, match="时间离这一场太远了"):
        actions.roll_call(visit=seat.visit, kind="in", batch=uuid.uuid4(), by=instructor_of(seat.visit), at=late)

    assert not Mark.objects.exists()


# ── void_mark ──


def test_void_mark_keeps_the_row_and_says_who():
    mark = MarkFactory()
    instructor, at = instructor_of(mark.seat.visit), clock.now()

    actions.void_mark(mark=mark, by=instructor, at=at)

    mark.refresh_from_db()
    assert (mark.voided_by, mark.voided_at) == (instructor, at)
    assert events() == ["mark.voided"]


def test_void_mark_twice_is_refused():
    mark = MarkFactory()
    instructor = instructor_of(mark.seat.visit)
    actions.void_mark(mark=mark, by=instructor, at=clock.now())

    with pytest.raises(actions.MarkRefused, match="早先已经撤掉了"):
        actions.void_mark(mark=mark, by=instructor, at=clock.now())


def test_void_mark_after_the_host_confirmed_is_refused_and_leaves_nothing_behind():
    mark = MarkFactory()
    sign(mark.seat, "host", 1)

    with pytest.raises(actions.MarkRefused, match="基地已经确认了这一场"):
        actions.void_mark(mark=mark, by=instructor_of(mark.seat.visit), at=clock.now())

    mark.refresh_from_db()
    assert (mark.voided_at, events()) == (None, [])


def test_void_mark_by_another_host_is_denied():
    mark = MarkFactory()

    with pytest.raises(PermissionDenied):
        actions.void_mark(mark=mark, by=instructor_of(PastVisitFactory()), at=clock.now())


# ── confirm ──


def as_host(seat, **fields):
    visit = seat.visit
    facts = {"side": "host", "unit": visit.venue.host.unit, "present": 1, "at": clock.now()}
    return actions.confirm(visit=visit, **facts | {"by": instructor_of(visit)} | fields)


def as_school(seat, **fields):
    facts = {"side": "school", "unit": seat.pupil.school_class.school.unit, "present": 1, "at": clock.now()}
    return actions.confirm(visit=seat.visit, **facts | {"by": coordinator_of(seat.pupil)} | fields)


def jobs_queued():
    return list(ProcrastinateJob.objects.values_list("task_name", "args"))


def test_confirm_by_both_sides_queues_the_ledger_once():
    seat = attended_seat()

    as_host(seat)
    assert jobs_queued() == []
    as_school(seat)

    assert jobs_queued() == [("hours.enter", {"visit_ids": [seat.visit_id]})]
    assert events() == ["visit.confirmed_by_host", "visit.confirmed_by_school"]


def test_confirm_in_the_other_order_queues_it_too():
    seat = attended_seat()

    as_school(seat)
    as_host(seat)

    assert jobs_queued() == [("hours.enter", {"visit_ids": [seat.visit_id]})]


def test_confirm_twice_gives_the_same_row():
    seat = attended_seat()
    first = as_host(seat)

    again = as_host(seat)

    assert (again, Confirmation.objects.count(), events()) == (first, 1, ["visit.confirmed_by_host"])


def test_confirm_again_after_later_marks_is_a_further_confirmation():
    seat = attended_seat()
    as_host(seat)
    late = attended_seat(visit=seat.visit)

    further = as_host(late, present=2)

    assert (further.marks_seen, Confirmation.objects.count()) == (4, 2)


def test_confirm_again_after_a_mark_was_taken_back_and_another_made_is_a_further_confirmation():
    seat = attended_seat()
    first = as_school(seat)
    instructor = instructor_of(seat.visit)
    actions.void_mark(mark=seat.marks.get(kind="out"), by=instructor, at=clock.now())
    MarkFactory(seat=seat, kind="out")

    again = as_school(seat)

    assert (again == first, again.marks_seen, Confirmation.objects.count()) == (False, 3, 2)


def test_confirm_before_the_end_is_refused():
    seat = SeatFactory()

    with pytest.raises(actions.ConfirmationRefused, match="体验还没结束"):
        as_host(seat)


def test_confirm_of_another_head_count_needs_a_note():
    seat = attended_seat()

    with pytest.raises(actions.ConfirmationRefused, match="签到的是 1 人，您写的是 2 人"):
        as_host(seat, present=2)

    assert as_host(seat, present=2, note="一位没带手机").present == 2


def test_confirm_by_the_same_person_for_both_sides_is_refused_and_leaves_nothing_behind():
    seat = attended_seat()
    both = instructor_of(seat.visit)
    GrantFactory(user=both, unit=seat.pupil.school_class.school.unit)
    as_host(seat, by=both)

    with pytest.raises(actions.ConfirmationRefused, match="要由两个人分别确认"):
        as_school(seat, by=both)

    assert (Confirmation.objects.count(), events(), jobs_queued()) == (1, ["visit.confirmed_by_host"], [])


def test_confirm_for_a_school_without_pupils_on_it_is_refused():
    seat = attended_seat()
    other = PupilFactory()

    with pytest.raises(actions.ConfirmationRefused, match="没有这所学校的学生"):
        as_school(seat, unit=other.school_class.school.unit, by=coordinator_of(other), present=0)


def test_confirm_by_the_class_teacher_of_all_its_pupils_is_done():
    seat = attended_seat()
    teacher = ClassTeacherFactory(school_class=seat.pupil.school_class).user

    assert as_school(seat, by=teacher).by == teacher


def test_confirm_by_the_class_teacher_of_some_of_its_pupils_is_denied():
    seat = attended_seat()
    teacher = ClassTeacherFactory(school_class=seat.pupil.school_class).user
    other_class = SchoolClassFactory(school=seat.pupil.school_class.school)
    attended_seat(visit=seat.visit, pupil=PupilFactory(school_class=other_class))

    with pytest.raises(PermissionDenied):
        as_school(seat, by=teacher, present=2)

    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("side", ["host", "school"])
def test_confirm_by_a_stranger_is_denied_and_leaves_nothing_behind(side):
    seat = attended_seat()
    stranger = coordinator_of(PupilFactory())

    with pytest.raises(PermissionDenied):
        as_host(seat, by=stranger) if side == "host" else as_school(seat, by=stranger)

    assert not Confirmation.objects.exists()
    assert events() == []


def test_confirm_by_a_host_for_another_hosts_visit_is_denied():
    seat, other = attended_seat(), PastVisitFactory()

    with pytest.raises(PermissionDenied):
        as_host(seat, unit=other.venue.host.unit, by=instructor_of(other))


@pytest.mark.parametrize("count", [1, 5])
def test_confirm_many_takes_as_many_statements_for_five_visits_as_for_one(count, django_assert_num_queries):
    first = attended_seat()
    school = first.pupil.school_class
    seats = [first, *(attended_seat(pupil=PupilFactory(school_class=school)) for _ in range(count - 1))]
    for seat in seats:
        ConfirmationFactory(visit=seat.visit)
    by = coordinator_of(first.pupil)
    visits = [seat.visit for seat in seats]

    with django_assert_num_queries(11):  # savepoint ×2, grants, pupils ×2, lock, marks, signed, insert, events, job
        actions.confirm_many(visits=visits, side="school", unit=school.school.unit, by=by, at=clock.now())

    assert jobs_queued() == [("hours.enter", {"visit_ids": sorted(visit.pk for visit in visits)})]
