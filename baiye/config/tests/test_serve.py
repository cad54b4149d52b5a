"""`baiye serve` as a process, and what happens when parts of it are killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from baiye.config import dumps
from baiye.config.embedded import Server

pytestmark = pytest.mark.slow
PATIENCE_S = 120


class Site:
    """A site of the test's own: folder, database, web server and worker."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.server = Server(home / "pg")
        self.started: list[subprocess.Popen[bytes]] = []
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment = {**environment, "BAIYE_HOME": str(home)}
        self.port = free_port()

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "baiye.config.cli", *words]

    def run(self, *words: str) -> str:
        ended = subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, check=True, timeout=PATIENCE_S
        )
        return ended.stdout

    def serve(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.home / "serve.log").open("wb") as log:
            command = self.command("serve", "--worker", f"--port={self.port}", *words)
            self.started.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))
        return self.started[-1]

    def answers(self, port: int | None = None) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port or self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.HTTPError):
            return False

    def marked(self, name: str) -> list[int]:
        return sorted(int(file.name.split("-")[1]) for file in (self.home / "run").glob(f"{name}-*"))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def within(done) -> bool:
    give_up_at = time.monotonic() + PATIENCE_S
    while not done():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.1)
    return True


def children(pid: int, words: str) -> list[int]:
    """Living processes that ``pid`` started and whose command has ``words``."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:2]
            command = (folder / "cmdline").read_bytes().decode()
        except OSError:
            continue
        if int(parent) == pid and state != "Z" and words in command:
            found.append(int(folder.name))
    return found


@pytest.fixture
def site(own_database, tmp_path):
    """A migrated site that does not run yet; it came by backup and restore."""
    dumps.dump(tmp_path / "all.dump")
    site = Site(tmp_path / "home")
    site.run("restore", str(tmp_path / "all.dump"))
    yield site
    site.run("stop")
    for process in site.started:
        process.kill()
        process.wait()


def test_serve_brings_back_what_was_killed_and_stop_ends_it_all(site):
    serve = site.serve()
    assert within(site.answers)
    assert within(lambda: len(site.marked("worker")) == 1)

    database = site.server.pid()
    os.kill(database, signal.SIGKILL)
    assert within(lambda: site.server.pid() not in (None, database) and site.answers())

    (web,) = children(serve.pid, "spawn_main")
    os.kill(web, signal.SIGKILL)
    assert within(lambda: children(serve.pid, "spawn_main") not in ([], [web]) and site.answers())

    (worker,) = children(serve.pid, "\0worker\0")
    os.kill(worker, signal.SIGKILL)
    assert within(lambda: children(serve.pid, "\0worker\0") not in ([], [worker]))

    assert serve.poll() is None
    assert within(lambda: len(site.marked("worker")) == 2)  # one mark is that of the killed one
    stopped = json.loads(site.run("stop", "--json"))
    assert (f"web-{serve.pid}" in stopped["processes"], stopped["database"]) == (True, True)
    assert (serve.wait(PATIENCE_S), site.server.pid()) == (0, None)


def test_nothing_of_serve_outlives_a_kill_and_stop_ends_the_database(site):
    serve = site.serve()
    assert within(site.answers)
    left = children(serve.pid, "spawn_main") + children(serve.pid, "\0worker\0")
    assert len(left) == 2

    serve.kill()
    serve.wait(PATIENCE_S)

    assert within(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))
    assert json.loads(site.run("stop", "--json")) == {"processes": [], "database": True}
    assert site.marked("web") == []


def test_serve_keeps_the_rush_beside_it_and_takes_it_along(site):
    port = free_port()
    serve = site.serve(f"--rush={port}")
    assert within(lambda: site.answers(port))

    (rush,) = children(serve.pid, "\0rush\0")
    os.kill(rush, signal.SIGKILL)
    assert within(lambda: children(serve.pid, "\0rush\0") not in ([], [rush]) and site.answers(port))

    (rush,) = children(serve.pid, "\0rush\0")
    workers = children(rush, "spawn_main")
    serve.kill()
    serve.wait(PATIENCE_S)
    assert within(lambda: not any(Path(f"/proc/{pid}").exists() for pid in (rush, *workers)))


def test_serve_on_a_taken_port_ends_with_an_error(site):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", site.port))
        taken.listen()

        serve = site.serve()

        assert serve.wait(PATIENCE_S) == 1
    assert f"127.0.0.1:{site.port}" in (site.home / "serve.log").read_text()


def test_serve_on_a_taken_port_says_so(db):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"127.0.0.1:{port} 用不了"):
            call_command("serve", port=port)
