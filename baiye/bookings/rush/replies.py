"""Answers of the rush on the wire: with the headers, the language and the cookies that the ordinary path gives them."""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from json import JSONEncoder

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from baiye.accounts.models import User

JSON = (b"content-type", b"application/json")
OF_EACH_ANSWER = (b"content-length", b"content-type", b"content-language", b"set-cookie")
Header = tuple[bytes, bytes]
Reply = tuple[int, list[Header], bytes]  # status, headers, body


class _Through(BaseHandler):
    """All middlewares of the site around an empty answer to somebody signed in."""

    def __init__(self) -> None:
        self.load_middleware()

    def _get_response(self, request: HttpRequest) -> HttpResponse:
        request.session.accessed = True
        return HttpResponse()

    def headers(self, request: HttpRequest) -> dict[str, Header]:
        """The headers of the answer, by their name in small letters."""
        found = own_headers(self._middleware_chain(request))  # type: ignore[attr-defined]
        return {name.decode(): (name, value) for name, value in found if name not in OF_EACH_ANSWER}


class _Messages:
    """What `django.contrib.messages` puts a sentence into for the next page; made only when there is one."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._storage: CookieStorage | None = None

    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        if self._storage is None:
            self._storage = CookieStorage(self._request)
        self._storage.add(level, message, extra_tags)

    def update(self, response: HttpResponse) -> None:
        if self._storage is not None:
            self._storage.update(response)


class Replies:
    """Makes answers as the ordinary path would, without running its middlewares for each."""

    def __init__(self) -> None:
        self._through = _Through()
        self._standing: dict[bool, dict[str, Header]] = {}

    def reply(self, request: ASGIRequest, make: Callable[[HttpRequest], HttpResponse]) -> Reply:
        """What ``make(request)`` answers, in the language of whoever asks."""
        told = request._messages = _Messages(request)  # type: ignore[attr-defined]
        language = _language_of(request)
        with translation.override(language):
            response = make(request)
        told.update(response)
        headers = own_headers(response)
        said = {name.lower() for name in response.headers}
        headers += [header for name, header in self._standing_headers(request).items() if name not in said]
        headers += [(b"content-language", language.encode()), (b"content-length", b"%d" % len(response.content))]
        return response.status_code, headers, response.content

    def json(self, request: ASGIRequest, make: Callable[[], object]) -> Reply:
        """As `reply` with a `JsonResponse` of ``make()``, which sets neither cookie nor message; in half the time."""
        language = _language_of(request)
        with translation.override(language):
            body = _encode(make()).encode()
        own = [JSON, (b"content-language", language.encode()), (b"content-length", b"%d" % len(body))]
        return 200, [*own, *self._standing_headers(request).values()], body

    def _standing_headers(self, request: ASGIRequest) -> dict[str, Header]:
        """The headers that each answer to somebody signed in carries: asked of the middlewares themselves, once."""
        secure = request.is_secure()
        if secure not in self._standing:
            self._standing[secure] = self._through.headers(_Somebodys(secure=secure))
        return self._standing[secure]


def _language_of(request: HttpRequest) -> str:
    """The language of whoever asks; most ask for one of a few."""
    return _language(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME), request.META.get("HTTP_ACCEPT_LANGUAGE"))


@lru_cache(maxsize=1000)
def _language(chosen: str | None, accepted: str | None) -> str:
    asks = HttpRequest()
    asks.COOKIES = {} if chosen is None else {settings.LANGUAGE_COOKIE_NAME: chosen}
    asks.META = {} if accepted is None else {"HTTP_ACCEPT_LANGUAGE": accepted}
    return translation.get_language_from_request(asks)


_encode = JSONEncoder().encode


def own_headers(response: HttpResponse) -> list[Header]:
    """The headers and cookies that a view gave its answer."""
    headers = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in response.items()]
    cookies = [cookie.OutputString().encode("latin1") for cookie in response.cookies.values()]
    return headers + [(b"set-cookie", cookie) for cookie in cookies]


class _Somebodys(ASGIRequest):
    """A GET of somebody signed in, at a host of ours, over TLS or not; it asks the database nothing."""

    def __init__(self, *, secure: bool) -> None:
        host = settings.ALLOWED_HOSTS[0].lstrip(".") if settings.ALLOWED_HOSTS else "localhost"
        headers = [(b"host", (b"localhost" if host == "*" else host.encode()))]
        super().__init__({"type": "http", "method": "GET", "path": "/", "headers": headers}, BytesIO())
        self._is_secure = secure
        self._cached_user = User(kind="guardian")  # where Django's middleware keeps whom it has found

    @property
    def scheme(self) -> str:
        return "https" if self._is_secure else "http"
