"""The audit trail: one call in the action's own transaction; see `seal.py` for how it is sealed and verified."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from baiye.core.models import Event


def record(
    kind: str, /, *, by: AbstractBaseUser | None, on: models.Model | None = None, at_unit: str = "", **facts: object
) -> None:
    """Write one event; ``facts`` are ids and figures, never names, numbers of people, or phones."""
    Event.objects.create(**_fields(kind, by, on, at_unit, facts))


def record_many(kind: str, /, *, by: AbstractBaseUser | None, on: Iterable[models.Model], at_unit: str = "") -> None:
    """Write one event for each object, in one statement."""
    Event.objects.bulk_create([Event(**_fields(kind, by, thing, at_unit, {})) for thing in on], batch_size=2000)


def _fields(
    kind: str, by: AbstractBaseUser | None, on: models.Model | None, at_unit: str, facts: dict[str, object]
) -> dict[str, object]:
    return {
        "kind": kind,
        "actor_id": by.pk if by is not None else None,
        "object_type": on._meta.label_lower if on is not None else "",
        "object_id": str(on.pk) if on is not None else "",
        "unit_path": at_unit,
        "facts": facts,
    }
