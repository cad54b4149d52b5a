"""The queue, which lives in PostgreSQL: a job commits with the row that caused it.

It is also the one road upwards: a lower room asks a higher one by the name of its task.
"""

from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

task = app.task
periodic = app.periodic


def later(name: str, /, *, lock: str | None = None, **ids: JSONValue) -> int:
    """Queue task ``name`` in the caller's transaction: it runs if, and only if, that commits.

    Jobs with the same ``lock`` run one after the other.
    """
    return app.configure_task(name, allow_unknown=False, lock=lock).defer(**ids)


def run_due() -> int:
    """Run every job that is due, here and now, from the real table; how many ran (tests and the demonstration)."""
    before = _done()
    app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="never", concurrency=1)
    return _done() - before


def _done() -> int:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(status__in=["succeeded", "failed"]).count()
