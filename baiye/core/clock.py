"""Days are Asia/Shanghai dates; only views and tasks read the clock, everything else takes ``at`` or ``on``."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return timezone.now()


def today() -> date:
    return timezone.localdate()


def day_of(at: datetime) -> date:
    """The Shanghai date of ``at``."""
    return timezone.localdate(at)


def local(at: datetime) -> datetime:
    """``at`` on Shanghai's clock."""
    return at.astimezone(SHANGHAI)
