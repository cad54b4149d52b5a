"""What the registry does by itself."""

from procrastinate import RetryStrategy

from baiye.core import clock, jobs
from baiye.registry import telling
from baiye.registry.actions import expiry, measures

RETRY = RetryStrategy(max_attempts=5, exponential_wait=30)


@jobs.periodic("30 7 * * *")
@jobs.task(name="registry.warn_of_endings", queue="mail", queueing_lock="registry.warn_of_endings")
def warn_of_endings(**_: object) -> None:
    """Warn of what ends soon, every morning. May run twice: each warning goes out once."""
    expiry.warn_of_endings(at=clock.now())


@jobs.periodic("50 3 * * *")
@jobs.task(name="registry.let_sleep", queue="core", queueing_lock="registry.let_sleep")
def let_sleep(**_: object) -> None:
    """Suspend accreditations under which nobody came for as long as their standard says. May run twice."""
    measures.let_sleep(on=clock.today())


@jobs.task(name="registry.tell_inspection", queue="mail", retry=RETRY)
def tell_inspection(*, inspection_id: int, **_: object) -> None:
    """An inspection was planned."""
    telling.tell_inspection(inspection_id=inspection_id)


@jobs.task(name="registry.tell_inspection_signed", queue="mail", retry=RETRY)
def tell_inspection_signed(*, inspection_id: int, **_: object) -> None:
    """Two people signed an inspection."""
    telling.tell_inspection_signed(inspection_id=inspection_id)


@jobs.task(name="registry.tell_panel", queue="mail", retry=RETRY)
def tell_panel(*, decision_id: int, **_: object) -> None:
    """A decision was proposed, or came back."""
    telling.tell_panel(decision_id=decision_id)


@jobs.task(name="registry.tell_decision", queue="mail", retry=RETRY)
def tell_decision(*, decision_id: int, **_: object) -> None:
    """A decision is in force."""
    telling.tell_decision(decision_id=decision_id)


@jobs.task(name="registry.tell_measure", queue="mail", retry=RETRY)
def tell_measure(*, measure_id: int, **_: object) -> None:
    """Something was done about an accreditation."""
    telling.tell_measure(measure_id=measure_id)


@jobs.task(name="registry.tell_proposal", queue="mail", retry=RETRY)
def tell_proposal(*, proposal_id: int, **_: object) -> None:
    """A revocation was proposed."""
    telling.tell_proposal(proposal_id=proposal_id)


@jobs.task(name="registry.tell_appeal", queue="mail", retry=RETRY)
def tell_appeal(*, appeal_id: int, **_: object) -> None:
    """A host appealed."""
    telling.tell_appeal(appeal_id=appeal_id)


@jobs.task(name="registry.tell_appeal_answered", queue="mail", retry=RETRY)
def tell_appeal_answered(*, appeal_id: int, **_: object) -> None:
    """An appeal was answered."""
    telling.tell_appeal_answered(appeal_id=appeal_id)
