"""The kinds of sheets there are: each room describes its own and enters it here when it starts."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from baiye.core.hooks import Hook
from baiye.core.refusals import Refused
from baiye.core.sheets.columns import Column, Text, headings
from baiye.core.sheets.header import Headings


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a file: where it stands, and the values of the cells that hold something."""

    sheet: str
    row: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What a row speaks of. ``pk`` is None where it is new; ``standing`` holds what can change, as readers give it."""

    key: Hashable
    name: str
    pk: int | None = None
    standing: Mapping[str, Any] = field(default_factory=dict)


class Blame(Refused):
    """A row cannot go in because of one of its cells."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


class Worker(Protocol):
    """Made once for the rows of one file and the person behind it: it looks everything up at its start."""

    def find(self, entry: Entry) -> Found:
        """What ``entry`` speaks of; raises Blame where that cannot be said."""

    def write(self, entry: Entry, found: Found, fields: Mapping[str, Any]) -> None:
        """Add it, or change ``fields`` of it; raises Refused or Blame."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of sheet. ``known_by``: the columns by which a row is known; a file and each row must have them."""

    kind: str
    title: Text  # what the rows are: 基地
    unit: Text  # how they are counted: 家
    columns: Sequence[Column]
    known_by: Sequence[str]
    note: Text  # what an import of this kind does and does not do
    back: str  # the address name of their list
    may: Callable[[Any], bool]  # whether a user imports them anywhere
    worker: Callable[[Any, Sequence[Entry]], Worker]
    rows: Callable[[Any], Iterable[Mapping[str, object]]]  # those of a user, as readers give them

    def headings(self) -> Headings:
        return headings(self.columns, known_by=self.known_by)


SHEETS: Hook[Sheet] = Hook("a sheet")


def offer(*sheets: Sheet) -> None:
    """Enter kinds of sheets."""
    for sheet in sheets:
        SHEETS.add(sheet.kind, sheet)
