"""One core for everything: our own PostgreSQL, its databases, the servers under test, and the time they took of it."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import sql

from baiye.config.embedded import Server, binary

PATIENCE_S = 180
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass
class Spent:
    """Seconds of the core, by who took them, once the block that measures them is left; by the clock too."""

    client_s: float = 0.0
    web_s: float = 0.0
    database_s: float = 0.0
    clock_s: float = 0.0

    @property
    def seconds(self) -> float:
        return self.client_s + self.web_s + self.database_s


@dataclass
class Machine:
    """The database server of a folder, and whatever was started beside it, all on one core."""

    home: Path
    core: int
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = Server(self.home / "pg")

    def begin(self) -> None:
        """Bind this process to the core, and start the database anew, so that it is bound to it as well."""
        os.sched_setaffinity(0, {self.core})
        self.server.stop()
        self.server.start("baiye")

    def end(self) -> None:
        self.stop_servers()
        self.server.stop()

    @staticmethod
    def program(name: str) -> Path:
        return binary(name)

    def url(self, database: str) -> str:
        return f"postgres://{self.server.USER}@/{database}?host={self.server.socket_folder}"

    @contextmanager
    def database(self, name: str, *, template: str = "template0") -> Iterator[str]:
        """A database for one measurement, gone afterwards."""
        words = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        with self.server.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {name} WITH (FORCE)").format(**words))
            connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**words))
            connection.execute("CHECKPOINT")
        try:
            yield name
        finally:
            with self.server.connect() as connection:
                connection.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**words))

    def serve(self, database: str, port: int, *words: str, **environment: str) -> None:
        """Run ``python words…`` against a database until `stop_servers`; back once something listens at ``port``."""
        env = {**os.environ, "DATABASE_URL": self.url(database), "DATABASE_POOL": "8", **environment}
        with (self.home / "servers.log").open("ab") as log:
            self.started.append(subprocess.Popen([sys.executable, *words], env=env, stdout=log, stderr=log))
        give_up_at = time.monotonic() + PATIENCE_S
        while not _listens(port):
            if self.started[-1].poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"{' '.join(words)} did not start: see {self.home / 'servers.log'}")
            time.sleep(0.1)

    def stop_servers(self) -> None:
        for process in self.started:
            process.terminate()
        for process in self.started:
            process.wait(PATIENCE_S)
        self.started.clear()

    @contextmanager
    def core_time(self) -> Iterator[Spent]:
        """What this process, the servers under test and PostgreSQL take of the core within the block."""
        spent, before = Spent(), self._so_far()
        yield spent
        after = self._so_far()
        spent.client_s, spent.web_s, spent.database_s, spent.clock_s = (
            now - then for now, then in zip(after, before, strict=True)
        )

    def _so_far(self) -> tuple[float, float, float, float]:
        """Seconds of the core of this process, of the servers under test, of PostgreSQL; seconds of the clock."""
        web = _with_children([process.pid for process in self.started])
        postmaster = self.server.pid()
        database = _with_children([postmaster] if postmaster else [])
        return time.process_time(), sum(map(_seconds_of, web)), sum(map(_seconds_of, database)), time.monotonic()

    @staticmethod
    def children_s() -> float:
        """Seconds of children that have ended and were waited for."""
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _with_children(roots: list[int]) -> set[int]:
    """Living processes below ``roots``, and these."""
    parent_of = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if (fields := _stat(int(folder.name))) is not None:
            parent_of[int(folder.name)] = int(fields[1])
    found = set(roots)
    while more := {pid for pid, parent in parent_of.items() if parent in found} - found:
        found |= more
    return found


def _seconds_of(pid: int) -> float:
    """Of a process and of those of its children that have ended."""
    fields = _stat(pid)
    return 0.0 if fields is None else sum(int(ticks) for ticks in fields[11:15]) * TICK_S


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat after the command's name: state, parent, …; None when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
