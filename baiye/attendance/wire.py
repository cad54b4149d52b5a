"""Marks as a device sends them: JSON in, markings out, its clock put right. Pure.

``{"sent": "2026-11-28T05:31:00Z", "marks": [{"id": uuid, "kind": "in", "at": iso, "seat": 7}]}``, or ``token`` or
``code`` in the place of ``seat``.
"""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from baiye.attendance.actions import Marking

MOST = 500
SOURCES = {"token": "qr", "code": "code", "seat": "roll"}
SKEW_TOLERATED = timedelta(seconds=2)  # less is the way through the network, not a wrong clock


class BadWire(ValueError):
    """The body is not what a device of ours sends."""


def read_batch(body: bytes, *, now: datetime) -> list[Marking]:
    """The markings of one request.

    A device whose clock is wrong says so by ``sent``: its times are moved by what ``sent`` differs from ``now``. No
    mark lies in the future.

    Raises
    ------
    BadWire
        No JSON, too many marks, or one that names nobody or more than one thing.
    """
    try:
        message = json.loads(body)
        skew = now - _moment(message["sent"])
        marks = message["marks"]
        if not isinstance(marks, list) or len(marks) > MOST:
            raise BadWire("marks")
        skew = skew if abs(skew) > SKEW_TOLERATED else timedelta()
        return [_marking(mark, skew, now) for mark in marks]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise BadWire(str(error)) from error


def _marking(mark: dict[str, object], skew: timedelta, now: datetime) -> Marking:
    named = SOURCES.keys() & mark.keys()
    if len(named) != 1 or mark["kind"] not in {"in", "out"}:
        raise BadWire("mark")
    (name,) = named
    value = mark[name]
    who: dict[str, Any] = {name: value}
    if not isinstance(value, int if name == "seat" else str) or len(str(value)) > 60:
        raise BadWire(name)
    return Marking(
        id=uuid.UUID(str(mark["id"])),
        kind=str(mark["kind"]),
        at=min(_moment(mark["at"]) + skew, now),
        source=SOURCES[name],
        **who,
    )


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise BadWire("a time without its zone")
    return moment
