"""What must never be found in the database, by name: each room registers its own in its ``invariants`` module.

``baiye check --invariants`` runs them all. A constraint keeps most promises as rows are written; these queries find
what no constraint can say, and prove the rest after a crash.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.module_loading import autodiscover_modules

from baiye.core.hooks import Hook

EXAMPLES = 3
Query = str | Callable[[], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Finding:
    """How many rows break an invariant, and the first of them (a primary key, or a row of the statement)."""

    name: str
    rows: int
    examples: tuple[str, ...]


REGISTERED: Hook[Query] = Hook("an invariant")
register = REGISTERED.add  # promise that an SQL statement, or a function that gives a QuerySet, finds no row


def findings() -> list[Finding]:
    """What each invariant finds now, one query or two each; all ``rows`` are 0 where all is well."""
    autodiscover_modules("invariants")
    return [_look(name, query) for name, query in sorted(REGISTERED.items())]


def _look(name: str, query: Query) -> Finding:
    if not isinstance(query, str):
        found = query()
        return Finding(name, found.count(), tuple(str(row.pk) for row in found[:EXAMPLES]))
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows = cursor.fetchall()
    return Finding(name, len(rows), tuple(", ".join(map(str, row)) for row in rows[:EXAMPLES]))
