"""What a person still has to do for a pupil: each room says its own, the home page shows them all.

A room adds its provider to ``PROVIDERS`` when its app is ready.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser

from baiye.core.hooks import Hook


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: a title, a line below it, where to do it; the smaller ``order`` comes first."""

    title: str
    note: str
    url: str
    icon: str = "pencil"
    badge: str = ""  # short words instead of the icon: "6 天"
    is_due: bool = False
    order: int = 50


Provider = Callable[[int, AbstractBaseUser, datetime], Iterable[Todo]]
PROVIDERS: Hook[Provider] = Hook("a provider")  # each asked on every home page: a few queries at most, whoever asks


def todos(pupil_id: int, by: AbstractBaseUser, at: datetime) -> list[Todo]:
    """What every room says is to do, soonest first."""
    found = [todo for provider in PROVIDERS.in_order() for todo in provider(pupil_id, by, at)]
    return sorted(found, key=lambda todo: todo.order)
