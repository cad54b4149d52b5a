"""Giving up one booking for another opening: only if the other is got."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baiye.accounts.requests import SignedInRequest
from baiye.bookings.actions import swaps as actions
from baiye.bookings.forms.swaps import SwapForm
from baiye.bookings.queries import mine
from baiye.bookings.queries import openings as queries
from baiye.bookings.views.openings import child_of
from baiye.core import clock
from baiye.core.refusals import refused_on


@login_required
@require_http_methods(["GET", "POST"])
def swap(request: SignedInRequest, opening_id: int) -> HttpResponse:
    """Chooses what to give up; the whole is one step, and a refusal leaves both as they were."""
    pupil, at = child_of(request), clock.now()
    wanted = get_object_or_404(queries.openings_for(pupil), pk=opening_id)
    if (done := mine.made_by_request(request.POST.get("request", ""), pupil, wanted)) is not None:
        return redirect("bookings:booking", done.pk)  # the same press again
    held = list(mine.droppable(pupil, wanted, at))
    if not held:
        return redirect("bookings:opening", wanted.pk)
    form = SwapForm(request.POST or None, standings=mine.standings(held, at))
    if request.method == "POST" and form.is_valid():
        drop = next(one for one in held if one.pk == form.cleaned_data["drop"])
        key = form.cleaned_data["request"]
        with refused_on(form):
            got = actions.swap(drop=drop, take=wanted, request=key, by=request.user, at=at)
            messages.success(request, _("换好了。原来那一场放掉了。"))
            return redirect("bookings:booking", got.pk)
    context = {"pupil": pupil, "opening": wanted, "visit": wanted.visit, "form": form}
    return render(request, "bookings/swap.html", context, status=422 if form.errors else 200)
