"""Excel files that go back to people: a template, rows as the importer takes them, and a file with notes beside it."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import xlsxwriter
from django.utils.translation import gettext as _

from baiye.core.sheets.columns import Column
from baiye.core.sheets.header import Headings, find_header
from baiye.core.sheets.tables import Cell, Table
from baiye.core.sheets.values import BadValue

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
ROOM = 5000  # rows of a template that offer a list to choose from
LONGEST_LIST = 250  # Excel offers no more characters than that


def filled(
    title: str, columns: Sequence[Column], rows: Iterable[Mapping[str, object]], *, extra: Sequence[str] = ()
) -> bytes:
    """``rows`` under the headings that the importer reads; with no rows it is the template.

    Every column is text, so that no digit is lost; a second sheet says how to fill it. ``extra`` are columns of a row
    that are there to be read alone; the importer passes over them.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        sheet = book.add_worksheet(title[:31])
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width, text)
            sheet.write_string(0, index, str(column.label), head)
            _offer(sheet, index, column)
        for index, label in enumerate(extra, start=len(columns)):
            sheet.set_column(index, index, 16, text)
            sheet.write_string(0, index, label, head)
        sheet.freeze_panes(1, 1)
        for line, row in enumerate(rows, start=1):
            _write_row(sheet, line, columns, extra, row, text)
        _explain(book, columns, head)
    return buffer.getvalue()


def _write_row(
    sheet: xlsxwriter.worksheet.Worksheet,
    line: int,
    columns: Sequence[Column],
    extra: Sequence[str],
    row: Mapping[str, object],
    text: xlsxwriter.format.Format,
) -> None:
    shown = [column.write(row.get(column.name)) for column in columns]
    for index, value in enumerate([*shown, *(str(row.get(label, "")) for label in extra)]):
        if value:
            sheet.write_string(line, index, value, text)


def _offer(sheet: xlsxwriter.worksheet.Worksheet, index: int, column: Column) -> None:
    """A list to choose from, where the cell holds one of a few words."""
    words = [str(word) for word in column.offered]
    if words and len(",".join(words)) <= LONGEST_LIST:
        sheet.data_validation(1, index, ROOM, index, {"validate": "list", "source": words, "error_type": "warning"})


def _explain(book: xlsxwriter.Workbook, columns: Sequence[Column], head: xlsxwriter.format.Format) -> None:
    sheet = book.add_worksheet(_("怎么填"))
    sheet.set_column(0, 0, 18, head)
    sheet.set_column(1, 1, 90, book.add_format({"text_wrap": True, "valign": "top"}))
    lines = [(str(column.label), column.explained()) for column in columns]
    lines.append((_("空着的格子"), _("空着就是不改：原有的内容会留着。表里没有的行也不会被删掉。")))
    for row, (label, line) in enumerate(lines):
        sheet.write_string(row, 0, label, head)
        sheet.write_string(row, 1, line)


def with_notes(tables: Sequence[Table], said: Mapping[tuple[str, int], Sequence[str]], headings: Headings) -> bytes:
    """The file's own sheets as they were, with a last column for what is ``said`` of (sheet, row)."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": book.add_format({"num_format": "@"}),
            "bad": book.add_format(
                {"num_format": "@", "font_color": "#952017", "bg_color": "#FCE8E4", "text_wrap": True}
            ),
        }
        for table in tables:
            sheet = book.add_worksheet(table.name[:31] or None)
            _write_table(sheet, table, said, _header_row(table, headings), formats)
    return buffer.getvalue()


def _write_table(
    sheet: xlsxwriter.worksheet.Worksheet,
    table: Table,
    said: Mapping[tuple[str, int], Sequence[str]],
    heading: int,
    formats: Mapping[str, xlsxwriter.format.Format],
) -> None:
    width = max((len(row) for row in table.rows), default=0)
    sheet.set_column(0, max(width - 1, 0), 14)
    sheet.set_column(width, width, 60)
    for index, row in enumerate(table.rows):
        for column, value in enumerate(row):
            _write(sheet, index, column, value, formats)
        lines = [_("需要改的地方")] if index == heading else said.get((table.name, index + 1), [])
        if lines:
            sheet.write_string(index, width, "；".join(lines), formats["bad"])


def _header_row(table: Table, headings: Headings) -> int:
    try:
        header = find_header(table.rows, headings)
    except BadValue:
        return -1
    return header.first_row - 1 if header else -1


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    value: Cell,
    formats: Mapping[str, xlsxwriter.format.Format],
) -> None:
    if isinstance(value, datetime | date):
        sheet.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    elif value not in ("", None):
        sheet.write_string(row, column, str(value), formats["text"])
