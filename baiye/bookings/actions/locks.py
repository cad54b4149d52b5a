"""Locks on what a booking touches, in one order: pupils, visits, bookings, each by key; so nobody waits for ever."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection

from baiye.accounts.models import User
from baiye.bookings.models import Booking
from baiye.schools.models import Pupil
from baiye.visits.actions import lock_visits

LOADED = ("opening__release__unit", "opening__visit", "pupil__school_class__school__unit", "seat")


def lock_pupils(pupil_ids: Collection[int]) -> None:
    """One pupil's bookings change one after the other."""
    list(Pupil.objects.select_for_update(no_key=True).filter(pk__in=pupil_ids).order_by("pk").values_list("pk"))


def lock_bookings(booking_ids: Collection[int]) -> list[Booking]:
    """The bookings as they are now, by key, with opening, release, visit, pupil and seat; their visits are locked."""
    locked = Booking.objects.select_for_update(of=("self",), no_key=True).select_related(*LOADED)
    return list(locked.filter(pk__in=booking_ids).order_by("pk"))


def lock_one(booking: Booking) -> Booking:
    """The booking as it is now, with its pupil and its visit locked before it."""
    lock_pupils([booking.pupil_id])
    lock_visits([booking.opening.visit_id])
    return lock_bookings([booking.pk])[0]


def give_seats(booking_ids: Sequence[int], *, by: User | None, at: datetime) -> None:
    """A seat for each of these live bookings; what was offered is taken. The locks are held."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT bookings_give_seats(%s, %s, %s)", [list(booking_ids), by.pk if by else None, at])


def end(booking_ids: Sequence[int], because: str, *, by: User | None, at: datetime) -> list[int]:
    """End these bookings and free their seats; the keys of those that lived. The locks are held."""
    reason = str(dict(Booking._meta.get_field("because").choices or [])[because])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM bookings_end(%s, %s, %s, %s, %s)",
            [list(booking_ids), because, by.pk if by else None, at, reason],
        )
        return [row[0] for row in cursor.fetchall()]
