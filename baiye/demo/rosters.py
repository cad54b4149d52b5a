"""Rosters as schools really send them: an Excel file for each school, under a merged title, some digits full-width."""

import io
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import xlsxwriter

from baiye.demo.people import Child, children

COLUMNS = ["学籍号", "姓名", "性别", "出生日期", "年级", "班级", "监护人", "监护人手机"]
CLASS_SIZE = 31
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
HAN = {6: "六年级", 7: "七年级", 8: "八年级", 9: "九年级"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a roster."""

    child: Child
    grade: int
    number: int


def shares(weights: Sequence[float], total: int) -> list[int]:
    """``total`` split by ``weights`` into whole numbers (largest remainder), each at least one class of 20."""
    exact = [total * weight / sum(weights) for weight in weights]
    floor = [int(value) for value in exact]
    behind = sorted(range(len(exact)), key=lambda i: floor[i] - exact[i])
    for i in behind[: total - sum(floor)]:
        floor[i] += 1
    return [max(20, value) for value in floor]


def lines_of(grade: int, pupils: int, *, born_in: int, seed: str, first: int) -> Iterator[Line]:
    """The lines of one grade of one school, in classes of about ``CLASS_SIZE``."""
    classes = max(1, round(pupils / CLASS_SIZE))
    for index, child in enumerate(children(pupils, born_in=born_in, seed=seed, first=first)):
        yield Line(child, grade, index % classes + 1)


def excel(school: str, lines: Iterable[Line], seed: str) -> bytes:
    """The roster as .xlsx, with the small untidiness of life: column order, full-width digits, an empty line."""
    rng = random.Random(f"baiye roster {seed}")
    order = list(COLUMNS)
    rng.shuffle(order)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("花名册")
        sheet.merge_range(0, 0, 0, len(order) - 1, f"{school}学生花名册")
        sheet.write_row(2, 0, order)
        for row, line in enumerate(sorted(lines, key=lambda each: (each.grade, each.number)), start=3):
            values = _cells(line, wide=rng.random() < 0.05)
            sheet.write_row(row, 0, [values[name] for name in order])
    return buffer.getvalue()


def _cells(line: Line, *, wide: bool) -> dict[str, str]:
    child = line.child
    phone = child.phone.translate(WIDE) if wide else child.phone
    return {
        "学籍号": child.roll_number,
        "姓名": child.name,
        "性别": "女" if child.sex == "F" else "男",
        "出生日期": f"{child.born_on:%Y-%m-%d}",
        "年级": HAN[line.grade],
        "班级": f"{line.number}班",
        "监护人": child.guardian,
        "监护人手机": phone,
    }
