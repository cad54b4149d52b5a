import json
import stat
from io import StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from baiye.config.tests.test_serve import free_port
from baiye.core import invariants
from baiye.core.hooks import Hook
from tests.rig import databases


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.fixture
def only(monkeypatch):
    """``only(name=query)``: these are all the invariants there are."""

    def register(**queries):
        monkeypatch.setattr(invariants, "REGISTERED", Hook("an invariant"))
        monkeypatch.setattr(invariants, "autodiscover_modules", lambda name: None)
        for name, query in queries.items():
            invariants.REGISTERED.add(name, query)

    return register


@pytest.mark.django_db
def test_check_invariants_on_an_empty_database_finds_nothing():
    figures = json.loads(run("check", "--invariants", "--json").splitlines()[-1])

    assert figures["broken"] == 0
    assert figures["invariants"] != []


@pytest.mark.django_db
def test_check_invariants_names_what_is_broken_counts_it_and_fails(only):
    only(sound="SELECT 1 WHERE false", broken="SELECT 'seat', n FROM generate_series(1, 5) n")
    out = StringIO()

    with pytest.raises(CommandError, match="有 1 条承诺被违背"):
        call_command("check", "--invariants", stdout=out)

    assert out.getvalue().splitlines()[-2:] == ["       5  broken  seat, 1; seat, 2; seat, 3", "       0  sound"]


@pytest.mark.django_db
def test_check_invariants_takes_a_query_of_rows_too(only):
    only(no_type_is_there=lambda: ContentType.objects.order_by("pk"))
    first = ContentType.objects.order_by("pk")[0]

    (finding,) = invariants.findings()

    assert (finding.rows, finding.examples[0]) == (ContentType.objects.count(), str(first.pk))


def test_register_refuses_a_second_query_of_the_same_name(only):
    only(full="SELECT 1")

    with pytest.raises(ValueError, match="there is an invariant full already"):
        invariants.REGISTERED.add("full", "SELECT 2")


@pytest.fixture
def empty_database(own_database):
    """The name of one more database, without a table."""
    name = f"{own_database}_empty"
    with databases.server() as server:
        server.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))
    yield name
    with databases.server() as server:
        databases.drop(server, name)


@pytest.mark.slow
def test_a_backup_restored_into_an_empty_database_is_the_same(own_database, empty_database, tmp_path):
    ContentType.objects.create(app_label="kept", model="学生")
    tables = len(connection.introspection.table_names())
    file = tmp_path / "all.dump"

    done = json.loads(run("backup", str(file), "--json"))
    with databases.pointed_at(empty_database):
        restored = json.loads(run("restore", str(file), "--json"))
        kept = ContentType.objects.filter(app_label="kept").values_list("model", flat=True).get()

    assert (done["file"], done["bytes"]) == (str(file), file.stat().st_size)
    assert (restored["tables"], kept) == (tables, "学生")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.django_db
def test_restore_into_a_database_with_tables_is_refused(tmp_path):
    (tmp_path / "all.dump").write_bytes(b"")

    with pytest.raises(CommandError, match="数据库里已经有表"):
        run("restore", str(tmp_path / "all.dump"))


@pytest.mark.slow
def test_restore_of_a_broken_file_leaves_the_database_empty(empty_database, tmp_path):
    (tmp_path / "all.dump").write_bytes(b"PGDMP but not really")

    with databases.pointed_at(empty_database):
        with pytest.raises(CommandError, match="pg_restore"):
            run("restore", str(tmp_path / "all.dump"))
        assert connection.introspection.table_names() == []


@pytest.mark.django_db
def test_backup_does_not_overwrite(tmp_path):
    file = tmp_path / "all.dump"
    file.write_text("kept")

    with pytest.raises(CommandError, match="已存在"):
        run("backup", str(file))

    assert file.read_text() == "kept"


@pytest.mark.slow
def test_serve_refuses_to_start_on_old_tables(empty_database):
    with databases.pointed_at(empty_database), pytest.raises(CommandError, match="请先运行 baiye migrate"):
        run("serve", f"--port={free_port()}")
