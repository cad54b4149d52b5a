"""Roster files for tests, as schools make them, and their way in."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import xlsxwriter

from baiye.core import clock, jobs
from baiye.schools.models import school_year
from baiye.schools.roster import actions, queries
from baiye.schools.tests.factories import roll_number

HEADER = ("学籍号", "姓名", "性别", "出生日期", "年级", "班级", "监护人", "监护人手机")


@dataclass(frozen=True)
class Row:
    """One pupil as a line of a roster."""

    roll: str = roll_number(1)
    name: str = "林小满"
    sex: str = "女"
    born_on: str = "2013-09-01"
    grade: str = "七年级"
    school_class: str = "七（3）班"
    guardian: str = "林建国"
    phone: str = "15400000001"

    def values(self) -> list[str]:
        return [*self.__dict__.values()]

    def but(self, **fields: str) -> "Row":
        return replace(self, **fields)


def row(n: int, **fields: str) -> Row:
    """The ``n``-th pupil of a school."""
    return Row(roll=roll_number(n), name=f"示例{'甲乙丙丁戊己庚辛'[n % 8]}", phone=f"154{n:08d}").but(**fields)


def xlsx(rows: Sequence[Sequence[object]], sheet: str = "名册") -> bytes:
    """The rows as one sheet, text as text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as book:
        page = book.add_worksheet(sheet)
        for index, values in enumerate(rows):
            page.write_row(index, 0, values)
    return buffer.getvalue()


def roster(*rows: Row, title: bool = True) -> bytes:
    """A workbook with a title over the header, as schools keep it."""
    head: list[Sequence[object]] = [["示例学校学生名册"], HEADER] if title else [HEADER]
    return xlsx([*head, *(each.values() for each in rows)])


def as_csv(rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def upload(school, by, data, name="名册.xlsx"):
    """The file after its check."""
    made = actions.upload_roster(
        school=school, file_name=name, data=data, for_year=school_year(clock.today()), by=by, at=clock.now()
    )
    jobs.run_due()
    return queries.find_upload(made.pk)


def import_(school, by, data, leavers=()):
    """The file after it was put in, or stopped."""
    made = upload(school, by, data)
    actions.ask_import(upload=made, leavers=leavers, by=by, at=clock.now())
    jobs.run_due()
    return queries.find_upload(made.pk)


def counts(made):
    """What a check found, nought left out."""
    return {kind: number for kind, number in made.plan.items() if kind != "fingerprint" and number}
