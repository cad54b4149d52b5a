"""The rush by itself: what it does when there is too much, when the database stumbles, and for other addresses."""

import dataclasses
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.core.asgi import get_asgi_application
from django.db import DataError, OperationalError, connection
from django.test import Client
from psycopg.errors import DeadlockDetected

from baiye.bookings.actions import presses as actions
from baiye.bookings.models import Booking
from baiye.bookings.pressing import MOST_TRIES
from baiye.bookings.rush import asgi, serving
from baiye.bookings.rush.asgi import Rush
from baiye.bookings.tests.factories import published, pupil_of
from baiye.bookings.tests.wire import Sent, in_a_rush, phone_of
from baiye.core.models import Event
from baiye.schools.tests.factories import GuardianshipFactory
from baiye.visits.models import Visit

pytestmark = pytest.mark.slow


class Families:
    """An opening with two seats, and four families at it."""

    def __init__(self):
        (self.opening,) = published(seats=2)
        self.pupils = [pupil_of(self.opening) for _ in range(4)]
        self.phones = [phone_of(GuardianshipFactory(pupil=pupil).user) for pupil in self.pupils]
        connection.close()

    def press(self, n, request=None):
        return self.phones[n].press(self.opening, self.pupils[n], request or uuid.uuid4())

    def all_press(self):
        return [self.press(n) for n in range(4)]


@pytest.fixture
def families(own_database):
    return Families()


def states(answers):
    return [(got.status, got.body["state"], got.body["place"]) for got in answers]


def failing(monkeypatch, *errors):
    """Have the statement of the next batches fail, once for each of ``errors`` (None: it does not)."""
    real, left, sizes = serving.press_many, list(errors), []

    def press_many(presses, *, at):
        sizes.append(len(presses))
        if left and (error := left.pop(0)):
            raise error
        return real(presses, at=at)

    monkeypatch.setattr(serving, "press_many", press_many)
    return sizes


def broken(cause):
    error = OperationalError("the database says no")
    error.__cause__ = cause
    return error


def test_presses_at_once_are_one_commit_in_the_order_in_which_they_came(families):
    answers = in_a_rush(families.all_press())

    assert states(answers) == [(200, "booked", None)] * 2 + [(200, "waiting", 1), (200, "waiting", 2)]
    assert Event.objects.filter(kind="booking.made").values("xact_id").distinct().count() == 1
    assert Visit.objects.get(pk=families.opening.visit_id).taken == 2


def test_a_session_that_ended_since_the_batch_before_counts_at_once(families):
    rush = Rush(get_asgi_application())
    (first,) = in_a_rush([families.press(0)], rush=rush)
    Session.objects.filter(session_key=families.phones[0].session).delete()
    connection.close()

    (second,) = in_a_rush([families.press(0)], rush=rush)

    assert (first.status, second.status) == (200, 302)
    assert second.headers["location"].startswith("/sign-in/")


def test_more_than_may_wait_are_asked_to_come_again(families):
    answers = in_a_rush(families.all_press(), rush=Rush(get_asgi_application(), most_waiting=3))

    assert [got.status for got in answers] == [200, 200, 200, 503]
    assert (answers[3].headers["retry-after"], Booking.objects.count()) == ("2", 3)


def test_a_deadlock_is_tried_again(families, monkeypatch):
    sizes = failing(monkeypatch, *[broken(DeadlockDetected())] * (MOST_TRIES - 1))

    answers = in_a_rush(families.all_press())

    assert [got.status for got in answers] == [200] * 4
    assert sizes == [4] * MOST_TRIES


def test_what_cannot_be_done_is_answered_with_come_again(families, monkeypatch, caplog):
    failing(monkeypatch, *[broken(DeadlockDetected())] * 2 * MOST_TRIES)

    answers = in_a_rush(families.all_press())

    assert [(got.status, got.headers["retry-after"]) for got in answers] == [(503, "2")] * 4
    assert Booking.objects.count() == 0


def test_a_lost_connection_is_made_again_and_nothing_is_done_twice(families):
    rush = Rush(get_asgi_application())
    presses = families.all_press()
    first = in_a_rush(presses[:1], rush=rush)
    rush._line._thread.submit(lambda: connection.ensure_connection() or cut_off()).result()

    answers = in_a_rush(presses, rush=rush)

    assert states(answers)[:1] == states(first)
    assert [got.status for got in answers] == [200] * 4
    assert Booking.objects.count() == 4


def cut_off():
    """End this thread's connection from the other side, as a restarted server does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with connection._nodb_cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_one_press_that_breaks_its_batch_takes_no_other_along(families, monkeypatch):
    poison = families.pupils[2].pk
    real = actions.press_many

    def press_many(presses, *, at):
        if any(one.pupil == poison for one in presses):
            raise DataError("poison")
        return real(presses, at=at)

    monkeypatch.setattr(serving, "press_many", press_many)

    answers = in_a_rush(families.all_press())  # the ordinary path, which it is left to, knows no poison

    assert [got.status for got in answers] == [200] * 4
    assert Booking.objects.filter(pupil__in=families.pupils).count() == 4


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/healthz", 200), ("GET", "/bookings/presses/", 302)])
def test_everything_else_is_answered_by_the_site_itself(families, method, path, status):
    (got,) = in_a_rush([Sent({"host": "testserver"}, b"", method=method, path=path)])

    assert got.status == status
    assert Client().get(path).status_code == status


def test_a_press_that_does_not_arrive_is_not_waited_for(families, monkeypatch):
    monkeypatch.setattr(asgi, "BODY_S", 0.05)
    whole, half = families.press(0), families.press(1)

    answers = in_a_rush([whole, dataclasses.replace(half, is_whole=False)])

    assert [got.status for got in answers] == [200, 408]
    assert answers[1].headers["x-frame-options"] == "DENY"


def test_an_answer_over_tls_says_so_for_the_future(families, settings):
    settings.SECURE_HSTS_SECONDS = 3600
    press = families.phones[0].press(families.opening, families.pupils[0], uuid.uuid4(), scheme="https")

    secure, plain = in_a_rush([press, families.press(1)])

    assert (secure.headers["strict-transport-security"], secure.headers["x-frame-options"]) == ("max-age=3600", "DENY")
    assert "strict-transport-security" not in plain.headers
