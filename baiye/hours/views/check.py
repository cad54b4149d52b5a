"""Anyone who holds a certificate checks it here: valid, revoked, or unknown."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from baiye.core import throttle
from baiye.hours import forms, queries

TRIES, PER_S = 30, 600


@require_GET
@never_cache
def form(request: HttpRequest) -> HttpResponse:
    """Number and check code, for whoever types instead of scanning."""
    typed = forms.CheckForm(request.GET or None)
    if request.GET and typed.is_valid():
        if not _may_try(request):
            return _too_often(request)
        found = queries.find_certificate_by_number(**typed.cleaned_data)
        if found:
            return redirect("hours:check", found.token)
        typed.add_error(None, _("没有这个编号和校验码。对着纸面再看一遍"))
    return render(request, "hours/check_form.html", {"form": typed})


@require_GET
@never_cache
def show(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """What a certificate says, with the name shortened."""
    if not _may_try(request):
        return _too_often(request)
    found = queries.find_certificate(token)
    return render(request, "hours/check.html", {"certificate": found}, status=200 if found else 404)


def _may_try(request: HttpRequest) -> bool:
    return throttle.hit_from(request, "certificate check", limit=TRIES, per_s=PER_S)


def _too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "hours/check.html", {"too_often": True}, status=429)
