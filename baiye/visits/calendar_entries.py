"""What stands in a person's calendar: each room says its own; rooms above add theirs to ``PROVIDERS``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from baiye.accounts.models import User
from baiye.core.hooks import Hook

KEPT = timedelta(days=60)  # what ended longer ago is left out
AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing at a time; it names no pupil in full and says nothing of anybody's health.

    Parameters
    ----------
    key : str
        The same for the same thing for ever, whatever becomes of it: "visit-7-pupil-3".
    changed_at : datetime
        When it was last given, moved or ended.
    sequence : int
        How often it changed; it never falls, or calendars keep what they have.
    visit_id : int or None
        The visit it is about, which may be fetched alone.
    """

    key: str
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    text: str
    changed_at: datetime
    sequence: int = 0
    is_cancelled: bool = False
    visit_id: int | None = None


Provider = Callable[[User, datetime], Iterable[Entry]]
PROVIDERS: Hook[Provider] = Hook("a provider")  # each asked for every calendar: a few queries at most, however full


def entries(user: User, at: datetime) -> list[Entry]:
    """What every room has for ``user``, soonest first."""
    found = [entry for provider in PROVIDERS.in_order() for entry in provider(user, at)]
    return sorted(found, key=lambda entry: (entry.starts_at, entry.key))
