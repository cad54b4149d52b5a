"""Where the database is: what DATABASE_URL says, else our own PostgreSQL in BAIYE_HOME/pg.

``settings()`` only reads the environment; ``start()`` is for the processes that need a database. The first one starts
the server, detached, under a file lock; no process stops it on exit, ``baiye stop`` does.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from baiye.config.embedded import Server
from baiye.config.owner import DatabaseInTheWay

__all__ = ["DatabaseInTheWay", "Status", "home", "settings", "start", "status", "stop"]

NAME = "baiye"


@dataclass(frozen=True, slots=True)
class Status:
    """What ``status()`` found. ``where`` never contains a password."""

    kind: str  # "embedded" or "given"
    running: bool | None  # None: not ours to know
    where: str
    pid: int | None = None


def home() -> Path:
    """The folder of everything that is kept on this machine: BAIYE_HOME, else .local here."""
    return Path(os.environ.get("BAIYE_HOME") or ".local").resolve()


def settings() -> dict[str, Any]:
    """What goes into ``DATABASES["default"]``; starts nothing, opens nothing."""
    if url := _url():
        config = _from_url(url)
    else:
        config = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": NAME,
            "USER": Server.USER,
            "HOST": str(_server().socket_folder),
        }
    if connections := int(os.environ.get("DATABASE_POOL", "8")):
        options = config.setdefault("OPTIONS", {})
        options.setdefault("pool", {"min_size": 1, "max_size": connections, "timeout": 5})
    return {"CONN_HEALTH_CHECKS": True, **config}


def start() -> None:
    """Have our own server running with its database; at once when it is, or when DATABASE_URL names another.

    Raises
    ------
    DatabaseInTheWay
        A folder, a file or an owner does not let the server start; the message says what to do.
    """
    if not _url():
        _server().start(NAME)


def stop() -> bool:
    """Stop our own server; whether there was one to stop."""
    return False if _url() else _server().stop()


def status() -> Status:
    """Whether our own server runs, and where; for a given one only where."""
    if _url():
        config = settings()
        return Status("given", None, f"{config['HOST'] or 'localhost'}:{config['PORT'] or 5432}/{config['NAME']}")
    server = _server()
    return Status("embedded", server.answers(NAME), str(server.data), server.pid())


def _url() -> str:
    return os.environ.get("DATABASE_URL", "")


def _server() -> Server:
    return Server(home() / "pg")


def _from_url(url: str) -> dict[str, Any]:
    """A URL as Django wants it; ``?host=`` and the like are lifted out of the options, where dump tools look."""
    config: dict[str, Any] = environ.Env.db_url_config(url)
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "DATABASE_URL 只能是 PostgreSQL（postgres://…）。 DATABASE_URL must name a PostgreSQL server."
        )
    options = config.setdefault("OPTIONS", {})
    for option, key in (("host", "HOST"), ("port", "PORT"), ("user", "USER"), ("password", "PASSWORD")):
        if option in options:
            config[key] = str(options.pop(option))
    return config
