"""Promotion (递补): a seat that became free is offered to the next in line whom nothing hinders."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from baiye.bookings.actions.locks import lock_bookings, lock_pupils
from baiye.bookings.models import Booking, Opening
from baiye.bookings.nights import answer_by
from baiye.bookings.queries.mine import IN_LINE
from baiye.core import audit, clock, jobs
from baiye.visits.actions import lock_visits
from baiye.visits.models import Visit

AT_ONCE = 100  # how many of the line are looked at together
LINE = """
SELECT b.id, bookings_skips(b.id, %(at)s),
  %(from_grade)s IS NOT NULL AND bookings_grade(c.stage, c.entry_year, %(day)s) >= %(from_grade)s
FROM bookings_booking b JOIN schools_pupil p ON p.id = b.pupil_id JOIN schools_schoolclass c ON c.id = p.school_class_id
WHERE b.id = ANY (%(ids)s) AND b.ended_at IS NULL AND b.seat_id IS NULL AND b.offer_until IS NULL ORDER BY b.place
"""


def promote(*, opening: Opening, at: datetime) -> int:
    """Offer every free seat to who is next in line; how many offers went out.

    Who is elsewhere at that time, or has the term's seats, is skipped and keeps the place. Seats kept for the last
    grades go to them alone; where the host may not receive nobody is asked. A part of the line at a time, each in one
    transaction; twice does nothing more.
    """
    offers, line = 0, list(_line(opening).values_list("pk", "pupil"))
    for first in range(0, len(line), AT_ONCE):
        part = line[first : first + AT_ONCE]
        made, goes_on = _promote_among(opening, [pk for pk, _pupil in part], {pupil for _pk, pupil in part}, at)
        offers += made
        if not goes_on:
            break
    return offers


def _line(opening: Opening) -> QuerySet[Booking]:
    return Booking.objects.filter(opening=opening, **IN_LINE).order_by("place")


@transaction.atomic
def _promote_among(opening: Opening, ids: list[int], pupils: set[int], at: datetime) -> tuple[int, bool]:
    """Offers to these bookings, and whether seats are left for the rest of the line."""
    lock_pupils(pupils)
    visit = lock_visits([opening.visit_id])[opening.visit_id]
    opening = Opening.objects.select_related("release__unit").get(pk=opening.pk)
    opening.visit = visit
    free = visit.seats_left
    if free <= 0 or at >= opening.cancel_until_at or _may_not_receive(visit):
        return 0, False
    kept = _kept(opening, free, at)
    chosen = []
    for pk, why, is_last_grade in _judged(opening, ids, at):
        if free <= 0:
            break
        if why or (free <= kept and not is_last_grade):
            continue
        free, kept = free - 1, max(0, kept - 1) if is_last_grade else kept
        chosen.append(pk)
    _offer(opening, chosen, at)
    return len(chosen), free > 0


def _may_not_receive(visit: Visit) -> bool:
    """Whether the visit is off, or its host may not receive that day: nobody is offered what cannot be taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT visits_hinders(%s, %s, %s, %s)", [visit.pk, visit.venue_id, visit.starts_at, visit.ends_at]
        )
        return visit.cancelled_at is not None or cursor.fetchone()[0] is not None


def _from_grade(opening: Opening, at: datetime) -> int | None:
    """From which grade seats are kept, while they are."""
    if not opening.reserved or opening.reserved_until is None or at >= opening.reserved_until:
        return None
    return opening.reserved_from_grade


def _kept(opening: Opening, free: int, at: datetime) -> int:
    grade = _from_grade(opening, at)
    if grade is None:
        return 0
    with connection.cursor() as cursor:
        day = clock.day_of(opening.visit.starts_at)
        cursor.execute("SELECT bookings_kept(%s, %s, %s, %s)", [opening.pk, opening.reserved, grade, day])
        return min(free, int(cursor.fetchone()[0]))


def _judged(opening: Opening, ids: list[int], at: datetime) -> list[tuple[int, str, bool]]:
    """Those of these bookings that wait, in line: key, why it is skipped, whether it is of the last grades."""
    day, grade = clock.day_of(opening.visit.starts_at), _from_grade(opening, at)
    with connection.cursor() as cursor:
        cursor.execute(LINE, {"at": at, "ids": ids, "day": day, "from_grade": grade})
        return [(int(pk), str(why), bool(last)) for pk, why, last in cursor.fetchall()]


def _offer(opening: Opening, chosen: list[int], at: datetime) -> None:
    """Hold a seat for each of these until the family must have answered."""
    if not chosen:
        return
    until = answer_by(at, opening.offer_hours, opening.cancel_until_at)
    Booking.objects.filter(pk__in=chosen).update(offered_at=at, offer_until=until)
    for booking in lock_bookings(chosen):
        unit = booking.pupil.school_class.school.unit
        audit.record("booking.offered", by=None, on=booking, at_unit=unit.path, pupil=booking.pupil_id)
    jobs.later_many("bookings.tell_press", [{"booking_id": pk} for pk in chosen])
