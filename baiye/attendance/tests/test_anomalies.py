"""What looks odd in marks, and what does not."""

from datetime import UTC, datetime, timedelta

import pytest

from baiye.attendance.anomalies import Stroke, alarms

START = datetime(2026, 11, 28, 5, 30, tzinfo=UTC)


def strokes(*seconds, kind="in", note=""):
    return [Stroke(kind, START + timedelta(seconds=second), note) for second in seconds]


@pytest.mark.parametrize(
    ("marks", "codes"),
    [
        (strokes(*range(0, 240, 10)), []),  # a door with children
        (strokes(*[0] * 4), []),  # too few to say anything
        (strokes(*[0] * 24), ["same_moment"]),
        (strokes(*[0] * 24, kind="out"), ["same_moment"]),
        (strokes(*range(24)), ["burst"]),
        (strokes(*range(0, 240, 10)) + strokes(300, note="手机没电"), ["by_hand"]),
    ],
)
def test_alarms_ring_for_mass_entry_alone(marks, codes):
    assert [alarm.code for alarm in alarms(marks, arrived=24)] == codes


def test_alarms_say_how_many_and_how():
    assert [alarm.sentence for alarm in alarms(strokes(*range(12)), arrived=12)] == ["10 秒里有 11 人签到"]


@pytest.mark.parametrize(("head_count", "count"), [(None, 0), (24, 0), (25, 1)])
def test_alarms_ring_when_the_host_counts_otherwise(head_count, count):
    assert len(alarms([], arrived=24, head_count=head_count)) == count
