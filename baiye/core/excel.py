"""Excel files for people: a header that stays, text that stays text (roll numbers keep all their digits)."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(sheet: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet as .xlsx; numbers stay numbers, everything else is text (never a formula)."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        page = book.add_worksheet(sheet[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        page.freeze_panes(1, 0)
        page.set_column(0, len(header) - 1, 16)
        for column, title in enumerate(header):
            page.write_string(0, column, str(title), bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(page, line, column, value)
    return buffer.getvalue()


def _write(page: xlsxwriter.worksheet.Worksheet, line: int, column: int, value: object) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(line, column, value)
    elif value not in (None, ""):
        page.write_string(line, column, str(value))


def download(name: str, content: bytes) -> HttpResponse:
    """``content`` as a file to keep; ``name`` without ending."""
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition or "attachment"})
