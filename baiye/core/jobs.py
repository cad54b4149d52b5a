"""The queue, which lives in PostgreSQL: a job commits with the row that caused it.

It is also the one road upwards: a lower room asks a higher one by the name of its task.
"""

import json
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q
from django.db.models.functions import Now
from procrastinate import RetryStrategy
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.types import JSONDict, JSONValue

from baiye.core import clock

T = TypeVar("T")
TaskFunction = Callable[..., None]
HOURS_AHEAD = 8  # Shanghai of UTC
SILENCE_S = 30  # a worker that has not been heard of for so long is dead
MOST_ATTEMPTS = 5  # a job that ends its worker each time is given up
CONNECTION_BROKE = (OperationalError, InterfaceError)
# What every task gets: a worker outlives its database, so a job whose connection broke is done again, not failed.
ONCE_BACK = RetryStrategy(max_attempts=MOST_ATTEMPTS, wait=5, retry_exceptions=CONNECTION_BROKE)


def task(**options: Any) -> Callable[[TaskFunction], Any]:
    """Make a function a task: ``@task(name="app.verb", queue=…)``; it takes ids as keywords and ``**_: object``."""
    decorate: Callable[[TaskFunction], Any] = app.task(**{"retry": ONCE_BACK, **options})
    return decorate


def periodic(cron: str) -> Callable[[Any], Any]:
    """Have a task (decorated before) queued when ``cron`` says on Shanghai's clock; a sixth field counts seconds."""
    decorate: Callable[[Any], Any] = app.periodic(cron=in_utc(cron))
    return decorate


def in_utc(cron: str) -> str:
    """``cron``, meant on Shanghai's clock, as procrastinate reads it: in UTC. Shanghai has no summer time.

    Raises
    ------
    ValueError
        It names hours and days: those hours may lie on another day in UTC.
    """
    minute, hour, *days = cron.split()
    if hour == "*":
        return cron
    if days[:3] != ["*"] * 3:
        raise ValueError(f"{cron!r}: hours on some days only; ask in the task which day it is")
    hours = sorted((each - HOURS_AHEAD) % 24 for part in hour.split(",") for each in _span(part))
    return " ".join([minute, ",".join(map(str, hours)), *days])


def _span(part: str) -> range:
    """The hours of ``17-19`` or ``3``."""
    first, _dash, last = part.partition("-")
    return range(int(first), int(last or first) + 1)


def later(name: str, /, *, lock: str | None = None, **ids: JSONValue) -> int:
    """Queue task ``name`` in the caller's transaction: it runs if, and only if, that commits.

    Jobs with the same ``lock`` run one after the other.
    """
    return later_many(name, [ids], lock=lock)[0]


def later_many(
    name: str, /, each: Iterable[JSONDict], *, lock: str | None = None, at: datetime | None = None
) -> list[int]:
    """Queue task ``name`` once for each set of ids, in one statement; they run no sooner than ``at``."""
    deferrer = app.configure_task(name, allow_unknown=False, lock=lock, schedule_at=at)
    # A worker replaces the app's connector by one that knows nothing of Django's transactions.
    deferrer.job_manager = JobManager(DjangoConnector())
    return deferrer.batch_defer(*each)


def retry_stalled() -> int:
    """Queue again the jobs whose worker died; how many. One that has outlived too many workers fails for good."""
    dead = Q(worker=None) | Q(worker__last_heartbeat__lt=Now() - timedelta(seconds=SILENCE_S))
    stalled = ProcrastinateJob.objects.filter(dead, status="doing").values_list("pk", "attempts")
    manager, again = JobManager(DjangoConnector()), 0
    for pk, attempts in stalled:
        if attempts + 1 >= MOST_ATTEMPTS:
            with connection.cursor() as cursor:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [pk])
        else:
            manager.retry_job_by_id(pk, retry_at=clock.now())
            again += 1
    return again


def drop_done(*, days: int) -> None:
    """Remove jobs that ended well more than ``days`` days ago."""
    _result(JobManager(_Here()).delete_old_jobs(nb_hours=days * 24))


def run_due() -> int:
    """Run every job that is due, one after the other, here and now; how many ran.

    On this thread's own connection, and so inside a caller's transaction too. For tests and the demonstration; a
    worker does the same beside others.

    Raises
    ------
    Exception
        What a job raised that will not be tried again.
    """
    manager, ran = JobManager(_Here()), 0
    with _as_worker() as worker_id:
        while job := _result(manager.fetch_job(queues=None, worker_id=worker_id)):
            _run(manager, job)
            ran += 1
    return ran


def _run(manager: JobManager, job: Job) -> None:
    found = app.tasks[job.task_name]
    try:
        found(**job.task_kwargs)
    except Exception as error:
        again = found.get_retry_exception(exception=error, job=job)
        if again is None:
            _result(manager.finish_job(job, Status.FAILED, delete_job=False))
            raise
        _result(manager.retry_job(job, retry_at=again.retry_decision.retry_at))
    else:
        _result(manager.finish_job(job, Status.SUCCEEDED, delete_job=False))


class _Here(DjangoConnector):
    """Django's connection without a thread in between."""

    def get_sync_connector(self) -> BaseConnector:
        return self

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        self.execute_query(query, **arguments)

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        row = self.execute_query_one(query, **arguments)
        if isinstance(row.get("args"), str):  # Django leaves JSON to its fields
            row["args"] = json.loads(row["args"])
        return row

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        return self.execute_query_all(query, **arguments)


def _result(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives that never waits, with no event loop."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    raise RuntimeError("it waits")


@contextmanager
def _as_worker() -> Iterator[int]:
    """A worker's row that passes for alive for an hour: this thread has no time to send heartbeats."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + interval '1 hour') RETURNING id"
        )
        worker_id = int(cursor.fetchone()[0])
    try:
        yield worker_id
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_workers WHERE id = %s", [worker_id])
