"""An offer that waits for an answer stands in the calendar until its deadline; answered, no copy of it leaves."""

from datetime import timedelta

import pytest

from baiye.bookings.actions.cancellations import cancel
from baiye.bookings.actions.promotions import promote
from baiye.bookings.models import Booking
from baiye.bookings.tests.test_actions_offers import NOON, full_with_line, guardian_of
from baiye.core import clock, messages_kinds
from baiye.core.models import Message
from baiye.core.tests.factories import MessageFactory
from baiye.visits import calendar_entries, telling_changes
from baiye.visits.models import Visit

pytestmark = pytest.mark.django_db


def offered():
    """A booking whose family was asked at noon, and its guardian."""
    opening, held, (waiting,) = full_with_line(1)
    cancel(booking=held, by=guardian_of(held), at=NOON)
    promote(opening=opening, at=NOON)
    return Booking.objects.get(pk=waiting.pk), guardian_of(waiting)


def test_an_offer_stands_in_the_calendar_until_its_deadline():
    booking, guardian = offered()

    entries = {entry.key: entry for entry in calendar_entries.entries(guardian, NOON)}
    later = {entry.key for entry in calendar_entries.entries(guardian, booking.offer_until)}

    entry = entries[f"booking-{booking.pk}-offer"]
    assert (entry.ends_at, entry.changed_at) == (booking.offer_until, booking.offered_at)
    assert entry.title == f"答复名额：{booking.opening.visit.version.title}"
    assert booking.pupil.name not in entry.title + entry.text
    assert f"booking-{booking.pk}-offer" not in later


def test_an_offer_that_was_answered_leaves_the_calendar_and_no_copy_of_it_leaves():
    booking, guardian = offered()
    message = MessageFactory(to=guardian, kind="booking.offered", key=f"booking-{booking.pk}-offered")
    assert messages_kinds.stands(message) is True

    cancel(booking=booking, by=guardian, at=NOON)

    assert messages_kinds.stands(message) is False
    assert calendar_entries.entries(guardian, clock.now()) == []


def test_who_waits_is_told_when_the_visit_moves():
    opening, _held, (waiting,) = full_with_line(1)
    guardian = guardian_of(waiting)
    Visit.objects.filter(pk=opening.visit_id).update(ends_at=opening.visit.ends_at + timedelta(hours=1))

    telling_changes.tell_moved(visit_id=opening.visit_id, at=clock.now())

    message = Message.objects.get(to=guardian, kind="visit.moved")
    assert messages_kinds.stands(message) is True
    cancel(booking=waiting, by=guardian, at=clock.now())
    assert messages_kinds.stands(message) is False
