"""同意书: a guardian's answers to what is optional, and taking them back in two clicks."""

from typing import Any

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
from baiye.schools import actions, queries
from baiye.schools.consent_form import ASKED, ConsentForm
from baiye.schools.models import Pupil
from baiye.schools.shells import shell_of


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def consents(request: SignedInRequest, pk: int) -> HttpResponse:
    """The standing answers of one child, and the form that gives or changes them."""
    pupil = get_object_or_404(queries.consents_open_to(request.user), pk=pk)
    from_paper = request.user.kind != "guardian"
    standing, written = queries.standing_consents(pupil), queries.notes_of(pupil)
    form = ConsentForm(request.POST or None, standing=standing, written=written, from_paper=from_paper)
    if form.is_valid() and _give(request, pupil, form, from_paper):
        return redirect("schools:consents", pk)
    if request.method == "GET":
        actions.note_look(pupil=pupil, by=request.user, page="consents")
    context = {"pupil": pupil, "form": form, "from_paper": from_paper, "notice": queries.consent_notice()}
    context["standing"] = [(ASKED[purpose], answer) for purpose, answer in standing.items()]
    context |= {"under_14": actions.is_under_14(pupil, clock.today()), "shell": shell_of(request.user)}
    return render(request, "schools/consents.html", context, status=422 if form.errors else 200)


def _give(request: SignedInRequest, pupil: Pupil, form: ConsentForm, from_paper: bool) -> bool:
    given: dict[str, Any] = {"answers": form.answers, "notes": form.notes, "signature": form.cleaned_data["signature"]}
    with refused_on(form, "signature"):
        actions.give_consents(pupil=pupil, from_paper=from_paper, by=request.user, at=clock.now(), **given)
        messages.success(request, _("记下了。随时可以在这里改或撤回"))
        return True
    return False


@require_http_methods(["GET", "POST"])
@login_required
def withdrawal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks, then ends one answer; what was kept under it is deleted at once."""
    consent = get_object_or_404(queries.consents_for(request.user), pk=pk)
    if request.method == "GET":
        context = {"consent": consent, "asked": ASKED[consent.purpose], "shell": shell_of(request.user)}
        return render(request, "schools/withdrawal.html", context)
    actions.withdraw_consent(consent=consent, by=request.user, at=clock.now())
    messages.success(request, _("已撤回"))
    return redirect("schools:consents", consent.pupil_id)
