"""Swap (换一场): one booking is given up only if the other seat is got; both or nothing."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.bookings import words
from baiye.bookings.actions import locks
from baiye.bookings.actions.presses import BookingRefused, Pressing, press_many
from baiye.bookings.models import Booking, Opening
from baiye.core import audit, jobs
from baiye.schools.permissions import require_for_pupil
from baiye.visits.actions import lock_visits


@transaction.atomic
def swap(*, drop: Booking, take: Opening, request: uuid.UUID, by: User, at: datetime) -> Booking:
    """Give up ``drop`` for a seat of ``take``; the same ``request`` again gets the same booking.

    Raises
    ------
    PermissionDenied
        ``by`` neither is the pupil nor stands for them.
    BookingRefused
        ``take`` has no seat free for the pupil now, or ``drop`` ended or began; then both stay as they were.
    """
    require_for_pupil(by, Permission.WISH_GIVE, drop.pupil)
    locks.lock_pupils([drop.pupil_id])
    lock_visits([drop.opening.visit_id, take.visit_id])
    if before := Booking.objects.filter(request=request, pupil=drop.pupil_id, opening=take).first():
        return before
    (locked,) = locks.lock_bookings([drop.pk])
    _refuse_unless_live(locked, at)
    if not take.release.is_settled:
        raise BookingRefused(_("那一场还没抽签，现在换不了。先报名，抽中了再放掉原来的。"))
    state = locked.state
    with transaction.atomic():
        locks.end([locked.pk], "swapped", by=by, at=at)
        (answer,) = press_many([Pressing(take.pk, drop.pupil_id, request, None, by.pk)], at=at)
        if answer.state != "booked" or answer.booking is None:
            raise BookingRefused(_why(answer.reason if answer.is_refused else "", take))
    unit = locked.pupil.school_class.school.unit
    audit.record(
        "booking.swapped", by=by, on=locked, at_unit=unit.path, pupil=locked.pupil_id, into=answer.booking, state=state
    )
    if state in {"booked", "offered"}:
        jobs.later("bookings.promote", opening_id=locked.opening_id)
    return Booking.objects.get(pk=answer.booking)


def _why(code: str, take: Opening) -> str:
    if code:
        return words.reason(code, take) + " " + _("原来的那一场没有动。")
    return _("那一场现在没有您能用的空位。原来的那一场没有动；想等就去候补。")


def _refuse_unless_live(booking: Booking, at: datetime) -> None:
    if booking.ended_at is not None:
        raise BookingRefused(_("要放掉的那个预约早先已经结束了。"))
    if booking.opening.visit.starts_at <= at:
        raise BookingRefused(_("要放掉的那一场已经开始，不能再换。"))
