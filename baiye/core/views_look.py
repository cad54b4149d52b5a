"""How a person wants the site to look: theme and text size, kept in two cookies."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from baiye.core.context import THEMES

A_YEAR_S = 365 * 24 * 3600


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep ``theme`` and ``large`` where they are given; back to ``next``."""
    back = request.POST.get("next", "/")
    response = redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")
    kept = {
        "theme": request.POST.get("theme") if request.POST.get("theme") in THEMES else None,
        "large": request.POST.get("large") if request.POST.get("large") in {"0", "1"} else None,
    }
    for name, value in kept.items():
        if value is not None:
            response.set_cookie(
                name, value, max_age=A_YEAR_S, secure=settings.PRODUCTION, httponly=True, samesite="Lax"
            )
    return response
