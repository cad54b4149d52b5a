"""Choosing one of the units that are one's own."""

from typing import Any

from django.db.models import QuerySet

from baiye.accounts.models import Unit
from baiye.core.choosing import ChosenField


def choose_from(field: Any, units: QuerySet[Unit]) -> None:
    """Let ``field`` offer ``units``; where there is one alone, it is chosen already."""
    if isinstance(field, ChosenField):
        field.offer(units)
    else:
        field.queryset = units
    first = list(units[:2])
    if len(first) == 1:
        field.initial, field.empty_label = first[0].pk, None
