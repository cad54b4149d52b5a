"""A press (点“预约”): asks the SQL function ``bookings_press``, the same for one press and for a batch."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from baiye.accounts.models import User
from baiye.accounts.permissions import ROLES, Permission
from baiye.bookings import words
from baiye.bookings.models import Opening
from baiye.core.refusals import Refused
from baiye.core.throttle import Limit
from baiye.schools.models import Pupil

PRESS = "SELECT * FROM bookings_press(%s::bigint[], %s::bigint[], %s::bigint[], %s::uuid[], %s::smallint[], %s)"
PRESS_OWN = "SELECT * FROM bookings_press_own(%s, %s, %s, %s, %s, %s::smallint, %s, %s, %s, %s)"
NO_LIMIT = None, None, None
TOO_OFTEN = "too_often"


class BookingRefused(Refused):
    """The booking may not be made, or not be changed so."""


@dataclass(frozen=True, slots=True)
class Pressing:
    """One press: a pupil's, on an opening; ``request`` is made by the client once a press."""

    opening: int
    pupil: int
    request: UUID
    rank: int | None
    by: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a press came to; ``reason``: empty, ``again``, ``already``, or why not (of words.REASONS, or TOO_OFTEN)."""

    request: UUID
    state: str  # pressed, booked, waiting, offered, ended; or refused
    booking: int | None
    place: int | None  # in line, counted since the line began
    reason: str

    @property
    def is_refused(self) -> bool:
        return self.state == "refused"

    @property
    def sentence(self) -> str:
        """Why it was refused, in words; empty where it was not."""
        return words.reason(self.reason) if self.is_refused else ""


def press(*, opening: Opening, pupil: Pupil, request: UUID, rank: int | None = None, by: User, at: datetime) -> Answer:
    """Ask for a seat of ``opening`` for ``pupil``; the same ``request`` again gets the booking it made.

    Raises
    ------
    PermissionDenied
        ``by`` neither is the pupil nor stands for them.
    """
    return press_one(Pressing(opening.pk, pupil.pk, request, rank, by.pk), by=by, at=at)


def press_one(one: Pressing, *, by: User, at: datetime, limit: Limit | None = None) -> Answer:
    """The answer to a press of ``by``: whether it is theirs, or one too many, is asked in the same round trip.

    Raises
    ------
    PermissionDenied
        ``by`` neither is the pupil nor stands for them; nothing was done.
    """
    kind = by.kind if Permission.WISH_GIVE in ROLES.get(by.kind, ()) else ""
    asked = kind, by.pk, one.pupil, one.opening, one.request, one.rank, at
    with _whole(), connection.cursor() as cursor:
        cursor.execute(PRESS_OWN, [*asked, *(limit.words if limit else NO_LIMIT)])
        row = cursor.fetchone()
    if row is None:
        raise PermissionDenied(f"{Permission.WISH_GIVE} for a pupil")
    return Answer(*row)


def press_many(presses: Sequence[Pressing], *, at: datetime) -> list[Answer]:
    """The answers to ``presses``, in their order: one round trip, and nothing of it on any error.

    Who may press for whom is asked by the caller.
    """
    columns = (
        [one.opening for one in presses],
        [one.pupil for one in presses],
        [one.by for one in presses],
        [one.request for one in presses],
        [one.rank for one in presses],
    )
    with _whole(), connection.cursor() as cursor:
        cursor.execute(PRESS, [*columns, at])
        return [Answer(*row) for row in cursor.fetchall()]


def _whole() -> AbstractContextManager[object]:
    """For one statement, which is a transaction by itself; inside of one it leaves that usable when it fails."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
