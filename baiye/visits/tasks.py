"""Telling families about seats; each may run twice, and what has changed meanwhile is no error."""

from procrastinate import RetryStrategy

from baiye.core import clock, jobs
from baiye.visits import telling

RETRY = RetryStrategy(max_attempts=5, exponential_wait=30)


@jobs.task(name="visits.tell_assigned", queue="mail", retry=RETRY)
def tell_assigned(*, seat_id: int, **_: object) -> None:
    """A seat was given by hand."""
    telling.tell_assigned(seat_id=seat_id)


@jobs.task(name="visits.tell_given_up", queue="mail", retry=RETRY)
def tell_given_up(*, seat_id: int, **_: object) -> None:
    """A seat was given up."""
    telling.tell_given_up(seat_id=seat_id)


@jobs.task(name="visits.tell_cancelled", queue="mail", retry=RETRY)
def tell_cancelled(*, visit_id: int, **_: object) -> None:
    """A visit was cancelled."""
    telling.tell_cancelled(visit_id=visit_id)


@jobs.periodic("50 3 * * *")
@jobs.task(name="visits.tell_lapses", queue="core", retry=RETRY)
def tell_lapses(**_: object) -> None:
    """Something may have lapsed: every night, and whenever a host's standing or an adult's changes."""
    telling.tell_lapses(at=clock.now())
