"""Cancelling (取消): the family does not come after all; the seat goes to the next in line."""

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


@transaction.atomic
def cancel(*, booking: Booking, by: User, at: datetime) -> None:
    """End ``booking`` until its visit begins, whatever it came to; a second call does nothing.

    The family is told where the school did it for them.

    After the hour until which offers go out it is still a cancellation: who says so before the start has not stayed
    away (illness is told whenever it comes).

    Raises
    ------
    PermissionDenied
        ``by`` neither stands for the pupil nor is their class teacher or school coordinator.
    BookingRefused
        The visit has begun, or the booking ended for another reason.
    """
    _require_family_or_school(by, booking)
    locked = locks.lock_one(booking)
    if locked.because == "cancelled":
        return
    if locked.ended_at is not None:
        raise BookingRefused(_("这个预约早先已经结束了。"))
    if locked.opening.visit.starts_at <= at:
        raise BookingRefused(_("这一场已经开始，不能再取消。没来的话，签到处会记下。"))
    state = locked.state
    locks.end([locked.pk], "cancelled", by=by, at=at)
    unit = locked.pupil.school_class.school.unit
    audit.record("booking.cancelled", by=by, on=locked, at_unit=unit.path, pupil=locked.pupil_id, state=state)
    if by.kind == "staff":
        jobs.later("bookings.tell_press", booking_id=locked.pk)
    if state in {"booked", "offered"}:
        jobs.later("bookings.promote", opening_id=locked.opening_id)


def _require_family_or_school(by: User, booking: Booking) -> None:
    permission = Permission.WISH_RECORD if by.kind == "staff" else Permission.WISH_GIVE
    require_for_pupil(by, permission, booking.pupil)
