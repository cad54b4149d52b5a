"""What time does to lines: they end when no offer can go out any more, and a seat that is free is offered."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value

from baiye.bookings.actions import locks
from baiye.bookings.actions.promotions import promote
from baiye.bookings.models import Booking, Opening
from baiye.bookings.queries.mine import IN_LINE
from baiye.core import audit, jobs
from baiye.visits.actions import lock_visits

HOUR = Value(timedelta(hours=1))


@transaction.atomic
def lapse(*, at: datetime) -> int:
    """End the bookings that can come to nothing any more: no offer may go out, or the visit is off; how many."""
    last = ExpressionWrapper(F("opening__visit__starts_at") - HOUR * F("opening__cancel_until"), DateTimeField())
    live = Booking.objects.filter(ended_at=None, seat=None).alias(last=last)
    over = Q(place__isnull=False, offer_until=None, last__lte=at) | Q(opening__visit__starts_at__lte=at)
    due = live.filter(over | Q(opening__visit__cancelled_at__isnull=False)).exclude(offer_until__gt=at)
    found = list(due.order_by("pk").values_list("pk", "opening__visit", "opening__visit__cancelled_at"))
    lock_visits({visit for _pk, visit, _off in found})
    return sum(
        _end([pk for pk, _visit, off in found if (off is not None) is is_off], because, at)
        for because, is_off in (("closed", True), ("lapsed", False))
    )


def _end(ids: list[int], because: str, at: datetime) -> int:
    waiting = [one.pk for one in locks.lock_bookings(ids) if one.state in {"waiting", "pressed"}]
    ended = locks.end(waiting, because, by=None, at=at)
    if ended:
        audit.record("bookings.ended", by=None, bookings=ended, because=because)
        jobs.later_many("bookings.tell_press", [{"booking_id": pk} for pk in ended])
    return len(ended)


def offer_what_is_free(*, at: datetime) -> int:
    """Promote wherever a seat is free and somebody waits, whatever freed it; how many offers went out."""
    return sum(promote(opening=opening, at=at) for opening in _with_free_seats(at))


def _with_free_seats(at: datetime) -> QuerySet[Opening]:
    coming = Opening.objects.filter(visit__starts_at__gt=at, visit__cancelled_at=None)
    free = coming.filter(visit__seats__gt=F("visit__taken") + F("visit__offered"))
    return free.filter(Exists(Booking.objects.filter(opening=OuterRef("pk"), **IN_LINE))).order_by("pk")
