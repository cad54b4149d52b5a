"""What a person still has to do for a pupil: each room says its own, the home page shows them all.

A room registers a provider when its app is ready; no room needs to know which others there are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser


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
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Have ``provider(pupil_id, by, at)`` asked on every home page; a few queries at most, whatever the pupil has done.

    Raises
    ------
    ValueError
        Another provider has that name.
    """
    if _providers.setdefault(name, provider) is not provider:
        raise ValueError(f"there is a provider {name} already")


def todos(pupil_id: int, by: AbstractBaseUser, at: datetime) -> list[Todo]:
    """What every room says is to do, soonest first."""
    found = [todo for name in sorted(_providers) for todo in _providers[name](pupil_id, by, at)]
    return sorted(found, key=lambda todo: todo.order)
