"""Counts, rolls and verdicts, and what they cost."""

from datetime import timedelta

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance import queries
from baiye.attendance.models import Mark
from baiye.attendance.rule import Reason
from baiye.attendance.tests.factories import (
    MarkFactory,
    PastSeatFactory,
    PastVisitFactory,
    attended_seat,
    confirmed_seat,
    coordinator_of,
    instructor_of,
    sign,
)
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock, crypto
from baiye.schools.models import HealthNote
from baiye.schools.tests.factories import ClassTeacherFactory, ConsentFactory, PupilFactory, SchoolClassFactory
from baiye.visits.tests.factories import SeatFactory, VisitFactory

pytestmark = pytest.mark.django_db


def test_counts_of_counts_pupils_not_marks_and_no_voided_ones():
    visit = PastVisitFactory()
    twice, voided, _missing = PastSeatFactory.create_batch(3, visit=visit)
    MarkFactory(seat=twice)
    MarkFactory(seat=twice)
    MarkFactory(seat=twice, kind="out")
    MarkFactory(seat=voided, voided_at=clock.now(), voided_by=UserFactory())

    counts = queries.counts_of([visit.pk])[visit.pk]

    assert counts == queries.Counts(expected=3, arrived=1, left=1, marks=3)
    assert queries.counts_in(queries.roll(visit, clock.now())) == counts


def test_roll_takes_the_earliest_in_and_the_latest_out():
    seat = PastSeatFactory()
    start, end = seat.visit.starts_at, seat.visit.ends_at
    for minutes in (20, 3):
        MarkFactory(seat=seat, at=start + timedelta(minutes=minutes))
        MarkFactory(seat=seat, kind="out", at=end + timedelta(minutes=minutes))

    (row,) = queries.roll(seat.visit, clock.now())

    assert (row.in_at, row.out_at) == (start + timedelta(minutes=3), end + timedelta(minutes=20))
    assert (row.late_min, row.marks) == (3, 4)


def noted(visit):
    """A pupil on the visit whose guardian wrote of an allergy and of something the course has nothing to do with."""
    seat = SeatFactory(visit=visit)
    consent = ConsentFactory(pupil=seat.pupil, purpose="health")
    for hazard, note in (("food", "花生过敏"), ("flash", "怕闪光")):
        HealthNote.objects.create(pupil=seat.pupil, consent=consent, hazard=hazard, note_sealed=crypto.encrypt(note))
    return seat


@pytest.mark.parametrize(
    ("days", "shown"), [(-2, []), (-0.9, ["花生过敏"]), (0, ["花生过敏"]), (6.9, ["花生过敏"]), (7.2, [])]
)
def test_roll_shows_notes_of_the_courses_hazards_from_the_day_before_to_a_week_after(days, shown):
    visit = VisitFactory(version=CourseVersionFactory(hazards=["food"]))
    noted(visit)

    (row,) = queries.roll(visit, visit.starts_at + timedelta(days=days))

    assert row.notes == shown


def verdict_of(seat):
    return queries.verdicts([seat])[seat.pk].reason


def test_verdicts_follow_a_seat_from_nothing_to_credited():
    seat, reasons = PastSeatFactory(), []

    reasons.append(verdict_of(seat))
    MarkFactory(seat=seat)
    reasons.append(verdict_of(seat))
    MarkFactory(seat=seat, kind="out")
    reasons.append(verdict_of(seat))
    sign(seat, "host")
    reasons.append(verdict_of(seat))
    sign(seat, "school")
    reasons.append(verdict_of(seat))

    assert reasons == [Reason.NO_IN, Reason.NO_OUT, Reason.HOST_MISSING, Reason.SCHOOL_MISSING, Reason.CREDITED]


def test_verdicts_do_not_count_what_came_after_the_signatures():
    seat = PastSeatFactory()
    sign(seat, "host", 0)
    sign(seat, "school", 0)
    MarkFactory(seat=seat)
    MarkFactory(seat=seat, kind="out")

    assert verdict_of(seat) is Reason.UNSEEN


def test_verdicts_of_an_additional_later_mark_stay_credited():
    seat = confirmed_seat()
    MarkFactory(seat=seat, at=seat.visit.starts_at + timedelta(minutes=40))

    assert verdict_of(seat) is Reason.CREDITED


def test_verdicts_of_a_visit_are_those_of_its_held_seats():
    seat = confirmed_seat()
    PastSeatFactory(visit=seat.visit, given_up_at=clock.now(), given_up_by=UserFactory())

    assert set(queries.verdicts(seat.visit)) == {seat.pk}


@pytest.mark.parametrize("count", [1, 3])
def test_verdicts_cost_three_queries(count, django_assert_num_queries):
    seats = [confirmed_seat() for _ in range(count)]

    with django_assert_num_queries(3):  # seats, marks, confirmations
        queries.verdicts(seats)


def sheets_for(user):
    at = clock.now()
    return queries.sheets(queries.sheets_of(user, at), at)


def test_sheets_show_a_school_its_own_pupils_alone():
    seat = attended_seat()
    attended_seat(visit=seat.visit)

    (sheet,) = sheets_for(coordinator_of(seat.pupil))

    assert (sheet.unit, sheet.pupils, sheet.present, sheet.whole) == (seat.pupil.school_class.school.unit, 1, 1, True)


def test_sheets_show_a_class_teacher_that_other_classes_are_on_it():
    seat = attended_seat()
    other_class = SchoolClassFactory(school=seat.pupil.school_class.school)
    attended_seat(visit=seat.visit, pupil=PupilFactory(school_class=other_class))
    teacher = ClassTeacherFactory(school_class=seat.pupil.school_class).user

    (sheet,) = sheets_for(teacher)

    assert (sheet.pupils, sheet.whole, sheet.may_pick) == (1, False, False)


def test_sheets_are_open_until_signed_and_again_when_marks_come():
    seat = attended_seat()
    coordinator = coordinator_of(seat.pupil)
    before = sheets_for(coordinator)[0].is_open
    sign(seat, "school")
    signed = sheets_for(coordinator)[0].is_open
    MarkFactory(seat=seat, kind="out")

    assert (before, signed, sheets_for(coordinator)[0].is_open) == (True, False, True)
    assert queries.sheets_of(coordinator, clock.now()).filter(queries.OPEN).count() == 1


def test_sheets_of_visits_that_are_not_over_or_count_as_nothing_are_none():
    pupil = PupilFactory()
    SeatFactory(pupil=pupil)
    SeatFactory(pupil=pupil, visit__starts_at=clock.now() - timedelta(days=3))

    assert sheets_for(coordinator_of(pupil)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_sheets_cost_as_many_queries_for_three_as_for_one(count, django_assert_num_queries):
    first = attended_seat()
    for _ in range(count - 1):
        attended_seat(pupil=PupilFactory(school_class=first.pupil.school_class))
    coordinator = coordinator_of(first.pupil)

    with django_assert_num_queries(7):  # grants, rows, visits, units, confirmations, marks, sizes
        assert len(sheets_for(coordinator)) == count


def test_marks_at_are_those_of_ones_own_host():
    mark = MarkFactory()
    MarkFactory()

    assert list(queries.marks_at(instructor_of(mark.seat.visit))) == [mark]


def test_next_day_skips_days_without_visits():
    visit = VisitFactory(starts_at=clock.now() + timedelta(days=5))
    instructor = instructor_of(visit)

    assert queries.next_day(instructor, clock.today()) == clock.day_of(visit.starts_at)
    assert queries.next_day(instructor, clock.today() + timedelta(days=9)) is None


def test_marks_of_shows_voided_ones_too():
    mark = MarkFactory(voided_at=clock.now(), voided_by=UserFactory())

    assert list(queries.marks_of(mark.seat)) == list(Mark.objects.all())
