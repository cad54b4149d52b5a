"""A press of the button, one at a time; in the opening minute `baiye.bookings.rush` answers at the same address."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from baiye.accounts.requests import SignedInRequest
from baiye.bookings import pressing
from baiye.bookings.actions import presses
from baiye.core import clock
from baiye.core.throttle import Limit


@login_required
@require_POST
def press(request: SignedInRequest) -> HttpResponse:
    """Ask for a seat, or a place in line: on to the booking, or back with a sentence why not."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > pressing.MOST_BYTES:
        return HttpResponse(status=413)
    asked = pressing.read(request.POST)
    if asked is None:
        raise BadRequest("no press in the form")
    user = request.user
    limit = Limit(pressing.throttle_key(user.pk), pressing.PRESSES, pressing.PER_S)
    one = presses.Pressing(asked.opening, asked.pupil, asked.request, asked.rank, user.pk)
    try:
        answer = pressing.again(lambda: presses.press_one(one, by=user, at=clock.now(), limit=limit))
    except PermissionDenied:  # somebody else's child is not found, as on every page
        raise Http404 from None
    if answer.reason == presses.TOO_OFTEN:
        return pressing.reply_too_often(request, asked)
    return pressing.reply(request, asked, answer)
