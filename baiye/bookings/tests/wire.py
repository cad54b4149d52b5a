"""Presses as bytes, sent to the site by its two ways in: the plain view (WSGI) and the rush (ASGI)."""

import asyncio
import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.asgi import get_asgi_application
from django.db import connection
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.middleware.csrf import get_token
from django.test import Client

from baiye.accounts.models import User
from baiye.bookings.models import Opening
from baiye.bookings.rush.asgi import Rush
from baiye.schools.models import Pupil

FORM = "application/x-www-form-urlencoded"
ADDRESS = "/bookings/presses/"


@dataclass(frozen=True)
class Sent:
    """One request: its headers (names in small letters, no value: not sent) and its body."""

    headers: Mapping[str, str | None]
    body: bytes
    scheme: str = "http"
    method: str = "POST"
    path: str = ADDRESS
    is_whole: bool = True  # or the rest of the body never comes

    def said(self) -> dict[str, str]:
        return {name: value for name, value in self.headers.items() if value is not None}


@dataclass(frozen=True)
class Phone:
    """A browser with a session and a CSRF cookie."""

    session: str = ""
    csrf_cookie: str = ""
    csrf_token: str = ""

    def press(
        self,
        opening: Opening | int,
        pupil: Pupil | int,
        request: uuid.UUID | str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str | None] | None = None,
        scheme: str = "http",
    ) -> Sent:
        """A press; ``form`` and ``headers`` say what is other than it should be."""
        fields = {"csrfmiddlewaretoken": self.csrf_token, "opening": _key(opening), "pupil": _key(pupil)}
        body = urlencode(fields | {"request": str(request)} | dict(form or {})).encode()
        cookies = {settings.SESSION_COOKIE_NAME: self.session, settings.CSRF_COOKIE_NAME: self.csrf_cookie}
        said: dict[str, str | None] = {
            "host": "testserver",
            "accept": "application/json",
            "origin": f"{scheme}://testserver",
            "content-type": FORM,
            "content-length": str(len(body)),
            "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items() if value),
        }
        return Sent(said | dict(headers or {}), body, scheme)


def phone_of(user: User) -> Phone:
    """Somebody signed in."""
    client, page = Client(), HttpRequest()
    client.force_login(user)
    token = get_token(page)
    return Phone(client.cookies[settings.SESSION_COOKIE_NAME].value, page.META["CSRF_COOKIE"], token)


def _key(row: Opening | Pupil | int) -> str:
    return str(row if isinstance(row, int) else row.pk)


@dataclass(frozen=True)
class Got:
    """An answer: status, headers, cookies (what was set, but for random ones) and, of JSON and text, the body."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


def plainly(sent: Sent) -> Got:
    """What the site's own handler answers."""
    extra = {_environ(name): value for name, value in sent.said().items()}
    extra |= {"wsgi.url_scheme": sent.scheme, "SERVER_PORT": "443" if sent.scheme == "https" else "80"}
    client = Client(enforce_csrf_checks=True)
    response = client.generic(sent.method, sent.path, sent.body, content_type=extra.pop("CONTENT_TYPE", FORM), **extra)
    cookies = [cookie.OutputString() for cookie in response.cookies.values()]
    return _got(response.status_code, response.items(), cookies, response.content)


def _environ(name: str) -> str:
    upper = name.upper().replace("-", "_")
    return upper if upper in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{upper}"


def in_a_rush(sents: Sequence[Sent], *, rush: Rush | None = None) -> list[Got]:
    """What the rush answers when all are sent at once, in this order."""
    rush = rush or Rush(get_asgi_application())
    try:
        return in_its_own_thread(lambda: async_to_sync(_send_all)(rush, sents))
    finally:
        rush._line._thread.submit(_close).result()


def in_its_own_thread(work: Callable[[], Any]) -> Any:
    """What ``work`` gives where no event loop runs: a browser of an earlier test keeps one going in this thread."""

    def and_close() -> Any:
        try:
            return work()
        finally:
            _close()

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(and_close).result()


def _close():
    connection.close()  # which of them it is, the thread says that asks


async def _send_all(rush: Rush, sents: Sequence[Sent]) -> list[Got]:
    return list(await asyncio.gather(*[_send(rush, sent) for sent in sents]))


async def _send(rush: Rush, sent: Sent) -> Got:
    scope = {
        "type": "http",
        "method": sent.method,
        "path": sent.path,
        "query_string": b"",
        "scheme": sent.scheme,
        "server": ("testserver", 443 if sent.scheme == "https" else 80),
        "client": ("127.0.0.1", 50000),
        "headers": [(name.encode(), value.encode()) for name, value in sent.said().items()],
    }
    parts, answered = [{"type": "http.request", "body": sent.body, "more_body": not sent.is_whole}], asyncio.Event()
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if parts:
            return parts.pop()
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    await rush(scope, receive, send)
    start, *bodies = messages
    headers = [(name.decode(), value.decode()) for name, value in start["headers"]]
    plain = [(name, value) for name, value in headers if name.lower() != "set-cookie"]
    cookies = [value for name, value in headers if name.lower() == "set-cookie"]
    return _got(start["status"], plain, cookies, b"".join(body["body"] for body in bodies))


def _got(status: int, headers: Iterable[tuple[str, str]], cookies: Iterable[str], body: bytes) -> Got:
    said = {name.lower(): value for name, value in headers}
    kept = {name: value for cookie in cookies for name, value in parse_cookie(cookie.split(";")[0]).items()}
    kept.pop(settings.CSRF_COOKIE_NAME, None)  # made anew where there is none
    if "messages" in kept:  # signed with the second
        kept["messages"] = str(CookieStorage(HttpRequest())._decode(kept["messages"]))
    for name, between in (("vary", ", "), ("content-security-policy", "; ")):
        said[name] = between.join(sorted(said.get(name, "").lower().split(between)))  # in whatever order
    if said.get("content-type", "").startswith("text/html"):
        said.pop("content-length", None)  # a page's forms have tokens, which differ each time
        return Got(status, said, kept)
    return Got(status, said, kept, json.loads(body) if body.startswith(b"{") else body)
