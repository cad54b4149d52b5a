"""The list of endangered visits."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import clock
from baiye.visits import lapses

PER_PAGE = 50


@login_required
@require_GET
def lapse_list(request: SignedInRequest) -> HttpResponse:
    """Coming visits that something endangers, soonest first, with what to do."""
    require_somewhere(request, Permission.VISIT_MANAGE)
    dangers = lapses.dangers_for(request.user, clock.now())
    page = Paginator(dangers, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": lapses.told(list(page)),
        "pupils": lapses.pupils_in(dangers),
        "visits": len({danger.visit_id for danger in dangers}),
    }
    return render(request, "visits/lapse_list.html", context)
