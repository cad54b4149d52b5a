"""The portfolio of a pupil, and one visit in it: written by the pupil alone, read by whom the pupil's school trusts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baiye.accounts.requests import SignedInRequest
from baiye.attendance.shell import shell_of
from baiye.core import clock
from baiye.core.refusals import Refused
from baiye.portfolio import actions, forms, queries
from baiye.schools.actions import note_look
from baiye.schools.models import Pupil
from baiye.schools.queries import current_child
from baiye.visits.models import Seat


@require_GET
@login_required
def mine(request: SignedInRequest) -> HttpResponse:
    """The portfolio of the pupil who is signed in, or of the child a guardian looks at."""
    found = current_child(request)
    if found is None:
        if request.user.kind == "staff":
            raise Http404
        return render(request, "portfolio/nobody.html")
    return _show(request, found)


@require_GET
@login_required
def pupil(request: SignedInRequest, pupil_id: int) -> HttpResponse:
    """The same page for the pupil's class teacher."""
    return _show(request, get_object_or_404(queries.portfolios_for(request.user), pk=pupil_id))


def _show(request: SignedInRequest, found: Pupil) -> HttpResponse:
    note_look(pupil=found, by=request.user, page="portfolio")
    stops = queries.stops(queries.attended(request.user).filter(pupil=found))
    context = {
        "shell": shell_of(request.user),
        "pupil": found,
        "own": request.user.kind == "pupil",
        "stops": stops,
        "sealed": sum(stop.sealed for stop in stops),
        "hours": queries.minutes_of(stops) // 40,
    }
    return render(request, "portfolio/portfolio.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def visit(request: SignedInRequest, seat_id: int) -> HttpResponse:
    """One visit: its four steps and the reflection; a form for the pupil, a page for everyone else."""
    seat = get_object_or_404(queries.attended(request.user), pk=seat_id)
    (stop,) = queries.stops([seat])
    writes = seat.pupil.user_id == request.user.pk
    form = forms.ReflectionForm(request.POST or None, stop=stop) if writes else None
    if form is not None and form.is_bound and form.is_valid() and _keep(request, seat, form):
        return redirect("portfolio:visit", seat.pk)
    if request.method == "GET":
        note_look(pupil=seat.pupil, by=request.user, page="reflection")
    context = {
        "shell": shell_of(request.user),
        "stop": stop,
        "form": form,
        "back": "portfolio:mine" if request.user.kind != "staff" else "",
        "missing": max(0, queries.ENOUGH - len(stop.reflection.text)) if stop.reflection else queries.ENOUGH,
    }
    return render(request, "portfolio/visit.html", context, status=422 if form and form.errors else 200)


def _keep(request: SignedInRequest, seat: Seat, form: forms.ReflectionForm) -> bool:
    said = form.cleaned_data
    try:
        kept = actions.reflect(
            seat=seat,
            feelings=said["feelings"],
            text=said["text"],
            steps=form.steps(),
            by=request.user,
            at=clock.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    missing = queries.ENOUGH - len(kept.text) if kept else queries.ENOUGH
    if missing > 0:
        messages.success(request, _("存下了。再写 %(n)s 个字就能得印") % {"n": missing})
    else:
        messages.success(request, _("存下了，得到「%(glyph)s」字印") % {"glyph": seat.visit.version.glyph})
    return True
