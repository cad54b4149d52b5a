"""Our own PostgreSQL, for real: each test starts one in a folder of its own and lets it suffer.

These tests start processes that know only BAIYE_HOME; none of them touches the database of the other tests.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from baiye.config import database
from baiye.config.embedded import Server
from baiye.config.owner import DatabaseInTheWay

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server of the test's own; its folder is one that only this user can enter."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("BAIYE_HOME", str(closed / "home"))
    server = Server(database.home() / "pg")
    yield server
    if server.folder.is_dir():
        server.stop()


def in_another_process(code: str) -> subprocess.CompletedProcess[str]:
    source = f"from baiye.config import database; {code}"
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", source], capture_output=True, text=True, check=False, timeout=90
    )


def write_a_row() -> None:
    with psycopg.connect(host=database.settings()["HOST"], user="postgres", dbname="baiye") as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")


def rows() -> list[tuple[int]]:
    with psycopg.connect(host=database.settings()["HOST"], user="postgres", dbname="baiye") as connection:
        return connection.execute("SELECT n FROM kept").fetchall()


def is_gone(pid: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True


def test_settings_and_status_start_nothing(server):
    assert database.settings()["NAME"] == "baiye"
    assert database.status() == database.Status("embedded", False, str(server.data))
    assert not server.folder.exists()


def test_start_makes_a_utf8_database_reached_by_a_closed_socket_alone(server):
    database.start()

    with server.connect("baiye") as connection:
        shown = "SELECT current_setting(%s)"
        settings = {
            name: connection.execute(shown, [name]).fetchone()[0]
            for name in ("server_encoding", "listen_addresses", "unix_socket_permissions", "fsync")
        }
        collation = connection.execute("SELECT datcollate FROM pg_database WHERE datname = 'baiye'").fetchone()
    assert settings == {
        "server_encoding": "UTF8",
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "fsync": "on",
    }
    assert collation == ("C.UTF-8",)
    assert oct(server.data.stat().st_mode)[-3:] == "700"


def test_start_opens_no_folder_above_the_data(server):
    modes = {folder: folder.stat().st_mode for folder in server.folder.parents if folder.exists()}

    database.start()

    assert {folder: folder.stat().st_mode for folder in modes} == modes


def test_start_in_a_process_that_ends_leaves_the_server_running(server):
    ended = in_another_process("database.start()")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert database.status() == database.Status("embedded", True, str(server.data), server.pid())


def test_start_when_it_runs_is_cheap_and_starts_no_other(server):
    database.start()
    pid = server.pid()

    began = time.monotonic()
    database.start()

    assert (server.pid(), time.monotonic() - began < 0.5) == (pid, True)


def test_three_starts_at_once_start_one(server):
    starts = [
        subprocess.Popen([sys.executable, "-c", "from baiye.config import database; database.start()"])
        for _ in range(3)
    ]

    assert [start.wait(90) for start in starts] == [0, 0, 0]
    assert server.answers("baiye")


def test_stop_ends_it_and_says_whether_there_was_one(server):
    database.start()
    pid = server.pid()

    assert (database.stop(), database.stop()) == (True, False)
    assert is_gone(pid)
    assert database.status().running is False


def test_after_kill_9_the_next_start_has_every_committed_row(server):
    database.start()
    write_a_row()

    os.kill(server.pid(), signal.SIGKILL)
    database.start()

    assert rows() == [(7,)]


def test_a_dead_pid_file_whose_number_now_is_another_process_does_not_stop_a_start(server):
    database.start()
    write_a_row()
    pid_file = server.data / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    os.kill(server.pid(), signal.SIGKILL)

    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    database.start()

    assert rows() == [(7,)]


def test_a_running_server_whose_folder_was_removed_is_ended_and_a_new_one_started(server):
    database.start()
    old = server.pid()

    shutil.rmtree(server.folder)
    database.start()

    assert is_gone(old)
    assert server.answers("baiye")


def test_a_running_server_without_its_socket_is_started_again(server):
    database.start()
    write_a_row()

    shutil.rmtree(server.socket_folder)
    database.start()

    assert rows() == [(7,)]


def test_an_interrupted_initdb_is_done_again(server):
    half = server.folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    database.start()

    assert server.answers("baiye")
    assert not half.exists()


def test_a_folder_with_a_long_path_gets_its_socket_elsewhere(server, tmp_path, monkeypatch):
    monkeypatch.setenv("BAIYE_HOME", str(tmp_path / ("a-long-name" * 8)))
    far = Server(database.home() / "pg")

    database.start()
    write_a_row()
    shutil.rmtree(far.data)  # its socket still answers
    database.start()

    assert far.socket_folder.parent != far.folder
    with far.connect("baiye") as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)
    assert database.stop()
    shutil.rmtree(far.socket_folder)


def test_a_file_where_the_folder_should_be_is_named(server):
    database.home().write_text("")

    with pytest.raises(DatabaseInTheWay, match=f"^{database.home()} 是一个文件"):
        database.start()


def test_a_file_where_the_data_should_be_is_named(server):
    server.folder.mkdir(parents=True)
    server.data.write_text("")

    with pytest.raises(DatabaseInTheWay, match=f"^{server.data} 是一个文件"):
        database.start()


def test_a_folder_of_other_files_is_not_overwritten(server):
    server.data.mkdir(parents=True)
    (server.data / "letter.txt").write_text("")

    with pytest.raises(DatabaseInTheWay, match="不是数据库"):
        database.start()

    assert (server.data / "letter.txt").exists()


def test_data_of_another_version_are_not_touched(server):
    database.start()
    database.stop()
    (server.data / "PG_VERSION").write_text("11\n")

    with pytest.raises(DatabaseInTheWay, match="由 PostgreSQL 11 建立"):
        database.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user here")
def test_a_folder_that_the_user_cannot_write_is_named(server, tmp_path, monkeypatch):
    for folder in [tmp_path, *tmp_path.parents[:3]]:
        folder.chmod(0o755)
    monkeypatch.setenv("BAIYE_HOME", str(tmp_path / "home"))

    ended = in_another_process("import os; os.setgid(65534); os.setuid(65534); database.start()")

    assert f"不能写入 {tmp_path / 'home'}" in ended.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user here")
def test_a_user_without_rights_runs_it_as_themselves(server, tmp_path, monkeypatch):
    for folder in [tmp_path, *tmp_path.parents[:3]]:  # with xdist one more
        folder.chmod(0o755)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    os.chown(theirs, 65534, 65534)
    monkeypatch.setenv("BAIYE_HOME", str(theirs))
    become = "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)"

    ended = in_another_process(f"{become}; database.start(); print(database.status().running, database.stop())")

    assert (ended.stdout, ended.stderr) == ("True True\n", "")
    assert (theirs / "pg" / "data").stat().st_uid == 65534


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to someone else")
def test_root_without_setpriv_is_told_why_a_closed_folder_does_not_do(server, monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(DatabaseInTheWay, match="要能进入"):
        database.start()


def test_with_database_url_nothing_of_ours_is_started(server, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://someone:secret@db.example:5433/district")

    database.start()

    assert database.settings() == {
        "CONN_HEALTH_CHECKS": True,
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "district",
        "USER": "someone",
        "PASSWORD": "secret",
        "HOST": "db.example",
        "PORT": 5433,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 5}},
    }
    assert database.status() == database.Status("given", None, "db.example:5433/district")
    assert (database.stop(), server.folder.exists()) == (False, False)
