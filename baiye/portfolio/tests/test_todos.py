"""The home page reminds a pupil of what is not written yet."""

from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.attendance.tests.factories import PastSeatFactory
from baiye.core import clock
from baiye.core.todos import todos
from baiye.portfolio.tests.factories import ReflectionFactory, visited_seat
from baiye.schools.tests.factories import GuardianshipFactory

pytestmark = pytest.mark.django_db


def reminders(pupil, by):
    return [todo.url for todo in todos(pupil.pk, by, clock.now()) if todo.url.startswith("/portfolio/")]


def test_reflections_name_the_newest_visit_that_is_not_written_about():
    newer = visited_seat()
    pupil = newer.pupil
    visited_seat(pupil=pupil, seat__visit__starts_at=clock.now() - timedelta(days=9))

    assert reminders(pupil, pupil.user) == [reverse("portfolio:visit", args=[newer.pk])]


def test_reflections_say_nothing_when_all_is_written_or_nobody_came():
    seat = visited_seat()
    ReflectionFactory(seat=seat)
    PastSeatFactory(pupil=seat.pupil, visit__starts_at=clock.now() - timedelta(days=4))

    assert reminders(seat.pupil, seat.pupil.user) == []


def test_reflections_are_the_pupils_own_not_the_guardians():
    pupil = visited_seat().pupil

    assert reminders(pupil, GuardianshipFactory(pupil=pupil).user) == []
