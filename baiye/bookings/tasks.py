"""Jobs of bookings: ids in, one action out; each may run twice."""

from procrastinate import RetryStrategy

from baiye.bookings import telling
from baiye.bookings.actions import draws, lines, offers, placements, promotions
from baiye.bookings.queries.settling import find_opening, find_release, releases_due
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
@jobs.task(name="bookings.expire", queue="core", queueing_lock="bookings.expire", retry=RETRY)
def expire(**_: object) -> None:
    """Every minute: offers that are over, lines that are over, seats that became free in any other way."""
    now = clock.now()
    offers.expire(at=now)
    lines.lapse(at=now)
    lines.offer_what_is_free(at=now)


@jobs.periodic("* * * * *")
@jobs.task(name="bookings.settle", queue="core", queueing_lock="bookings.settle", retry=RETRY)
def settle(**_: object) -> None:
    """Every minute: releases whose draw or ranked placement is due."""
    for release in releases_due(clock.now()):
        name = "bookings.draw" if release.mode == "draw" else "bookings.place"
        jobs.later(name, lock=f"release-{release.pk}", release_id=release.pk)


@jobs.task(name="bookings.draw", queue="core", retry=RETRY)
def draw(*, release_id: int, **_: object) -> None:
    """Draw a release; one that is drawn is left alone."""
    if release := find_release(release_id):
        draws.draw(release=release, at=clock.now())


@jobs.task(name="bookings.place", queue="place", retry=RETRY)
def place(*, release_id: int, **_: object) -> None:
    """Place a ranked release; one that is placed is left alone."""
    if release := find_release(release_id):
        placements.place_ranked(release=release, at=clock.now())
