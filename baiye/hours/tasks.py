"""The ledger's work behind the pages; each may run twice, and what has changed meanwhile is no error."""

from procrastinate import RetryStrategy

from baiye.core import clock, jobs
from baiye.hours import actions, telling

RETRY = RetryStrategy(max_attempts=5, exponential_wait=30)


@jobs.task(name="hours.enter", queue="hours", retry=RETRY)
def enter(*, visit_ids: list[int], **_: object) -> None:
    """Both sides have confirmed these visits, or an objection asks to go through them once more."""
    actions.enter_hours_of(visit_ids=visit_ids, at=clock.now())


@jobs.task(name="hours.tell_notice", queue="mail", retry=RETRY)
def tell_notice(*, notice_id: int, **_: object) -> None:
    """A notice was opened."""
    telling.tell_notice(notice_id=notice_id)


@jobs.task(name="hours.tell_objection", queue="mail", retry=RETRY)
def tell_objection(*, objection_id: int, **_: object) -> None:
    """Somebody objected."""
    telling.tell_objection(objection_id=objection_id)


@jobs.task(name="hours.tell_ruling", queue="mail", retry=RETRY)
def tell_ruling(*, objection_id: int, **_: object) -> None:
    """An objection was ruled on."""
    telling.tell_ruling(objection_id=objection_id)


@jobs.task(name="hours.tell_certificates", queue="mail", retry=RETRY)
def tell_certificates(*, certificate_ids: list[int], **_: object) -> None:
    """Certificates were issued."""
    telling.tell_certificates(certificate_ids=certificate_ids)
