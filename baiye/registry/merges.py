"""What follows a host into the one it is merged with: rooms above say so when they load (AppConfig.ready).

``follow("catalogue.Course", "host")`` is enough where rows only name the host; where more is to be done a room gives
its own mover. What must not change says ``stay``. A test sees that no table that names a host was forgotten.
"""

from collections.abc import Callable

from django.apps import apps

from baiye.core.hooks import Hook
from baiye.registry.models import Host

Mover = Callable[[Host, Host], int]
MERGES: Hook[Mover] = Hook("a mover")
STAYS: set[str] = set()


def follow(model: str, field: str, mover: Mover | None = None) -> None:
    """Have the rows of ``model`` whose ``field`` is the merged host name the other one instead."""
    MERGES.add(f"{model}.{field}", mover or _repoint(model, field))


def stay(model: str, field: str) -> None:
    """Say that the rows of ``model`` go on naming the merged host: a trace that may not be changed."""
    STAYS.add(f"{model}.{field}")


def _repoint(model: str, field: str) -> Mover:
    def move(old: Host, new: Host) -> int:
        rows = apps.get_model(model)._default_manager.filter(**{field: old})
        return int(rows.update(**{field: new}))

    return move
