"""How a reader wants the pages: theme, size and language, kept in cookies; and the page that helps."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

from baiye.core.context import THEMES

YEAR = 365 * 24 * 3600


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep the choices of the form at the end of every page, and return to that page."""
    cookies = {
        settings.LANGUAGE_COOKIE_NAME: request.POST.get("language"),
        "theme": request.POST.get("theme"),
        "large": request.POST.get("large"),
    }
    chosen = {name: value for name, value in cookies.items() if value is not None}
    if not chosen or not all(_is_known(name, value) for name, value in chosen.items()):
        return HttpResponseBadRequest()
    response = redirect(_back(request))
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Whom to call, and how the site can be used without mouse, colour or good eyes."""
    return render(request, "core/help.html")


def _is_known(name: str, value: str) -> bool:
    if name == "theme":
        return value in THEMES
    if name == "large":
        return value in {"0", "1"}
    return value in dict(settings.LANGUAGES) and check_for_language(value)


def _back(request: HttpRequest) -> str:
    """The page the form stood on, if it is one of ours."""
    page = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if ours else "/"
