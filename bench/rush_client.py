"""Phones: so many at once, each press over a connection of its own, with as little work as can be on our side."""

import errno
import select
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEAD_ENDS = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length:"  # as our servers write it


@dataclass(slots=True)
class Answer:
    """What came back for one request, and how many seconds after its connection was begun."""

    status: int
    body: bytes
    seconds: float


@dataclass(slots=True)
class _Call:
    number: int
    socket: socket.socket
    begun: float
    unsent: bytes
    received: bytes = b""


def ask_all(address: tuple[str, int], requests: Sequence[bytes], *, at_once: int) -> list[Answer]:
    """The answer to each request, in their order; ``at_once`` of them are on their way at any moment."""
    answers: list[Answer | None] = [None] * len(requests)
    waiting = iter(enumerate(requests))
    poll, calls = select.epoll(), dict[int, _Call]()
    for _ in range(at_once):
        _begin_next(poll, calls, address, waiting)
    while calls:
        for handle, event in poll.poll(60):
            call = calls[handle]
            if _moves_on(poll, call, event):
                answers[call.number] = _answer(call)
                del calls[handle]
                call.socket.close()  # the poll forgets it too
                _begin_next(poll, calls, address, waiting)
    poll.close()
    return [answer for answer in answers if answer is not None]


def _begin_next(
    poll: select.epoll, calls: dict[int, _Call], address: tuple[str, int], waiting: Iterator[tuple[int, bytes]]
) -> None:
    if (following := next(waiting, None)) is None:
        return
    number, request = following
    one = socket.socket()
    one.setblocking(False)
    call = _Call(number, one, time.perf_counter(), request)
    if one.connect_ex(address) not in (0, errno.EINPROGRESS):
        raise ConnectionError(f"nobody listens at {address}")
    calls[one.fileno()] = call
    poll.register(one, select.EPOLLIN if _is_sent(call) else select.EPOLLOUT)


def _is_sent(call: _Call) -> bool:
    """Send what can be at once, since a connection within one machine mostly stands by now; whether that was all."""
    try:
        call.unsent = call.unsent[call.socket.send(call.unsent) :]
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.ENOTCONN):
            raise
    return not call.unsent


def _moves_on(poll: select.epoll, call: _Call, event: int) -> bool:
    """Send or receive what can be; whether the answer is whole."""
    if event & select.EPOLLOUT and call.unsent:
        call.unsent = call.unsent[call.socket.send(call.unsent) :]
        if not call.unsent:
            poll.modify(call.socket, select.EPOLLIN)
        return False
    part = call.socket.recv(8192)
    call.received = call.received + part if call.received else part
    return not part or _is_whole(call.received)


def _is_whole(received: bytes) -> bool:
    ends = received.find(HEAD_ENDS)
    if ends < 0:
        return False
    marker = received.find(LENGTH, 0, ends)
    if marker < 0:
        return False  # until the connection is closed
    said = received[marker + len(LENGTH) : received.find(b"\r\n", marker + 2)]
    return len(received) - ends - len(HEAD_ENDS) >= int(said)


def _answer(call: _Call) -> Answer:
    head, _ends, body = call.received.partition(HEAD_ENDS)
    status = int(head[9:12]) if head.startswith(b"HTTP/1.1 ") else 0
    return Answer(status, body, time.perf_counter() - call.begun)
