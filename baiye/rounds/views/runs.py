"""The desk's view of placement runs (d02): ask, watch, read, compare, publish."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock, excel
from baiye.core.refusals import refused_above
from baiye.rounds.actions import publications, runs, telling
from baiye.rounds.forms.runs import SeedForm, StandingForm
from baiye.rounds.models import Run
from baiye.rounds.queries import runs as queries
from baiye.rounds.queries.rounds import rounds_for
from baiye.rounds.views import placement_charts, placement_table

PAGE = 25


@login_required
@require_POST
def run_create(request: SignedInRequest, round_id: int) -> HttpResponse:
    round = get_object_or_404(rounds_for(request.user), pk=round_id)
    form = SeedForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["seed"][0]))
        return redirect("rounds:round", round.pk)
    with refused_above(request):
        run = runs.ask_run(round=round, by=request.user, at=clock.now(), seed=form.cleaned_data["seed"])
        return redirect("rounds:run", round.pk, run.pk)
    return redirect("rounds:round", round.pk)


@login_required
@require_GET
def run(request: SignedInRequest, round_id: int, run_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.runs_for(request.user), pk=run_id, round=round_id)
    context: dict[str, object] = {
        "run": found,
        "round": found.round,
        "publication": queries.publication_of(found),
        "can_publish": may(request.user, Permission.PLACEMENT_PUBLISH, found.round.unit),
    }
    if not found.finished_at:
        template = "rounds/_run_progress.html" if request.htmx else "rounds/run_progress.html"
        return render(request, template, context)
    if request.htmx:  # the progress looked again, and it has ended
        return HttpResponse(headers={"HX-Refresh": "true"})
    form = StandingForm(request.GET, schools=queries.schools_of(found))
    pupils = queries.placed_pupils(found, request.user, **form.filters())
    page = Paginator(pupils, PAGE).get_page(request.GET.get("page"))
    names = may(request.user, Permission.PUPIL_VIEW, found.round.unit)
    context |= {"form": form, "page": page, "names": names, **placement_charts.charts(found, form.school_names)}
    return render(request, "rounds/run.html", context)


@login_required
@require_GET
def run_export(request: SignedInRequest, round_id: int, run_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.runs_for(request.user), pk=run_id, round=round_id, finished_at__isnull=False)
    form = StandingForm(request.GET, schools=queries.schools_of(found))
    pupils = queries.placed_pupils(found, request.user, **form.filters())
    rows = placement_table.rows(found, pupils)
    runs.note_export(run=found, rows=len(rows), by=request.user)
    return excel.download(_("录取名单"), excel.workbook(_("录取名单"), placement_table.header(found.round), rows))


@login_required
@require_POST
def run_discard(request: SignedInRequest, round_id: int, run_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.runs_for(request.user), pk=run_id, round=round_id)
    return _after(
        request,
        found,
        lambda: runs.discard_run(run=found, by=request.user, at=clock.now()),
        _("已作废，可以重新运算。"),
    )


@login_required
@require_POST
def proposal_create(request: SignedInRequest, round_id: int, run_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.runs_for(request.user), pk=run_id, round=round_id)
    done = _("已提请公布，等另一位同事复核。")
    return _after(request, found, lambda: publications.propose(run=found, by=request.user, at=clock.now()), done)


@login_required
@require_POST
def proposal_withdraw(request: SignedInRequest, round_id: int, run_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.runs_for(request.user), pk=run_id, round=round_id, publication__isnull=False)
    withdraw = partial(publications.withdraw, publication=found.publication, by=request.user, at=clock.now())
    return _after(request, found, withdraw, _("提请已撤回。"))


@login_required
@require_http_methods(["GET", "POST"])
def approval(request: SignedInRequest, round_id: int, run_id: UUID) -> HttpResponse:
    """The second person's page: the checklist, then the one button that publishes."""
    found = get_object_or_404(queries.runs_for(request.user), pk=run_id, round=round_id, publication__isnull=False)
    if request.method == "POST":
        approve = partial(publications.approve, publication=found.publication, by=request.user, at=clock.now())
        return _after(request, found, approve, _("已公布。各家会在消息里看到结果。"))
    return render(
        request, "rounds/approval.html", {"run": found, "round": found.round, "publication": found.publication}
    )


@login_required
@require_POST
def run_message(request: SignedInRequest, round_id: int, run_id: UUID) -> HttpResponse:
    """Bulk: write to the families of the pupils ticked in the list."""
    found = get_object_or_404(queries.runs_for(request.user), pk=run_id, round=round_id)
    chosen = queries.placed_pupils(found, request.user).filter(pk__in=request.POST.getlist("row"))
    write = partial(telling.write_to, run=found, pupils=chosen, text=request.POST.get("text", ""), by=request.user)
    return _after(request, found, write, _("通知已发到学生和家长的消息里。"))


def _after(request: SignedInRequest, run: Run, act: Callable[[], object], done: str) -> HttpResponse:
    """Do it, say what came of it, back to the run."""
    with refused_above(request):
        act()
        messages.success(request, done)
    return redirect("rounds:run", run.round_id, run.pk)
