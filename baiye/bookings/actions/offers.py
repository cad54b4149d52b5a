"""Offers (递补名额): taken, left to the next, or over without an answer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.bookings.actions import locks
from baiye.bookings.actions.presses import BookingRefused
from baiye.bookings.models import Booking
from baiye.core import audit, jobs
from baiye.schools.permissions import require_for_pupil
from baiye.visits.actions import lock_visits, refused_in_words


@transaction.atomic
def accept(*, booking: Booking, by: User, at: datetime) -> None:
    """Take the seat that is held for the pupil; a second call does nothing.

    Raises
    ------
    PermissionDenied
        ``by`` neither is the pupil nor stands for them.
    BookingRefused
        No seat is held for them, or no longer; they are elsewhere at that time, or the host may not receive.
    """
    require_for_pupil(by, Permission.WISH_GIVE, booking.pupil)
    locked = locks.lock_one(booking)
    if locked.state == "booked":
        return
    _refuse_unless_offered(locked, at)
    with refused_in_words(BookingRefused):
        locks.give_seats([locked.pk], by=by, at=at)
    _end_other_ranks(locked, by, at)
    _record("booking.accepted", locked, by)
    jobs.later("bookings.tell_press", booking_id=locked.pk)


def _end_other_ranks(booking: Booking, by: User, at: datetime) -> None:
    """A ranked release gives one seat a pupil: the lines of the other ranks are left."""
    if booking.rank is None:
        return
    release = booking.opening.release_id
    others = Booking.objects.filter(
        pupil=booking.pupil_id, opening__release=release, ended_at=None, seat=None, offer_until=None
    )
    locks.end(sorted(others.values_list("pk", flat=True)), "swapped", by=by, at=at)


@transaction.atomic
def decline(*, booking: Booking, by: User, at: datetime) -> None:
    """Leave the seat that is held to the next in line; a second call does nothing."""
    require_for_pupil(by, Permission.WISH_GIVE, booking.pupil)
    locked = locks.lock_one(booking)
    if locked.because == "declined":
        return
    _refuse_unless_offered(locked, at)
    locks.end([locked.pk], "declined", by=by, at=at)
    _record("booking.declined", locked, by)
    jobs.later("bookings.promote", opening_id=locked.opening_id)


@transaction.atomic
def expire(*, at: datetime) -> int:
    """End the offers that nobody answered in time, so that the next in line is asked; how many."""
    due = list(
        Booking.objects.filter(ended_at=None, seat=None, offer_until__lte=at).values_list("pk", "opening__visit")
    )
    lock_visits([visit for _pk, visit in due])
    over = [one for one in locks.lock_bookings([pk for pk, _visit in due]) if _is_over(one, at)]
    locks.end([one.pk for one in over], "expired", by=None, at=at)
    for one in over:
        _record("booking.expired", one, None)
        jobs.later("bookings.tell_press", booking_id=one.pk)
    for opening in sorted({one.opening_id for one in over}):
        jobs.later("bookings.promote", opening_id=opening)
    return len(over)


def _is_over(booking: Booking, at: datetime) -> bool:
    return booking.state == "offered" and booking.offer_until is not None and booking.offer_until <= at


def _refuse_unless_offered(booking: Booking, at: datetime) -> None:
    if booking.because == "expired" or _is_over(booking, at):
        raise BookingRefused(_("答复的时间过了，名额请了下一位。想去可以再报名。"))
    if booking.ended_at is not None:
        raise BookingRefused(_("这个预约早先已经结束了。"))
    if booking.state != "offered":
        raise BookingRefused(_("现在没有名额等您答复。轮到您时会发消息。"))


def _record(kind: str, booking: Booking, by: User | None) -> None:
    unit = booking.pupil.school_class.school.unit
    audit.record(kind, by=by, on=booking, at_unit=unit.path, pupil=booking.pupil_id)
