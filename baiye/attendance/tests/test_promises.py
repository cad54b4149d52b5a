"""What the database holds about marks and confirmations, each promise broken once."""

import pytest
from django.db import IntegrityError, connection, transaction

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.models import Confirmation, Mark
from baiye.attendance.tests.factories import (
    ConfirmationFactory,
    MarkFactory,
    PastSeatFactory,
    sign,
)
from baiye.core import clock

pytestmark = pytest.mark.django_db


def refused(sentence):
    return pytest.raises(IntegrityError, match=sentence)


def test_mark_voided_says_who_and_when():
    with refused("mark_voided_by_whom_and_when"):
        MarkFactory(voided_at=clock.now())


@pytest.mark.parametrize("change", [{"kind": "out"}, {"at": clock.now()}, {"note": "改一下"}, {"source": "roll"}])
def test_mark_changes_only_by_being_voided(change):
    mark = MarkFactory()

    with refused("mark .* changes only by being voided"):
        Mark.objects.filter(pk=mark.pk).update(**change)


def test_mark_is_voided_once():
    mark = MarkFactory(voided_at=clock.now(), voided_by=UserFactory())

    with refused("changes only by being voided, once"):
        Mark.objects.filter(pk=mark.pk).update(voided_at=clock.now(), voided_by=UserFactory())


def test_mark_is_not_voided_once_the_host_confirmed():
    mark = MarkFactory()
    sign(mark.seat, "host", 1)

    with refused("is confirmed by the host"):
        Mark.objects.filter(pk=mark.pk).update(voided_at=clock.now(), voided_by=UserFactory())


def test_mark_stands_on_a_held_seat_only():
    seat = PastSeatFactory(given_up_at=clock.now(), given_up_by=UserFactory())

    with refused("a seat that was given up"):
        MarkFactory(seat=seat)


@pytest.mark.parametrize("table", ["attendance_mark", "attendance_confirmation"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_marks_and_confirmations_keep_their_rows(table, statement):
    with refused("what was said at the door stays"), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_confirmation_never_changes():
    confirmation = ConfirmationFactory()

    with refused("what was said at the door stays"):
        Confirmation.objects.filter(pk=confirmation.pk).update(present=30)


def test_confirmation_stands_once_a_side_for_the_same_marks():
    confirmation = ConfirmationFactory(marks_seen=4)
    ConfirmationFactory(visit=confirmation.visit, by=confirmation.by, marks_seen=6)

    with refused("confirmation_once_a_side_for_the_same_marks"):
        ConfirmationFactory(visit=confirmation.visit, marks_seen=4)


def test_confirmation_of_both_sides_is_by_two_people():
    seat = PastSeatFactory()
    by = sign(seat, "host").by
    school = seat.pupil.school_class.school.unit

    with refused("confirmation_by_two_different_people"), transaction.atomic():
        ConfirmationFactory(visit=seat.visit, side="school", unit=school, by=by)

    ConfirmationFactory(visit=seat.visit, side="school", unit=school)
