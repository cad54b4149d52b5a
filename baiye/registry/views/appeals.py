"""Appeals: made by a host about a decision or a measure, answered at the desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import clock, files
from baiye.core.refusals import refused_on
from baiye.registry.actions import appeals
from baiye.registry.forms.accrediting import AnswerForm, AppealForm
from baiye.registry.models import Decision, Measure
from baiye.registry.queries.appeals import appeals_for, appeals_of, decisions_at_hosts_of, measures_at_hosts_of

PER_PAGE = 30


@login_required
@require_GET
def appeal_list(request: SignedInRequest) -> HttpResponse:
    """Appeals against what was decided by one's standards, those that wait first."""
    require_somewhere(request, Permission.HOST_ACCREDIT)
    page = Paginator(appeals_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "registry/appeal_list.html", {"page": page})


@login_required
@require_http_methods(["GET", "POST"])
def appeal(request: SignedInRequest, appeal_id: int) -> HttpResponse:
    """One appeal, and the answer to it."""
    found = get_object_or_404(appeals_for(request.user), pk=appeal_id)
    against = appeals.against_of(found)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            appeals.answer_appeal(appeal=found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("答复了，已告诉对方。"))
            return redirect("registry:appeal", found.pk)
    context = {
        "appeal": found,
        "against": against,
        "host": appeals.host_of(against),
        "form": form,
        "hinders": appeals.hinders_answer(found, request.user),
    }
    return render(request, "registry/appeal.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def appeal_file(request: SignedInRequest, appeal_id: int) -> HttpResponse:
    """What was handed in with an appeal."""
    found = get_object_or_404(appeals_for(request.user).exclude(file=None), pk=appeal_id)
    assert found.file is not None  # filtered above
    return files.answer(found.file)


@login_required
@require_http_methods(["GET", "POST"])
def decision(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """What was decided about a host of one's own, and the appeal against it."""
    return _against(request, get_object_or_404(decisions_at_hosts_of(request.user), pk=decision_id))


@login_required
@require_http_methods(["GET", "POST"])
def measure(request: SignedInRequest, measure_id: int) -> HttpResponse:
    """What was done about an accreditation of one's own host, and the appeal against it."""
    return _against(request, get_object_or_404(measures_at_hosts_of(request.user), pk=measure_id))


def _against(request: SignedInRequest, against: Decision | Measure) -> HttpResponse:
    form = AppealForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        said = {"text": data["text"], "request": data["request"], "upload": data["file"]}
        with refused_on(form):
            appeals.make_appeal(against=against, by=request.user, at=clock.now(), **said)
            messages.success(request, _("申诉交了。没有签过字的人会来答复。"))
            return redirect(request.path)
    context = {
        "against": against,
        "host": appeals.host_of(against),
        "decision": against if isinstance(against, Decision) else None,
        "measure": against if isinstance(against, Measure) else None,
        "made": appeals_of(against),
        "form": form,
        "may_appeal": appeals.may_appeal(against, clock.now()),
    }
    return render(request, "registry/verdict.html", context, status=422 if form.errors else 200)
