"""Reads of stations: hosts of the kind 就业服务, proven ones with what they serve, leads as leads."""

from datetime import date

from django.db.models import Q, QuerySet

from baiye.accounts.models import User
from baiye.outreach.models.stations import STATION_KIND
from baiye.outreach.permissions import stations_edited_by
from baiye.registry.models import Host, Venue


def stations(q: str = "", street: str = "") -> QuerySet[Host]:
    """Stations that anyone may see, proven ones first, then leads, by street and name; unit, station loaded.

    An example (示例) is among them where it has a `Station`.
    """
    shown = Host.objects.filter(kind=STATION_KIND, merged_into=None)
    found = shown.filter(Q(listing__isnull=False) | Q(station__isnull=False, unit__is_example=True))
    for word in q.split():
        found = found.filter(Q(unit__name__icontains=word) | Q(address__icontains=word) | Q(street__icontains=word))
    if street:
        found = found.filter(street=street)
    return found.select_related("unit", "station", "listing").order_by("evidence", "street", "unit__pinyin", "pk")


def is_proven(host: Host) -> bool:
    """Whether what ``host`` serves may be shown: it is proven now, and somebody entered it."""
    return host.evidence == "confirmed" and getattr(host, "station", None) is not None


def open_venues(host: Host, on: date) -> QuerySet[Venue]:
    """The venues of ``host`` that are open on a day, by name."""
    return host.venues.filter(Q(closed_on=None) | Q(closed_on__gt=on)).order_by("name", "pk")


def stations_for(user: User, q: str = "") -> QuerySet[Host]:
    """Stations that ``user`` may edit, leads too, by name; unit and station loaded."""
    found = Host.objects.filter(stations_edited_by(user), kind=STATION_KIND, merged_into=None)
    for word in q.split():
        found = found.filter(Q(unit__name__icontains=word) | Q(street__icontains=word))
    return found.select_related("unit", "station").order_by("unit__pinyin", "pk")
