"""A batch of presses through the database: who presses, for whom, how often; then all of them in one commit.

Nothing of one batch is remembered for the next: a session, an account or a guardianship that ended in between counts.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from baiye.accounts.models import User
from baiye.bookings import pressing
from baiye.bookings.actions.presses import Answer, Pressing, press_many
from baiye.bookings.queries.families import in_scope
from baiye.bookings.rush import people
from baiye.bookings.rush.admission import Asked
from baiye.core import clock, throttle

log = logging.getLogger(__name__)


class No(Enum):
    """Why a press has no answer of its own."""

    ELSEWHERE = "the ordinary path says what and why"
    TOO_OFTEN = "one too many of this account"


Outcome = Answer | No


def serve(batch: Sequence[Asked]) -> list[Outcome]:
    """The outcome of each press of a batch, in its order."""
    try:
        return _serve(batch, at=clock.now())
    except (OperationalError, InterfaceError):
        # The database went away. Whatever was committed has its request id, so asking again makes nothing twice.
        log.warning("a batch of %d presses lost its connection and is done again", len(batch), exc_info=True)
        connection.close()
        return _serve(batch, at=clock.now())


def _serve(batch: Sequence[Asked], *, at: datetime) -> list[Outcome]:
    outcomes: list[Outcome] = [No.ELSEWHERE] * len(batch)
    able = _able(batch, at=at)
    keys = [pressing.throttle_key(user.pk) for _n, user in able]
    let_through = throttle.hit_many(keys, limit=pressing.PRESSES, per_s=pressing.PER_S) if keys else []
    going: list[tuple[int, Pressing]] = []
    for (n, user), may in zip(able, let_through, strict=True):
        if may:
            press = batch[n].press
            going.append((n, Pressing(press.opening, press.pupil, press.request, press.rank, user.pk)))
        else:
            outcomes[n] = No.TOO_OFTEN
    for (n, _pressing), outcome in zip(going, _press([each for _n, each in going], at=at), strict=True):
        outcomes[n] = outcome
    return outcomes


def _able(batch: Sequence[Asked], *, at: datetime) -> list[tuple[int, User]]:
    """Which presses (by number) are of a signed-in person for themselves or for a child of theirs, and who that is."""
    who = people.signed_in([asked.session_key for asked in batch], at=at)
    signed_in = [(n, who[asked.session_key]) for n, asked in enumerate(batch) if asked.session_key in who]
    theirs = in_scope([(user, batch[n].press.pupil) for n, user in signed_in], on=clock.day_of(at))
    return [(n, user) for n, user in signed_in if (user.pk, batch[n].press.pupil) in theirs]


def _press(presses: Sequence[Pressing], *, at: datetime) -> list[Outcome]:
    """All presses in one commit; if one of them breaks it, each half by itself, down to the one that does."""
    if not presses:
        return []
    try:
        return list(pressing.again(lambda: press_many(presses, at=at)))
    except (OperationalError, InterfaceError):
        raise
    except DatabaseError:
        if len(presses) == 1:
            log.exception("a press broke its batch; the ordinary path answers it")
            return [No.ELSEWHERE]
        half = len(presses) // 2
        return _press(presses[:half], at=at) + _press(presses[half:], at=at)
