"""A press (点“预约”): asks the SQL function ``bookings_press``, the same for one press and for a batch."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.bookings import words
from baiye.bookings.models import Opening
from baiye.core.refusals import Refused
from baiye.schools.models import Pupil
from baiye.schools.permissions import require_for_pupil

PRESS = "SELECT * FROM bookings_press(%s::bigint[], %s::bigint[], %s::bigint[], %s::uuid[], %s::smallint[], %s)"


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
    """What a press came to; ``reason`` is empty, ``again`` or ``already``, or why it was refused (of words.REASONS)."""

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
    require_for_pupil(by, Permission.WISH_GIVE, pupil)
    (answer,) = press_many([Pressing(opening.pk, pupil.pk, request, rank, by.pk)], at=at)
    return answer


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
    # One statement is a transaction by itself; inside of one it leaves that usable when it fails.
    with transaction.atomic() if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
        cursor.execute(PRESS, [*columns, at])
        return [Answer(*row) for row in cursor.fetchall()]
