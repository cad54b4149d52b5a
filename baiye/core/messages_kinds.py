"""What kinds of message there are, as rooms declare them when they start: names, and how urgently a copy leaves.

A room also says here when what a message tells is no longer true, and who reads one digest a day.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from baiye.core.hooks import Hook
from baiye.core.models import Message
from baiye.core.shapes import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind is called, and which ways out its copies take besides mail and WeCom."""

    name: Text
    text: bool = False  # worth a text message
    digest: bool = False  # teachers read it in the digest of the day


Stands = Callable[[Message], bool]
Readers = Callable[[Collection[int]], set[int]]
DIGEST = "messages.digest"
KINDS: Hook[Kind] = Hook("a kind of message")
STANDS: Hook[Stands] = Hook("a question about")  # asked before a copy of the kind leaves: where it says no, it does not
READERS: list[Readers] = []  # each gives those of these people (keys) who read a digest by their office


def declare(kinds: Mapping[str, Kind]) -> None:
    """Add ``kinds`` to the published list."""
    for slug, kind in kinds.items():
        KINDS.add(slug, kind)


def find(slug: str) -> Kind:
    """The kind of this name; one that nobody declared is ordinary."""
    return KINDS.get(slug) or Kind(slug)


def stands(message: Message) -> bool:
    """Whether what ``message`` says is still true; a query or two where a room asked to be asked."""
    ask = STANDS.get(message.kind)
    return ask is None or ask(message)


def readers(people: Collection[int]) -> set[int]:
    """Those of these people (keys) whose office reads one digest a day; a query each room that knows some."""
    return set().union(*(among(people) for among in READERS))
