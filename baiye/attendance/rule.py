"""What a half-day is worth: the one rule from the door to the ledger; pure, no database, no clock.

Source: the round's rule (late by at most 15 minutes, not gone early, both sides confirm); full attendance earns the
visit's fixed minutes, the minutes on the clock are kept but never credited.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

# Two dozen pupils cannot all go through one door at the last minute: the door opens that long before the end.
EARLY_LIMIT_MIN = 10


class Reason(StrEnum):
    """Why no hours come of a seat; the empty one means that they do."""

    CREDITED = ""
    CANCELLED = "cancelled"
    COUNTS_AS_NOTHING = "counts_as_nothing"
    NO_IN = "no_in"
    LATE = "late"
    NO_OUT = "no_out"
    LEFT_EARLY = "left_early"
    HOST_MISSING = "host_missing"
    SCHOOL_MISSING = "school_missing"
    UNSEEN = "unseen"


SENTENCES = {
    Reason.CREDITED: _("记 %(hours)s 课时"),
    Reason.CANCELLED: _("这一场取消了"),
    Reason.COUNTS_AS_NOTHING: _("不是学校组织的，不计课时，可以写进自我介绍"),
    Reason.NO_IN: _("没有签到记录，这半天不计课时"),
    Reason.LATE: _("迟到 %(off_by)s 分钟，超过了 %(limit)s 分钟，这半天不计课时"),
    Reason.NO_OUT: _("没有离开记录，这半天不计课时"),
    Reason.LEFT_EARLY: _("提前 %(off_by)s 分钟离开，这半天不计课时"),
    Reason.HOST_MISSING: _("等基地确认"),
    Reason.SCHOOL_MISSING: _("等学校确认"),
    Reason.UNSEEN: _("有后来才传到的记录，等基地和学校再确认一次"),
}
WAITING = frozenset({Reason.HOST_MISSING, Reason.SCHOOL_MISSING, Reason.UNSEEN})  # nothing the pupil could change


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a seat earns, or why it earns nothing; ``off_by_min`` belongs to late and left early."""

    reason: Reason
    minutes: int = 0
    clock_minutes: int = 0
    off_by_min: int = 0
    limit_min: int = 0

    @property
    def credited(self) -> bool:
        return self.reason is Reason.CREDITED

    @property
    def waits(self) -> bool:
        """Whether only somebody's confirmation is missing."""
        return self.reason in WAITING

    @property
    def sentence(self) -> str:
        """The verdict in words for the pupil and everyone else."""
        facts = {"hours": self.minutes // 40, "off_by": self.off_by_min, "limit": self.limit_min}
        return str(SENTENCES[self.reason]) % facts


def verdict(  # noqa: PLR0913 - each is a fact of the rule
    *,
    starts_at: datetime,
    ends_at: datetime,
    in_at: datetime | None,
    out_at: datetime | None,
    late_limit_min: int,
    credit_minutes: int,
    host_confirmed: bool,
    school_confirmed: bool,
    all_seen: bool = True,
    cancelled: bool = False,
    early_limit_min: int = EARLY_LIMIT_MIN,
) -> Verdict:
    """Whether a pupil with these marks earns ``credit_minutes``, or the first reason why not.

    ``in_at`` is the earliest live "in", ``out_at`` the latest live "out", None where there is none; ``all_seen``: both
    confirmations were made after these marks had arrived.
    """
    clock = max(0, int((out_at - in_at).total_seconds() // 60)) if in_at and out_at else 0
    late_min = _minutes_over(in_at - starts_at) if in_at else 0
    early_min = _minutes_over(ends_at - out_at) if out_at else 0
    checks = (
        (cancelled, Reason.CANCELLED, 0, 0),
        (credit_minutes == 0, Reason.COUNTS_AS_NOTHING, 0, 0),
        (in_at is None, Reason.NO_IN, 0, 0),
        (late_min > late_limit_min, Reason.LATE, late_min, late_limit_min),
        (out_at is None, Reason.NO_OUT, 0, 0),
        (early_min > early_limit_min, Reason.LEFT_EARLY, early_min, early_limit_min),
        (not host_confirmed, Reason.HOST_MISSING, 0, 0),
        (not school_confirmed, Reason.SCHOOL_MISSING, 0, 0),
        (not all_seen, Reason.UNSEEN, 0, 0),
    )
    for applies, reason, off_by, limit in checks:
        if applies:
            return Verdict(reason, 0, clock, off_by, limit)
    return Verdict(Reason.CREDITED, credit_minutes, clock)


def _minutes_over(span: timedelta) -> int:
    """Begun minutes of a span; none when it is negative."""
    return max(0, math.ceil(span.total_seconds() / 60))
