"""Which column holds what: the header row is found by its names, under any title, in any order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from baiye.schools.roll import BadValue, compact
from baiye.schools.roster.sentences import COLUMNS
from baiye.schools.roster.tables import Cell

LOOK_DOWN = 30  # rows in which a header may stand
REQUIRED = ("roll", "name", "class")
PHONE_WORDS = ("手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "联系方式", "联系手机", "移动电话")
FIRST = ("监护人", "监护人1", "监护人一", "第一监护人", "家长", "家长1", "家长一", "父亲", "爸爸", "联系人")
SECOND = ("监护人2", "监护人二", "第二监护人", "家长2", "家长二", "母亲", "妈妈")
NAMES: dict[str, str] = {}
for _field, _words in {
    "roll": "学籍号 学籍号码 学籍编号 全国学籍号 全国学籍号码 学生学籍号 国网学籍号 全国学籍编号",
    "name": "姓名 学生姓名 名字 学生 学生名字",
    "sex": "性别 学生性别",
    "born_on": "出生日期 出生年月日 生日 出生年月 出生 学生出生日期",
    "grade": "年级 所在年级 年级名称 就读年级 学生年级",
    "class": "班级 所在班级 班级名称 班号 班 行政班 就读班级 学生班级 班别",
    "phone": " ".join(PHONE_WORDS),
}.items():
    NAMES |= dict.fromkeys(_words.split(), _field)
for _end, _people in (("", FIRST), ("2", SECOND)):
    for _who in _people:
        NAMES |= dict.fromkeys((_who, f"{_who}姓名", f"{_who}名字"), f"guardian{_end}")
        NAMES |= dict.fromkeys((f"{_who}{word}" for word in PHONE_WORDS), f"phone{_end}")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header of a table ends (index of the first row below it), and which column holds which field."""

    first_row: int
    columns: dict[str, int]


def find_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The header among the first rows, on one line or two; None when no row names a roll number and a name.

    Raises BadValue where a header is there but a column is missing or named twice.
    """
    for index, row in enumerate(rows[:LOOK_DOWN]):
        below = rows[index + 1] if index + 1 < len(rows) else []
        options = [Header(index + 1, _fields(_labels(row)))]
        if any(compact(str(cell)) for cell in below):
            options.append(Header(index + 2, _fields(_two_lines(row, below))))
        best = max(options, key=lambda header: len(header.columns))
        if "roll" in best.columns and len(best.columns) >= 3:
            return _complete(best)
    return None


def _labels(row: Sequence[Cell]) -> list[str]:
    return [_label(cell) for cell in row]


def _label(cell: Cell) -> str:
    """A header's name without stars, colons, notes in brackets and space."""
    return re.sub(r"[*:#√]|\(.*?\)|\[.*?\]|【.*?】|\(.*$", "", compact(str(cell))) if isinstance(cell, str) else ""


def _two_lines(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[str]:
    """The names of a header on two lines: 监护人 over 姓名 and 手机 becomes 监护人姓名 and 监护人手机."""
    labels, group = [], ""
    for column in range(max(len(upper), len(lower))):
        top = _label(upper[column]) if column < len(upper) else ""
        bottom = _label(lower[column]) if column < len(lower) else ""
        group = top or (group if bottom else "")
        stem = re.sub(r"(信息|情况)$", "", group)
        labels.append(stem + bottom if stem + bottom in NAMES or not top else (bottom if bottom in NAMES else top))
    return labels


def _fields(labels: Sequence[str]) -> dict[str, int]:
    """Field → column; the second 监护人 or 手机 is the second guardian's. A name twice is remembered under "twice"."""
    columns: dict[str, int] = {}
    for column, label in enumerate(labels):
        field = NAMES.get(label, "")
        if field in {"guardian", "phone"} and field in columns:
            field += "2"
        if field and field in columns:
            columns.setdefault(f"twice {field}", column)
        elif field:
            columns[field] = column
    return columns


def _complete(header: Header) -> Header:
    if twice := next((key for key in header.columns if key.startswith("twice ")), None):
        raise BadValue("column_twice", name=str(COLUMNS[twice.removeprefix("twice ")]))
    if missing := [field for field in REQUIRED if field not in header.columns]:
        raise BadValue("column_missing", names="、".join(str(COLUMNS[field]) for field in missing))
    return header
