"""The coordinator's desk: rounds, one round at a glance (d01), its phases, the schools' progress."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock, excel
from baiye.core.refusals import refused_above, refused_on
from baiye.rounds import words
from baiye.rounds.actions import reminders
from baiye.rounds.actions import rounds as actions
from baiye.rounds.forms.rounds import PhasesForm, RoundForm, SchoolsFilter
from baiye.rounds.forms.runs import SeedForm
from baiye.rounds.queries.figures import round_figures, school_progress
from baiye.rounds.queries.offers import districts_to_prepare
from baiye.rounds.queries.rounds import rounds_for, rounds_seen_by
from baiye.rounds.queries.runs import runs_for
from baiye.rounds.queries.trips import due_schools
from baiye.rounds.views import round_charts, round_tables


@login_required
@require_GET
def round_list(request: SignedInRequest) -> HttpResponse:
    """Rounds this person's office has to do with; a school's staff goes on to its classes."""
    at = clock.now()
    rows = [
        (round, round.phase_at(at), may(request.user, Permission.PROGRAMME_VIEW, round.unit))
        for round in rounds_seen_by(request.user)
    ]
    context = {"rows": rows, "today": clock.day_of(at), "may_make": bool(districts_to_prepare(request.user))}
    return render(request, "rounds/round_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def round_create(request: SignedInRequest) -> HttpResponse:
    units = districts_to_prepare(request.user)
    if not units:
        raise Http404
    form = RoundForm(request.POST or None, units=units, today=clock.today())
    phases = PhasesForm(request.POST or None)
    if form.is_valid() and phases.is_valid():
        with refused_on(form):
            made = actions.make_round(phases=phases.spans(), by=request.user, **form.rules())
            messages.success(request, _("轮次建好了。接下来把项目场次放进来。"))
            return redirect("rounds:round-visits", made.pk)
    status = 422 if form.errors or phases.errors else 200
    return render(request, "rounds/round_create.html", {"form": form, "phases": phases}, status=status)


@login_required
@require_GET
def round_detail(request: SignedInRequest, round_id: int) -> HttpResponse:
    """Where the round is, its figures, what needs a hand, how far the schools are."""
    round = get_object_or_404(rounds_for(request.user), pk=round_id)
    at = clock.now()
    figures = round_figures(round)
    form = SchoolsFilter(request.GET)
    context: dict[str, object] = {"round": round, "phase": round.phase_at(at), "form": form}
    context["steps"] = words.steps(round.phases.all(), at)
    context |= round_charts.charts(figures) | {"hands": round_charts.hands(round, figures, at)}
    context["schools"] = form.applied(figures.schools, request.GET.get("sort", ""))
    context["half_days"] = figures.half_days
    context["prepares"] = may(request.user, Permission.ROUND_PREPARE, round.unit)
    context |= {"runs": runs_for(request.user).filter(round=round), "seed_form": SeedForm()}
    context["may_run"] = may(request.user, Permission.PLACEMENT_RUN, round.unit)
    context["is_over"] = round.wishes_are_over(at)
    return render(request, "rounds/round.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def phases(request: SignedInRequest, round_id: int) -> HttpResponse:
    round = get_object_or_404(rounds_for(request.user, Permission.ROUND_PREPARE), pk=round_id)
    form = PhasesForm(request.POST or None, round=round)
    if form.is_valid():
        with refused_on(form):
            actions.set_phases(round=round, phases=form.spans(), by=request.user, at=clock.now())
            messages.success(request, _("日期改好了。"))
            return redirect("rounds:round", round.pk)
    status = 422 if form.errors else 200
    return render(request, "rounds/phases.html", {"round": round, "form": form}, status=status)


@login_required
@require_POST
def reminder_create(request: SignedInRequest, round_id: int) -> HttpResponse:
    """Remind the families of the chosen schools that still lack something."""
    round = get_object_or_404(rounds_for(request.user, Permission.ROUND_PREPARE), pk=round_id)
    chosen = [pk for pk in request.POST.getlist("pick") if pk.isdecimal()]
    schools = list(due_schools(round).filter(pk__in=chosen))
    with refused_above(request):
        n = reminders.remind_schools(round=round, schools=schools, by=request.user, at=clock.now())
        messages.success(request, ngettext("提醒发给了 %(n)d 人。", "提醒发给了 %(n)d 人。", n) % {"n": n})
    return redirect("rounds:round", round.pk)


@login_required
@require_GET
def school_export(request: SignedInRequest, round_id: int) -> HttpResponse:
    """The schools' progress as the page shows it, as a file; figures only, no names of pupils."""
    round = get_object_or_404(rounds_for(request.user), pk=round_id)
    schools = SchoolsFilter(request.GET).applied(school_progress(round), request.GET.get("sort", ""))
    rows = round_tables.rows(schools)
    return excel.download(_("学校进度"), excel.workbook(_("学校进度"), round_tables.header(), rows))
