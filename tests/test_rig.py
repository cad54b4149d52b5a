"""The test rig itself: copies are separate, threads share them, and nothing remains."""

import threading
import urllib.request
from types import SimpleNamespace

import pytest
from django.db import connection

from tests.rig import databases
from tests.rig.house import ROOT


def name_of_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        return str(cursor.fetchone()[0])


def seen_by_a_thread() -> str:
    seen = []

    def look():
        seen.append(name_of_database())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return seen[0]


@pytest.mark.django_db
def test_a_marked_test_runs_on_the_copy_of_this_process():
    assert name_of_database().endswith("_shared")


def test_own_database_is_seen_by_every_thread(own_database):
    assert (name_of_database(), seen_by_a_thread()) == (own_database, own_database)


@pytest.mark.django_db
def test_own_database_inside_a_marked_test_puts_its_connection_aside(request):
    outside = name_of_database()

    own = request.getfixturevalue("own_database")

    assert name_of_database() == own != outside


def test_own_database_of_the_test_before_is_gone(own_database):
    with databases.server() as server:
        left = databases._databases(server, own_database)
    assert left == [own_database]


@pytest.mark.parametrize("time", ["first", "second"])
def test_committed_rows_do_not_reach_the_next_test(own_database, time):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('x', 'y', now())")
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (1,)


def test_live_server_runs_on_its_own_database(live_server):
    assert name_of_database().endswith("_own")


def test_live_server_answers_from_the_database_of_the_test(live_server, own_database):
    with urllib.request.urlopen(live_server.url) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("mark", "fixtures", "refused"),
    [
        (pytest.mark.django_db(transaction=True), [], True),
        (pytest.mark.django_db(reset_sequences=True), [], True),
        (pytest.mark.django_db, ["django_db_serialized_rollback"], True),
        (pytest.mark.django_db, ["own_database"], False),
        (pytest.mark.django_db, [], False),
    ],
)
def test_a_test_that_would_flush_is_refused(request, mark, fixtures, refused):
    house = request.config.pluginmanager.getplugin(str(ROOT / "conftest.py"))
    item = SimpleNamespace(get_closest_marker=lambda name: mark.mark, fixturenames=fixtures)

    try:
        house.pytest_runtest_setup(item)
        said = ""
    except pytest.fail.Exception as failure:
        said = str(failure)

    assert said == ("no flush here: instead of transaction=True use the fixture own_database" if refused else "")
