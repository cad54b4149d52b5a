"""Sittings of a round: what is in it, putting more in by host, taking some out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_above, refused_on
from baiye.rounds.actions import rounds as actions
from baiye.rounds.forms.rounds import SittingsForm, TakeOutForm
from baiye.rounds.queries import offers as queries
from baiye.rounds.queries.rounds import half_days, round_visits, rounds_for


@login_required
@require_GET
def round_visits_page(request: SignedInRequest, round_id: int) -> HttpResponse:
    """Courses of the round with their sittings, and seats against demand of each half-day."""
    round = get_object_or_404(rounds_for(request.user), pk=round_id)
    context = {"round": round, "offers": queries.offered_courses(round), "half_days": half_days(round)}
    context |= {"prepares": may(request.user, Permission.ROUND_PREPARE, round.unit), "form": TakeOutForm()}
    context |= {"hosts": queries.hosts_to_offer(request.user), "opened": round.wishes_have_opened(clock.now())}
    return render(request, "rounds/round_visits.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def sittings(request: SignedInRequest, round_id: int, host_id: int) -> HttpResponse:
    """Courses of one host for the chosen days and halves, in one go."""
    round = get_object_or_404(rounds_for(request.user, Permission.ROUND_PREPARE), pk=round_id)
    host = get_object_or_404(queries.hosts_to_offer(request.user), pk=host_id)
    form = SittingsForm(
        request.POST or None,
        versions=queries.versions_of_host(round, host),
        venues=queries.venues_of_host(host),
        days=queries.days_to_offer(round),
    )
    if form.is_valid():
        with refused_on(form):
            made = actions.put_visits(round=round, sittings=form.sittings(), by=request.user, at=clock.now())
            messages.success(request, ngettext("放进了 %(n)d 场。", "放进了 %(n)d 场。", len(made)) % {"n": len(made)})
            return redirect("rounds:round-visits", round.pk)
    context = {"round": round, "host": host, "form": form}
    return render(request, "rounds/sittings.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def removal(request: SignedInRequest, round_id: int) -> HttpResponse:
    """Take the sittings of the chosen courses out of the round."""
    round = get_object_or_404(rounds_for(request.user, Permission.ROUND_PREPARE), pk=round_id)
    form = TakeOutForm(request.POST)
    chosen = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal()]
    if not form.is_valid():
        messages.warning(request, str(form.errors["because"][0]))
        return redirect("rounds:round-visits", round.pk)
    visits = list(round_visits(round).filter(version__course__in=chosen))
    with refused_above(request):
        n = actions.take_out_visits(round=round, visits=visits, by=request.user, at=clock.now(), **form.cleaned_data)
        messages.success(request, ngettext("撤下了 %(n)d 场。", "撤下了 %(n)d 场。", n) % {"n": n})
    return redirect("rounds:round-visits", round.pk)
