"""What a station serves, kept by who manages it or keeps its standard."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core import audit
from baiye.core.refusals import Refused
from baiye.outreach.models import Station
from baiye.outreach.models.stations import STATION_KIND
from baiye.outreach.permissions import stations_edited_by
from baiye.registry.models import Host, Venue

FIELDS = ("services", "telephone", "for_pupils", "notice", "notice_until")


class StationRefused(Refused):
    """The station may not be kept so."""


@transaction.atomic
def save_station(
    *, host: Host, fields: Mapping[str, Any], openings: Mapping[int, str], by: User, at: datetime
) -> Station:
    """Enter what a station serves, and when its venues (key → opening hours) are open.

    Raises
    ------
    PermissionDenied
        ``by`` neither manages the host nor keeps a standard that it asked for or holds.
    StationRefused
        It is no station, a lead, or was merged; it serves nothing; a notice has no last day.
    """
    if not Host.objects.filter(stations_edited_by(by), pk=host.pk).exists():
        raise PermissionDenied(f"station.edit at host {host.pk}")
    now = Host.objects.select_for_update(of=("self",)).select_related("unit").get(pk=host.pk)
    if now.kind != STATION_KIND or now.merged_into_id is not None:
        raise StationRefused(_("这家单位不是就业服务站，或已并入别家。"))
    if now.evidence != "confirmed":
        raise StationRefused(_("这个站点还是线索，没有证实。先核实，再填写服务。"))
    if not fields["services"]:
        raise StationRefused(_("至少选一项服务。"))
    if bool(fields["notice"].strip()) != (fields["notice_until"] is not None):
        raise StationRefused(_("通知要写到哪天为止；没有通知，日期就空着。"))
    said = {name: fields[name].strip() if isinstance(fields[name], str) else fields[name] for name in FIELDS}
    station, _is_new = Station.objects.update_or_create(host=now, defaults=said | {"changed_at": at, "changed_by": by})
    for venue in Venue.objects.select_for_update().filter(host=now, pk__in=openings).order_by("pk"):
        if venue.opening != openings[venue.pk].strip():
            venue.opening = openings[venue.pk].strip()
            venue.save(update_fields=["opening"])
            audit.record("venue.edited", by=by, on=venue, at_unit=now.unit.path)
    audit.record("station.saved", by=by, on=station, at_unit=now.unit.path, services=sorted(said["services"]))
    return station
