"""The bookings of one child: all of them, and one of them."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from baiye.accounts.requests import SignedInRequest
from baiye.bookings import rules
from baiye.bookings.models import Booking
from baiye.bookings.queries import mine as queries
from baiye.bookings.queries.absences import kindness
from baiye.bookings.standing import GROUP_TITLES
from baiye.bookings.views.openings import no_child, tabs
from baiye.core import clock
from baiye.schools.queries import current_child

PER_PAGE = 10


@login_required
@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """What waits for an answer, what stands, what waits in line, what is over and why."""
    pupil, at = current_child(request), clock.now()
    if pupil is None:
        return no_child(request)
    groups = queries.live_of(pupil, at)
    page = Paginator(queries.ended_of(pupil, at), PER_PAGE).get_page(request.GET.get("page"))
    context = {"pupil": pupil, "tabs": tabs("mine"), "page": page, "ended": queries.standings(page, at)}
    context |= {"groups": [(GROUP_TITLES[group.state], group.items) for group in groups]}
    context |= {"live_count": sum(len(group.items) for group in groups)}
    context |= {"kindness": kindness(pupil, at), "house_rules": rules.house_rules()}
    return render(request, "bookings/mine.html", context)


@login_required
@require_GET
def booking(request: SignedInRequest, booking_id: int) -> HttpResponse:
    """How one booking stands, what happens next, what can be done."""
    found, at = find(request, booking_id), clock.now()
    standing = queries.standing(found, at)
    context = {"booking": found, "visit": found.opening.visit, "standing": standing, "steps": standing.steps()}
    context["alias"] = queries.alias_of(found)
    return render(request, "bookings/booking.html", context)


def find(request: SignedInRequest, booking_id: int) -> Booking:
    """A booking of a child of whoever asks; 404 for any other."""
    return get_object_or_404(queries.bookings_for(request.user), pk=booking_id)
