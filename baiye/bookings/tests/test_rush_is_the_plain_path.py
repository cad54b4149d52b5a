"""The same presses by both ways in, on two copies of one database: the same answers, rows, events, jobs and counts."""

import dataclasses
import random
import uuid
from datetime import timedelta
from itertools import chain

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from baiye.accounts.tests.factories import UserFactory
from baiye.bookings.pressing import MOST_BYTES, PRESSES
from baiye.bookings.tests.factories import published, pupil_of
from baiye.bookings.tests.wire import Phone, in_a_rush, phone_of, plainly
from baiye.core import clock
from baiye.schools.tests.factories import GuardianshipFactory
from tests.rig import databases

pytestmark = pytest.mark.slow
NO_NUMBERS = ("0", "-1", "٣", "9" * 30, "x")
WRITTEN = {
    "bookings": """SELECT id, opening_id, pupil_id, request, pressed_at, by_id, "group", rank, place, seat_id, because
        FROM bookings_booking ORDER BY id""",
    "seats": "SELECT id, visit_id, pupil_id, span, origin, request, given_at, given_by_id FROM visits_seat ORDER BY id",
    "visits": "SELECT id, taken, offered FROM visits_visit ORDER BY id",
    "events": "SELECT kind, actor_id, object_type, object_id, unit_path, facts FROM core_event ORDER BY id",
    "jobs": "SELECT queue_name, task_name, priority, lock, args FROM procrastinate_jobs ORDER BY id",
    "tries": "SELECT key, hits FROM core_throttle ORDER BY key",
    "sessions": "SELECT session_key, session_data FROM django_session ORDER BY 1",
}


def written():
    with connection.cursor() as cursor:
        found = {}
        for what, sql in WRITTEN.items():
            cursor.execute(sql)
            found[what] = cursor.fetchall()
        return found


def by_both_ways(name, waves, monkeypatch):
    """Answers and rows of each wave of presses: one after the other by the plain view, at once in a rush."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    connection.close()
    with databases.copy_of(name, "other") as other:
        plain = [[plainly(sent) for sent in wave] for wave in waves], written()
        connection.close()
        with databases.pointed_at(other):
            rush = [in_a_rush(wave) for wave in waves], written()
    return plain, rush


def assert_same(plain, rush):
    """Answer by answer and table by table, so that a failure says what differs."""
    for one, other in zip(chain(*plain[0]), chain(*rush[0]), strict=True):
        assert dataclasses.asdict(other) == dataclasses.asdict(one)
    for what, rows in plain[1].items():
        assert rush[1][what] == rows, what


class World:
    """Openings of every kind, and families before them."""

    def __init__(self):
        at = clock.now()
        first = {"seats": 3, "starts_at": at + timedelta(days=9)}
        few, clashing, one, none = published(
            visits=[
                first,
                first | {"seats": 2},
                {"seats": 1, "opening__waiting_most": 1},
                {"seats": 2, "opening__waiting_most": 0, "opening__reserved": 1, "opening__reserved_from_grade": 9}
                | {"opening__reserved_until": at + timedelta(days=1)},
            ],
            most_open=3,
        )
        district = few.release.unit
        here = {"version__course__host__unit__parent": district}
        (soon,) = published(visits=[here], opens_at=at + timedelta(hours=1))
        (draw,) = published(visits=[here], mode="draw")
        (ranked,) = published(visits=[here], mode="ranked")
        (over,) = published(visits=[here], opens_at=at - timedelta(days=40))
        (elsewhere,) = published()
        self.openings = [few, clashing, one, none, soon, draw, ranked, over, elsewhere]
        self.opening = few
        self.pupils = [pupil_of(few) for _ in range(7)]
        guardians = [GuardianshipFactory(pupil=pupil).user for pupil in self.pupils]
        GuardianshipFactory(user=guardians[0], pupil=self.pupils[1])
        own = UserFactory(kind="pupil")
        self.pupils[2].user = own
        self.pupils[2].save()
        self.guardians, self.phones = guardians, [phone_of(user) for user in guardians]
        self.own = phone_of(own)

    def pressers(self):
        """Phones, each with a pupil for whom it may press."""
        family = list(zip(self.phones, self.pupils, strict=True))
        return [*family, (self.phones[0], self.pupils[1]), (self.own, self.pupils[2])]


@pytest.mark.parametrize("seed", range(4))
def test_presses_of_families_come_to_the_same(own_database, monkeypatch, seed):
    world, drawn = World(), random.Random(seed)
    keys = [uuid.UUID(int=drawn.getrandbits(128), version=4) for _ in range(40)]
    waves = [
        [
            phone.press(
                drawn.choice(world.openings),
                pupil,
                drawn.choice(keys),  # some twice: the same press again, or a key that is another's
                form={"rank": str(rank)} if (rank := drawn.randint(0, 6)) else None,
                headers={
                    "accept": drawn.choice(["application/json", "text/html,application/xhtml+xml,*/*;q=0.8"]),
                    "accept-language": drawn.choice(["zh-CN,zh;q=0.9", "en"]),
                },
            )
            for phone, pupil in (drawn.choice(world.pressers()) for _ in range(size))
        ]
        for size in (1, 25, 7, 12)
    ]

    plain, rush = by_both_ways(own_database, waves, monkeypatch)

    assert_same(plain, rush)
    states = {got.body["state"] for wave in plain[0] for got in wave if got.body and "state" in got.body}
    assert {"booked", "waiting", "pressed", "refused"} >= states > {"refused"}
    assert len(plain[1]["bookings"]) == len(plain[1]["jobs"]) > 5


def test_requests_that_are_not_in_order_come_to_the_same(own_database, monkeypatch):
    world = World()
    (phone, *others), (pupil, *_) = world.phones, world.pupils
    revoked, expired, inactive, changed = others[:4]
    Session.objects.filter(session_key=revoked.session).delete()
    Session.objects.filter(session_key=expired.session).update(expire_date=clock.now() - timedelta(seconds=1))
    world.guardians[3].is_active = False
    world.guardians[3].save()
    world.guardians[4].set_unusable_password()  # every session of theirs ends
    world.guardians[4].save()
    ended = GuardianshipFactory(pupil=pupil, to_on=clock.today() - timedelta(days=1))
    stranger, staff = phone_of(GuardianshipFactory().user), phone_of(UserFactory())
    new = iter(uuid.uuid4() for _ in range(99))
    few = world.opening

    def one(sender=phone, whose=pupil, **other):
        return sender.press(few, whose, next(new), **other)

    multipart = "multipart/form-data; boundary=x"
    bad = [
        one(revoked, world.pupils[1]),
        one(expired, world.pupils[2]),
        one(inactive, world.pupils[3]),
        one(changed, world.pupils[4]),
        one(dataclasses.replace(phone, session="")),
        one(dataclasses.replace(phone, session="x" * 32)),
        one(dataclasses.replace(phone, session="no-key'")),
        one(dataclasses.replace(phone, csrf_cookie="")),
        one(dataclasses.replace(phone, csrf_cookie=others[0].csrf_cookie)),
        one(form={"csrfmiddlewaretoken": ""}),
        one(form={"csrfmiddlewaretoken": "!" * 64}),
        one(headers={"origin": "http://elsewhere.example"}),
        one(headers={"origin": "null"}),
        one(headers={"origin": None, "referer": "https://testserver/"}, scheme="https"),
        one(headers={"origin": None, "referer": "https://elsewhere.example/"}, scheme="https"),
        one(headers={"origin": None}, scheme="https"),
        one(headers={"host": "elsewhere.example"}),
        one(stranger),
        one(phone_of(ended.user)),
        one(staff),
        phone.press(few, 2**62, next(new)),
        phone.press(2**62, pupil, next(new)),
        phone.press(few, pupil, "no-uuid"),
        *[
            one(form={name: value})
            for name in ("opening", "pupil", "rank")
            for value in ("0", "-1", "٣", "9" * 30, "x")
        ],
        one(form={"more": "x" * MOST_BYTES}),
        one(headers={"content-type": "text/plain"}),
        one(headers={"content-type": multipart}),
        one(headers={"content-type": f"{settings.CSRF_HEADER_NAME}"}),
    ]

    plain, rush = by_both_ways(own_database, [bad, [one(headers={"origin": None})]], monkeypatch)

    assert_same(plain, rush)
    statuses = [got.status for got in plain[0][0]]
    assert {200, 302, 400, 403, 404, 413} == set(statuses)
    assert statuses[13] == 200  # over TLS a good Referer stands in for the Origin
    assert [booking[2] for booking in plain[1]["bookings"]] == [pupil.pk]


def test_one_press_too_many_is_refused_by_both(own_database, monkeypatch):
    world = World()
    presses = [
        world.phones[0].press(world.openings[4], world.pupils[0], uuid.uuid4(), headers={"accept": accept})
        for accept in ["application/json", "text/html"] * (PRESSES // 2 + 2)
    ]

    plain, rush = by_both_ways(own_database, [presses, presses[:2]], monkeypatch)

    assert_same(plain, rush)
    assert [got.status for got in plain[0][0]] == [200, 302] * (PRESSES // 2) + [429, 302] * 2
    assert plain[0][0][-2].headers["retry-after"] == "60"
    assert "messages" in plain[0][0][-1].cookies


def test_nobodys_phone_is_asked_to_sign_in_by_both(own_database, monkeypatch):
    world = World()
    page = Phone(csrf_cookie=world.own.csrf_cookie, csrf_token=world.own.csrf_token)

    plain, rush = by_both_ways(own_database, [[page.press(world.opening, world.pupils[0], uuid.uuid4())]], monkeypatch)

    assert_same(plain, rush)
    assert (plain[0][0][0].status, plain[1]["bookings"]) == (302, [])
