"""Stations of hosts that become one."""

from django.utils.translation import gettext as _

from baiye.core.refusals import Refused
from baiye.outreach.models import Station
from baiye.outreach.models.stations import STATION_KIND
from baiye.registry.models import Host


def move_station(old: Host, new: Host) -> int:
    """The station of ``old`` becomes that of ``new``; where both have one, what only the old one serves is added.

    Raises
    ------
    Refused
        ``new`` is of another kind, and cannot serve over a counter.
    """
    moved = Station.objects.filter(host=old).first()
    if moved is None:
        return 0
    if new.kind != STATION_KIND:
        raise Refused(_("被并入的是就业服务站，另一家不是。请先把另一家的类型改成「就业服务」。"))
    kept = Station.objects.filter(host=new).first()
    if kept is None:
        return Station.objects.filter(pk=moved.pk).update(host=new)
    kept.services = [code for code, _name in Station.SERVICES if code in {*kept.services, *moved.services}]
    kept.telephone = kept.telephone or moved.telephone
    kept.for_pupils = kept.for_pupils or moved.for_pupils
    kept.save(update_fields=["services", "telephone", "for_pupils"])
    moved.delete()
    return 1
