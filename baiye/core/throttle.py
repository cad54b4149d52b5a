"""How often something may be tried, counted in the database for all processes alike."""

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from django.db import connection, transaction
from django.http import HttpRequest

from baiye.core import crypto

# It does not wait for the disk: a count that a crash takes along is no loss.
COUNT = """
SELECT t.key, t.hits FROM set_config('synchronous_commit', 'off', true),
  core_throttle_count(%(keys)s::text[], %(counts)s::int[], %(per_s)s) AS t
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of ``key`` in so many seconds, for a statement that counts its own (`core_throttle_count`)."""

    key: str
    most: int
    per_s: int

    @property
    def words(self) -> tuple[str, int, int]:
        """The key as it is kept, how many, in how many seconds."""
        return _blind(self.key), self.most, self.per_s


def hit(key: str, *, limit: int, per_s: int) -> bool:
    """Count one try of ``key``; False when it is one too many within ``per_s`` seconds.

    Raises
    ------
    RuntimeError
        Inside a transaction: a try that is rolled back must still count.
    """
    return hit_many([key], limit=limit, per_s=per_s)[0]


def hit_many(keys: Sequence[str], *, limit: int, per_s: int) -> list[bool]:
    """Count a try of each of ``keys`` in this order, in one statement, as if by `hit` one after the other."""
    blinds = [_blind(key) for key in keys]
    counts = Counter(blinds)
    # A statement outside of any transaction is one by itself; inside of one this is refused.
    with (
        transaction.atomic(durable=True) if connection.in_atomic_block else nullcontext(),
        connection.cursor() as cursor,
    ):
        cursor.execute(COUNT, {"keys": list(counts), "counts": list(counts.values()), "per_s": per_s})
        before = {key: hits - counts[key] for key, hits in cursor.fetchall()}
    let_through = []
    for key in blinds:
        before[key] += 1
        let_through.append(before[key] <= limit)
    return let_through


def hit_from(request: HttpRequest, what: str, *, limit: int, per_s: int) -> bool:
    """Count one try of ``what`` from the network of ``request``; False when it is one too many."""
    return hit(f"{what} {request.META.get('REMOTE_ADDR', '')}", limit=limit, per_s=per_s)


def forget(key: str) -> None:
    """Begin anew for ``key``: after a try that succeeded."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_throttle WHERE key = %s", [_blind(key)])


def drop_expired() -> int:
    """Remove windows that are over; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_throttle WHERE until < clock_timestamp()")
        return int(cursor.rowcount)


def _blind(key: str) -> str:
    return crypto.blind(f"throttle\0{key}")
