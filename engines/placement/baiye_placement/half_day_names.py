"""Half-days as people name them: ``周三上午``, ``2026-03-11 pm``, ``Wed 9:00-11:30``, ``3月12日`` (the whole day)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MORNING, AFTERNOON = 0, 1
SHORT = ("am", "pm")  # as we write them
HALVES = (
    (re.compile(r"上午|早上|\bmornings?\b|(?<![a-z])a\.?m\.?(?![a-z])"), (MORNING,)),
    (re.compile(r"下午|\bafternoons?\b|(?<![a-z])p\.?m\.?(?![a-z])"), (AFTERNOON,)),
    (re.compile(r"全天|整天|\b(?:all|full|whole) ?day\b"), (MORNING, AFTERNOON)),
)
CLOCK = re.compile(r"(\d{1,2})[:.]\d{2}(?:\s*[-–~至]+\s*\d{1,2}[:.]\d{2})?")
WEEKDAYS = {
    **{name: i for i, name in enumerate("一二三四五六日", 1)},
    **{name: i for i, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1)},
    "天": 7,
}
HalfDay = tuple[str, int]  # the day as it was written, MORNING or AFTERNOON


def half_days(text: str) -> list[HalfDay]:
    """The half-days that ``text`` names: one, or both of a day; none where it is empty."""
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    for pattern, halves in HALVES:
        if found := pattern.search(text.casefold()):
            day = f"{text[: found.start()]} {text[found.end() :]}".strip(" ,.-()/")
            return [(" ".join(day.split()), half) for half in halves]
    if clock := CLOCK.search(text):
        day = f"{text[: clock.start()]} {text[clock.end() :]}"
        return [(" ".join(day.split()), MORNING if int(clock[1]) < 12 else AFTERNOON)]
    return [(text, MORNING), (text, AFTERNOON)] if text else []


def numbered(found: Iterable[HalfDay]) -> dict[HalfDay, int]:
    """A number for each half-day, 1, 2 for the first day, 3, 4 for the second …, days in the order of the calendar."""
    days = sorted({day for day, _ in found}, key=_calendar)
    return {(day, half): 2 * i + half + 1 for i, day in enumerate(days) for half in (MORNING, AFTERNOON)}


def _calendar(day: str) -> tuple[int, tuple[int, ...], str]:
    """Dates by their numbers, then days of the week, then the rest by name."""
    text = day.casefold()
    if numbers := re.findall(r"\d+", text):
        return (0, tuple(int(n) for n in numbers), text)
    weekday = re.search(r"(?:周|星期|礼拜)([一二三四五六日天])|\b(mon|tue|wed|thu|fri|sat|sun)", text)
    if weekday:
        return (1, (WEEKDAYS[weekday[1] or weekday[2]],), text)
    return (2, (), text)
