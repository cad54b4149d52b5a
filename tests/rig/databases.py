"""Databases for tests: migrated once, then copied. Nothing is ever flushed, so no append-only trigger is loosened.

The template is kept on the server, named after the migrations it was made by; only new migrations make a new one.
Each process that runs tests copies it once, and each test that commits for real copies it again (about 50 ms).
"""

import hashlib
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
HERE = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]
MADE_FROM = (
    "baiye/*/migrations/**/*.py",
    "baiye/*/migrations/**/*.sql",
    "baiye/config/settings.py",
    "requirements.txt",
)
IMPORT_OF_OURS = re.compile(r"^\s*(?:from|import) (baiye(?:\.\w+)+)", re.MULTILINE)


@contextmanager
def server() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection to the server's own database, where databases are made and dropped."""
    params = connections["default"].get_connection_params()
    params = {name: params[name] for name in ("host", "port", "user", "password") if name in params}
    with psycopg.connect(**params, dbname="postgres", autocommit=True) as connection:
        yield connection


def template(*, afresh: bool = False) -> str:
    """The name of an empty, migrated database that nobody is connected to; made now where there is none."""
    name = f"test_template_{_digest()}"
    with server() as connection:
        connection.execute("SELECT pg_advisory_lock(20240524)")  # two runs at once make one
        if name in _databases(connection, "test_template_") and not afresh:
            return name
        _drop_old_templates(connection)
        making = f"{name}_making"
        drop(connection, making)
        connection.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(making))
        )
        with pointed_at(making):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
        ContentType.objects.clear_cache()
        drop(connection, name)
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name))
        )
        made_at = sql.SQL("COMMENT ON DATABASE {} IS {}").format(
            sql.Identifier(name), sql.Literal(str(int(time.time())))
        )
        connection.execute(made_at)
    return name


@contextmanager
def copy_of(template: str, purpose: str) -> Iterator[str]:
    """A database of this process alone, gone at the end."""
    name = f"test_baiye_{HERE}_{os.getpid()}_{purpose}"
    with server() as connection:
        drop(connection, name)
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        connection.execute(made)
    try:
        yield name
    finally:
        with server() as connection:
            drop(connection, name)


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Have Django, every thread of it, use database ``name``; what this thread had open is put aside meanwhile."""
    config = connections.settings["default"]
    before, aside = config["NAME"], connections["default"]
    del connections["default"]
    config["NAME"] = name
    try:
        yield
    finally:
        connections["default"].close()
        config["NAME"] = before
        connections["default"] = aside


def drop(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_leftovers() -> None:
    """Drop what killed runs on this machine left behind."""
    with server() as connection:
        for name in _databases(connection, f"test_baiye_{HERE}_"):
            try:
                os.kill(int(name.split("_")[3]), 0)
            except ProcessLookupError:
                drop(connection, name)


def _drop_old_templates(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Those of other migrations; not at once, for a run of theirs may still be copying them."""
    said = "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE starts_with(datname, %s)"
    for name, made_at in connection.execute(said, ["test_template_"]).fetchall():
        if made_at and int(str(made_at)) < time.time() - 3 * 3600:
            drop(connection, str(name))


def _databases(connection: psycopg.Connection[tuple[object, ...]], prefix: str) -> list[str]:
    rows = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return [str(name) for (name,) in rows]


def _digest() -> str:
    """Of everything the migrated database follows from: migrations, and what of ours they import."""
    files = {file for pattern in MADE_FROM for file in ROOT.glob(pattern)}
    for migration in [file for file in files if file.suffix == ".py"]:
        for module in IMPORT_OF_OURS.findall(migration.read_text()):
            files |= {file for file in [ROOT / f"{module.replace('.', '/')}.py"] if file.exists()}
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()[:12]
