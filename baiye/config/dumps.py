"""pg_dump and pg_restore for the database of this site, whichever server it lies on."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.utils.translation import gettext as _

from baiye.config import embedded
from baiye.config.owner import DatabaseInTheWay


class DumpFailed(Exception):
    """A tool is missing or said no; the message is for people."""


def dump(file: Path) -> None:
    """Write the whole database to ``file``, all or nothing: it gets its name when it is complete."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    _run("pg_dump", "--format=custom", f"--file={unfinished}")
    unfinished.rename(file)


def restore(file: Path) -> None:
    """Fill the empty database from ``file`` in one transaction."""
    options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    _run("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(file))


def tables() -> int:
    """How many tables the database has that no extension brought along."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
            " AND n.nspname NOT LIKE 'pg_toast%' AND NOT EXISTS"
            " (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')"
        )
        return int(cursor.fetchone()[0])


def _run(name: str, *options: str) -> None:
    words, given = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    where = words[1:] if name == "pg_dump" else words[1:-1]  # the last word is the database's name
    command = [str(_tool(name)), *where, *options, "--no-password"]
    environment = {**os.environ, **(given or {})}
    ended = subprocess.run(command, env=environment, umask=0o077, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise DumpFailed(f"{name}: {ended.stderr.strip()[-600:]}")


def _tool(name: str) -> Path:
    """The oldest one that is not older than the server, on PATH or in our package: its dumps fit the server again."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10000
    fitting = {}
    for path in [shutil.which(name), _packaged(name)]:
        if path is None:
            continue
        shown = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
        version = int(re.findall(r"\d+", shown)[0])
        if version >= server:
            fitting[version] = Path(path)
    if not fitting:
        raise DumpFailed(
            _("没有找到 %(name)s %(version)s 或更新的版本：请安装 PostgreSQL 客户端")
            % {"name": name, "version": server}
        )
    return fitting[min(fitting)]


def _packaged(name: str) -> str | None:
    try:
        return str(embedded.binary(name))
    except DatabaseInTheWay:
        return None
