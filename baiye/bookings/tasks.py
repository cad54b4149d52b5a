"""Jobs of bookings: ids in, one action out; each may run twice."""

from procrastinate import RetryStrategy

from baiye.bookings import telling
from baiye.bookings.actions import lines, offers, promotions
from baiye.bookings.queries.settling import find_opening
from baiye.core import clock, jobs

RETRY = RetryStrategy(max_attempts=5, exponential_wait=30)


@jobs.task(name="bookings.tell_press", queue="mail", retry=RETRY)
def tell_press(*, booking_id: int, **_: object) -> None:
    """A booking came to something: the family reads what."""
    telling.tell(booking_id=booking_id)


@jobs.task(name="bookings.promote", queue="core", retry=RETRY)
def promote(*, opening_id: int, **_: object) -> None:
    """A seat became free: the next in line is asked."""
    if opening := find_opening(opening_id):
        promotions.promote(opening=opening, at=clock.now())


@jobs.periodic("* * * * *")
@jobs.task(name="bookings.expire", queue="core", retry=RETRY)
def expire(**_: object) -> None:
    """Every minute: offers that are over, lines that are over, seats that became free in any other way."""
    now = clock.now()
    offers.expire(at=now)
    lines.lapse(at=now)
    lines.offer_what_is_free(at=now)
