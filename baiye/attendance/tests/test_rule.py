"""The rule from the door to the ledger, case by case, and what must hold for every case."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baiye.attendance.rule import Reason, verdict

START = datetime(2026, 11, 28, 5, 30, tzinfo=UTC)
END = START + timedelta(hours=3)


def judged(*, in_min=0, out_min=180, **facts):
    """A verdict with marks that many minutes after the start; None for no mark."""
    return verdict(
        **{
            "starts_at": START,
            "ends_at": END,
            "in_at": None if in_min is None else START + timedelta(minutes=in_min),
            "out_at": None if out_min is None else START + timedelta(minutes=out_min),
            "late_limit_min": 15,
            "credit_minutes": 160,
            "host_confirmed": True,
            "school_confirmed": True,
        }
        | facts
    )


def test_verdict_on_full_attendance_credits_the_fixed_minutes_and_keeps_the_clock():
    earned = judged(in_min=-10, out_min=185)

    assert (earned.credited, earned.minutes, earned.clock_minutes) == (True, 160, 195)
    assert earned.sentence == "记 4 课时"


@pytest.mark.parametrize(
    ("facts", "reason", "sentence"),
    [
        ({"in_min": None}, Reason.NO_IN, "没有签到记录，这半天不计课时"),
        ({"in_min": 15.5}, Reason.LATE, "迟到 16 分钟，超过了 15 分钟，这半天不计课时"),
        ({"out_min": None}, Reason.NO_OUT, "没有离开记录，这半天不计课时"),
        ({"out_min": 169}, Reason.LEFT_EARLY, "提前 11 分钟离开，这半天不计课时"),
        ({"host_confirmed": False}, Reason.HOST_MISSING, "等基地确认"),
        ({"school_confirmed": False}, Reason.SCHOOL_MISSING, "等学校确认"),
        ({"all_seen": False}, Reason.UNSEEN, "有后来才传到的记录，等基地和学校再确认一次"),
        ({"cancelled": True}, Reason.CANCELLED, "这一场取消了"),
        ({"credit_minutes": 0}, Reason.COUNTS_AS_NOTHING, "不是学校组织的，不计课时，可以写进自我介绍"),
    ],
)
def test_verdict_otherwise_earns_nothing_and_says_why(facts, reason, sentence):
    earned = judged(**facts)

    assert (earned.reason, earned.minutes, earned.sentence) == (reason, 0, sentence)


@pytest.mark.parametrize(("in_min", "credited"), [(15, True), (15.02, False)])
def test_verdict_counts_the_limit_itself_as_on_time(in_min, credited):
    assert judged(in_min=in_min).credited is credited


@pytest.mark.parametrize(("out_min", "credited"), [(170, True), (169.98, False)])
def test_verdict_lets_pupils_out_ten_minutes_before_the_end(out_min, credited):
    assert judged(out_min=out_min).credited is credited


def test_verdict_waits_only_for_confirmations():
    waiting = {reason for reason in Reason if reason and judged(**CASES[reason]).waits}

    assert waiting == {Reason.HOST_MISSING, Reason.SCHOOL_MISSING, Reason.UNSEEN}


CASES = {
    Reason.CANCELLED: {"cancelled": True},
    Reason.COUNTS_AS_NOTHING: {"credit_minutes": 0},
    Reason.NO_IN: {"in_min": None},
    Reason.LATE: {"in_min": 30},
    Reason.NO_OUT: {"out_min": None},
    Reason.LEFT_EARLY: {"out_min": 60},
    Reason.HOST_MISSING: {"host_confirmed": False},
    Reason.SCHOOL_MISSING: {"school_confirmed": False},
    Reason.UNSEEN: {"all_seen": False},
}
minutes = st.one_of(st.none(), st.integers(-200, 400))


@given(minutes, minutes, st.integers(0, 60), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_verdict_credits_all_or_nothing_and_never_what_the_clock_says(in_min, out_min, limit, host, school, seen, off):
    earned = judged(
        in_min=in_min,
        out_min=out_min,
        late_limit_min=limit,
        host_confirmed=host,
        school_confirmed=school,
        all_seen=seen,
        cancelled=off,
    )

    on_time = in_min is not None and in_min <= limit
    stayed = out_min is not None and out_min >= 170
    assert earned.credited is (on_time and stayed and host and school and seen and not off)
    assert earned.minutes == (160 if earned.credited else 0)


@given(minutes, minutes, st.integers(0, 60), st.integers(0, 60))
def test_verdict_gets_no_worse_by_an_earlier_arrival_or_a_later_departure(in_min, out_min, earlier, later):
    before = judged(in_min=in_min, out_min=out_min)

    after = judged(
        in_min=None if in_min is None else in_min - earlier, out_min=None if out_min is None else out_min + later
    )

    assert after.minutes >= before.minutes
