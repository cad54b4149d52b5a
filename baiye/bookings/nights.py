"""Until when a family may answer: the hours of an offer, of which nights do not count."""

from datetime import datetime, time, timedelta

from baiye.core import clock

WAKES, SLEEPS = time(7), time(22)  # in Shanghai; between 22:00 and 7:00 nobody needs to answer


def answer_by(at: datetime, hours: int, latest: datetime) -> datetime:
    """``hours`` of daytime after ``at``, but never later than ``latest``."""
    local, left = _awake(clock.local(at)), timedelta(hours=hours)
    while (rest := _at(local, SLEEPS) - local) < left:
        left -= rest
        local = _at(local + timedelta(days=1), WAKES)
    return min((local + left).astimezone(at.tzinfo), latest)


def _awake(local: datetime) -> datetime:
    """The moment itself, or in a night the next morning."""
    if local.time() >= SLEEPS:
        return _at(local + timedelta(days=1), WAKES)
    return _at(local, WAKES) if local.time() < WAKES else local


def _at(local: datetime, clock_time: time) -> datetime:
    return local.replace(hour=clock_time.hour, minute=0, second=0, microsecond=0)
