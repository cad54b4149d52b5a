"""Who was booked and did not come, in the term; what is said of it, kindly."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from baiye.attendance.models import Confirmation, Mark
from baiye.bookings.models import Booking
from baiye.core import clock
from baiye.schools.models import Pupil
from baiye.schools.queries import term_on

MANY = 2


def attended_or_not(pupil: Pupil, at: datetime) -> QuerySet[Booking]:
    """The pupil's booked visits of this term that are over and decided, newest first, each with ``came``.

    Decided: the pupil was marked at the door, or the host has confirmed who was there.
    """
    term = term_on(clock.day_of(at))
    came = Mark.objects.filter(seat=OuterRef("seat"), kind="in", voided_at=None)
    confirmed = Confirmation.objects.filter(visit=OuterRef("opening__visit"), side="host")
    over = Booking.objects.filter(
        pupil=pupil, ended_at=None, seat__isnull=False, opening__release__term=term, opening__visit__ends_at__lte=at
    )
    decided = over.annotate(came=Exists(came), confirmed=Exists(confirmed))
    return decided.exclude(came=False, confirmed=False).order_by("-opening__visit__starts_at", "-pk")


def kindness(pupil: Pupil, at: datetime) -> str:
    """What is said to a family whose child was booked and did not come; empty where they came since. Two queries."""
    visits = [one.came for one in attended_or_not(pupil, at)]  # type: ignore[attr-defined]
    if not visits or visits[0]:
        return ""
    if visits.count(False) < MANY:
        return _("上一次约了没来。什么都不影响；下回去不了，开始以前点一下取消就好，名额能给候补的同学。")
    return _("这学期有几次约了没来。来过一场以前，同时只能有 1 个预约；来过一场就和大家一样。")
