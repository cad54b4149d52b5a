"""Excel files that go back to a school: the empty template, and its own list with what is wrong beside each row."""

import io
from collections.abc import Mapping, Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from baiye.core.sheets import paper, show
from baiye.core.sheets.tables import Table
from baiye.schools.roster.columns import HEADINGS
from baiye.schools.roster.sentences import COLUMNS, sentence

TEMPLATE = ("roll", "name", "sex", "born_on", "grade", "class", "guardian", "phone", "guardian2", "phone2")
Findings = Sequence[Mapping[str, object]]


def template() -> bytes:
    """An empty roster: the header, every column as text so that no digit is lost; a second sheet with help."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, paper.OPTIONS) as book:
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
    said: dict[tuple[str, int], list[str]] = {}
    for each in errors:
        said.setdefault((str(each["sheet"]), int(str(each["row"]))), []).append(error_line(each))
    return paper.with_notes(tables, said, HEADINGS)


def error_line(error: Mapping[str, object]) -> str:
    """One line that says where, what stands there, and what to do: 性别（C5）“?”：性别请填“男”或“女”."""
    facts = error["facts"] if isinstance(error["facts"], Mapping) else {}
    said = {"column": str(COLUMNS[str(error["column"])]), "why": sentence(str(error["code"]), facts)}
    return show.error_line({**error, **said})
