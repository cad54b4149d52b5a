"""When a host last received, or will receive, pupils: what the registry asks before an accreditation falls asleep."""

from collections.abc import Collection
from datetime import date

from django.db.models import Max

from baiye.core import clock
from baiye.visits.models import Visit


def last_visits(host_ids: Collection[int]) -> dict[int, date]:
    """Host → the day of its last visit that was not cancelled, one to come included; one query."""
    held = Visit.objects.filter(venue__host__in=host_ids, cancelled_at=None).order_by()
    rows = held.values_list("venue__host").annotate(last=Max("starts_at"))
    return {host: clock.day_of(last) for host, last in rows}
