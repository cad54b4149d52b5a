"""The desk of stations: the list, and what one station serves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import clock
from baiye.core.refusals import refused_on
from baiye.outreach.actions import stations as actions
from baiye.outreach.forms.stations import StationForm
from baiye.outreach.queries import stations as queries

PER_PAGE = 50


@require_safe
@login_required
def station_desk(request: SignedInRequest) -> HttpResponse:
    """Stations one may edit."""
    require_somewhere(request, Permission.STATION_EDIT)
    q = request.GET.get("q", "")[:40].strip()
    page = Paginator(queries.stations_for(request.user, q), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "outreach/station_desk.html", {"page": page, "q": q})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def station_form(request: SignedInRequest, host_id: int) -> HttpResponse:
    """What one station serves, and when it is open."""
    host = get_object_or_404(queries.stations_for(request.user), pk=host_id)
    station = getattr(host, "station", None)
    venues = list(queries.open_venues(host, clock.today()))
    form = StationForm(request.POST or None, station=station, venues=venues)
    if request.method == "POST" and form.is_valid():
        fields, openings = form.said(), form.openings()
        with refused_on(form):
            actions.save_station(host=host, fields=fields, openings=openings, by=request.user, at=clock.now())
            messages.success(request, _("存好了，公开页面已经更新。"))
            return redirect("outreach:station-desk")
    context = {"host": host, "form": form, "station": station, "venues": venues}
    return render(request, "outreach/station_form.html", context, status=422 if form.errors else 200)
