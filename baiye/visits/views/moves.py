"""Putting a visit at another time or place."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_on
from baiye.registry.queries.hosts import venues_for
from baiye.visits import moving, queries
from baiye.visits.move_form import MoveForm


@login_required
@require_http_methods(["GET", "POST"])
def move(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """Another day, other hours or another venue of the host, with the reason that families read."""
    visit = get_object_or_404(queries.visits_for(request.user), pk=visit_id)
    venues = venues_for(request.user).filter(host=visit.venue.host_id)
    form = MoveForm(request.POST or None, visit=visit, venues=venues)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            moving.move_visit(visit=visit, **form.wanted(), by=request.user, at=clock.now())
            messages.success(request, _("已改期，有名额的学生和家长、带教老师会收到通知。"))
            return redirect("visits:visit-list")
    return render(request, "visits/move.html", {"form": form, "visit": visit}, status=422 if form.errors else 200)
