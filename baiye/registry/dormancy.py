"""When an accreditation falls asleep; the room of visits puts its finder in when it loads (AppConfig.ready)."""

from collections.abc import Callable, Collection
from datetime import date

from baiye.registry.models import Accreditation
from baiye.registry.months import months_after

# Host → the day of its last or next visit that was not cancelled.
LastVisits = Callable[[Collection[int]], dict[int, date]]
LAST_VISITS: list[LastVisits] = []


def last_visits(host_ids: Collection[int]) -> dict[int, date]:
    """Host → the latest day that any room knows of."""
    latest: dict[int, date] = {}
    for find in LAST_VISITS:
        for host, day in find(host_ids).items():
            latest[host] = max(day, latest.get(host, day))
    return latest


def is_over(accreditation: Accreditation, last: date | None, on: date) -> bool:
    """Whether nobody came for as long as its standard says; from its first day, its last resumption, its last visit.

    ``accreditation`` comes from `queries.accreditations.awake`, with ``resumed_on``.
    """
    resumed: date | None = getattr(accreditation, "resumed_on", None)
    since = max(day for day in (accreditation.valid_from, resumed, last) if day is not None)
    return months_after(since, accreditation.standard.dormant_months) < on
