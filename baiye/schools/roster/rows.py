"""The rows of a roster as pupils, and what is wrong with the others: every mistake of a row at once, not the first."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from baiye.core.sheets.header import Header
from baiye.core.sheets.tables import Cell, Table
from baiye.core.sheets.values import BadValue, compact, letters, text
from baiye.schools import roll
from baiye.schools.models import FIRST_GRADE, LAST_GRADE
from baiye.schools.roster import cells
from baiye.schools.roster.columns import find_header

REMARK = re.compile(r"(合计|共计|总计|小计|备注|说明|注|填表|制表|审核|校长|联系人|打印|第\d+页)")
ClassKey = tuple[str, int, int]  # stage, entry year, number


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file: the sheet ("" in a CSV) and the row as a spreadsheet counts it."""

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One pupil as the file has them. ``guardians`` is None where the file says nothing about them."""

    place: Place
    roll: str
    name: str
    sex: str
    born_on: date
    school_class: ClassKey
    guardians: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """One value that cannot stay: which column, what stands there, and the sentence that says what to do."""

    place: Place
    column: str
    cell: str
    value: str
    code: str
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """What the whole file holds. ``unsure`` are names in rows whose roll number is unusable."""

    entries: list[Entry] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)  # roll numbers, those of rows with mistakes included
    unsure: set[str] = field(default_factory=set)
    rows: int = 0


@dataclass(frozen=True, slots=True)
class School:
    """What a row is read against: the stages of the school, the school year meant, and the day of the check."""

    stages: tuple[str, ...]
    year: int
    on: date

    def class_key(self, name: roll.ClassName, grade: tuple[int | None, int | None] | None) -> ClassKey:
        """The class meant by its own text and the grade column together."""
        said = {
            self._entry(*each)
            for each in ((name.grade, name.entry_year), grade or (None, None))
            if each != (None, None)
        }
        if not said:
            raise BadValue("grade_empty")
        if len(said) > 1:
            raise BadValue("grade_differs")
        stage, entry_year = said.pop()
        return stage, entry_year, name.number

    def _entry(self, grade: int | None, entry_year: int | None) -> tuple[str, int]:
        for stage in self.stages:
            reached = grade or FIRST_GRADE[stage] + self.year - (entry_year or 0)
            if FIRST_GRADE[stage] <= reached <= LAST_GRADE[stage]:
                return stage, self.year - reached + FIRST_GRADE[stage]
        raise BadValue("grade_not_here")


def read_rows(tables: Iterable[Table], school: School, progress: Callable[[int], None]) -> Reading:
    """Every pupil and every mistake in these tables; raises BadValue where no table has a header or a pupil.

    ``progress`` is told now and then how many rows are done.
    """
    reading, found = Reading(), False
    first: dict[str, Place] = {}
    for table in tables:
        header = find_header(table.rows)
        if header is None:
            continue
        found = True
        for row in _rows(table, header, school):
            reading.rows += 1
            row.read()
            _file(reading, row, first)
            if reading.rows % 500 == 0:
                progress(reading.rows)
    if not found:
        raise BadValue("no_header")
    if not reading.rows:
        raise BadValue("no_rows")
    return reading


def _rows(table: Table, header: Header, school: School) -> Iterator["_Row"]:
    """The rows below the header that are meant as pupils: no empty ones, no repeated headers, no remarks."""
    title = [compact(str(cell)) for cell in table.rows[header.first_row - 1]]
    column = header.columns["class"]
    numbers = frozenset(text(row[column]) for row in table.rows if column < len(row) and isinstance(row[column], float))
    for index, values in enumerate(table.rows[header.first_row :], start=header.first_row + 1):
        row = _Row(Place(table.name, index), values, header.columns, school, numbers)
        if row.is_pupil() and [compact(str(cell)) for cell in values] != title:
            yield row


def _file(reading: Reading, row: "_Row", first: dict[str, Place]) -> None:
    number = row.values.get("roll")
    if number is None:
        reading.unsure.add(row.values.get("name", ""))
    elif number in first:
        row.blame("roll", BadValue("roll_twice", row=first[number].row))
    else:
        first[number] = row.place
        reading.seen.add(number)
    reading.mistakes += row.mistakes
    if not row.mistakes:
        reading.entries.append(row.entry())


class _Row:
    """One row while it is being read."""

    def __init__(
        self, place: Place, raw: Sequence[Cell], columns: dict[str, int], school: School, numbers: frozenset[str]
    ) -> None:
        self.place, self.raw, self.columns, self.school, self.numbers = place, raw, columns, school, numbers
        self.values: dict[str, Any] = {}
        self.mistakes: list[Mistake] = []

    def cell(self, name: str) -> Cell:
        column = self.columns.get(name, -1)
        return self.raw[column] if 0 <= column < len(self.raw) else ""

    def is_pupil(self) -> bool:
        """Whether the row is meant as one: not empty, and no remark (合计, 填表人) of a few cells without a number."""
        filled = [written for cell in self.raw if (written := text(cell))]
        if not any(text(self.cell(name)) for name in self.columns):
            return False
        has_number = re.match(r"[GJLgjl]\d", compact(text(self.cell("roll"))))
        return bool(has_number) or len(filled) > 4 or not REMARK.match(filled[0])

    def read(self) -> None:
        """Take every field; each that fails leaves its mistake."""
        self._take("roll", cells.roll_number)
        self._take("name", cells.name)
        self._take_sex()
        self._take_birthday()
        self._take_class()
        self._take_guardians()

    def blame(self, name: str, bad: BadValue) -> None:
        value = text(self.cell(name))
        if bad.code == "roll_twice":
            value = roll.mask_roll(self.values["roll"])
        column = self.columns.get(name, -1)
        label = f"{letters(column)}{self.place.row}" if column >= 0 else ""
        self.mistakes.append(Mistake(self.place, name, label, value[:60], bad.code, bad.facts))

    def entry(self) -> Entry:
        names = ("roll", "name", "sex", "born_on", "class", "guardians")
        return Entry(self.place, *(self.values[name] for name in names))

    def _take(self, name: str, read: Callable[[Cell], Any]) -> None:
        try:
            self.values[name] = read(self.cell(name))
        except BadValue as bad:
            self.blame(name, bad)

    def _take_sex(self) -> None:
        """The column; where the file has none, what the identity number says (odd is male)."""
        number = self.values.get("roll", "")
        if "sex" not in self.columns and number.startswith("G"):
            self.values["sex"] = "M" if int(number[17]) % 2 else "F"
        else:
            self._take("sex", cells.sex)

    def _take_birthday(self) -> None:
        """The column, which must agree with an identity number; where it is empty, what the roll number says."""
        number = self.values.get("roll", "")
        if number and not text(self.cell("born_on")):
            self.values["born_on"] = roll.birth_date(number)
            return
        self._take("born_on", lambda cell: cells.birthday(cell, self.school.on))
        inside = roll.birth_date(number) if number.startswith("G") else None
        if inside and self.values.get("born_on", inside) != inside:
            self.blame("born_on", BadValue("born_differs", birth=inside.isoformat()))

    def _take_class(self) -> None:
        self._take("class", lambda cell: cells.class_name(cell, self.numbers))
        grade = None
        if text(self.cell("grade")):
            self._take("grade", cells.grade)
            grade = self.values.get("grade")
            if grade is None:
                return
        if "class" in self.values:
            try:
                self.values["class"] = self.school.class_key(self.values["class"], grade)
            except BadValue as bad:
                self.blame("grade" if "grade" in self.columns else "class", bad)

    def _take_guardians(self) -> None:
        found: dict[str, str] = {}
        for end in ("", "2"):
            name, phone = f"guardian{end}", f"phone{end}"
            has_name, has_phone = (bool(text(self.cell(each))) for each in (name, phone))
            if has_name and has_phone:
                self._take(name, cells.name)
                self._take(phone, cells.phone)
                if self.values.get(phone) in found:
                    self.blame(phone, BadValue("guardian_twice"))
                found |= {self.values[phone]: self.values.get(name, "")} if phone in self.values else {}
            elif has_name and phone in self.columns:
                self.blame(phone, BadValue("guardian_without_phone"))
            elif has_phone:
                self.blame(name if name in self.columns else phone, BadValue("phone_without_guardian"))
        self.values["guardians"] = tuple((name, phone) for phone, name in found.items()) or None
