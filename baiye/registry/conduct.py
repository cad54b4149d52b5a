"""What is known of a host's conduct when it is judged: rooms above put their finders in when they load.

A finder says what happened, of which kind and on which days; it names nobody and tells nothing of what was written.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from baiye.registry.models import Host
from baiye.registry.months import months_after
from baiye.registry.queries.hosts import keys_with_merged

MONTHS = 36  # so far back one looks


@dataclass(frozen=True, slots=True)
class Known:
    """Things of one kind that happened at a host, by their days, the latest first; ``weight`` says how grave."""

    what: str
    kind: str
    days: tuple[date, ...]
    weight: str = ""

    @property
    def n(self) -> int:
        """How many there were."""
        return len(self.days)


Finder = Callable[[Collection[int], date], Iterable[Known]]  # hosts by key, and since when
FINDERS: list[Finder] = []


def known_of(host: Host, on: date) -> list[Known]:
    """Everything that rooms above know of ``host`` and of what was merged into it, of the last three years."""
    keys = keys_with_merged(host)
    since = months_after(on, -MONTHS)
    return [known for find in FINDERS for known in find(keys, since)]
