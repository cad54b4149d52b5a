"""A request behind `login_required`: someone is signed in, and holds what the page is for."""

from django.http import Http404, HttpRequest
from django_htmx.middleware import HtmxDetails

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, paths


class SignedInRequest(HttpRequest):
    """For annotations of views alone; `request.htmx` comes from django-htmx's middleware."""

    user: User
    htmx: HtmxDetails


def require_somewhere(request: SignedInRequest, permission: Permission) -> None:
    """Raise Http404 for who holds ``permission`` nowhere by grant: the page is not theirs."""
    if not paths(request.user, permission):
        raise Http404
