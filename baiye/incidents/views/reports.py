"""The phone form of a report, one's own reports, one report, its photos."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.navigation import shell_of
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock, files
from baiye.core.refusals import refused_on
from baiye.incidents import permissions
from baiye.incidents.actions import reports as actions
from baiye.incidents.forms.reports import ReportForm, SuspendForm, TextForm, ToldForm, WeighForm
from baiye.incidents.models import Incident
from baiye.incidents.queries import reports as queries
from baiye.visits.models import Visit

PER_PAGE = 30


@login_required
@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """A report. A script may send it from the phone's outbox: then it is answered as JSON."""
    if not permissions.may_report(request.user):
        raise Http404
    visit = _asked_visit(request)
    rows = _choices(request, visit)
    if request.method == "GET":
        return render(request, "incidents/report.html", _page(request, ReportForm.fresh(visit, **rows)))
    if request.POST.get("who", str(request.user.pk)) != str(request.user.pk):
        raise PermissionDenied("a report is sent by whoever wrote it")
    form = ReportForm(request.POST, request.FILES, **rows)
    if form.is_valid():
        with refused_on(form):
            incident = _send(form, request)
            return _sent(request, incident)
    if _from_outbox(request):
        return JsonResponse({"errors": [str(e) for errors in form.errors.values() for e in errors]}, status=422)
    return render(request, "incidents/report.html", _page(request, form), status=422)


def _send(form: ReportForm, request: SignedInRequest) -> Incident:
    cleaned = dict(form.cleaned_data)
    key = cleaned.pop("request")
    unit = None if cleaned["visit"] else cleaned["unit"]
    report = actions.Report(**{**cleaned, "unit": unit})
    return actions.report_incident(report=report, request=key, by=request.user, at=clock.now())


def _sent(request: SignedInRequest, incident: Incident) -> HttpResponse:
    address = reverse("incidents:incident", args=[incident.pk])
    if _from_outbox(request):
        return JsonResponse({"url": address}, status=201)
    messages.success(request, _("报告送到了，区里负责的人已经收到提醒。"))
    return redirect(address)


def _from_outbox(request: SignedInRequest) -> bool:
    return request.headers.get("X-Baiye-Outbox") == "1"


def _choices(request: SignedInRequest, visit: Visit | None) -> dict[str, Any]:
    """What the form offers: the pupils of ``visit`` once it is chosen; what waited offline may name an older one."""
    days = {} if request.method == "GET" else {"days": queries.OLDEST}
    visits = queries.nameable_visits(request.user, clock.now(), **days)
    pupils = queries.nameable_pupils(request.user, visit)
    return {"visits": visits, "units": queries.nameable_units(request.user), "pupils": pupils}


def _asked_visit(request: SignedInRequest) -> Visit | None:
    asked = request.POST.get("visit") or request.GET.get("visit") or ""
    if not asked.isdecimal():
        return None
    return queries.nameable_visits(request.user, clock.now(), days=queries.OLDEST).filter(pk=int(asked)).first()


def _page(request: SignedInRequest, form: ReportForm) -> dict[str, object]:
    return {"shell": shell_of(request.user), "form": form, "own": queries.own_reports(request.user)[:3]}


@login_required
@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """What one reported oneself."""
    if not permissions.may_report(request.user):
        raise Http404
    page = Paginator(queries.own_reports(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "incidents/mine.html", {"shell": shell_of(request.user), "page": page})


@login_required
@require_GET
def show(request: SignedInRequest, incident_id: int) -> HttpResponse:
    """One report; its follow-ups and what to do next for who handles it. Each look is written down."""
    incident = get_object_or_404(queries.readable(request.user), pk=incident_id)
    actions.record_look(incident=incident, by=request.user)
    return render(request, "incidents/incident.html", page_of(request, incident))


def page_of(request: SignedInRequest, incident: Incident, **forms: object) -> dict[str, object]:
    """What the page of an incident shows to this person; ``forms`` are those that came back with an error."""
    handles = permissions.reads(request.user, incident)
    told = dict(Incident.TOLD)
    context: dict[str, object] = {
        "shell": shell_of(request.user),
        "incident": incident,
        "handles": handles,
        "told": [told[whom] for whom in incident.told],
        "still": [told[whom] for whom in sorted(actions.still_to_tell(incident))],
        "told_form": ToldForm(auto_id="told_%s"),
        "concerned": [row.pupil for row in incident.concerned.select_related("pupil__school_class__school__unit")],
    }
    if handles:
        today = clock.today()
        first = {
            "severity": incident.severity,
            "owner": incident.owner_id or request.user.pk,
            "due_on": incident.due_on,
        }
        context |= {
            "steps": [(step, told.get(step.text, step.text)) for step in queries.steps_of(incident)],
            "weigh_form": WeighForm(
                handlers=queries.handlers_of(incident.unit, today), initial=first, auto_id="weigh_%s"
            ),
            "note_form": TextForm(auto_id="note_%s"),
            "close_form": TextForm(auto_id="close_%s"),
            "suspend_form": SuspendForm() if queries.may_suspend(request.user, incident, today) else None,
        }
    return context | forms


@login_required
@require_POST
def told(request: SignedInRequest, incident_id: int) -> HttpResponse:
    """Notes that someone was told since."""
    incident = get_object_or_404(queries.readable(request.user), pk=incident_id)
    form = ToldForm(request.POST)
    if form.is_valid():
        actions.say_told(incident=incident, whom=form.cleaned_data["whom"], by=request.user, at=clock.now())
        messages.success(request, _("记下了。"))
    return redirect("incidents:incident", incident.pk)


@login_required
@require_GET
def photo(request: SignedInRequest, photo_id: Any) -> HttpResponse:
    """A photo of an incident one may open."""
    found = queries.find_photo(request.user, photo_id)
    if found is None:
        raise Http404
    actions.record_look(incident=found.incident, by=request.user)
    return files.answer(found.file)
