"""What runs from this folder: each long process holds a lock on a file of its own, so a killed one leaves no doubt."""

import fcntl
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.urls import get_resolver

from baiye.config import database

PATIENCE_S = 40  # longer than a worker needs for the jobs at hand
LOOK_EVERY_S = 3


@contextmanager
def marked(name: str) -> Iterator[None]:
    """Be known as ``name`` to ``baiye stop`` for as long as this runs."""
    folder = database.home() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-{os.getpid()}"
    mark = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(mark, fcntl.LOCK_EX)
        yield
    finally:
        file.unlink(missing_ok=True)
        os.close(mark)


@contextmanager
def with_database() -> Iterator[None]:
    """Start our own database again within seconds if it dies while this runs."""
    ending = threading.Event()

    def keep() -> None:
        while not ending.wait(LOOK_EVERY_S):
            try:
                database.start()
            except database.DatabaseInTheWay as obstacle:
                print(obstacle, file=sys.stderr)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


def settle() -> None:
    """Load every page's code, then keep the collector out of requests: a full walk took 60 ms of one in thirteen.

    What start-up made is not walked again, and the walks come after 50,000 new objects (three requests) instead of 700.
    """
    resolver = get_resolver()
    _ = resolver.url_patterns, resolver.reverse_dict
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 100)


def end_with(parent: int, *, grace_s: int) -> None:
    """End this process when ``parent`` is gone, however that happened: kill -9 tells nobody.

    It is asked to, and made to after ``grace_s`` seconds.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace_s)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def stop_all() -> list[str]:
    """End every marked process, by force after a while; their names."""
    stopped = []
    for file in sorted((database.home() / "run").glob("*-*")):
        if _is_held(file):
            stopped.append(file.name)
            _end(file)
        file.unlink(missing_ok=True)
    return stopped


def _end(file: Path) -> None:
    pid = int(file.name.rsplit("-", 1)[1])
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return
        give_up_at = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up_at:
            if not _is_held(file):
                return
            time.sleep(0.05)


def _is_held(file: Path) -> bool:
    """Whether the process that marked itself still lives."""
    try:
        mark = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(mark)
    return False
