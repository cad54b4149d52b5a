"""Accreditation at the desk: who waits, the checklist, the panel."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import clock
from baiye.core.refusals import refused_on
from baiye.registry import conduct
from baiye.registry.actions import decisions, inspections, penalties
from baiye.registry.forms.accrediting import DecisionForm, PenaltyForm, PlanForm, SignForm
from baiye.registry.models import Application
from baiye.registry.queries.applications import applications_for
from baiye.registry.queries.assessments import decisions_for, inspectors_for, last_accreditation, queue_for
from baiye.registry.queries.decisions import decisions_of, hinders_pass, hinders_unchecked
from baiye.registry.queries.inspections import areas_of, inspections_for, last_inspection, tally_of
from baiye.registry.queries.penalties import checks_of


@login_required
@require_GET
def assessment_list(request: SignedInRequest) -> HttpResponse:
    """The first that waits, or that nobody does."""
    require_somewhere(request, Permission.HOST_ACCREDIT)
    queue = queue_for(request.user)
    if queue:
        return redirect("registry:assessment", queue[0].pk)
    return render(request, "registry/assessment_list.html", {})


@login_required
@require_GET
def assessment(request: SignedInRequest, application_id: int) -> HttpResponse:
    """One application under review: queue, checklist, and what can be done now."""
    found = _found(request, application_id)
    return _page(request, found)


@login_required
@require_POST
def plan(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Plan the inspection."""
    found = _found(request, application_id)
    form = PlanForm(request.POST, people=inspectors_for(found.standard, clock.today()))
    if form.is_valid():
        with refused_on(form):
            inspections.plan_inspection(application=found, by=request.user, on=clock.today(), **form.plan()._asdict())
            messages.success(request, _("核查安排好了，已告诉核查人和基地。"))
            return redirect("registry:assessment", found.pk)
    return _page(request, found, plan=form)


@login_required
@require_POST
def penalty_check(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Note what was found about penalties."""
    found = _found(request, application_id)
    form = PenaltyForm(request.POST, auto_id="penalty-%s")
    if form.is_valid():
        with refused_on(form):
            penalties.note_penalty_check(application=found, by=request.user, at=clock.now(), **form.said())
            messages.success(request, _("记下了，评审时看得到。"))
            return redirect("registry:assessment", found.pk)
    return _page(request, found, penalty=form)


@login_required
@require_POST
def decision_proposal(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Propose what an inspection comes to."""
    rows = inspections_for(request.user).filter(application__in=applications_for(request.user))
    inspection = get_object_or_404(rows, pk=inspection_id)
    found = _found(request, inspection.application_id or 0)
    form = DecisionForm(request.POST)
    if form.is_valid():
        with refused_on(form):
            decisions.propose_decision(inspection=inspection, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("提出来了，您的签字已记上。等其他人签满就生效。"))
            return redirect("registry:assessment", found.pk)
    return _page(request, found, decide=form)


@login_required
@require_POST
def decision_signature(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """Sign a proposed decision, or send it back."""
    decision = get_object_or_404(decisions_for(request.user), pk=decision_id)
    found = _found(request, decision.inspection.application_id or 0)
    form = SignForm(request.POST)
    if form.is_valid():
        with refused_on(form):
            now = decisions.sign_decision(decision=decision, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("签好了，结论已生效。") if now.in_force_at else _("记上了。"))
            return redirect("registry:assessment", found.pk)
    return _page(request, found, sign=form)


def _found(request: SignedInRequest, application_id: int) -> Application:
    rows = applications_for(request.user).select_related("standard__keeper", "host__unit", "handled_by")
    return get_object_or_404(rows, pk=application_id)


def _page(
    request: SignedInRequest,
    found: Application,
    *,
    plan: PlanForm | None = None,
    decide: DecisionForm | None = None,
    sign: SignForm | None = None,
    penalty: PenaltyForm | None = None,
) -> HttpResponse:
    queue = queue_for(request.user)
    inspection = last_inspection(found)
    context: dict[str, object] = {
        "application": found,
        "host": found.host,
        "queue": queue,
        "next": _next(queue, found),
        "inspection": inspection,
        "plan": plan,
        "decide": decide,
        "sign": sign,
        **_conduct(found, penalty),
    }
    if inspection is not None:
        found_decisions = list(decisions_of(inspection))
        areas = areas_of(inspection)
        counted = tally_of(inspection, areas)
        context |= {"areas": areas, "tally": counted, "hinders": hinders_pass(counted) or hinders_unchecked(found)}
        context |= {"decisions": found_decisions, "open": next((d for d in found_decisions if d.is_open), None)}
    if found.state in {"inspection", "conditions"} and (inspection is None or inspection.second_at):
        context["plan"] = plan or PlanForm(people=inspectors_for(found.standard, clock.today()))
    if found.state == "panel" and not context.get("open"):
        context["decide"] = decide or DecisionForm()
    context["has_signed"] = _has_signed(context.get("open"), request.user.pk)
    wrong = any(form is not None and form.errors for form in (plan, decide, sign, penalty))
    return render(request, "registry/assessment.html", context, status=422 if wrong else 200)


def _conduct(found: Application, penalty: PenaltyForm | None) -> dict[str, object]:
    """How the body behaved so far: its last accreditation, what rooms above know, penalties and who looked for them."""
    said: dict[str, object] = {"checks": checks_of(found)}
    if found.state in penalties.LOOKED_AT:
        said["penalty"] = penalty or PenaltyForm(auto_id="penalty-%s")
    if found.host:
        said |= {"last": last_accreditation(found.host), "known": conduct.known_of(found.host, clock.today())}
    return said


def _has_signed(decision: object, person: int) -> bool:
    return decision is not None and any(s.by_id == person for s in decision.signatures.all())  # type: ignore[attr-defined]


def _next(queue: list[Application], found: Application) -> Application | None:
    """The one after this in the queue; the first where this is the last."""
    keys = [each.pk for each in queue]
    if found.pk not in keys:
        return queue[0] if queue else None
    after = queue[(keys.index(found.pk) + 1) % len(queue)]
    return after if after.pk != found.pk else None
