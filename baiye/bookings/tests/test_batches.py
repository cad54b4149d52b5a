"""A batch of presses gives what its presses give one after the other: answers, rows, events and jobs."""

import random
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.bookings.actions.presses import Answer, Pressing, press_many
from baiye.bookings.models import Booking
from baiye.bookings.tests.factories import ask, published, pupil_of
from baiye.core import clock, jobs
from baiye.core.models import Event
from baiye.schools.models import school_year
from baiye.visits.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PUPILS, OPENINGS, KEYS = 5, 4, 12
NOW = clock.now()


class World:
    """Overlapping openings with few seats, a reserve, a short line; pupils of two grades; a draw beside."""

    def __init__(self) -> None:
        days = [NOW + timedelta(days=7, hours=n) for n in (0, 1, 30)]
        reserve = {"opening__reserved": 1, "opening__reserved_from_grade": 9}
        reserve["opening__reserved_until"] = NOW + timedelta(days=1)
        visits = [{"starts_at": days[0], "seats": 2, **reserve}, {"starts_at": days[1], "seats": 1}]
        visits.append({"starts_at": days[2], "seats": 1, "opening__waiting_most": 1})
        self.openings = published(visits=visits, most_open=3)
        self.openings += published(
            beside=self.openings[0], mode="draw", visits=[{"starts_at": days[2] + timedelta(hours=1)}]
        )
        year = school_year(clock.day_of(days[0]))
        made = [pupil_of(self.openings[0], school_class__entry_year=year - (3 if n < 2 else 1)) for n in range(PUPILS)]
        self.pupils = made
        self.keys = [uuid.UUID(int=n + 1) for n in range(KEYS)]

    def presses(self, drawn: list[tuple[int, int, int]]) -> list[Pressing]:
        by = self.openings[0].release.made_by_id
        return [
            Pressing(self.openings[opening].pk, self.pupils[pupil].pk, self.keys[key], None, by)
            for pupil, opening, key in drawn
        ]


def told(answers: list[Answer]) -> tuple[list[tuple], list[tuple], list[tuple], list[tuple]]:
    """Answers, bookings, events and jobs in words that do not depend on the keys of the rows."""
    bookings = list(Booking.objects.order_by("request").select_related("seat"))
    number = {one.pk: one.request for one in bookings}
    rows = [(one.request, one.opening_id, one.pupil_id, one.state, one.place, one.seat_id is None) for one in bookings]
    events = Event.objects.filter(kind="booking.made").values_list("object_id", "actor_id", "unit_path", "facts")
    queued = ProcrastinateJob.objects.filter(task_name="bookings.tell_press")
    return (
        [(a.request, a.state, number.get(a.booking), a.place, a.reason) for a in answers],
        rows,
        sorted((str(number[int(pk)]), actor, path, sorted(facts.items())) for pk, actor, path, facts in events),
        sorted((str(number[job.args["booking_id"]]), job.queue_name, job.priority, job.lock) for job in queued),
    )


def undone(act):
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    return found


@pytest.fixture
def world() -> World:
    return World()


presses = st.tuples(st.integers(0, PUPILS - 1), st.integers(0, OPENINGS - 1), st.integers(0, KEYS - 1))


def test_a_batch_is_its_presses_one_after_the_other(world):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(presses, min_size=1, max_size=24))
    def same(drawn: list[tuple[int, int, int]]) -> None:
        batch = world.presses(drawn)

        at_once = undone(lambda: told(press_many(batch, at=NOW)))
        one_by_one = undone(lambda: told([press_many([one], at=NOW)[0] for one in batch]))

        assert at_once == one_by_one

    same()


def test_a_large_batch_with_retries_gives_each_its_first_answer(world):
    children = [pupil_of(world.openings[0], school_class=world.pupils[2].school_class) for _ in range(60)]
    by = world.openings[0].release.made_by_id
    once = [Pressing(world.openings[n % 3].pk, child.pk, uuid.uuid4(), None, by) for n, child in enumerate(children)]
    batch = random.Random(3).sample([*once, *once], 120)

    answers = press_many(batch, at=NOW)

    assert [one.request for one in answers] == [one.request for one in batch]
    assert len({(a.request, a.state, a.booking, a.place) for a in answers}) == 60
    assert sum(Visit.objects.values_list("taken", flat=True)) == sum(
        one.state == "booked" for one in Booking.objects.all()
    )


def test_an_empty_batch_has_no_answers():
    assert press_many([], at=NOW) == []


def test_the_job_of_a_press_is_what_the_queue_itself_would_write(world):
    answer = ask(world.openings[0], world.pupils[0])
    jobs.later("bookings.tell_press", booking_id=answer.booking)

    first, second = ProcrastinateJob.objects.filter(task_name="bookings.tell_press").order_by("pk").values()
    own = {"id", "worker_id"}

    assert {k: v for k, v in first.items() if k not in own} == {k: v for k, v in second.items() if k not in own}


def test_state_in_sql_is_the_state_of_the_model(world):
    for one in world.openings:
        for pupil in world.pupils[:3]:
            ask(one, pupil)

    with connection.cursor() as cursor:
        cursor.execute("SELECT id, bookings_state(ended_at, seat_id, offer_until, place) FROM bookings_booking")
        said = dict(cursor.fetchall())

    assert said == {one.pk: one.state for one in Booking.objects.all()}
    assert set(said.values()) == {"booked", "waiting", "pressed"}
