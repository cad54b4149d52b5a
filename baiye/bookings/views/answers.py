"""What is done about a booking: an offer answered, a booking given up."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.bookings.actions import cancellations, offers
from baiye.bookings.queries import mine as queries
from baiye.bookings.views.mine import find
from baiye.core import clock
from baiye.core.refusals import refused_above


@login_required
@require_http_methods(["GET", "POST"])
def cancellation(request: SignedInRequest, booking_id: int) -> HttpResponse:
    """Asks, then gives the booking up, by the family or for them by the class teacher; the seat goes to the next."""
    by_school = request.user.kind == "staff"
    mine = queries.bookings_for(request.user, Permission.WISH_RECORD if by_school else Permission.WISH_GIVE)
    found, at = get_object_or_404(mine, pk=booking_id), clock.now()
    back = ("bookings:class", found.pupil.school_class_id) if by_school else ("bookings:booking", found.pk)
    if request.method == "POST":
        _try(request, lambda: cancellations.cancel(booking=found, by=request.user, at=at), _("取消好了。"))
        return redirect(*back)
    context = {"booking": found, "visit": found.opening.visit, "standing": queries.standing(found, at)}
    context |= {"back": reverse(back[0], args=[back[1]]), "by_school": by_school}
    return render(request, "bookings/cancellation.html", context)


@login_required
@require_POST
def acceptance(request: SignedInRequest, booking_id: int) -> HttpResponse:
    """Takes the seat that is held."""
    found = find(request, booking_id)
    _try(request, lambda: offers.accept(booking=found, by=request.user, at=clock.now()), _("约上了。"))
    return redirect("bookings:booking", found.pk)


@login_required
@require_POST
def refusal(request: SignedInRequest, booking_id: int) -> HttpResponse:
    """Lets the seat that is held go to the next in line."""
    found = find(request, booking_id)
    said = _("记下了，名额请了下一位。")
    _try(request, lambda: offers.decline(booking=found, by=request.user, at=clock.now()), said)
    return redirect("bookings:booking", found.pk)


def _try(request: SignedInRequest, act: Callable[[], object], said: str) -> None:
    """Do it and say so, or say why not; the page then shows what stands."""
    with refused_above(request):
        act()
        messages.success(request, said)
