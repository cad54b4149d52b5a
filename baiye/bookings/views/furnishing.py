"""The openings of a release at the desk: adding visits, their settings, who has or wants a seat of one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.requests import SignedInRequest
from baiye.bookings import rules
from baiye.bookings.actions import easing as easing_actions
from baiye.bookings.actions import releases as actions
from baiye.bookings.forms.additions import PickForm, VisitFilter
from baiye.bookings.forms.releases import EasingForm, OpeningForm
from baiye.bookings.models import Opening
from baiye.bookings.queries import desk as queries
from baiye.bookings.queries.mine import standings
from baiye.bookings.queries.openings import free_at
from baiye.bookings.views.releases import find
from baiye.core import clock
from baiye.core.refusals import refused_above, refused_on
from baiye.registry.queries.hosts import hosts_for

PER_PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def additions(request: SignedInRequest, release_id: int) -> HttpResponse:
    """Ticks visits to add, all with the same settings."""
    release, now = find(request, release_id), clock.now()
    visits = queries.addable(request.user, release, now)
    pick, settings = PickForm(request.POST or None, visits=visits), OpeningForm(request.POST or None)
    if request.method == "POST" and pick.is_valid() and settings.is_valid():
        with refused_on(settings):
            chosen = list(pick.cleaned_data["pick"])
            n = actions.add_openings(release=release, visits=chosen, settings=settings.settings(), by=request.user)
            messages.success(request, ngettext("加了 %(n)d 场。", "加了 %(n)d 场。", n) % {"n": n})
            return redirect("bookings:release-desk", release.pk)
    form = VisitFilter(request.GET, hosts=hosts_for(request.user, queries.MANAGE))
    page = Paginator(form.among(visits), PER_PAGE).get_page(request.GET.get("page"))
    context = {"release": release, "form": form, "pick": pick, "settings": settings, "page": page}
    context |= {"ticked": pick.ticked(), "is_filtered": bool(request.GET.keys() & {"q", "host", "on"})}
    return render(request, "bookings/additions.html", context, status=422 if pick.errors or settings.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: SignedInRequest, opening_id: int) -> HttpResponse:
    """The settings of an opening of a draft."""
    opening = _find(request, opening_id)
    form = OpeningForm(request.POST or None, opening=opening)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.change_opening(opening=opening, settings=form.settings(), by=request.user)
            messages.success(request, _("改好了。"))
            return redirect("bookings:release-desk", opening.release_id)
    context = {"opening": opening, "release": opening.release, "visit": opening.visit, "settings": form}
    return render(request, "bookings/opening_settings.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def removal(request: SignedInRequest, opening_id: int) -> HttpResponse:
    """Takes an opening out of a draft."""
    opening = _find(request, opening_id)
    with refused_above(request):
        actions.take_out(opening=opening, by=request.user)
        messages.success(request, _("移出来了，场次还在。"))
    return redirect("bookings:release-desk", opening.release_id)


@login_required
@require_GET
def opening_desk(request: SignedInRequest, opening_id: int) -> HttpResponse:
    """Who has or wants a seat of one opening, in the order of the line; names are masked."""
    opening, now = _find(request, opening_id), clock.now()
    page = Paginator(queries.line_of(opening), PER_PAGE).get_page(request.GET.get("page"))
    context = {"opening": opening, "release": opening.release, "visit": opening.visit, "page": page, "now": now}
    context |= {"rows": standings(page, now), "rules": rules.opening_rules(opening), "free": free_at(opening, now)}
    context["may_ease"] = (
        opening.release.published_at and not opening.visit.cancelled_at and opening.visit.starts_at > now
    )
    return render(request, "bookings/opening_desk.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def opening_easing(request: SignedInRequest, opening_id: int) -> HttpResponse:
    """More seats, a smaller reserve, a longer line: what is published changes only in favour of families."""
    opening = _find(request, opening_id)
    form = EasingForm(request.POST or None, opening=opening)
    if request.method == "POST" and form.is_valid() and _ease(request, opening, form):
        messages.success(request, _("改好了；空出来的名额按次序请候补。"))
        return redirect("bookings:opening-desk", opening.pk)
    context = {"opening": opening, "release": opening.release, "visit": opening.visit, "form": form}
    return render(request, "bookings/opening_easing.html", context, status=422 if form.errors else 200)


def _ease(request: SignedInRequest, opening: Opening, form: EasingForm) -> bool:
    """Both changes or none; a refusal stands on the form."""
    with refused_on(form):
        with transaction.atomic():
            if easing := form.easing():
                easing_actions.ease_opening(opening=opening, by=request.user, **easing)
            if "seats" in form.changed_data:
                easing_actions.change_seats(opening=opening, seats=form.cleaned_data["seats"], by=request.user)
        return True
    return False


def _find(request: SignedInRequest, opening_id: int) -> Opening:
    return get_object_or_404(queries.openings_of(request.user), pk=opening_id)
