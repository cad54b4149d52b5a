"""Telling of seats and visits, and reminding; each may run twice, and what has changed meanwhile is no error."""

from procrastinate import RetryStrategy

from baiye.core import clock, jobs
from baiye.visits import reminders, telling, telling_changes

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
    telling_changes.tell_cancelled(visit_id=visit_id)


@jobs.task(name="visits.tell_moved", queue="mail", retry=RETRY)
def tell_moved(*, visit_id: int, **_: object) -> None:
    """A visit was put at another time or place."""
    telling_changes.tell_moved(visit_id=visit_id, at=clock.now())


@jobs.periodic("*/10 * * * *")
@jobs.task(name="visits.remind", queue="mail", queueing_lock="visits.remind")
def remind(**_: object) -> None:
    """Remind of what is near, and tell of what was moved by whatever path."""
    now = clock.now()
    telling_changes.tell_all_moved(at=now)
    reminders.remind(at=now)


@jobs.periodic("50 3 * * *")
@jobs.task(name="visits.tell_lapses", queue="core", retry=RETRY)
def tell_lapses(**_: object) -> None:
    """Something may have lapsed: every night, and whenever a host's standing or an adult's changes."""
    telling.tell_lapses(at=clock.now())
