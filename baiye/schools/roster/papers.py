"""Excel files that go back to a school: the empty template, and its own list with what is wrong beside each row."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import xlsxwriter
from django.utils.translation import gettext as _

from baiye.schools.roll import BadValue
from baiye.schools.roster.columns import find_header
from baiye.schools.roster.sentences import COLUMNS, sentence
from baiye.schools.roster.tables import Cell, Table

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
TEMPLATE = ("roll", "name", "sex", "born_on", "grade", "class", "guardian", "phone", "guardian2", "phone2")
Findings = Sequence[Mapping[str, object]]


def template() -> bytes:
    """An empty roster: the header, every column as text so that no digit is lost; a second sheet with help."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        sheet = book.add_worksheet(_("学生名册"))
        sheet.set_column(0, len(TEMPLATE) - 1, 14, text)
        sheet.set_column(0, 0, 24, text)
        for column, name in enumerate(TEMPLATE):
            sheet.write_string(0, column, str(COLUMNS[name]), head)
        sheet.freeze_panes(1, 0)
        sheet.data_validation(1, 2, 5000, 2, {"validate": "list", "source": ["男", "女"]})
        help_sheet = book.add_worksheet(_("怎么填"))
        help_sheet.set_column(0, 0, 16, head)
        help_sheet.set_column(1, 1, 70)
        for row, (name, line) in enumerate(_how_to_fill().items()):
            help_sheet.write_string(row, 0, str(COLUMNS[name]), head)
            help_sheet.write_string(row, 1, line)
    return buffer.getvalue()


def _how_to_fill() -> dict[str, str]:
    return {
        "roll": _("19 位，以 G、J 或 L 开头。这一列要是文本，不然 Excel 会丢掉末尾几位"),
        "name": _("学生姓名，中间不用空格"),
        "sex": _("男或女"),
        "born_on": _("例如 2013-09-01；可以不填，按学籍号算"),
        "grade": _("例如 七年级、7；班级里写了年级，这一列可以不填"),
        "class": _("例如 七（3）班、7.3 或 3"),
        "guardian": _("家长登录时要核对。留空时，系统里原有的监护人不变"),
        "phone": _("11 位手机号，一格一个"),
        "guardian2": _("可以不填"),
        "phone2": _("可以不填"),
    }


def with_errors(tables: Sequence[Table], errors: Findings) -> bytes:
    """The file's own sheets as they were, with a last column that says what to change in each row."""
    said: dict[tuple[object, object], list[str]] = {}
    for each in errors:
        said.setdefault((each["sheet"], each["row"]), []).append(error_line(each))
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
            _write_table(book.add_worksheet(table.name[:31] or None), table, said, formats)
    return buffer.getvalue()


def error_line(error: Mapping[str, object]) -> str:
    """One line that says where, what stands there, and what to do: 性别（C5）“?”：性别请填“男”或“女”."""
    facts = error["facts"] if isinstance(error["facts"], Mapping) else {}
    where = f"{COLUMNS[str(error['column'])]}" + (f"（{error['cell']}）" if error["cell"] else "")
    value = f"“{error['value']}”" if error["value"] else ""
    return f"{where}{value}：{sentence(str(error['code']), facts)}"


def _write_table(
    sheet: xlsxwriter.worksheet.Worksheet,
    table: Table,
    said: Mapping[tuple[object, object], Sequence[str]],
    formats: Mapping[str, xlsxwriter.format.Format],
) -> None:
    width = max((len(row) for row in table.rows), default=0)
    sheet.set_column(0, max(width - 1, 0), 14)
    sheet.set_column(width, width, 60)
    heading = _header_row(table)
    for index, row in enumerate(table.rows):
        for column, value in enumerate(row):
            _write(sheet, index, column, value, formats)
        lines = [_("需要改的地方")] if index == heading else said.get((table.name, index + 1), [])
        if lines:
            sheet.write_string(index, width, "；".join(lines), formats["bad"])


def _header_row(table: Table) -> int:
    try:
        header = find_header(table.rows)
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
