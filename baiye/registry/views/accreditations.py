"""Accreditations at the desk and at the host: list, history, measures, revocation, renewal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import clock
from baiye.core.refusals import refused_above, refused_on
from baiye.core.shapes import Choice
from baiye.registry import conduct, links
from baiye.registry.actions import inspections, measures, renewals
from baiye.registry.forms.accrediting import MeasureForm, PlanForm, RevocationForm
from baiye.registry.models import Accreditation
from baiye.registry.permissions import may_review
from baiye.registry.queries.accreditations import (
    accreditations_for,
    history,
    in_state,
    measures_of,
    open_proposal,
    proposals_for,
    reviewed_accreditations,
    state_of,
)
from baiye.registry.queries.assessments import inspectors_for

PER_PAGE = 30
STATES = {
    "": gettext_lazy("全部"),
    "holds": gettext_lazy("有效"),
    "soon": gettext_lazy("90 天内到期"),
    "suspended": gettext_lazy("暂停"),
    "revoked": gettext_lazy("撤销"),
    "expired": gettext_lazy("已到期"),
}
WORDS = {  # state → word and tone
    "holds": (gettext_lazy("有效"), "ok"),
    "soon": (gettext_lazy("快到期"), "due"),
    "later": (gettext_lazy("未到起始日"), ""),
    "suspended": (gettext_lazy("暂停"), "bad"),
    "revoked": (gettext_lazy("已撤销"), "bad"),
    "expired": (gettext_lazy("已到期"), ""),
}


@login_required
@require_GET
def accreditation_list(request: SignedInRequest) -> HttpResponse:
    """Accreditations one reviews, or those of one's hosts; by words and state."""
    require_somewhere(request, Permission.HOST_VIEW)
    today, q, state = clock.today(), request.GET.get("q", "")[:40], request.GET.get("state", "")
    found = accreditations_for(request.user)
    if q:
        found = found.filter(Q(host__unit__name__icontains=q) | Q(number__icontains=q))
    page = Paginator(in_state(found, state, today), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, *WORDS[state_of(row, today)]) for row in page],
        "q": q,
        "states": [Choice(str(name), f"?state={key}&q={q}", state == key) for key, name in STATES.items()],
    }
    return render(request, "registry/accreditation_list.html", context)


@login_required
@require_GET
def accreditation(request: SignedInRequest, accreditation_id: int) -> HttpResponse:
    """One accreditation: what it is now, everything that happened, and what can be done."""
    return _page(request, _found(request, accreditation_id))


@login_required
@require_POST
def measure_new(request: SignedInRequest, accreditation_id: int) -> HttpResponse:
    """A measure of one signature."""
    found = _reviewed(request, accreditation_id)
    form = MeasureForm(request.POST)
    if form.is_valid():
        said = {"kind": form.cleaned_data["kind"], "because": form.because_said(), "on": form.day()}
        with refused_on(form):
            request_id = form.cleaned_data["request"]
            measures.take_measure(accreditation=found, by=request.user, at=clock.now(), request=request_id, **said)
            messages.success(request, _("记下了，已告诉基地。"))
            return redirect("registry:accreditation", found.pk)
    return _page(request, found, measure=form)


@login_required
@require_POST
def revocation_proposal(request: SignedInRequest, accreditation_id: int) -> HttpResponse:
    """Ask for a revocation, after the hearing."""
    found = _reviewed(request, accreditation_id)
    form = RevocationForm(request.POST)
    if form.is_valid():
        with refused_on(form):
            because = form.cleaned_data["because"]
            measures.propose_revocation(accreditation=found, because=because, by=request.user, at=clock.now())
            messages.success(request, _("提请了。另一位同事签字后撤销。"))
            return redirect("registry:accreditation", found.pk)
    return _page(request, found, revocation=form)


@login_required
@require_POST
def revocation_signature(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """The second signature under a revocation, or the proposal taken back."""
    proposal = get_object_or_404(proposals_for(request.user), pk=proposal_id)
    with refused_above(request):
        if request.POST.get("answer") == "withdraw":
            measures.withdraw_proposal(proposal=proposal, by=request.user, at=clock.now())
            messages.success(request, _("提请收回了。"))
        else:
            measures.sign_revocation(proposal=proposal, by=request.user, at=clock.now())
            messages.success(request, _("认定已撤销，从今天起不能接待学生。"))
    return redirect("registry:accreditation", proposal.accreditation_id)


@login_required
@require_POST
def review_plan(request: SignedInRequest, accreditation_id: int) -> HttpResponse:
    """Plan the yearly review."""
    found = _reviewed(request, accreditation_id)
    form = PlanForm(request.POST, people=inspectors_for(found.standard, clock.today()))
    if form.is_valid():
        with refused_on(form):
            inspections.plan_review(accreditation=found, by=request.user, on=clock.today(), **form.plan()._asdict())
            messages.success(request, _("年度复核安排好了，已告诉核查人和基地。"))
            return redirect("registry:accreditation", found.pk)
    return _page(request, found, plan=form)


@login_required
@require_POST
def renewal(request: SignedInRequest, accreditation_id: int) -> HttpResponse:
    """Begin the application for a renewal; it goes on by its own link, with what is known filled in."""
    found = _found(request, accreditation_id)
    with refused_above(request):
        begun = renewals.begin_renewal(accreditation=found, by=request.user, on=clock.today())
        return redirect("registry:apply", links.token_of(begun.request))
    return redirect("registry:accreditation", found.pk)


def _found(request: SignedInRequest, accreditation_id: int) -> Accreditation:
    return get_object_or_404(accreditations_for(request.user), pk=accreditation_id)


def _reviewed(request: SignedInRequest, accreditation_id: int) -> Accreditation:
    return get_object_or_404(reviewed_accreditations(request.user), pk=accreditation_id)


def _page(
    request: SignedInRequest,
    found: Accreditation,
    *,
    measure: MeasureForm | None = None,
    revocation: RevocationForm | None = None,
    plan: PlanForm | None = None,
) -> HttpResponse:
    today = clock.today()
    reviews = may_review(request.user, found.standard)
    manages = may(request.user, Permission.HOST_MANAGE, found.host.unit)
    word, tone = WORDS[state_of(found, today)]
    context: dict[str, object] = {
        "accreditation": found,
        "word": word,
        "tone": tone,
        "history": history(found),
        "measures": measures_of(found),
        "manages": manages,
        "renews": manages and renewals.is_offered(found, today),
        "reviews": reviews,
    }
    if reviews:
        context |= {
            "measure": measure or MeasureForm(initial={"kind": "warning"}),
            "revocation": revocation or RevocationForm(),
            "plan": plan or PlanForm(people=inspectors_for(found.standard, today)),
            "proposal": open_proposal(found),
            "me": request.user.pk,
            "known": conduct.known_of(found.host, today),
        }
    wrong = any(form is not None and form.errors for form in (measure, revocation, plan))
    return render(request, "registry/accreditation.html", context, status=422 if wrong else 200)
