"""Class trips: the grid, one cell of it, the automatic fill and its undoing, the sheet to print."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_above, refused_on
from baiye.rounds.actions import trips as actions
from baiye.rounds.filling import HostDay
from baiye.rounds.forms.trips import GridFilter, ReasonForm, TripForm
from baiye.rounds.queries import trips as queries
from baiye.rounds.queries.grid import grid
from baiye.rounds.queries.rounds import rounds_for


@login_required
@require_GET
def trips(request: SignedInRequest, round_id: int) -> HttpResponse:
    """Classes by day; each cell leads to its own small form."""
    round = get_object_or_404(rounds_for(request.user), pk=round_id)
    form = GridFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"q": "", "lacking": False}
    shown = grid(round, **asked, number=request.GET.get("page"))
    context = {"round": round, "grid": shown, "form": form, "today": clock.today()}
    context |= {"prepares": may(request.user, Permission.ROUND_PREPARE, round.unit)}
    context["opened"] = round.wishes_have_opened(clock.now())
    return render(request, "rounds/trips.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def trip(request: SignedInRequest, round_id: int, class_id: int, day: date) -> HttpResponse:
    """One class on one day."""
    round = get_object_or_404(rounds_for(request.user, Permission.ROUND_PREPARE), pk=round_id)
    one = get_object_or_404(queries.due_classes(round), pk=class_id)
    standing, opened = queries.find_trip(round, one, day), round.wishes_have_opened(clock.now())
    fills = queries.host_day_fills(round)
    hosts = [(host, fills.get(HostDay(day, host.pk))) for host in queries.round_hosts(round)]
    form = TripForm(request.POST or None, hosts=hosts, trip=standing, opened=opened)
    if form.is_valid():
        with refused_on(form):
            actions.set_trip(round=round, school_class=one, on=day, by=request.user, at=clock.now(), **form.given())
            messages.success(request, _("排好了。"))
            return redirect("rounds:trips", round.pk)
    context = {"round": round, "one": one, "name": one.name(day), "day": day, "form": form, "trip": standing}
    context |= {"opened": opened, "hosts": hosts, "clearing": ReasonForm()}
    return render(request, "rounds/trip.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def trip_removal(request: SignedInRequest, round_id: int, class_id: int, day: date) -> HttpResponse:
    round = get_object_or_404(rounds_for(request.user, Permission.ROUND_PREPARE), pk=round_id)
    one = get_object_or_404(queries.due_classes(round), pk=class_id)
    standing = queries.find_trip(round, one, day)
    if standing is None:
        raise Http404
    with refused_above(request):
        reason = request.POST.get("forced_because", "")
        actions.clear_trip(trip=standing, by=request.user, at=clock.now(), forced_because=reason[:200])
        messages.success(request, _("这一天空出来了。"))
        return redirect("rounds:trips", round.pk)
    return redirect("rounds:trip", round.pk, one.pk, day)


@login_required
@require_POST
def filling(request: SignedInRequest, round_id: int) -> HttpResponse:
    """Fill every class's missing days."""
    round = get_object_or_404(rounds_for(request.user, Permission.ROUND_PREPARE), pk=round_id)
    with refused_above(request):
        plan = actions.fill_trips(round=round, by=request.user, at=clock.now())
        done = ngettext("自动排了 %(n)d 个班次。", "自动排了 %(n)d 个班次。", len(plan.trips)) % {"n": len(plan.trips)}
        messages.success(request, done)
        if plan.missing:
            n = len(plan.missing)
            left = ngettext("还有 %(n)d 个班排不进，加场次或手工排。", "还有 %(n)d 个班排不进，加场次或手工排。", n)
            messages.warning(request, left % {"n": n})
    return redirect("rounds:trips", round.pk)


@login_required
@require_http_methods(["GET", "POST"])
def clearing(request: SignedInRequest, round_id: int) -> HttpResponse:
    """Asks, then takes back every trip that is not locked."""
    round = get_object_or_404(rounds_for(request.user, Permission.ROUND_PREPARE), pk=round_id)
    if request.method == "GET":
        loose = queries.trips_of(round).filter(is_locked=False).count()
        return render(request, "rounds/clearing.html", {"round": round, "loose": loose})
    with refused_above(request):
        n = actions.clear_trips(round=round, by=request.user, at=clock.now())
        messages.success(request, ngettext("收回了 %(n)d 个班次。", "收回了 %(n)d 个班次。", n) % {"n": n})
    return redirect("rounds:trips", round.pk)


@login_required
@require_GET
def trip_sheet(request: SignedInRequest, trip_id: int) -> HttpResponse:
    """The sheet that travels with the class: where, when, who, and the roll for the head counts."""
    found = get_object_or_404(queries.trips_for(request.user), pk=trip_id)
    context = {"trip": found, "round": found.round, "name": found.school_class.name(found.on)}
    context["pupils"] = queries.roll_for_trip(found)
    return render(request, "rounds/trip_sheet.html", context)
