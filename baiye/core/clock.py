"""Days are Asia/Shanghai dates; only views and tasks read the clock, everything else takes ``at`` or ``on``."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    return timezone.now()


def today() -> date:
    return timezone.localdate()


def day_of(at: datetime) -> date:
    """The Shanghai date of ``at``."""
    return timezone.localdate(at)
