"""Jobs commit with what caused them, and none is lost or run twice when a worker dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

import pytest
from django.db import OperationalError, connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import TaskNotFound

from baiye.core import audit, jobs
from baiye.core.models import Event

ran: list[dict[str, object]] = []


@jobs.task(name="example.note")
def note(**ids: object) -> None:
    ran.append(ids)


@jobs.task(name="example.fail")
def fail(**_: object) -> None:
    raise ValueError("as planned")


@jobs.task(name="example.fail_and_retry", retry=RetryStrategy(max_attempts=3, wait=600))
def fail_and_retry(**_: object) -> None:
    raise ValueError("for now")


@jobs.task(name="example.lose_the_database")
def lose_the_database(**_: object) -> None:
    raise OperationalError("server closed the connection unexpectedly")


@jobs.task(name="example.queue_and_fail")
def queue_and_fail(**_: object) -> None:
    with transaction.atomic():
        jobs.later("example.note")
        raise ValueError("after queueing")


@pytest.fixture(autouse=True)
def forget() -> None:
    ran.clear()


@contextmanager
def worker(database: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker process of its own on this test's database."""
    params = connection.get_connection_params()
    user = f"{params['user']}:{quote(params['password'])}@" if params.get("password") else f"{params['user']}@"
    where = urlencode({"host": params["host"], **({"port": params["port"]} if params.get("port") else {})})
    variables = {**os.environ, **environment, "DATABASE_URL": f"postgres://{user}/{database}?{where}"}
    process = subprocess.Popen([sys.executable, "-m", "baiye.core.tests.slow_worker"], env=variables)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    give_up_at = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.django_db
def test_later_queues_a_job_that_run_due_runs_once():
    jobs.later("example.note", pupil_id=7)

    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    assert ran == [{"pupil_id": 7}]
    assert ProcrastinateJob.objects.get().status == "succeeded"


@pytest.mark.django_db
def test_later_many_queues_all_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        jobs.later_many("example.note", [{"n": 1}, {"n": 2}, {"n": 3}])

    assert jobs.run_due() == 3
    assert ran == [{"n": 1}, {"n": 2}, {"n": 3}]


@pytest.mark.django_db
def test_later_with_a_task_nobody_wrote_is_an_error():
    with pytest.raises(TaskNotFound):
        jobs.later("example.unheard_of")


def test_later_in_a_transaction_that_fails_leaves_no_job(own_database):
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        jobs.later("example.note")
        raise ValueError("no")

    assert not ProcrastinateJob.objects.exists()


def test_later_inside_a_worker_joins_the_tasks_own_transaction(own_database):
    jobs.later("example.queue_and_fail")

    connector = jobs.app.connector.get_worker_connector()
    with jobs.app.replace_connector(connector) as app:
        options = {"wait": False, "install_signal_handlers": False, "listen_notify": False}
        thread = threading.Thread(target=app.run_worker, kwargs=options)  # Playwright may hold this thread's loop
        thread.start()
        thread.join(20)

    examples = ProcrastinateJob.objects.filter(task_name__startswith="example.")
    assert list(examples.values_list("task_name", "status")) == [("example.queue_and_fail", "failed")]


@pytest.mark.django_db
def test_run_due_tells_of_a_job_that_failed_for_good():
    jobs.later("example.fail")

    with pytest.raises(ValueError, match="as planned"):
        jobs.run_due()

    assert ProcrastinateJob.objects.get().status == "failed"


@pytest.mark.django_db
def test_run_due_leaves_a_job_that_will_be_tried_again_for_later():
    jobs.later("example.fail_and_retry")

    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    assert list(ProcrastinateJob.objects.values_list("status", "attempts")) == [("todo", 1)]


@pytest.mark.django_db
def test_a_job_whose_connection_broke_is_done_again_and_not_failed():
    jobs.later("example.lose_the_database")

    assert jobs.run_due() == 1
    assert list(ProcrastinateJob.objects.values_list("status", "attempts")) == [("todo", 1)]


@pytest.mark.django_db
def test_retry_stalled_leaves_a_job_alone_whose_worker_lives():
    with jobs._as_worker() as worker_id:
        jobs.later("example.note")
        connection.cursor().execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", [worker_id])

        assert jobs.retry_stalled() == 0


def test_retry_stalled_gives_up_a_job_that_outlived_too_many_workers(own_database):
    jobs.later("example.note")
    for _ in range(jobs.MOST_ATTEMPTS):
        connection.cursor().execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, NULL)")
        jobs.retry_stalled()

    assert list(ProcrastinateJob.objects.values_list("status", "attempts")) == [("failed", jobs.MOST_ATTEMPTS)]


@pytest.mark.parametrize(
    ("cron", "utc"),
    [
        ("50 3 * * *", "50 19 * * *"),
        ("*/10 17-19 * * *", "*/10 9,10,11 * * *"),
        ("0 7,8 * * *", "0 0,23 * * *"),
        ("* * * * * */30", "* * * * * */30"),
        ("*/10 * * * *", "*/10 * * * *"),
    ],
)
def test_periodic_times_are_meant_on_shanghais_clock(cron, utc):
    assert jobs.in_utc(cron) == utc


def test_periodic_refuses_hours_on_some_days_only():
    with pytest.raises(ValueError, match="ask in the task which day it is"):
        jobs.in_utc("0 7 * * 1")


@pytest.mark.django_db
def test_drop_done_removes_old_jobs_that_ended_well():
    jobs.later("example.note")
    jobs.run_due()
    jobs.later("example.note")
    connection.cursor().execute("UPDATE procrastinate_events SET at = now() - interval '31 days'")

    jobs.drop_done(days=30)

    assert list(ProcrastinateJob.objects.values_list("status", flat=True)) == ["todo"]


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_job_leaves_it_to_the_next_once(own_database):
    jobs.app.configure_task("example.slow").defer()
    with worker(own_database) as first:
        assert within(30, Event.objects.filter(kind="slow.begun").exists)
        os.kill(first.pid, signal.SIGKILL)
    audit.record("worker.killed", by=None)
    connection.cursor().execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")

    assert jobs.retry_stalled() >= 1  # a periodic job may have been in hand too
    assert jobs.retry_stalled() == 0
    with worker(own_database, ONE_SHOT="1") as second:
        assert second.wait(30) == 0

    slow = ProcrastinateJob.objects.get(task_name="example.slow")
    assert (slow.status, slow.attempts) == ("succeeded", 2)
    kinds = Event.objects.filter(kind__in=["slow.begun", "worker.killed", "slow.ended"]).order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["slow.begun", "worker.killed", "slow.begun", "slow.ended"]
