"""A report that a phone sends twice at the same moment; committed for real, in a database of its own."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from baiye.core.models import Event, File
from baiye.incidents.models import Incident
from baiye.incidents.tests.test_actions_reports import instructor_at, picture, send, visit_now

pytestmark = pytest.mark.slow


def wait_until_somebody_waits():
    """Until another session waits for what this one holds; fails after ten seconds."""
    for _n in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_report_incident_sent_twice_at_once_gives_the_second_the_firsts_answer(own_database):
    visit, request = visit_now(), uuid.uuid4()
    instructor = instructor_at(visit)

    def again():
        try:
            return send(instructor, visit=visit, request=request, photos=[picture()])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = send(instructor, visit=visit, request=request, photos=[picture()])
            second = pool.submit(again)
            wait_until_somebody_waits()
        answered = second.result(timeout=20)

    assert answered == first
    assert (Incident.objects.count(), File.objects.count()) == (1, 1)
    assert Event.objects.filter(kind="incident.reported").count() == 1
