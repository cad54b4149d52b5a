"""Quiet hours: when the copy of a message may leave."""

from datetime import datetime, time, timedelta

from baiye.core import clock

SPARE = timedelta(hours=1)  # so long before it is needed, a copy should have arrived


def leaves_at(at: datetime, *, quiet_from: time, quiet_to: time, needed_by: datetime | None) -> datetime:
    """``at``, or the end of the quiet hours it lies in; but at once where waiting would end too late to help.

    Parameters
    ----------
    needed_by : datetime or None
        When what is told happens. A copy waits only if it still arrives an hour before that.
    """
    ends = _quiet_ends(clock.local(at), quiet_from, quiet_to)
    if ends is None or (needed_by is not None and ends > needed_by - SPARE):
        return at
    return ends


def _quiet_ends(here: datetime, quiet_from: time, quiet_to: time) -> datetime | None:
    """When the quiet hours that hold this moment end, both on Shanghai's clock; None outside them."""
    now = here.time()
    over_midnight = quiet_from > quiet_to
    held = now >= quiet_from or now < quiet_to if over_midnight else quiet_from <= now < quiet_to
    if not held:
        return None
    day = here.date() + timedelta(days=1) if over_midnight and now >= quiet_from else here.date()
    return datetime.combine(day, quiet_to, tzinfo=clock.SHANGHAI)
