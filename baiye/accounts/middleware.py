"""Staff: a second factor before any page, and out after half an hour of silence."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts import sessions
from baiye.core import audit, clock

Respond = Callable[[HttpRequest], HttpResponse]
# Where one may be without a second factor: to set one up, to show it, to leave, to read better.
OPEN = ("/second-factor/", "/sign-in/", "/sign-out/", "/look/", "/help/", "/i18n/", "/healthz", "/static/")


def second_factor(get_response: Respond) -> Respond:
    """Send staff who have shown no second factor in this session to where they show it, or set one up."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not settings.BAIYE_REQUIRE_SECOND_FACTOR or request.path.startswith(OPEN):
            return get_response(request)
        if not request.user.is_authenticated or not request.user.is_staff or sessions.has_second_factor(request):
            return get_response(request)
        if is_mfa_enabled(request.user):
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.path})}")
        return redirect("mfa_index")

    return respond


def idle_sign_out(get_response: Respond) -> Respond:
    """Sign staff out when they return after more than ``STAFF_IDLE_S`` seconds."""

    def respond(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or not user.is_staff or not sessions.was_idle(request, user, at=clock.now()):
            return get_response(request)
        logout(request)
        audit.record("session.timed_out", by=user, on=user)
        messages.info(request, _("离开得久了，已自动退出。请重新登录，没有提交的内容需要重填。"))
        return redirect(f"{reverse('accounts:staff-sign-in')}?{urlencode({'next': request.path})}")

    return respond
