"""Tables as schools have them: any usual encoding, separator and heading, Chinese or English."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from baiye_placement.problem import ProblemError

ENCODINGS = ("utf-8-sig", "gb18030")
SEPARATORS = ",;\t"
CHINESE = "零一二三四五六七八九"
NUMBERED = re.compile(
    r"(?:wish|choice|preference|option|志愿|选择)(\d+)|(\d+)(?:st|nd|rd|th)?(?:wish|choice|preference|志愿|选择)"
)
LISTS = re.compile(r"[;；、┋|\n]")  # what joins the items of one cell


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: ``cells`` by the meaning of their column, ``wishes`` by number; ``where`` names the row."""

    where: str
    cells: Mapping[str, str]
    wishes: Sequence[tuple[int, str]]

    def get(self, meaning: str) -> str:
        return self.cells.get(meaning, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file, and which heading was taken for which meaning."""

    lines: tuple[Line, ...]
    headings: Mapping[str, str]


def read_sheet(path: Path, meanings: Mapping[str, Iterable[str]], needed: Iterable[str]) -> Sheet:
    """The table in ``path``.

    Parameters
    ----------
    meanings
        For each meaning the headings that stand for it, the best one first, in any case and spacing.
    needed
        Meanings without which the file says nothing.

    Raises
    ------
    ProblemError
        The file is not text, has no rows, or lacks a needed column; the headings that would do are named.
    """
    rows = _rows(path)
    if not rows:
        raise ProblemError([f"{path.name} is empty"])
    columns, wishes = _columns(rows[0][1], meanings)
    missing = [
        f"{path.name}: no column {' or '.join(repr(h) for h in meanings[meaning])}; it has: {', '.join(rows[0][1])}"
        for meaning in needed
        if meaning not in columns
    ]
    if missing:
        raise ProblemError(missing)
    lines = [
        Line(
            f"{path.name}, line {number}",
            {meaning: _cell(row, i) for meaning, i in columns.items()},
            [(wish, _cell(row, i)) for wish, i in sorted(wishes.items()) if _cell(row, i)],
        )
        for number, row in rows[1:]
    ]
    taken = {meaning: rows[0][1][i] for meaning, i in columns.items()}
    taken |= {f"wish {wish}": rows[0][1][i] for wish, i in sorted(wishes.items())}
    return Sheet(tuple(lines), taken)


def _columns(headings: Sequence[str], meanings: Mapping[str, Iterable[str]]) -> tuple[dict[str, int], dict[int, int]]:
    """The column of each meaning (by its best heading that is there), and of each wish by its number."""
    found = [plain(heading) for heading in headings]
    columns = {
        meaning: found.index(own[0])
        for meaning, names in meanings.items()
        if (own := [plain(name) for name in names if plain(name) in found])
    }
    wishes: dict[int, int] = {}
    for i, heading in enumerate(found):
        if number := wish_number(heading):
            wishes.setdefault(number, i)
    return columns, wishes


def plain(text: str) -> str:
    """``text`` as it is compared: width, case and spaces do not count."""
    return re.sub(r"[\s_\-:：()（）第]+", "", unicodedata.normalize("NFKC", text)).casefold()


def wish_number(heading: str) -> int:
    """Which wish a column holds: 1 for ``Wish 1``, ``1st choice``, ``第一志愿``; 0 for none."""
    text = plain(heading)
    for digit, chinese in enumerate(CHINESE):
        text = text.replace(chinese, str(digit))
    text = re.sub(r"(?<!\d)十(\d?)", lambda m: f"1{m[1] or 0}", text)
    found = NUMBERED.fullmatch(text)
    return int(found[1] or found[2]) if found else 0


def items(cell: str) -> list[str]:
    """The items of one cell, joined by ``;`` or what forms put between them."""
    return [part.strip() for part in LISTS.split(cell) if part.strip()]


def _cell(row: Sequence[str], i: int) -> str:
    return unicodedata.normalize("NFC", row[i]).strip() if i < len(row) else ""


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """(line, cells) of each row that is not empty."""
    text = _text(path)
    head = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(StringIO(text), delimiter=max(SEPARATORS, key=head.count))
    return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]


def _text(path: Path) -> str:
    raw = path.read_bytes()
    encodings = ("utf-16",) if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else ENCODINGS
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ProblemError([f"{path.name} is neither UTF-8 nor GB18030 text; save it as CSV"])
