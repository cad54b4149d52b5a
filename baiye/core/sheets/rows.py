"""The rows of a file as entries, and what is wrong with the others: every mistake of a row at once, not the first."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from baiye.core.sheets.columns import Column
from baiye.core.sheets.header import Header, find_header
from baiye.core.sheets.kinds import Entry, Sheet
from baiye.core.sheets.sentences import sentence
from baiye.core.sheets.tables import Cell, Table
from baiye.core.sheets.values import BadValue, letters, text

MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Mistake:
    """What cannot stay: where, what stands there, and the sentence that says what to do."""

    sheet: str
    row: int
    column: str
    cell: str
    value: str
    why: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Reading:
    """What a whole file holds; ``headers`` by sheet, to say where a later mistake lies."""

    entries: list[Entry] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    headers: dict[str, Header] = field(default_factory=dict)


def read_rows(tables: Sequence[Table], sheet: Sheet) -> Reading:
    """Every entry and every mistake in these tables; raises BadValue where no table has a header or a row."""
    reading, headings, count = Reading(), sheet.headings(), 0
    columns = {column.name: column for column in sheet.columns}
    for table in tables:
        header = find_header(table.rows, headings)
        if header is None:
            continue
        reading.headers[table.name] = header
        title = table.rows[header.first_row - 1]
        for index, cells in enumerate(table.rows[header.first_row :], start=header.first_row + 1):
            if any(text(cell) for cell in cells) and cells != title:
                count += 1
                _read_row(reading, Where(table.name, index, header), cells, columns, sheet.known_by)
    if not reading.headers:
        raise BadValue("no_header", names="、".join(str(columns[name].label) for name in sheet.known_by))
    if not count:
        raise BadValue("no_rows")
    if count > MOST_ROWS:
        raise BadValue("rows_too_many", most=MOST_ROWS, count=count)
    return reading


@dataclass(frozen=True, slots=True)
class Where:
    """A row of a sheet, under its header."""

    sheet: str
    row: int
    header: Header

    def mistake(self, column: Column, value: str, bad: BadValue) -> Mistake:
        cell = _at(self.header.columns[column.name], self.row)
        return Mistake(self.sheet, self.row, str(column.label), cell, value[:60], sentence(bad.code, bad.facts))


def _read_row(
    reading: Reading, where: Where, cells: Sequence[Cell], columns: dict[str, Column], known_by: Sequence[str]
) -> None:
    """One entry, or its mistakes: a row that says something must say what it is known by."""
    values: dict[str, Any] = {}
    wrong: dict[str, Mistake] = {}
    for name, place in where.header.columns.items():
        cell = cells[place] if place < len(cells) else ""
        if not (text(cell) or isinstance(cell, bool)):
            continue
        try:
            values[name] = columns[name].read(cell)
        except BadValue as bad:
            wrong[name] = where.mistake(columns[name], text(cell), bad)
    if values or wrong:
        for name in (each for each in known_by if not values.get(each) and each not in wrong):
            wrong[name] = where.mistake(columns[name], "", BadValue("empty"))
    reading.mistakes += [wrong[name] for name in where.header.columns if name in wrong]
    if not wrong and values:
        reading.entries.append(Entry(where.sheet, where.row, values))


def mistake(reading: Reading, entry: Entry, column: Column | None, why: str) -> Mistake:
    """A mistake found later, at the cell of ``column`` where the file has that column."""
    place = reading.headers[entry.sheet].columns.get(column.name, -1) if column else -1
    value = column.shown(entry.values[column.name]) if column and column.name in entry.values else ""
    cell = _at(place, entry.row) if place >= 0 else ""
    return Mistake(entry.sheet, entry.row, str(column.label) if column else "", cell, value[:60], why)


def _at(place: int, row: int) -> str:
    return f"{letters(place)}{row}"
