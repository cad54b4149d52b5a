"""What the web server of the opening minute calls: presses go to the line, everything else to the ordinary path."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse

from baiye.bookings import pressing
from baiye.bookings.rush import serving
from baiye.bookings.rush.admission import Asked, admit
from baiye.bookings.rush.line import Line
from baiye.bookings.rush.replies import Replies, Reply

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_WAITING = 3000  # presses in line: more would wait too long for an answer, and are asked to come again
MOST_AT_ONCE = 400  # presses in one commit
MOST_ELSEWHERE = 64  # requests of the ordinary path at once
COME_AGAIN_S = 2
BODY_S = 15  # for a press to arrive whole


class Rush:
    """`POST /bookings/presses/` in batches; ``ordinary`` is the site itself, as an ASGI application."""

    def __init__(self, ordinary: Application, *, most_waiting: int = MOST_WAITING) -> None:
        self._ordinary = ordinary
        self._elsewhere = 0
        self._replies = Replies()
        self._line: Line[Asked, serving.Outcome] = Line(
            serving.serve, most_waiting=most_waiting, most_at_once=MOST_AT_ONCE
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"only HTTP is spoken here, not {scope['type']}")
        if scope["method"] != "POST" or scope["path"] != pressing.ADDRESS:
            return await self._go_elsewhere(scope, receive, send)
        try:
            async with asyncio.timeout(BODY_S):
                body = await _read(receive)
        except TimeoutError:
            return await _send(self._said(scope, lambda _request: HttpResponse(status=408)), send)
        if body is None:  # whoever asked is gone
            return None
        if len(body) > pressing.MOST_BYTES:
            return await _send(self._said(scope, lambda _request: HttpResponse(status=413)), send)
        asked = admit(scope, body)
        outcome = serving.No.ELSEWHERE if asked is None else await self._line.answer(asked)
        if asked is None or outcome is serving.No.ELSEWHERE:
            return await self._go_elsewhere(scope, _again(body, receive), send)
        return await _send(self._reply(asked, outcome), send)

    async def _go_elsewhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._elsewhere >= MOST_ELSEWHERE:
            return await _send(self._said(scope, lambda _request: pressing.reply_busy(COME_AGAIN_S)), send)
        self._elsewhere += 1
        try:
            await self._ordinary(scope, receive, send)
        finally:
            self._elsewhere -= 1

    def _reply(self, asked: Asked, outcome: serving.Outcome | None) -> Reply:
        request, press = asked.request, asked.press
        if outcome is None:
            return self._replies.reply(request, lambda _request: pressing.reply_busy(COME_AGAIN_S))
        if isinstance(outcome, serving.No):
            return self._replies.reply(request, lambda one: pressing.reply_too_often(one, press))
        if pressing.wants_json(request):
            return self._replies.json(request, lambda: pressing.told(press, outcome))
        return self._replies.reply(request, lambda one: pressing.reply(one, press, outcome))

    def _said(self, scope: Scope, make: Callable[[HttpRequest], HttpResponse]) -> Reply:
        """An answer to whoever it may be, whose body nobody reads."""
        try:
            return self._replies.reply(ASGIRequest(scope, BytesIO()), make)
        except UnicodeDecodeError:
            return 400, [], b""


async def _read(receive: Receive) -> bytes | None:
    """The body of a request, a little more than is allowed at most; None when the client went away."""
    parts, size = [], 0
    while size <= pressing.MOST_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if not message.get("more_body"):
            break
    return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """``receive`` once more from its beginning, for who has not yet read ``body``."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


async def _send(reply: Reply, send: Send) -> None:
    status, headers, body = reply
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
