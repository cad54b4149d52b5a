"""The demonstration's own pages: play a named person, read what was texted. Never routed in production."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from baiye.demo import queries

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/roles.html", {"roles": queries.roles()})


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as a named account, second factor taken as shown."""
    user = queries.playable(request.POST.get("username", ""))
    if user is None:
        raise Http404
    login(request, user, backend=BACKEND)
    record_authentication(request, user, "mfa", type="demonstration")
    return redirect("home")


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/outbox.html", {"texts": queries.texts()})
