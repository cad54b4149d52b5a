"""Marks as devices send them: read exactly, their clock put right, nonsense refused."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baiye.attendance.wire import MOST, BadWire, read_batch

NOW = datetime(2026, 11, 28, 5, 30, tzinfo=UTC)


def body(*marks, sent=NOW):
    return json.dumps({"sent": sent.isoformat(), "marks": list(marks)}).encode()


def mark(at=NOW, **named):
    return {"id": str(uuid.uuid4()), "kind": "in", "at": at.isoformat()} | (named or {"seat": 7})


@pytest.mark.parametrize(
    ("named", "source"), [({"seat": 7}, "roll"), ({"code": "7K3"}, "code"), ({"token": "BY:1:A"}, "qr")]
)
def test_read_batch_says_how_the_pupil_was_named(named, source):
    (marking,) = read_batch(body(mark(**named)), now=NOW)

    assert (marking.source, {name: getattr(marking, name) for name in named}) == (source, named)


@given(st.integers(-3600, 3600))
def test_read_batch_puts_a_wrong_clock_right(skew_s):
    device = NOW + timedelta(seconds=skew_s)

    (marking,) = read_batch(body(mark(at=device - timedelta(minutes=5)), sent=device), now=NOW)

    assert abs(marking.at - (NOW - timedelta(minutes=5))) <= timedelta(seconds=2)


def test_read_batch_keeps_no_mark_in_the_future():
    (marking,) = read_batch(body(mark(at=NOW + timedelta(hours=1))), now=NOW)

    assert marking.at == NOW


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[]",
        b'{"sent": "2026-11-28T05:30:00Z"}',
        b'{"sent": "2026-11-28T05:30:00", "marks": []}',
        b'{"sent": "2026-11-28T05:30:00Z", "marks": {}}',
        body(mark(seat=7, code="A")),
        body(mark() | {"kind": "away"}),
        body(mark() | {"id": "7"}),
        body({"id": str(uuid.uuid4()), "kind": "in", "at": NOW.isoformat()}),
        body(mark(seat="7")),
        body(mark(token="B" * 61)),
        body(*[mark()] * (MOST + 1)),
        b"[" * 100_000,
    ],
)
def test_read_batch_of_nonsense_is_refused(wrong):
    with pytest.raises(BadWire):
        read_batch(wrong, now=NOW)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps).map(str.encode)
)
def test_read_batch_of_anything_is_read_or_refused(anything):
    try:
        read_batch(anything, now=NOW)
    except BadWire:
        return
