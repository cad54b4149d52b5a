"""How often something may be tried, counted in the database for all processes alike."""

from django.db import connection, transaction
from django.http import HttpRequest

from baiye.core import crypto

# One statement, so that tries at the same moment are counted one after the other; a window begins with its first try.
COUNT = """
INSERT INTO core_throttle AS t (key, hits, until)
VALUES (%(key)s, 1, clock_timestamp() + make_interval(secs => %(per_s)s))
ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN t.until <= clock_timestamp() THEN 1 ELSE t.hits + 1 END,
    until = CASE WHEN t.until <= clock_timestamp() THEN excluded.until ELSE t.until END
RETURNING hits
"""


@transaction.atomic(durable=True)
def hit(key: str, *, limit: int, per_s: int) -> bool:
    """Count one try of ``key``; False when it is one too many within ``per_s`` seconds.

    Raises
    ------
    RuntimeError
        Inside a transaction: a try that is rolled back must still count.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": crypto.blind(f"throttle\0{key}"), "per_s": per_s})
        return int(cursor.fetchone()[0]) <= limit


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
