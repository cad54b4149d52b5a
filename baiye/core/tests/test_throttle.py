"""Throttles count for all processes alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from baiye.core import throttle
from baiye.core.models import Throttle


@pytest.mark.django_db
def test_hit_lets_through_as_many_as_the_limit():
    assert [throttle.hit("door", limit=2, per_s=60) for _ in range(4)] == [True, True, False, False]
    assert throttle.hit("window", limit=2, per_s=60)


@pytest.mark.django_db
def test_hit_begins_anew_when_the_window_is_over():
    assert [throttle.hit("door", limit=1, per_s=60) for _ in range(2)] == [True, False]
    connection.cursor().execute("UPDATE core_throttle SET until = clock_timestamp()")

    assert throttle.hit("door", limit=1, per_s=60)


@pytest.mark.django_db
def test_hit_many_counts_as_if_one_after_the_other():
    throttle.hit("b", limit=2, per_s=60)
    throttle.hit("old", limit=1, per_s=-1)

    first = throttle.hit_many(["a", "b", "a", "b", "a", "old", "old"], limit=2, per_s=60)
    second = throttle.hit_many(["a", "new"], limit=2, per_s=60)

    assert first == [True, True, True, False, False, True, True]
    assert second == [False, True]
    assert not throttle.hit("old", limit=2, per_s=60)


@pytest.mark.django_db
def test_hit_stores_no_key_in_clear():
    throttle.hit("192.0.2.7", limit=1, per_s=60)

    assert "192.0.2.7" not in Throttle.objects.get().key


@pytest.mark.django_db
def test_forget_begins_anew():
    throttle.hit("door", limit=1, per_s=60)
    throttle.forget("door")

    assert throttle.hit("door", limit=1, per_s=60)


@pytest.mark.django_db
def test_drop_expired_removes_windows_that_are_over():
    throttle.hit("old", limit=1, per_s=-1)
    throttle.hit("new", limit=1, per_s=60)

    assert throttle.drop_expired() == 1
    assert not throttle.hit("new", limit=1, per_s=60)


def test_hit_inside_a_transaction_is_an_error(own_database):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        throttle.hit("door", limit=1, per_s=60)


def test_hit_by_many_at_once_counts_each(own_database):
    def attempt(_: int) -> bool:
        try:
            return throttle.hit("door", limit=10, per_s=60)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(attempt, range(40)))

    assert let_through.count(True) == 10
