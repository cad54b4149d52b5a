"""A file as tables of cells: .xlsx by calamine, .csv in the encodings that Excel and WPS write here."""

import codecs
import csv
import io
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from baiye.core.sheets import guard
from baiye.core.sheets.values import BadValue

Cell = object  # str | int | float | bool | date | datetime | time | timedelta; "" where nothing stands


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name, and its rows from the first line on (row 1 of the sheet is ``rows[0]``)."""

    name: str
    rows: list[list[Cell]]


def read_tables(name: str, data: bytes) -> list[Table]:
    """Every visible sheet of the file; raises BadValue with the reason when the file cannot be taken."""
    if guard.refuse_unfit(name, data) == "csv":
        return [Table(name="", rows=_read_csv(data))]
    guard.refuse_hollow(data)
    return _read_xlsx(data)


def _read_xlsx(data: bytes) -> list[Table]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        return [Table(name=each, rows=_filled(book.get_sheet_by_name(each))) for each in names]
    except CalamineError as error:
        raise BadValue("file_broken") from error


def _filled(sheet: CalamineSheet) -> list[list[Cell]]:
    """The cells of a sheet; what is merged downwards (a class name beside its forty pupils) stands in every row."""
    rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []:
        if bottom > top and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    return rows


def _read_csv(data: bytes) -> list[list[Cell]]:
    text = _decode(data)
    if "\0" in text:
        raise BadValue("file_broken")
    head = "\n".join(text.splitlines()[:30])
    separator = max((",", "\t", ";", "，"), key=head.count)
    try:
        rows = [
            [_plain(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ]
    except csv.Error as error:
        raise BadValue("file_broken") from error
    if len(rows) > guard.MAX_ROWS + 100:
        raise BadValue("file_too_many_rows")
    return rows


def _decode(data: bytes) -> str:
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if is_wide else ["utf-8-sig", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadValue("file_encoding")


def _plain(cell: str) -> Cell:
    """A cell without the marks by which people keep Excel from counting: ="G31…", a leading apostrophe."""
    text = cell.strip()
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1]
    return text.removeprefix("'")
