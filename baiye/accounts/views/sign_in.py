"""The way in for everyone, the way in for staff, the way out."""

from allauth.account.internal.flows import logout as flow
from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from baiye.accounts.permissions import Permission, paths


@never_cache
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """Pupils type the code of their class card here; guardians and staff are shown their doors."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "accounts/sign_in.html", {"next": _safe_next(request)})


class StaffSignInView(LoginView):
    """Username and password; then the second factor, where there is one."""

    template_name = "accounts/staff_sign_in.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave; the browser forgets what it kept of us (R-237). A link leads to the same question as a form.

    Where marks may wait at the door (they hold no name), only the cache goes: they are sent with the next sign-in.
    """
    if request.method != "POST" and request.user.is_authenticated:
        return render(request, "accounts/sign_out.html")
    checks_in = request.user.is_authenticated and paths(request.user, Permission.CHECKIN)
    flow.logout(request, show_message=False)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response["Clear-Site-Data"] = '"cache"' if checks_in else '"cache", "storage"'
    return response


def _safe_next(request: HttpRequest) -> str:
    """Where to go afterwards, if that is a page of ours."""
    wanted = request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else ""
