"""Every route × every role × own, other's, none: what comes back, as the rows of docs/reference/access.csv.

To write it anew after a new route, then read it: ``ACCESS=write make test ARGS="tests/test_access_matrix.py -n 0"``.
"""

import csv
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from baiye.accounts.permissions import ROLES
from tests.rig.access_world import World
from tests.rig.house import ROOT

FILE = ROOT / "docs" / "reference" / "access.csv"
HEADER = ("route", "method", "role", "own", "other", "none")
LEFT_OUT = {"set_language", "core:design"}  # Django's own; and a page of parts without data
VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Route:
    """An address by name, and its parameters."""

    name: str
    parameters: tuple[str, ...]


def routes() -> list[Route]:
    """Every named route of the site, in the order of their names."""
    found = {name: pattern for name, pattern in _walk(get_resolver()) if name not in LEFT_OUT}
    return [Route(name, tuple(pattern.pattern.converters)) for name, pattern in sorted(found.items())]


def _walk(resolver: Any, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}:{pattern.name}" if namespace else str(pattern.name), pattern
        else:
            yield from _walk(pattern, pattern.namespace or namespace)


def addresses(resolver: Any = None, before: str = "") -> list[str]:
    """The pattern of every route, whole."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        here = before + str(pattern.pattern)
        found += [here] if isinstance(pattern, URLPattern) else addresses(pattern, here)
    return found


def roles() -> list[str]:
    return [*ROLES, VISITOR]


def rows(role: str, own: World, other: World) -> Iterator[tuple[str, ...]]:
    """The rows of one role; ``own`` is the world its people live in."""
    if role == VISITOR and not METHODS:  # a visitor is asked to sign in before the method is looked at
        for _ in rows(roles()[0], own, other):
            pass
    client = Client(raise_request_exception=False)
    if person := own.user(role):
        client.force_login(person)
    for route in routes():
        for method in METHODS.get(route.name, ("GET", "POST")):
            worlds = (own, other, None) if route.parameters else (own,)
            kinds = [_answer(client, route, method, world, own) for world in worlds]
            if set(kinds) == {"405"}:
                METHODS[route.name] = tuple(m for m in METHODS.get(route.name, ("GET", "POST")) if m != method)
            else:
                yield (route.name, method, role, *kinds, *["-"] * (3 - len(kinds)))


METHODS: dict[str, tuple[str, ...]] = {}  # what a view refuses from one person it refuses from all: asked once


def _answer(client: Client, route: Route, method: str, world: World | None, own: World) -> str:
    """The kind of answer; whatever the request did is undone."""
    address = reverse(route.name, kwargs=_arguments(route, world, own))
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = client.get(address) if method == "GET" else client.post(address)
        transaction.set_rollback(True)
    client.cookies = cookies  # signing out was undone too
    return kind_of(response.status_code, response.headers.get("Location", ""))


def kind_of(status: int, location: str) -> str:
    """``ok`` for what was answered inside, ``sign-in`` where one must say who one is, else the status."""
    if status in {301, 302} and re.match(r"/(sign-in|second-factor/)", location):
        return "sign-in"
    return "ok" if status in {200, 204, 301, 302, 400, 409, 422, 429} else str(status)


def _arguments(route: Route, world: World | None, own: World) -> dict[str, object]:
    if world is not None:
        return {name: world.key(route.name, name) for name in route.parameters}
    return {name: _nobodys(own.key(route.name, name)) for name in route.parameters}


def _nobodys(key: object) -> object:
    """A key of the same kind that no row has."""
    if isinstance(key, uuid.UUID):
        return uuid.UUID(int=7)
    return 999_999_999 if isinstance(key, int) else "nobodys" if isinstance(key, str) else key


def read() -> list[tuple[str, ...]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in list(csv.reader(file))[1:]]


def write(rows: list[tuple[str, ...]]) -> None:
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(sorted(rows))
