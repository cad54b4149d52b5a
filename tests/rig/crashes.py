"""A site of a test's own that can be killed, and a gate at which what is to be killed stands still."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from baiye.config import dumps
from baiye.config.tests.test_serve import Site


class Killable(Site):
    """Its gate is a trigger of the test's that asks for lock 12, shared; it is closed while the test holds the lock."""

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        with self.server.connect("baiye") as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        """A command of ours as a process of its own."""
        with (self.home / "begun.log").open("ab") as log:
            command = self.command(*words)
            self.started.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))
        return self.started[-1]

    def begin_call(self, function: Callable[[], None]) -> subprocess.Popen[bytes]:
        """A function of a test's as a process of its own."""
        return self.begin(*_calling(function))

    def said_by(self, function: Callable[[], None]) -> Any:
        """What a function of a test's prints as JSON, once the process of its own has ended."""
        return json.loads(self.run(*_calling(function)).splitlines()[-1])

    @contextmanager
    def gate_closed(self) -> Iterator[None]:
        with self.server.connect("baiye") as keeper:
            keeper.execute("SELECT pg_advisory_lock(12)")
            yield

    def waiting_at_the_gate(self) -> int:
        return len(self.sql("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 12 AND NOT granted"))

    def work_off(self) -> None:
        """Take up what dead workers left (their silence made long enough), and do all that is due."""
        self.sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")
        self.run("shell", "-c", "from baiye.core import jobs; jobs.retry_stalled()")
        self.run("worker", "--one-shot")

    def broken(self) -> int:
        return int(json.loads(self.run("check", "--invariants", "--json").splitlines()[-1])["broken"])


AnySite = TypeVar("AnySite", bound=Killable)


@contextmanager
def restored(kind: type[AnySite], folder: Path, *, gate: str) -> Iterator[AnySite]:
    """The test's own rows in a site that came by backup and restore, so that its database can be killed."""
    dumps.dump(folder / "all.dump")
    site = kind(folder / "home")
    site.run("restore", str(folder / "all.dump"))
    site.sql(gate)
    yield site
    for process in site.started:
        process.kill()
        process.wait()
    site.run("stop")


def kill(process: subprocess.Popen[bytes]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def _calling(function: Callable[[], None]) -> tuple[str, ...]:
    name = function.__name__
    return "shell", "-c", f"from {function.__module__} import {name}; {name}()"
