"""Which column holds what: the header row is found by its names, under any title, in any order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from baiye.core.sheets.tables import Cell
from baiye.core.sheets.values import BadValue, compact

LOOK_DOWN = 30  # rows in which a header may stand


@dataclass(frozen=True, slots=True)
class Headings:
    """What the columns of one kind of sheet are called.

    ``names``: a heading as people write it → field; ``labels``: field → what it is called to people. A row is a header
    when it names ``anchor`` and ``least`` fields; a second column of a field in ``pairs`` is its second (name2).
    """

    names: Mapping[str, str]
    labels: Mapping[str, str | Promise]
    anchor: str
    required: Sequence[str]
    least: int
    pairs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header of a table ends (index of the first row below it), and which column holds which field."""

    first_row: int
    columns: dict[str, int]


def find_header(rows: Sequence[Sequence[Cell]], headings: Headings) -> Header | None:
    """The header among the first rows, on one line or two; None when no row is one.

    Raises BadValue where a header is there but a column is missing or named twice.
    """
    for index, row in enumerate(rows[:LOOK_DOWN]):
        below = rows[index + 1] if index + 1 < len(rows) else []
        options = [Header(index + 1, _fields([label(cell) for cell in row], headings))]
        if any(compact(str(cell)) for cell in below):
            options.append(Header(index + 2, _fields(_two_lines(row, below, headings.names), headings)))
        best = max(options, key=lambda header: len(header.columns))
        if headings.anchor in best.columns and len(best.columns) >= headings.least:
            return _complete(best, headings)
    return None


def label(cell: Cell) -> str:
    """A heading without stars, colons, notes in brackets and space, in small letters."""
    if not isinstance(cell, str):
        return ""
    return re.sub(r"[*:#√]|\(.*?\)|\[.*?\]|【.*?】|\(.*$", "", compact(cell)).lower()


def _two_lines(upper: Sequence[Cell], lower: Sequence[Cell], names: Mapping[str, str]) -> list[str]:
    """The names of a header on two lines: 监护人 over 姓名 and 手机 becomes 监护人姓名 and 监护人手机."""
    labels, group = [], ""
    for column in range(max(len(upper), len(lower))):
        top = label(upper[column]) if column < len(upper) else ""
        bottom = label(lower[column]) if column < len(lower) else ""
        group = top or (group if bottom else "")
        stem = re.sub(r"(信息|情况)$", "", group)
        labels.append(stem + bottom if stem + bottom in names or not top else (bottom if bottom in names else top))
    return labels


def _fields(labels: Sequence[str], headings: Headings) -> dict[str, int]:
    """Field → column; a name twice is remembered under "twice"."""
    columns: dict[str, int] = {}
    for column, named in enumerate(labels):
        field = headings.names.get(named, "")
        if field in headings.pairs and field in columns:
            field += "2"
        if field and field in columns:
            columns.setdefault(f"twice {field}", column)
        elif field:
            columns[field] = column
    return columns


def _complete(header: Header, headings: Headings) -> Header:
    if twice := next((key for key in header.columns if key.startswith("twice ")), None):
        raise BadValue("column_twice", name=str(headings.labels[twice.removeprefix("twice ")]))
    if missing := [field for field in headings.required if field not in header.columns]:
        raise BadValue("column_missing", names="、".join(str(headings.labels[field]) for field in missing))
    return header
