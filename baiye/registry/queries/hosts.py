"""Reads of hosts, their venues and accreditations, each within what the signed-in person may see."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.registry.models import Accreditation, Host, Venue


def accredited_on(on: date) -> Q:
    """A filter over accreditations: those by which a host may receive pupils on a day."""
    return Q(valid_from__lte=on, valid_until__gte=on) & (Q(suspended_on=None) | Q(suspended_on__gt=on))


def accredited_spans(host_ids: Collection[int]) -> dict[int, list[tuple[date, date]]]:
    """Host → the spans of days, both ends included, in which it may receive pupils; one query."""
    spans: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = Accreditation.objects.filter(host__in=host_ids).order_by("valid_from", "pk")
    for host, first, last, suspended in rows.values_list("host", "valid_from", "valid_until", "suspended_on"):
        spans[host].append((first, min(last, suspended - timedelta(days=1)) if suspended else last))
    return spans


def hosts_for(user: User, permission: Permission = Permission.HOST_VIEW) -> QuerySet[Host]:
    """Hosts where ``user`` holds ``permission``, examples included, by name; unit loaded."""
    return Host.objects.filter(within(user, permission, "unit")).select_related("unit").order_by("unit__pinyin", "pk")


def venues_for(user: User, permission: Permission = Permission.VISIT_MANAGE) -> QuerySet[Venue]:
    """Venues of hosts where ``user`` holds ``permission``, by host and name; host and unit loaded."""
    return (
        Venue.objects.filter(within(user, permission, "host__unit"))
        .select_related("host__unit")
        .order_by("host__unit__pinyin", "name", "pk")
    )
