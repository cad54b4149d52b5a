"""Staff: a second factor before any page, and out after half an hour of silence."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts import sessions
from baiye.core import clock

Respond = Callable[[HttpRequest], HttpResponse]
OPEN = ("/second-factor/", "/sign-out/", "/look/", "/i18n/", "/healthz", "/static/")


def second_factor(get_response: Respond) -> Respond:
    """Send staff without a second factor in this session to where they set one up or show it."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not settings.BAIYE_REQUIRE_SECOND_FACTOR or request.path.startswith(OPEN):
            return get_response(request)
        if request.user.is_authenticated and request.user.is_staff and not sessions.has_second_factor(request):
            return redirect("mfa_index")
        return get_response(request)

    return respond


def idle_sign_out(get_response: Respond) -> Respond:
    """Sign staff out when they return after more than ``STAFF_IDLE_S`` seconds."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.is_staff and sessions.was_idle(request, at=clock.now()):
            logout(request)
            messages.info(request, _("离开超过半小时，已自动退出。请重新登录，没有提交的内容需要重填。"))
            return redirect(f"{reverse('accounts:sign-in')}?next={request.path}")
        return get_response(request)

    return respond
