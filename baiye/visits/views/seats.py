"""One seat by hand at the desk: given, moved to another sitting, given up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baiye.accounts.requests import SignedInRequest
from baiye.core import choosing, clock
from baiye.core.refusals import refused_on
from baiye.visits import actions, queries, seat_queries
from baiye.visits.seat_forms import AssignForm, GivingUpForm, MoveSeatForm


@login_required
@require_http_methods(["GET", "POST"])
def seats(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """Who has a seat on a visit; a POST gives one more."""
    visit = get_object_or_404(queries.visits_for(request.user, seat_queries.ASSIGN), pk=visit_id)
    form = AssignForm(request.POST or None, pupils=seat_queries.seatable(request.user, visit))
    if suggested := choosing.suggestions(request, form):
        return suggested
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            seat = actions.assign_seat(visit=visit, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("给了%(name)s一个名额，已告诉家里。") % {"name": seat.pupil.name})
            return redirect("visits:seats", visit.pk)
    context = {
        "visit": visit,
        "form": form,
        "roll": seat_queries.roll_for(request.user, visit),
        "is_open": visit.cancelled_at is None and visit.starts_at > clock.now(),
    }
    return render(request, "visits/seats.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def seat_move(request: SignedInRequest, seat_id: int) -> HttpResponse:
    """Move a seat to another sitting: the old one is given up only if the new one is got."""
    seat = get_object_or_404(seat_queries.seats_for(request.user), pk=seat_id)
    form = MoveSeatForm(request.POST or None, visits=seat_queries.sittings_for(request.user, seat, at=clock.now()))
    if suggested := choosing.suggestions(request, form):
        return suggested
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            moved = actions.move_seat(seat=seat, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("换好了，已告诉家里。"))
            return redirect("visits:seats", moved.visit_id)
    return render(request, "visits/seat_move.html", {"seat": seat, "form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def seat_giving_up(request: SignedInRequest, seat_id: int) -> HttpResponse:
    """Give a seat up, with the reason that the family reads."""
    seat = get_object_or_404(seat_queries.seats_for(request.user), pk=seat_id)
    form = GivingUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.give_up_seat(seat=seat, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("名额空出来了，已告诉家里。"))
            return redirect("visits:seats", seat.visit_id)
    return render(
        request, "visits/seat_giving_up.html", {"seat": seat, "form": form}, status=422 if form.errors else 200
    )
