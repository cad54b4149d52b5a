"""What runs by itself: seals, deliveries, dead workers' jobs, and the daily tidying."""

from django.contrib.sessions.backends.db import SessionStore
from procrastinate import RetryStrategy

from baiye.core import channels, clock, jobs, messages_copies, seal, throttle
from baiye.core.sheets import queries, uploads

KEEP_JOBS_DAYS = 30


@jobs.periodic("* * * * * */30")
@jobs.task(name="core.seal", queue="core", queueing_lock="core.seal", priority=10)
def seal_events(**_: object) -> None:
    """Seal what can be sealed; twice a minute, so that nothing stands unsealed for longer than one."""
    seal.seal_events()


@jobs.periodic("* * * * * */20")
@jobs.task(name="core.retry_stalled", queue="core", queueing_lock="core.retry_stalled", priority=10)
def retry_stalled(**_: object) -> None:
    """Take up the jobs of workers that died. No ``lock``: its own job may be the stalled one."""
    jobs.retry_stalled()


@jobs.task(
    name="core.deliver", queue="mail", retry=RetryStrategy(max_attempts=channels.MOST_TRIES, exponential_wait=15)
)
def deliver(*, delivery_id: str, **_: object) -> None:
    """Hand one text to its channel."""
    if delivery := channels.find_delivery(delivery_id):
        channels.deliver(delivery, at=clock.now())


@jobs.task(name="core.copy_messages", queue="mail")
def copy_messages(*, key: str, **_: object) -> None:
    """Hand a copy of each message with this key to the channels that its person wants."""
    messages_copies.copy(key, at=clock.now())


@jobs.task(name="core.check_upload", queue="roster")
def check_upload(*, upload_id: int, **_: object) -> None:
    """Try out an uploaded sheet. May run twice."""
    if upload := queries.find_upload(upload_id):
        uploads.check(upload=upload, at=clock.now())


@jobs.task(name="core.apply_upload", queue="roster")
def apply_upload(*, upload_id: int, **_: object) -> None:
    """Put a checked sheet in. May run twice: the second time changes nothing."""
    if upload := queries.find_upload(upload_id):
        uploads.apply(upload=upload, at=clock.now())


@jobs.periodic("20 3 * * *")
@jobs.task(name="core.tidy", queue="core", queueing_lock="core.tidy")
def tidy(**_: object) -> None:
    """Remove what is over: sessions, throttles, jobs long done, sheets that nobody put in, texts that failed."""
    SessionStore.clear_expired()
    throttle.drop_expired()
    jobs.drop_done(days=KEEP_JOBS_DAYS)
    uploads.tidy(at=clock.now())
    channels.tidy(at=clock.now())
