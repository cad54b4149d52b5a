"""The way in without an account: by the secret link of an application."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from baiye.core import throttle
from baiye.registry.models import Application
from baiye.registry.queries.applications import find_application

TRIES_AN_HOUR = 300  # links that do not exist, from one network


def applied_for(request: HttpRequest, token: str) -> Application:
    """The application of this link; 404 for none, 403 once a network has tried too many that do not exist."""
    found = find_application(token)
    if found is not None:
        return found
    if not throttle.hit_from(request, "apply link", limit=TRIES_AN_HOUR, per_s=3600):
        raise PermissionDenied("too many links that do not exist")
    raise Http404
