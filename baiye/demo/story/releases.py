"""Open sign-up: one release first come with a line and an offer out, one that was drawn, one ranked, one still to open.

The visits are at hosts that do not exist (示例), on Saturdays, so that no school day and no round is in the way.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from baiye.accounts.models import Unit, User
from baiye.bookings.actions.cancellations import cancel
from baiye.bookings.actions.draws import draw
from baiye.bookings.actions.presses import press
from baiye.bookings.actions.promotions import promote
from baiye.bookings.actions.releases import add_openings, make_release, publish
from baiye.bookings.models import Booking, Opening, Release
from baiye.core import clock
from baiye.demo.calendar import at
from baiye.demo.story.rounds import Offer
from baiye.schools.actions import make_guardianship
from baiye.schools.models import Pupil
from baiye.schools.queries import guardians_of, term_on
from baiye.visits.actions import make_visit
from baiye.visits.models import Visit

NAMES = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562's URL name space: the same request each time
FIRST, DRAWN, RANKED, SOON = "周末加开（示例）", "冬季抽签放号（示例）", "小轮排志愿（示例）", "下一次放号（示例）"
FAMILIES, SEATS = 16, 6
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SETTINGS = {
    "grades": [],
    "consents": [],
    "reserved": 0,
    "reserved_from_grade": None,
    "reserved_until": None,
    "offer_hours": 24,
    "cancel_until": 24,
    "waiting_most": None,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who releases, where, and the offers of which visits are made."""

    district: Unit
    offers: Sequence[Offer]
    by: User
    moment: datetime


@transaction.atomic
def make_releases(
    *, district: Unit, offers: Mapping[int, Sequence[Offer]], own: Pupil, others: Sequence[Pupil], by: User,
    moment: datetime,
) -> list[Release]:  # fmt: skip
    """Everything, once: ``own`` is first in line and asked; ``others`` are the first of whom took the seats."""
    term = term_on(clock.day_of(moment))
    if term is None or Release.objects.filter(request=uuid.uuid5(NAMES, FIRST)).exists():
        return []
    desk = Desk(district, [offered[-1] for _host, offered in sorted(offers.items())], by, moment)
    families = [own, *_with_guardians(others[:FAMILIES], moment)]
    return [_first_come(desk, families), _drawn(desk, families), _ranked(desk, own), _soon(desk)]


def _with_guardians(pupils: Sequence[Pupil], moment: datetime) -> list[Pupil]:
    """``pupils``, each with somebody who stands for them."""
    standing = guardians_of([pupil.pk for pupil in pupils])
    for pupil in pupils:
        if not standing[pupil.pk]:
            contact = pupil.contacts.first()
            name = contact.name if contact else f"{pupil.name[0]}家长"
            user = User.objects.create_user(f"guardian-{pupil.pk}", None, name=name, kind="guardian")
            make_guardianship(user=user, pupil=pupil, made_by=None, at=moment - 100 * DAY)
    return list(pupils)


def _first_come(desk: Desk, families: Sequence[Pupil]) -> Release:
    """Seats gone in a minute; somebody gave one back, and the first in line is asked now."""
    release, (full, _other) = _release(desk, FIRST, "first", opens=_at(desk, -2), closes=_at(desk, 9), saturdays=(2, 3))
    own, seated = families[0], families[1 : 1 + SEATS]
    for pupil in (*seated, own, *families[1 + SEATS : 4 + SEATS]):
        _press(full, pupil, _at(desk, -2))
    booking = Booking.objects.get(opening=full, pupil=seated[0])
    cancel(booking=booking, by=_guardian(seated[0]), at=desk.moment)
    promote(opening=full, at=desk.moment)
    return release


def _drawn(desk: Desk, families: Sequence[Pupil]) -> Release:
    """More families than seats, drawn by a public seed."""
    release, (opening,) = _release(desk, DRAWN, "draw", opens=_at(desk, -3), closes=_at(desk, 12), saturdays=(4,))
    for pupil in families[3:]:
        _press(opening, pupil, _at(desk, -3) + HOUR)
    assert release.draw_until is not None
    draw(release=release, at=release.draw_until)
    return release


def _ranked(desk: Desk, own: Pupil) -> Release:
    """A small round that takes ranks now; one family has given one."""
    release, openings = _release(desk, RANKED, "ranked", opens=_at(desk, -1), closes=_at(desk, 5), saturdays=(5, 6, 7))
    _press(openings[0], own, desk.moment, rank=1)
    return release


def _soon(desk: Desk) -> Release:
    release, _openings = _release(desk, SOON, "first", opens=_at(desk, 3), closes=_at(desk, 20), saturdays=(8, 9))
    return release


def _at(desk: Desk, days: int) -> datetime:
    """Ten in the morning, so many days from today."""
    return at(clock.day_of(desk.moment) + days * DAY, 10)


def _release(
    desk: Desk, title: str, mode: str, *, opens: datetime, closes: datetime, saturdays: Sequence[int]
) -> tuple[Release, list[Opening]]:
    """A published release with one visit on each of these Saturdays, counted from the coming one."""
    rules: dict[str, Any] = {
        "title": title,
        "term": term_on(clock.day_of(desk.moment)),
        "mode": mode,
        "opens_at": opens,
    }
    rules |= {"draw_until": opens + DAY if mode == "draw" else None, "closes_at": closes}
    rules |= {"most_a_term": 6, "most_open": 4}
    before = opens - 4 * DAY
    release = make_release(unit=desk.district, rules=rules, request=uuid.uuid5(NAMES, title), by=desk.by, at=before)
    visits = [_visit(desk, n) for n in saturdays]
    add_openings(release=release, visits=visits, settings=SETTINGS, by=desk.by)
    release = publish(release=release, by=desk.by, at=before)
    return release, list(release.openings.select_related("visit", "release").order_by("visit__starts_at"))


def _visit(desk: Desk, n: int) -> Visit:
    version, venue = desk.offers[n % len(desk.offers)]
    day = _saturday(clock.day_of(desk.moment), n)
    plan = {"version": version, "venue": venue, "starts_at": at(day, 13, 30), "ends_at": at(day, 16, 30)}
    return make_visit(**plan, seats=min(SEATS, venue.capacity), by=desk.by)


def _saturday(today: date, n: int) -> date:
    """The ``n``-th Saturday from today, the coming one is 1."""
    return today + timedelta(days=(5 - today.weekday()) % 7 + 7 * (n - 1) + (7 if today.weekday() == 5 else 0))


def _press(opening: Opening, pupil: Pupil, moment: datetime, rank: int | None = None) -> None:
    """The pupil's guardian presses; what comes of it is the opening's own affair."""
    request = uuid.uuid5(NAMES, f"{opening.pk} {pupil.pk}")
    press(opening=opening, pupil=pupil, request=request, rank=rank, by=_guardian(pupil), at=moment)


def _guardian(pupil: Pupil) -> User:
    return guardians_of([pupil.pk])[pupil.pk][0]
