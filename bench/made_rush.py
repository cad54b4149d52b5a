"""Rows for `rush.py`: invented pupils, each with a guardian who is signed in, and visits that opened a minute ago."""

import random
import sys
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from baiye.accounts.models import Unit, User

AT_A_TIME = 2000
SEATS, MANY, SEATS_EACH = 500, 50, 60
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Guardian:
    """Somebody signed in on a phone, and for whom they press."""

    session: str
    csrf_cookie: str
    csrf_token: str
    pupil: int


@dataclass(frozen=True, slots=True)
class World:
    """Who presses, and what has opened: one visit with many seats, and many visits at the same time of day."""

    guardians: list[Guardian]
    one: list[int]
    many: list[int]


def world(pupils: int) -> World:
    """The rows of a database, made where they are not."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from baiye.bookings.models import Release
    from baiye.core import clock
    from baiye.schools.models import Pupil

    call_command("migrate", verbosity=0)
    if not Pupil.objects.exists():
        sys.stderr.write(f"making {pupils} pupils and guardians\n")
        with transaction.atomic():
            _fill(pupils, at=clock.now())
    if Pupil.objects.count() != pupils or Release.objects.filter(closes_at__lte=clock.now()).exists():
        raise SystemExit("other rows than these are in the folder of the benchmark: remove it, and begin again")
    one, many = (
        [opening.pk for opening in release.openings.order_by("pk")] for release in Release.objects.order_by("pk")
    )
    found = World(_guardians(), one, many)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    return found


def _fill(pupils: int, *, at: datetime) -> None:
    from baiye.accounts.models import Unit
    from baiye.bookings.tests.factories import published

    day = (at + timedelta(days=40)).replace(minute=0, second=0, microsecond=0)
    rules = {"mode": "first", "opens_at": at - timedelta(minutes=1), "closes_at": at + timedelta(days=30)}
    (first,) = published(visits=[{"seats": SEATS, "starts_at": day}], **rules)
    district: Unit = first.release.unit
    host = {"version__course__host__unit__parent": district, "seats": SEATS_EACH, "starts_at": day + timedelta(days=1)}
    published(visits=[host] * MANY, **rules)
    _people(pupils, district)


def _people(number: int, district: "Unit") -> None:
    """Classes of forty, and for each pupil one guardian."""
    from django.contrib.auth.hashers import make_password

    from baiye.accounts.models import User
    from baiye.core import clock
    from baiye.schools.models import Guardianship, Pupil
    from baiye.schools.tests.factories import PupilFactory, SchoolClassFactory, SchoolFactory

    schools = SchoolFactory.create_batch(4, unit__parent=district)
    classes = [SchoolClassFactory(school=schools[n % 4], number=n // 4 % 60 + 1) for n in range(-(-number // 40))]
    Pupil.objects.bulk_create([PupilFactory.build(school_class=classes[n // 40]) for n in range(number)], AT_A_TIME)
    pupils = list(Pupil.objects.order_by("pk"))
    none = make_password(None)
    people = [User(kind="guardian", username=f"guardian{n}", name="示例家长", password=none) for n in range(number)]
    User.objects.bulk_create(people, AT_A_TIME)
    since = clock.today() - timedelta(days=30)
    both = zip(people, pupils, strict=True)
    Guardianship.objects.bulk_create([Guardianship(user=u, pupil=p, from_on=since) for u, p in both], AT_A_TIME)


def _guardians() -> list[Guardian]:
    """Every guardian signs in anew: sessions as Django makes them."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.http import HttpRequest
    from django.middleware.csrf import get_token

    from baiye.schools.models import Guardianship

    Session.objects.all().delete()
    store, rows, found = SessionStore(), [], []
    for guardianship in Guardianship.objects.select_related("user").order_by("pk"):
        user: User = guardianship.user
        said = {SESSION_KEY: str(user.pk), HASH_SESSION_KEY: user.get_session_auth_hash()}
        said[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        key, page = store._get_new_session_key(), HttpRequest()
        rows.append(Session(session_key=key, session_data=store.encode(said), expire_date=store.get_expiry_date()))
        token = get_token(page)
        found.append(Guardian(key, page.META["CSRF_COOKIE"], token, guardianship.pupil_id))
    Session.objects.bulk_create(rows, AT_A_TIME)
    return found


# ── what the phones send ──


def request(guardian: Guardian, opening: int, key: uuid.UUID, port: int) -> bytes:
    """One press as a phone's browser sends it, over a connection that ends with it."""
    form = {"csrfmiddlewaretoken": guardian.csrf_token, "opening": opening, "pupil": guardian.pupil, "request": key}
    body = urlencode(form)
    lines = (
        "POST /bookings/presses/ HTTP/1.1",
        f"Host: {HOST}:{port}",
        "User-Agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari",
        "Accept: application/json",
        "Accept-Language: zh-CN,zh;q=0.9",
        "Accept-Encoding: gzip, deflate, br",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        f"Origin: http://{HOST}:{port}",
        f"Referer: http://{HOST}:{port}/bookings/openings/{opening}/",
        f"Cookie: csrftoken={guardian.csrf_cookie}; baiye_session={guardian.session}",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@dataclass(frozen=True, slots=True)
class Press:
    """One press of the rush: whose, on what, and by which request id."""

    guardian: Guardian
    opening: int
    key: uuid.UUID


def presses(world: World, openings: list[int], *, times: int = 2) -> list[Press]:
    """Every guardian presses once or twice, all mixed: on one visit the same press again, as impatient people do.

    Where there are many visits, half of the guardians press on another one at the same time of day instead.
    """
    drawn = random.Random(f"rush{len(openings)}")  # noqa: S311 (a benchmark, not a secret)
    made = []
    for guardian in world.guardians:
        opening, key = drawn.choice(openings), uuid.UUID(int=drawn.getrandbits(128), version=4)
        second = Press(guardian, opening, key)
        if len(openings) > 1 and drawn.random() < 0.5:
            elsewhere = drawn.choice([other for other in openings if other != opening])
            second = Press(guardian, elsewhere, uuid.UUID(int=drawn.getrandbits(128), version=4))
        made += [Press(guardian, opening, key), second][:times]
    drawn.shuffle(made)
    return made
