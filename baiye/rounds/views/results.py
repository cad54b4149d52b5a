"""The family's result page (p04): where to go, why, and how to have it looked at again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_above, refused_on
from baiye.rounds.actions import appeals
from baiye.rounds.engine_files import alias
from baiye.rounds.forms.appeals import AnswerForm, AppealForm
from baiye.rounds.models import Round
from baiye.rounds.queries import results
from baiye.rounds.queries.rounds import rounds_of_class
from baiye.rounds.queries.runs import open_appeals_for
from baiye.rounds.reasons import lines
from baiye.schools.actions import note_look
from baiye.schools.models import Pupil
from baiye.schools.queries import pupils_for


@login_required
@require_GET
def result(request: SignedInRequest, round_id: int, pupil_id: int) -> HttpResponse:
    pupil = get_object_or_404(pupils_for(request.user, Permission.PLACEMENT_VIEW), pk=pupil_id)
    round = _round_of(pupil, round_id)
    found = results.result_of(round, pupil)
    note_look(pupil=pupil, by=request.user, page="result")
    context: dict[str, object] = {"round": round, "pupil": pupil}
    if found:
        may_appeal = pupils_for(request.user, Permission.WISH_GIVE).filter(pk=pupil.pk).exists()
        context = _page(round, pupil, found, AppealForm()) | {"may_appeal": may_appeal}
    return render(request, "rounds/result.html", context)


@login_required
@require_POST
def appeal_create(request: SignedInRequest, round_id: int, pupil_id: int) -> HttpResponse:
    pupil = get_object_or_404(pupils_for(request.user, Permission.WISH_GIVE), pk=pupil_id)
    round = _round_of(pupil, round_id)
    found = results.result_of(round, pupil)
    form = AppealForm(request.POST)
    if found is None:
        messages.error(request, _("结果还没公布，公布以后再申请。"))
    elif form.is_valid():
        with refused_on(form, "text"):
            appeals.appeal(run=found.run, pupil=pupil, text=form.cleaned_data["text"], by=request.user, at=clock.now())
            messages.success(request, _("复核申请收到了，答复会发到消息里。"))
    if form.errors and found:
        return render(
            request, "rounds/result.html", _page(round, pupil, found, form) | {"may_appeal": True}, status=422
        )
    return redirect("rounds:result", round.pk, pupil.pk)


@login_required
@require_http_methods(["GET", "POST"])
def appeal_list(request: SignedInRequest) -> HttpResponse:
    """Reviews that await an answer; answering one takes it off the list."""
    waiting = open_appeals_for(request.user)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        found = get_object_or_404(waiting, pk=request.POST.get("appeal"))
        if form.is_valid():
            with refused_above(request):
                appeals.answer(appeal=found, text=form.cleaned_data["text"], by=request.user, at=clock.now())
                messages.success(request, _("已答复，家里会收到消息。"))
            return redirect("rounds:appeal-list")
    return render(request, "rounds/appeals.html", {"appeals": waiting, "form": form})


def _round_of(pupil: Pupil, round_id: int) -> Round:
    for round in rounds_of_class(pupil.school_class):
        if round.pk == round_id:
            return round
    raise Http404


def _page(round: Round, pupil: Pupil, found: results.Result, form: AppealForm) -> dict[str, object]:
    return {
        "round": round,
        "pupil": pupil,
        "result": found,
        "form": form,
        "reasons": lines(found.reasons, round),
        "alias": alias(round, pupil.pseudonym),
    }
