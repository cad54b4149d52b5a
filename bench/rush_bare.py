"""Settings and pages of the least Django site that knows who asks: session, CSRF, form, signed-in user; no booking.

How fast this machine answers it says how much of a difference to other machines is the machine's own.
"""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from baiye.config.settings import *  # noqa: F403 (the same database, keys and cookies)

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # whose app, which knows the accounts, does not start without it
]
ROOT_URLCONF = "rush_bare"


def press(request: HttpRequest) -> JsonResponse:
    """Who asked, and for what."""
    return JsonResponse({"user": request.user.pk, "request": request.POST["request"]})


urlpatterns = [path("bookings/presses/", press)]
