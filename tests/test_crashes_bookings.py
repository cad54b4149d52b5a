"""kill -9 in the middle of a rush and of a draw: nothing is lost, nothing half, and one seed gives one list.

What is killed stands still at a gate: a trigger on the site's own database waits for a lock that the test holds.
"""

import json
import os
import signal
import uuid
from datetime import timedelta

import pytest

from baiye.bookings import drawing
from baiye.bookings.actions import draws
from baiye.bookings.actions.presses import Pressing, press_many
from baiye.bookings.models import Opening, Release
from baiye.bookings.tests.factories import pressed, published, pupil_of
from baiye.config.tests.test_serve import within
from baiye.core import clock
from baiye.schools.models import Pupil
from tests.rig.crashes import Killable, kill, restored

pytestmark = pytest.mark.slow
PUPILS, SEATS, BATCH = 120, 25, 30
DEVICE = uuid.UUID("0d7a5c1e-2f6b-4c39-8f0a-5b8e7f3a9c21")
FIRST = BATCH // 2  # pupils of the first batch: each presses twice
OF_FIRST = """
    FROM bookings_booking b JOIN bookings_opening o ON o.id = b.opening_id
    JOIN bookings_release r ON r.id = o.release_id WHERE r.mode = 'first'
"""
GATE = f"""
    CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT count(*) FROM visits_seat) > {FIRST} THEN PERFORM pg_advisory_xact_lock_shared(12); END IF;
        RETURN NULL; END $$;
    CREATE TRIGGER zgate AFTER INSERT ON visits_seat FOR EACH STATEMENT EXECUTE FUNCTION gate();
"""


def rush() -> None:
    """Run in a process of its own: every pupil presses twice, in batches that commit one after the other."""
    opening = Opening.objects.get(release__mode="first")
    presses = [
        Pressing(opening.pk, pupil, uuid.uuid5(DEVICE, str(pupil)), None, opening.release.made_by_id)
        for pupil in Pupil.objects.order_by("pk").values_list("pk", flat=True)
        for _twice in range(2)
    ]
    answers = []
    for first in range(0, len(presses), BATCH):
        answers += press_many(presses[first : first + BATCH], at=clock.now())
    print(json.dumps([[str(a.request), a.state, a.booking, a.place] for a in answers]))


class Rushed(Killable):
    """What it says of its seats and its draw."""

    def seats_of(self, mode: str) -> list[tuple[object, ...]]:
        return self.sql(
            f"""SELECT v.taken, v.offered, count(b.seat_id), count(b.place) FROM bookings_release r
            JOIN bookings_opening o ON o.release_id = r.id JOIN visits_visit v ON v.id = o.visit_id
            LEFT JOIN bookings_booking b ON b.opening_id = o.id WHERE r.mode = '{mode}' GROUP BY v.id"""
        )

    def draw(self) -> tuple[str, str, bytes | None]:
        (found,) = self.sql(
            """SELECT r.frozen_sha256, r.seed, f.result FROM bookings_release r
            LEFT JOIN bookings_releasefiles f ON f.release_id = r.id WHERE r.mode = 'draw'"""
        )
        return found


@pytest.fixture
def site(own_database, tmp_path):
    """An opening of few seats for many pupils, a draw that is due, and the gate."""
    now = clock.now()
    (opening,) = published(seats=SEATS)
    school_class = pupil_of(opening).school_class
    children = [pupil_of(opening, school_class=school_class) for _ in range(PUPILS - 1)]
    (drawn,) = published(
        seats=SEATS, beside=opening, mode="draw", opens_at=now - timedelta(hours=2), draw_until=now,
        visits=[{"starts_at": now + timedelta(days=9)}],
    )  # fmt: skip
    for child in children[:60]:
        pressed(drawn, child, at=now - timedelta(hours=1))
    with restored(Rushed, tmp_path, gate=GATE) as site:
        yield site


def draw() -> None:
    """Run in a process of its own: the draw that is due."""
    draws.draw(release=Release.objects.get(mode="draw"), at=clock.now())


def assert_rushed_once(site: Rushed, answers: list[list[object]]) -> None:
    """Each press has its first answer; seats are full, the line has no gap; one event and one job a booking."""
    assert answers[::2] == answers[1::2]
    assert site.seats_of("first") == [(SEATS, 0, SEATS, PUPILS - SEATS)]
    events = "SELECT count(*) FROM core_event WHERE kind = 'booking.made' AND object_id::bigint IN (SELECT b.id"
    assert site.sql(f"{events} {OF_FIRST})") == [(PUPILS,)]
    queued = "SELECT count(*), count(DISTINCT args) FROM procrastinate_jobs WHERE task_name = 'bookings.tell_press'"
    assert site.sql(f"{queued} AND (args->>'booking_id')::bigint IN (SELECT b.id {OF_FIRST})") == [(PUPILS, PUPILS)]
    assert site.broken() == 0


def test_a_process_killed_in_the_middle_of_the_rush_loses_nothing_and_the_repeat_makes_each_once(site):
    with site.gate_closed():
        rushing = site.begin_call(rush)
        assert within(site.waiting_at_the_gate)
        assert site.seats_of("first") == [(FIRST, 0, FIRST, 0)]
        kill(rushing)
    # The batch is one statement: the database ends it though nobody hears its answers, or undoes it as a whole.
    assert within(lambda: site.sql("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%bookings_press(%' "
                                   "AND state = 'active' AND pid <> pg_backend_pid()") == [])  # fmt: skip
    before = site.sql(f"SELECT b.request, b.seat_id {OF_FIRST} ORDER BY b.id")
    assert len(before) in {FIRST, 2 * FIRST}

    answers = site.said_by(rush)

    assert_rushed_once(site, answers)
    assert site.said_by(rush) == answers
    assert site.sql(f"SELECT b.request, b.seat_id {OF_FIRST} ORDER BY b.id")[: len(before)] == before


def test_the_database_killed_in_the_middle_of_the_rush_keeps_what_was_answered(site):
    with site.gate_closed():
        rushing = site.begin_call(rush)
        assert within(site.waiting_at_the_gate)
        os.kill(site.server.pid(), signal.SIGKILL)
        assert rushing.wait(60) != 0
    answers = site.said_by(rush)

    assert_rushed_once(site, answers)
    assert site.sql(f"SELECT count(*) {OF_FIRST} AND b.seat_id IS NOT NULL") == [(SEATS,)]


def test_a_draw_killed_before_its_seats_gives_the_same_list_from_the_same_seed(site):
    with site.gate_closed():
        drawing_it = site.begin_call(draw)
        assert within(site.waiting_at_the_gate)
        sha256, seed, result = site.draw()
        kill(drawing_it)
    assert (len(sha256), len(seed), result) == (64, 32, None)
    assert site.seats_of("draw") == [(0, 0, 0, 0)]

    site.work_off()
    assert site.begin_call(draw).wait(120) == 0
    again = site.draw()

    assert again[:2] == (sha256, seed)
    assert drawing.faults(bytes(again[2])) == []
    assert site.seats_of("draw") == [(SEATS, 0, SEATS, 60 - SEATS)]
    assert site.broken() == 0


def test_the_database_killed_during_a_draw_comes_back_with_the_same_seed_and_the_draw_ends_once(site):
    with site.gate_closed():
        drawing_it = site.begin_call(draw)
        assert within(site.waiting_at_the_gate)
        sha256, seed, _result = site.draw()
        os.kill(site.server.pid(), signal.SIGKILL)
        assert drawing_it.wait(60) != 0

    assert site.begin_call(draw).wait(120) == 0
    first = site.draw()
    assert site.begin_call(draw).wait(120) == 0

    assert site.draw() == first
    assert first[:2] == (sha256, seed)
    in_order = [line.alias for line in drawing.read_result(bytes(first[2]))[2]]
    assert len(in_order) == len(set(in_order)) == 60
    assert site.broken() == 0
