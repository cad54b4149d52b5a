"""The type of a request behind `login_required`: someone is signed in."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from baiye.accounts.models import User


class SignedInRequest(HttpRequest):
    """For annotations of views alone; `request.htmx` comes from django-htmx's middleware."""

    user: User
    htmx: HtmxDetails
