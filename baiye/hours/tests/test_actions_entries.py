"""Hours are entered once, from what both sides confirmed."""

from datetime import timedelta

import pytest

from baiye.attendance.tests.factories import MarkFactory, PastSeatFactory, attended_seat, confirmed_seat, events, sign
from baiye.core import clock, jobs
from baiye.hours import actions
from baiye.hours.models import HourEntry
from baiye.hours.tests.factories import ObjectionFactory, officer_of
from baiye.schools.tests.factories import PupilFactory

pytestmark = pytest.mark.django_db


def test_enter_hours_enters_what_is_earned_and_repeats_enter_nothing():
    seat = confirmed_seat()
    absent = PastSeatFactory(visit=seat.visit, pupil=PupilFactory(school_class=seat.pupil.school_class))

    assert (actions.enter_hours(visit=seat.visit, at=clock.now()), absent.hour_entries.count()) == (1, 0)
    assert actions.enter_hours(visit=seat.visit, at=clock.now()) == 0

    entry = HourEntry.objects.get()
    assert (entry.seat, entry.pupil, entry.minutes, entry.category) == (seat, seat.pupil, 160, "职业体验")
    assert events() == ["hours.entered"]


@pytest.mark.parametrize(("late_min", "entries"), [(15, 1), (16, 0)])
def test_enter_hours_for_who_came_late_enters_nothing(late_min, entries):
    seat = PastSeatFactory()
    MarkFactory(seat=seat, kind="in", at=seat.visit.starts_at + timedelta(minutes=late_min))
    MarkFactory(seat=seat, kind="out")
    sign(seat, "host")
    sign(seat, "school")

    assert actions.enter_hours(visit=seat.visit, at=clock.now()) == entries


def test_enter_hours_after_a_reversal_does_not_enter_again():
    objection = ObjectionFactory()
    actions.rule_on(objection=objection, upheld=True, ruling="查过", by=officer_of(objection.pupil), at=clock.now())

    assert actions.enter_hours(visit=objection.entry.seat.visit, at=clock.now()) == 0


def test_enter_hours_waits_for_a_second_look_at_late_marks():
    seat = attended_seat()
    sign(seat, "host")
    sign(seat, "school")
    late = attended_seat(visit=seat.visit, pupil=PupilFactory(school_class=seat.pupil.school_class))

    assert actions.enter_hours(visit=seat.visit, at=clock.now()) == 1
    sign(late, "host", 4)
    assert actions.enter_hours(visit=seat.visit, at=clock.now()) == 0
    sign(late, "school", 4)
    assert actions.enter_hours(visit=seat.visit, at=clock.now()) == 1


@pytest.mark.parametrize("count", [1, 4])
def test_enter_hours_of_takes_as_many_statements_for_four_visits_as_for_one(count, django_assert_num_queries):
    visits = [confirmed_seat().visit.pk for _ in range(count)]

    with django_assert_num_queries(9):  # savepoint ×2, visits, seats, facts, marks, confirmations, entries, events
        assert actions.enter_hours_of(visit_ids=visits, at=clock.now()) == count


def test_task_enters_the_hours_once_both_sides_confirmed():
    seat = confirmed_seat()
    jobs.later("hours.enter", visit_ids=[seat.visit_id])
    jobs.later("hours.enter", visit_ids=[seat.visit_id])

    jobs.run_due()

    assert HourEntry.objects.count() == 1
