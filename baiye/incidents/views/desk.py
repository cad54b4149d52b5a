"""The desk of incidents: the list, its figures as a file, and the steps of handling one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import clock, excel
from baiye.core.refusals import refused_on
from baiye.core.shapes import Stat
from baiye.incidents import permissions
from baiye.incidents.actions import handling
from baiye.incidents.forms.reports import IncidentFilter, SuspendForm, TextForm, WeighForm
from baiye.incidents.models import Incident
from baiye.incidents.queries import reports as queries
from baiye.incidents.views.reports import page_of

PER_PAGE = 40


@login_required
@require_GET
def index(request: SignedInRequest) -> HttpResponse:
    """Incidents where one handles them: no name, no word of what happened."""
    require_somewhere(request, permissions.HANDLE)
    form = IncidentFilter(request.GET)
    asked = queries.Asked(**form.asked())
    page = Paginator(queries.incidents_for(request.user, asked), PER_PAGE).get_page(request.GET.get("page"))
    counts = queries.counts(request.user)
    context = {
        "form": form,
        "page": page,
        "is_filtered": asked != queries.Asked(),
        "today": clock.today(),
        "stats": [
            Stat(_("办理中"), counts["open"], _("件")),
            Stat(_("待定级"), counts["unweighed"], _("件")),
            Stat(_("已超期"), counts["overdue"], _("件")),
        ],
    }
    return render(request, "incidents/incident_list.html", context)


@login_required
@require_GET
def export(request: SignedInRequest) -> HttpResponse:
    """How many of which kind in which month, as Excel; fewer than five is said as such."""
    require_somewhere(request, permissions.HANDLE)
    kinds = dict(Incident.KINDS)
    rows = [
        (f"{month:%Y-%m}", str(kinds[kind]), n if n >= queries.FEW else f"<{queries.FEW}")
        for month, kind, n in queries.by_month(request.user)
    ]
    return excel.download(_("事件统计"), excel.workbook(_("事件统计"), [_("月份"), _("类别"), _("件数")], rows))


@login_required
@require_POST
def weighing(request: SignedInRequest, incident_id: int) -> HttpResponse:
    """Says how heavy, who, by when."""
    incident = _find(request, incident_id)
    form = WeighForm(request.POST, handlers=queries.handlers_of(incident.unit, clock.today()), auto_id="weigh_%s")
    return _step(request, incident, "weigh_form", form, handling.weigh)


@login_required
@require_POST
def steps(request: SignedInRequest, incident_id: int) -> HttpResponse:
    """Adds a follow-up."""
    incident = _find(request, incident_id)
    return _step(request, incident, "note_form", TextForm(request.POST, auto_id="note_%s"), handling.follow_up)


@login_required
@require_POST
def closing(request: SignedInRequest, incident_id: int) -> HttpResponse:
    """Closes it, or opens it again."""
    incident = _find(request, incident_id)
    act = handling.close if incident.closed_at is None else handling.reopen
    return _step(request, incident, "close_form", TextForm(request.POST, auto_id="close_%s"), act)


@login_required
@require_POST
def suspension(request: SignedInRequest, incident_id: int) -> HttpResponse:
    """Suspends the host it is about."""
    incident = _find(request, incident_id)
    return _step(request, incident, "suspend_form", SuspendForm(request.POST), handling.suspend_host)


def _step(request: SignedInRequest, incident: Incident, name: str, form: Form, act: Callable[..., Any]) -> HttpResponse:
    if form.is_valid():
        with refused_on(form):
            act(incident=incident, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("记下了。"))
            return redirect("incidents:incident", incident.pk)
    return render(request, "incidents/incident.html", page_of(request, incident, **{name: form}), status=422)


def _find(request: SignedInRequest, incident_id: int) -> Incident:
    return get_object_or_404(queries.incidents_for(request.user), pk=incident_id)
