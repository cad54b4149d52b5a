"""The home page of a pupil, and of a guardian for the child they look at (p01)."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.rounds.queries import homes as queries
from baiye.schools.queries import children_of, current_child


@login_required
@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """Next visit, what is to do, class hours; without a child a word on how to bind one."""
    pupil = current_child(request)
    if pupil is None:
        return render(request, "rounds/home_empty.html")
    at = clock.now()
    shown = queries.home_of(pupil, request.user, at)
    children = list(children_of(request.user)) if request.user.kind == "guardian" else []
    context = {"pupil": pupil, "home": shown, "greeting": queries.greeting(pupil, shown, at), "children": children}
    context["class_name"] = pupil.school_class.name(clock.day_of(at))
    return render(request, "rounds/home.html", context)
