"""Half-days of a campaign as people and files write them: ``2027-05-12am``."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from baiye.core import clock
from baiye.core.templatetags.text import han_date
from baiye.outreach.models import Campaign
from baiye.schools.queries import school_days

BEGINS = {"am": time(9, 30), "pm": time(14, 0)}  # of a talk, until its school says otherwise
NOON = time(12, 30)
ANY_GRADE = 0  # no grade's exam days
Week = tuple[date, list[tuple[date, list[str]]]]  # its Monday, and its days with their half-days


def days_of(campaign: Campaign) -> list[date]:
    """The school days on which talks can be held; two queries."""
    return list(school_days(campaign.first_on, campaign.last_on, ANY_GRADE))


def half_days_of(campaign: Campaign) -> list[str]:
    """Every half-day of the campaign, in order; two queries."""
    return [f"{day}{half}" for day in days_of(campaign) for half in BEGINS]


def day_of(half_day: str) -> date:
    return date.fromisoformat(half_day[:10])


def half_day_of(at: datetime) -> str:
    local = clock.local(at)
    return f"{local:%Y-%m-%d}{'am' if local.time() < NOON else 'pm'}"


def span_of(half_day: str, minutes: int, begins: time | None = None) -> tuple[datetime, datetime]:
    """When a talk of so many minutes begins and ends."""
    starts_at = datetime.combine(day_of(half_day), begins or BEGINS[half_day[10:]], clock.SHANGHAI)
    return starts_at, starts_at + timedelta(minutes=minutes)


def name_of(half_day: str) -> str:
    """5 月 12 日 周三 上午."""
    half = _("上午") if half_day.endswith("am") else _("下午")
    return f"{han_date(day_of(half_day), 'day')} {half}"


def weeks_of(half_days: Iterable[str]) -> list[Week]:
    """Half-days by week and day."""
    weeks: dict[date, dict[date, list[str]]] = {}
    for half_day in half_days:
        day = day_of(half_day)
        monday = day - timedelta(days=day.weekday())
        weeks.setdefault(monday, {}).setdefault(day, []).append(half_day)
    return [(monday, list(days.items())) for monday, days in weeks.items()]


def in_order(half_days: Iterable[str]) -> list[str]:
    return sorted(set(half_days))
