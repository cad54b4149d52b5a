"""The desk of visits: the list, a new one, cancelling."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.catalogue.queries.courses import current_versions_for
from baiye.core import choosing, clock
from baiye.core.refusals import refused_on
from baiye.registry.queries.hosts import hosts_for, venues_for
from baiye.visits import actions, queries
from baiye.visits.forms import CancelForm, VisitFilter, VisitForm

PER_PAGE = 50


@login_required
@require_GET
def visit_list(request: SignedInRequest) -> HttpResponse:
    """Visits at the hosts one manages, by day, host, course and state."""
    require_somewhere(request, Permission.VISIT_MANAGE)
    form = VisitFilter(request.GET, hosts=hosts_for(request.user, Permission.VISIT_MANAGE))
    now, asked = clock.now(), form.asked()
    page = Paginator(queries.find_visits(request.user, at=now, asked=asked), PER_PAGE).get_page(request.GET.get("page"))
    assigns = {v.pk for v in page if may(request.user, Permission.SEAT_ASSIGN, v.venue.host.unit)}
    context = {"form": form, "page": page, "now": now, "is_filtered": asked != queries.Asked(), "assigns": assigns}
    return render(request, "visits/visit_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def visit_new(request: SignedInRequest) -> HttpResponse:
    """A new visit of a published course at a venue of its host."""
    require_somewhere(request, Permission.VISIT_MANAGE)
    versions = current_versions_for(request.user, Permission.VISIT_MANAGE)
    form = VisitForm(request.POST or None, versions=versions, venues=venues_for(request.user))
    if suggested := choosing.suggestions(request, form):
        return suggested
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.make_visit(**form.plan(), by=request.user)
            messages.success(request, _("场次已排好。"))
            return redirect("visits:visit-list")
    return render(request, "visits/visit_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def cancellation(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """Cancel a visit, with the reason that families read."""
    visit = get_object_or_404(queries.visits_for(request.user), pk=visit_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.cancel_visit(visit=visit, because=form.cleaned_data["because"], by=request.user, at=clock.now())
            messages.success(request, _("已取消，原来有名额的学生和家长会收到通知。"))
            return redirect("visits:visit-list")
    return render(
        request, "visits/cancellation.html", {"form": form, "visit": visit}, status=422 if form.errors else 200
    )
