"""One cell of a roster as what it means; raises BadValue with the reason where it means nothing."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from baiye.core.sheets.cells import SCIENTIFIC
from baiye.core.sheets.tables import Cell
from baiye.core.sheets.values import BadValue, compact, text
from baiye.schools import roll
from baiye.schools.roll import ClassName

EXCEL_EPOCH = date(1899, 12, 30)
CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
SEXES = {"男": "M", "男性": "M", "M": "M", "1": "M", "女": "F", "女性": "F", "F": "F", "2": "F"}
DOTS = re.compile(r"[•‧・⋅∙・．.﹒]")
YOUNGEST, OLDEST = 5, 22


def roll_number(cell: Cell) -> str:
    """A roll number; a number in its place has lost its last digits."""
    if isinstance(cell, int | float) or SCIENTIFIC.fullmatch(compact(str(cell))):
        raise BadValue("roll_number_cell")
    return roll.parse_roll(text(cell))


def name(cell: Cell) -> str:
    """A name without the spaces that fill 王 明 up, with one kind of dot."""
    whole = DOTS.sub("·", text(cell))
    if not whole:
        raise BadValue("name_empty")
    if not re.search(r"[A-Za-z]", whole):
        whole = whole.replace(" ", "")
    if len(whole) > 40:
        raise BadValue("name_long")
    # Co: rare characters that older systems keep in the private area
    if not all(
        unicodedata.category(each)[0] in "LM" or unicodedata.category(each) == "Co" or each in "· '-" for each in whole
    ):
        raise BadValue("name_characters")
    return whole


def sex(cell: Cell) -> str:
    """The letter F or M."""
    written = compact(text(cell)).upper()
    if not written:
        raise BadValue("sex_empty")
    if written not in SEXES:
        raise BadValue("sex_unknown")
    return SEXES[written]


def birthday(cell: Cell, on: date) -> date:
    """A birth date as a date cell, a serial number, or text in the forms people use; of someone of school age."""
    born = _date(cell)
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if not YOUNGEST <= age <= OLDEST:
        raise BadValue("born_range", age=age)
    return born


def _date(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    written = compact(CLOCK.sub("", text(cell)))
    if re.fullmatch(r"[2-5]\d{4}(\.0+)?", written):
        return EXCEL_EPOCH + timedelta(days=int(float(written)))
    whole = re.fullmatch(r"(\d{4})(\d\d)(\d\d)|(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", written)
    if not whole:
        short = re.fullmatch(r"\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?", written)
        raise BadValue("born_two_digit_year" if short else "born_unknown")
    try:
        year, month, day = filter(None, whole.groups())
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise BadValue("born_unknown") from error


def phone(cell: Cell) -> str:
    """A mobile number."""
    if SCIENTIFIC.fullmatch(compact(str(cell))):
        raise BadValue("phone_number_cell")
    return roll.parse_phone(re.sub(r"\.0+$", "", text(cell)))


def class_name(cell: Cell, numbers: frozenset[str]) -> ClassName:
    """A class; ``numbers`` are the class cells of the file that are numbers, in which 7.1 may have been 7.10."""
    written = compact(text(cell))
    if not written:
        raise BadValue("class_empty")
    if isinstance(cell, float) and not cell.is_integer():
        grade, _dot, number = written.partition(".")
        if number in {"1", "2", "3"} and f"{grade}.{(int(number) - 1) or ''}9" in numbers:
            raise BadValue("class_ambiguous", grade=grade)
    return roll.parse_class(written)


def grade(cell: Cell) -> tuple[int | None, int | None]:
    """(grade, entry year), one of them None."""
    return roll.parse_grade(text(cell))
