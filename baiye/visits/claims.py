"""Visits that a room above keeps for a while: until it lets go, no other room gives their seats away.

A room registers a keeper when its app is ready; no room needs to know which others there are.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

Keeper = Callable[[], QuerySet[Any, int]]  # keys of the visits it keeps
_keepers: dict[str, Keeper] = {}


def register(name: str, keeper: Keeper) -> None:
    """Have ``keeper`` asked whenever somebody wants to give away the seats of visits.

    Raises
    ------
    ValueError
        Another keeper has that name.
    """
    if _keepers.setdefault(name, keeper) is not keeper:
        raise ValueError(f"there is a keeper {name} already")


def kept() -> Q:
    """A filter over visits: those that some room keeps."""
    found = Q(pk__in=[])
    for name in sorted(_keepers):
        found |= Q(pk__in=_keepers[name]())
    return found
