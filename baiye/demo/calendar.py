"""The demonstration's dates, all counted from the day it is first run: one round behind it, one round ahead."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from baiye.core.clock import SHANGHAI

TRAVEL_DAYS = 15


@dataclass(frozen=True, slots=True)
class Calendar:
    """The travel days of the finished and of the open round."""

    today: date
    finished_days: tuple[date, ...]
    open_days: tuple[date, ...]


def terms(today: date) -> list[tuple[str, date, date]]:
    """(name, first day, last day) of last, this and next school year's terms, as Shanghai usually sets them."""
    first = today.year - 1 if today.month >= 9 else today.year - 2
    rows = []
    for year in (first, first + 1, first + 2):
        rows.append((f"{year} 学年第一学期", date(year, 9, 1), date(year + 1, 1, 22)))
        rows.append((f"{year} 学年第二学期", date(year + 1, 2, 16), date(year + 1, 6, 30)))
    return rows


def holidays(first: int, last: int) -> Iterator[tuple[date, str]]:
    """Public holidays with a fixed date (《全国年节及纪念日放假办法》, 2024).

    A district adds the others and 调休 itself.
    """
    for year in range(first, last + 1):
        yield date(year, 1, 1), "元旦"
        yield from ((date(year, 5, day), "劳动节") for day in (1, 2))
        yield from ((date(year, 10, day), "国庆节") for day in (1, 2, 3))


def calendar(today: date, is_school_day: Callable[[date], bool]) -> Calendar:
    """Fifteen school days that ended four weeks ago, and fifteen that begin in three weeks (or with the next term)."""
    behind = _school_days(today - timedelta(days=28), -1, is_school_day)
    ahead = _school_days(today + timedelta(days=21), 1, is_school_day)
    return Calendar(today, tuple(sorted(behind)), tuple(ahead))


def _school_days(start: date, step: int, is_school_day: Callable[[date], bool]) -> list[date]:
    days: list[date] = []
    day = start
    while len(days) < TRAVEL_DAYS:
        if is_school_day(day):
            days.append(day)
        day += timedelta(days=step)
    return days


def at(on: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day in Shanghai."""
    return datetime.combine(on, time(hour, minute), SHANGHAI)
