"""The public pages of stations: the list by street, one station."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from baiye.core import clock
from baiye.outreach.forms.stations import StationFilter
from baiye.outreach.queries import projects
from baiye.outreach.queries import stations as queries
from baiye.outreach.standing import standing_of
from baiye.registry.queries.register import streets


@require_safe
def station_list(request: HttpRequest) -> HttpResponse:
    """Stations by street, proven ones first; leads stand below and say so."""
    form = StationFilter(request.GET, streets=[shape.name for shape in streets()])
    asked = form.said()
    found = list(queries.stations(**asked))
    proven = [host for host in found if queries.is_proven(host)]
    others = [host for host in found if not queries.is_proven(host)]
    groups = [(street, list(hosts)) for street, hosts in groupby(proven, key=lambda host: host.street)]
    context = {"form": form, "groups": groups, "others": others, "is_filtered": any(asked.values())}
    return render(request, "outreach/station_list.html", context)


@require_safe
def station(request: HttpRequest, host_id: int) -> HttpResponse:
    """One station: what it serves, when it is open, what is on there."""
    found = get_object_or_404(queries.stations(), pk=host_id)
    at, on = clock.now(), clock.today()
    proven = queries.is_proven(found)
    coming = projects.to_come(at).filter(visit__venue__host=found)
    context = {
        "host": found,
        "station": found.station if proven else None,
        "notice": found.station.notice_on(on) if proven else "",
        "venues": list(queries.open_venues(found, on)),
        "rows": [standing_of(each, at) for each in coming],
    }
    return render(request, "outreach/station.html", context)
