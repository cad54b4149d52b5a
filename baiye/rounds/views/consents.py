"""The consents of one child within a round (p07): asked because of what the child will do; refusal changes nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_on
from baiye.rounds.queries import consents as queries
from baiye.rounds.queries.rounds import rounds_of_class
from baiye.schools import queries as schools
from baiye.schools.actions import give_consents, is_under_14, note_look
from baiye.schools.consent_form import ConsentForm
from baiye.schools.models import Pupil


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def consents(request: SignedInRequest, round_id: int, pupil_id: int) -> HttpResponse:
    """What the child will do, and the questions that follow from it; a teacher enters what stands on paper."""
    pupil = get_object_or_404(schools.consents_open_to(request.user), pk=pupil_id)
    round = get_object_or_404(rounds_of_class(pupil.school_class), pk=round_id)
    plan = queries.plan_of(round, pupil)
    from_paper = request.user.kind != "guardian"
    standing, written = schools.standing_consents(pupil), schools.notes_of(pupil)
    asked = queries.questions([*plan.hazards, *written])
    form = ConsentForm(request.POST or None, hazards=asked, standing=standing, written=written, from_paper=from_paper)
    if form.is_valid() and _give(request, pupil, form, from_paper):
        return redirect("rounds:consents", round.pk, pupil.pk)
    note_look(pupil=pupil, by=request.user, page="consents")
    context = {"round": round, "pupil": pupil, "plan": plan, "form": form, "from_paper": from_paper}
    context |= {"notice": schools.consent_notice(), "standing": bool(standing)}
    context["under_14"] = is_under_14(pupil, clock.today())
    return render(request, "rounds/consents.html", context, status=422 if form.errors else 200)


def _give(request: SignedInRequest, pupil: Pupil, form: ConsentForm, from_paper: bool) -> bool:
    with refused_on(form, "signature"):
        give_consents(
            pupil=pupil,
            answers=form.answers,
            notes=form.notes,
            signature=form.cleaned_data["signature"],
            from_paper=from_paper,
            by=request.user,
            at=clock.now(),
        )
        messages.success(request, _("记下了。选哪个都不影响名额，随时可以改或撤回。"))
        return True
    return False
