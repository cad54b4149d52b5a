"""How names, numbers and times are written: masked where they must be, with a space between Han and figures."""

from datetime import date, datetime

from django.template import Library
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()

WEEKDAYS = "一二三四五六日"
ENGLISH = {
    "": "D j M H:i",
    "full": "D j M Y H:i",
    "day": "D j M",
    "date": "j M Y",
    "short": "j M",
    "weekday": "D",
    "time": "H:i",
}


@register.filter
def mask_name(name: str) -> str:
    """林小满 → 林*满, 林满 → 林*: what a host may see of a name."""
    if len(name) < 3:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]


@register.filter
def mask_roll(roll: str) -> str:
    """G310107201405061234 → G310107********1234: kind, area, and the last four."""
    return f"{roll[:7]}{'*' * 8}{roll[-4:]}" if len(roll) > 11 else "*" * len(roll)


@register.filter
def mask_phone(phone: str) -> str:
    """13812345678 → 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "*" * len(phone)


@register.filter
def thousands(number: object) -> str:
    """3842 → 3,842."""
    return f"{number:,}" if isinstance(number, int | float) else str(number)


@register.filter
def han_date(value: date | None, form: str = "") -> str:
    """A day or moment as people write it: ``11 月 28 日 周六 13:30``; empty for None.

    Parameters
    ----------
    form : str
        ``""`` day, weekday and time; ``full`` with the year; ``day`` without the time; ``date`` 2026 年 11 月 28 日;
        ``short`` 11.28; ``weekday`` 周六; ``time`` 13:30.
    """
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    has_time = isinstance(local, datetime)
    if (get_language() or "").startswith("en"):
        pattern = ENGLISH[form] if has_time else ENGLISH[form].replace(" H:i", "")
        return date_format(local, pattern)
    return _in_chinese(local, form, f"{local:%H:%M}" if has_time else "")


def _in_chinese(day: date, form: str, time: str) -> str:
    weekday = f"周{WEEKDAYS[day.weekday()]}"
    month_day = f"{day.month} 月 {day.day} 日"
    forms = {
        "": f"{month_day} {weekday} {time}",
        "full": f"{day.year} 年 {month_day} {weekday} {time}",
        "day": f"{month_day} {weekday}",
        "date": f"{day.year} 年 {month_day}",
        "short": f"{day.month}.{day.day:02}",
        "weekday": weekday,
        "time": time,
    }
    return forms[form].rstrip()


@register.simple_tag
def han_range(start: datetime, end: datetime, form: str = "") -> str:
    """From when to when: ``11 月 28 日 周六 13:30–16:30``; two days where it lasts longer than one."""
    if timezone.localdate(start) == timezone.localdate(end):
        return f"{han_date(start, form)}–{han_date(end, 'time')}"
    return f"{han_date(start, form)}–{han_date(end, form)}"


@register.filter
def han_time(value: date | None, form: str = "") -> SafeString | str:
    """``han_date`` inside <time> with the moment for machines."""
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), han_date(value, form))
