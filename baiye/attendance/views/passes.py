"""The pass of a seat, and a sheet of passes for a class whose pupils come without phones."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.attendance import passes, queries
from baiye.attendance.shell import shell_of
from baiye.core import clock
from baiye.core.qr import qr
from baiye.schools.actions import note_look
from baiye.schools.queries import classes_for
from baiye.visits.models import Seat


@require_GET
@login_required
def show(request: SignedInRequest, seat_id: int) -> HttpResponse:
    """One pass: QR code, typed code, where and when; stays usable without a network while it is open."""
    seat = get_object_or_404(queries.passes_for(request.user), pk=seat_id)
    note_look(pupil=seat.pupil, by=request.user, page="pass")
    context = _drawing(seat) | {
        "seat": seat,
        "visit": seat.visit,
        "code": passes.spoken(seat.code),
        "class_name": seat.pupil.school_class.name(clock.day_of(seat.visit.starts_at)),
        "times": queries.times_of([seat.pk]).get(seat.pk),
    }
    return render(request, "attendance/pass.html", context)


@require_GET
@login_required
def sheet(request: SignedInRequest, class_id: int) -> HttpResponse:
    """The passes of a class on one day, to print and cut: by default the next day on which it travels."""
    school_class = get_object_or_404(classes_for(request.user, Permission.CODE_ISSUE), pk=class_id)
    days = queries.pass_days(school_class, clock.today())
    on = parse_date(request.GET.get("on", "")) or next(iter(days), None)
    seats = list(queries.passes_on(school_class, on)) if on else []
    cards = [{"seat": seat, "code": passes.spoken(seat.code)} | _drawing(seat) for seat in seats]
    name = school_class.name(on or clock.today())
    context = {"school_class": school_class, "name": name, "on": on, "days": days, "cards": cards}
    context["shell"] = shell_of(request.user)
    return render(request, "attendance/pass_sheet.html", context)


def _drawing(seat: Seat) -> dict[str, str]:
    drawn = qr(passes.token(seat))
    return {"box": drawn.box, "path": drawn.path}
