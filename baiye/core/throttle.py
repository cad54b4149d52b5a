"""How often something may be tried, counted in the database for all processes alike."""

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext

from django.db import connection, transaction
from django.http import HttpRequest

from baiye.core import crypto

# One statement, so that tries at the same moment are counted one after the other; a window begins with its first try.
# It does not wait for the disk: a count that a crash takes along is no loss.
COUNT = """
INSERT INTO core_throttle AS t (key, hits, until)
SELECT tries.key, tries.n, clock_timestamp() + make_interval(secs => %(per_s)s)
FROM unnest(%(keys)s::text[], %(counts)s::int[]) AS tries (key, n), set_config('synchronous_commit', 'off', true)
ORDER BY tries.key
ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN t.until <= clock_timestamp() THEN excluded.hits ELSE t.hits + excluded.hits END,
    until = CASE WHEN t.until <= clock_timestamp() THEN excluded.until ELSE t.until END
RETURNING key, hits
"""


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
    blinds = [crypto.blind(f"throttle\0{key}") for key in keys]
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
        cursor.execute("DELETE FROM core_throttle WHERE key = %s", [crypto.blind(f"throttle\0{key}")])


def drop_expired() -> int:
    """Remove windows that are over; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_throttle WHERE until < clock_timestamp()")
        return int(cursor.rowcount)
