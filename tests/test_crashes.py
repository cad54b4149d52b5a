"""kill -9 in the middle of a placement and of a bulk check-in: nothing is left half, and the job ends once.

What is killed stands still at a gate: a trigger on the site's own database waits for a lock that the test holds.
"""

import json
import os
import signal
import uuid

import pytest

from baiye.accounts.models import User
from baiye.attendance.actions import Marking, record_marks
from baiye.attendance.tests.factories import PastVisitFactory, instructor_of
from baiye.config.tests.test_serve import within
from baiye.core import clock
from baiye.rounds.actions.runs import ask_run
from baiye.rounds.tests.factories import district
from baiye.visits.models import Seat, Visit
from baiye.visits.tests.factories import SeatFactory
from tests.rig.crashes import Killable, kill, restored

pytestmark = pytest.mark.slow
PUPILS = 120
DEVICE = uuid.UUID("6f1f0c52-7d4c-4b6e-9f51-1f1c3a0b7a10")
MIDDLE = "第一百二十条"  # the note of the mark before which the gate stands
GATE = f"""
    CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock_shared(12); RETURN NEW; END $$;
    CREATE TRIGGER gate AFTER INSERT ON rounds_runseat FOR EACH STATEMENT EXECUTE FUNCTION gate();
    CREATE TRIGGER gate BEFORE INSERT ON attendance_mark FOR EACH ROW WHEN (NEW.note = '{MIDDLE}')
        EXECUTE FUNCTION gate();
"""


def check_in() -> None:
    """Run in a process of its own: a door that sends in and out of everybody in one request."""
    visit = Visit.objects.get(seats=PUPILS)
    seats = Seat.objects.filter(visit=visit).order_by("pk").values_list("pk", flat=True)
    times = {"in": visit.starts_at, "out": visit.ends_at}
    marks = [
        Marking(uuid.uuid5(DEVICE, f"{kind} {seat}"), kind, at, "roll", seat=seat)
        for seat in seats
        for kind, at in times.items()
    ]
    marks[PUPILS - 1] = Marking(**{**_fields(marks[PUPILS - 1]), "note": MIDDLE})
    outcomes = record_marks(visit=visit, marks=marks, by=User.objects.get(grants__role="host_instructor"))
    print(json.dumps([outcome.status for outcome in outcomes]))


def _fields(marking: Marking) -> dict[str, object]:
    return {name: getattr(marking, name) for name in Marking.__slots__}


@pytest.fixture
def site(own_database, tmp_path):
    """A run that waits in the queue, a visit of 120 pupils, and the gate."""
    world = district(phase="place", pupils=PUPILS, seats=PUPILS // 2 + 5)
    ask_run(round=world.round, by=world.coordinator, at=clock.now())
    past = PastVisitFactory(seats=PUPILS)
    instructor_of(past)
    for pupil in world.pupils:
        SeatFactory(visit=past, pupil=pupil)
    with restored(Killable, tmp_path, gate=GATE) as site:
        yield site


def assert_placed_once(site: Killable) -> None:
    seats = "SELECT count(*), count(DISTINCT (pupil_id, visit_id)), count(DISTINCT run_id) FROM rounds_runseat"
    assert site.sql(seats) == [(4 * PUPILS, 4 * PUPILS, 1)]
    assert site.sql("SELECT count(*) FROM rounds_run WHERE finished_at IS NOT NULL AND failed_because = ''") == [(1,)]
    assert site.sql("SELECT count(*) FROM core_event WHERE kind = 'run.finished'") == [(1,)]
    assert site.sql("SELECT status::text FROM procrastinate_jobs WHERE task_name = 'rounds.place'") == [("succeeded",)]


def assert_checked_in_once(site: Killable) -> None:
    assert site.sql("SELECT count(*), count(DISTINCT (seat_id, kind)) FROM attendance_mark") == [(2 * PUPILS,) * 2]
    assert site.sql("SELECT count(*) FROM core_event WHERE kind = 'marks.recorded'") == [(1,)]


def assert_nothing_half(site: Killable) -> None:
    assert site.sql("SELECT count(*) FROM rounds_runseat UNION ALL SELECT count(*) FROM attendance_mark") == [(0,)] * 2
    assert site.sql("SELECT 1 FROM core_event WHERE kind IN ('run.finished', 'marks.recorded')") == []


def test_a_worker_killed_in_the_middle_of_a_placement_places_everybody_once(site):
    with site.gate_closed():
        worker = site.begin("worker")
        assert within(site.waiting_at_the_gate)
        kill(worker)
    assert_nothing_half(site)
    assert site.sql("SELECT count(*) FROM rounds_run WHERE started_at IS NOT NULL AND finished_at IS NULL") == [(1,)]

    site.work_off()

    assert_placed_once(site)
    assert site.broken() == 0


def test_a_process_killed_in_the_middle_of_a_check_in_leaves_no_mark_and_the_repeat_makes_each_once(site):
    with site.gate_closed():
        door = site.begin_call(check_in)
        assert within(site.waiting_at_the_gate)
        kill(door)
    assert_nothing_half(site)

    assert site.said_by(check_in) == ["new"] * 2 * PUPILS
    assert site.said_by(check_in) == ["same"] * 2 * PUPILS

    assert_checked_in_once(site)
    assert site.broken() == 0


def test_the_database_killed_in_the_middle_of_both_comes_back_and_both_end_once(site):
    with site.gate_closed():
        worker = site.begin("worker")
        door = site.begin_call(check_in)
        assert within(lambda: site.waiting_at_the_gate() == 2)
        killed = site.server.pid()
        os.kill(killed, signal.SIGKILL)
        assert door.wait(60) != 0
    assert within(lambda: site.server.pid() not in (None, killed) and site.server.answers("baiye"))
    # A worker brings the database back, hands its job back, and ends: `serve` starts the next one.
    done = "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'rounds.place' AND status = 'succeeded'"
    assert within(lambda: worker.poll() is not None or site.sql(done))
    site.work_off()
    assert site.said_by(check_in) == ["new"] * 2 * PUPILS

    assert_placed_once(site)
    assert_checked_in_once(site)
    assert site.broken() == 0
