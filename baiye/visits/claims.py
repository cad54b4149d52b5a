"""Visits that a room above keeps for a while: until it lets go, no other room gives their seats away.

A room adds its keeper to ``KEEPERS`` when its app is ready.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from baiye.core.hooks import Hook

Keeper = Callable[[], QuerySet[Any, int]]  # keys of the visits it keeps
KEEPERS: Hook[Keeper] = Hook("a keeper")  # asked whenever somebody wants to give away the seats of visits


def kept() -> Q:
    """A filter over visits: those that some room keeps."""
    found = Q(pk__in=[])
    for keeper in KEEPERS.in_order():
        found |= Q(pk__in=keeper())
    return found
