"""What a press must pass before the database is asked, by the functions the site's own middlewares use."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware

from baiye.bookings import pressing

MOST_FIELDS = 20
FORM = "application/x-www-form-urlencoded"
UNREADABLE = (SuspiciousOperation, ValueError)  # a host that is not ours; bytes that are no text, too many fields


@dataclass(frozen=True, slots=True)
class Asked:
    """A press whose request is in order; whose it is the batch finds out from the session."""

    request: ASGIRequest
    session_key: str
    press: pressing.Press


class _Csrf(CsrfViewMiddleware):
    """Django's own check of cookie, token, Origin and Referer; a refusal is answered elsewhere."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:  # noqa: ARG002 (Django's signature)
        return HttpResponseForbidden()


def _never(request: HttpRequest) -> HttpResponse:
    raise AssertionError(f"only the checks of a middleware are used, not {request.path}")


_csrf, _security = _Csrf(_never), SecurityMiddleware(_never)


def admit(scope: dict[str, Any], body: bytes) -> Asked | None:
    """The press of a request, or None when anything is not as it should be: the ordinary path says what and why."""
    try:
        request = ASGIRequest(scope, BytesIO(body))
        request.get_host()  # one of ALLOWED_HOSTS, else SuspiciousOperation
        session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not _may_be_a_key(session_key) or request.content_type != FORM:
            return None
        if _security.process_request(request) is not None:  # on to TLS
            return None
        request.POST = _form(body)  # type: ignore[assignment]  # all that is asked of it is `get`
        if not _shows_its_token(request):
            return None
        press = pressing.read(request.POST)
    except UNREADABLE:
        return None
    return None if press is None else Asked(request, session_key, press)


def _may_be_a_key(session_key: str) -> bool:
    """Whether a session may be kept by this key; what the database cannot even read would spoil a batch."""
    return session_key.isascii() and session_key.isalnum()


def _form(body: bytes) -> dict[str, str]:
    """The fields of a form, the last of each name, as `QueryDict.get` gives them; it takes half as long to make."""
    return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))


def _shows_its_token(request: HttpRequest) -> bool:
    _csrf.process_request(request)
    return _csrf.process_view(request, _never, (), {}) is None
