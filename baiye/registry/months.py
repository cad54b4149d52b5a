"""Days counted in months."""

import calendar
from datetime import date


def months_after(day: date, months: int) -> date:
    """The same day ``months`` later, or the month's last where it is shorter; may be negative."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
