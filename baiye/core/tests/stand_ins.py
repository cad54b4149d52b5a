"""The outside world on this machine: an HTTP gateway and a mail server that keep what they were handed."""

import json
import socketserver
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Mail
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request: its path, what stood behind ``?``, its headers, and the JSON it brought."""

    path: str
    query: dict[str, str]
    headers: Mapping[str, str]  # in any case
    sent: Any


Answer = Callable[[Asked], tuple[int, object]]


@dataclass
class Gateway:
    """Where it listens, and what it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def gateway(answer: Answer = lambda _: (200, {})) -> Iterator[Gateway]:
    """An HTTP server that answers each request with a status and JSON."""
    listening = Gateway("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            address = urlsplit(self.path)
            read = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            asked = Asked(address.path, query, self.headers, json.loads(read) if read else None)
            listening.asked.append(asked)
            status, said = answer(asked)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        do_GET = do_POST  # noqa: N815 (http.server calls it so)

        def log_message(self, *_: object) -> None:
            pass

    with _served(HTTPServer(("127.0.0.1", 0), Handler)) as port:
        listening.url = f"http://127.0.0.1:{port}"
        yield listening


@dataclass
class MailServer:
    """Where it listens, and what it took; ``refuses`` is what it says to each recipient, "" takes them."""

    port: int = 0
    refuses: str = ""
    taken: list[tuple[str, Mail]] = field(default_factory=list)


@contextmanager
def mail_server(refuses: str = "") -> Iterator[MailServer]:
    """An SMTP server."""
    listening = MailServer(refuses=refuses)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            to = ""
            while line := self.rfile.readline().decode().strip():
                word = line[:4].upper()
                if word == "RCPT":
                    to = line.partition("<")[2].partition(">")[0]
                    self._say(listening.refuses or "250 well")
                elif word == "DATA":
                    self._say("354 go on")
                    listening.taken.append((to, message_from_bytes(self._letter())))
                    self._say("250 taken")
                elif word == "QUIT":
                    return self._say("221 bye")
                else:
                    self._say("250 well")
            return None

        def _letter(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line)
            return b"".join(lines)

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with _served(socketserver.TCPServer(("127.0.0.1", 0), Handler)) as port:
        listening.port = port
        yield listening


@contextmanager
def _served(server: socketserver.TCPServer) -> Iterator[int]:
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
