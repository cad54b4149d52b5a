"""Quiet hours, on Shanghai's clock."""

from datetime import datetime, time

import pytest

from baiye.core import clock
from baiye.core.messages_quiet import leaves_at

NIGHT = {"quiet_from": time(21), "quiet_to": time(7)}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        (at(27, 20, 59), at(27, 20, 59)),
        (at(27, 21), at(28, 7)),
        (at(28, 0), at(28, 7)),
        (at(28, 6, 59), at(28, 7)),
        (at(28, 7), at(28, 7)),
    ],
)
def test_leaves_at_waits_for_the_morning(said, leaves):
    assert leaves_at(said, **NIGHT, needed_by=None) == leaves


def test_leaves_at_within_one_day_and_without_quiet_hours():
    noon = {"quiet_from": time(12), "quiet_to": time(14)}

    assert leaves_at(at(28, 13), **noon, needed_by=None) == at(28, 14)
    assert leaves_at(at(28, 14), **noon, needed_by=None) == at(28, 14)
    assert leaves_at(at(28, 3), quiet_from=time(7), quiet_to=time(7), needed_by=None) == at(28, 3)


@pytest.mark.parametrize(
    ("needed_by", "leaves"),
    [
        (at(28, 8), at(28, 7)),  # an hour is left in the morning
        (at(28, 7, 59), at(27, 22)),  # it is not
        (at(29, 8), at(28, 7)),
        (at(27, 21, 30), at(27, 22)),  # it has begun already: later helps even less
    ],
)
def test_leaves_at_once_where_the_morning_is_too_late(needed_by, leaves):
    assert leaves_at(at(27, 22), **NIGHT, needed_by=needed_by) == leaves
