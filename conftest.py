"""How tests run here: on a real PostgreSQL, on copies of one migrated database, with warnings as errors.

Three ways to the database:

- mark ``django_db`` or fixture ``db``: one transaction a test, rolled back. For nearly every test.
- fixture ``own_database``: a database of the test's own, where commits are real and threads see them.
- fixture ``live_server`` (and so every journey): a web server on such a database.
"""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings

from baiye.config import database

pytest_plugins = ["tests.rig.browser"]

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs inside an event loop
FLUSHING = {"django_db_reset_sequences", "django_db_serialized_rollback"}


def pytest_configure() -> None:
    """What is slow or shared in the settings, made fast or private for tests."""
    django_settings.DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuse what would end with a flush: the append-only tables do not let go of a row, and should not."""
    mark = item.get_closest_marker("django_db")
    flushes = mark and (mark.kwargs.keys() & {"transaction", "reset_sequences", "serialized_rollback"} or mark.args)
    if flushes or FLUSHING & set(getattr(item, "fixturenames", ())):
        pytest.fail("no flush here: instead of transaction=True use the fixture own_database", pytrace=False)


@pytest.fixture(scope="session")
def _template(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: pytest.FixtureDef[object]
) -> str:
    """Replaces what pytest-django does; ``--create-db`` makes the template again."""
    from tests.rig import databases

    database.start()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        databases.drop_leftovers()
        return databases.template(
            afresh=request.config.getoption("create_db") and not os.environ.get("PYTEST_XDIST_WORKER")
        )


@pytest.fixture(scope="session")
def django_db_setup(_template: str, django_db_blocker: pytest.FixtureDef[object]) -> Iterator[None]:
    """One copy for all tests of this process that roll back."""
    from django.db import connections

    from tests.rig import databases

    with django_db_blocker.unblock(), databases.copy_of(_template, "shared") as name:  # type: ignore[attr-defined]
        django_settings.DATABASES["default"]["NAME"] = name
        yield
        connections["default"].close()


@pytest.fixture
def own_database(django_db_setup: None, _template: str, django_db_blocker: pytest.FixtureDef[object]) -> Iterator[str]:
    """A database of the test's own: commits are real, threads see them, and it is gone afterwards."""
    from tests.rig import databases

    unblocked = django_db_blocker.unblock()  # type: ignore[attr-defined]
    with unblocked, databases.copy_of(_template, "own") as name, databases.pointed_at(name):
        yield name


@pytest.fixture
def transactional_db(own_database: str) -> str:
    """What ``live_server`` asks for: no flush here, a database of its own."""
    return own_database
