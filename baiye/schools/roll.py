"""学籍号, phones, grades and classes as people write them; nothing here touches the database or the clock."""

import re
from dataclasses import dataclass
from datetime import date

from baiye.core.sheets.values import BadValue, compact, half_width

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECKS = "10X98765432"
HAN_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
# Shanghai counts 5–4–3: 预初 is grade 6, so that 初一 is grade 7 as everywhere.
NAMED_GRADES = {"预初": 6, "预备": 6, "初预": 6, "初一": 7, "初二": 8, "初三": 9, "高一": 10, "高二": 11, "高三": 12}
NAMED_GRADES |= {f"{stage}{n}": base + n for stage, base in (("初", 6), ("高", 9)) for n in (1, 2, 3)}
NAMED_GRADES |= {f"{stage}{han}": 9 + n for stage in ("职", "中职") for han, n in list(HAN_DIGITS.items())[:3]}
NAMED_GRADES |= {f"高中{han}": 9 + n for han, n in list(HAN_DIGITS.items())[:3]}
LAST_CLASS = 60


# ── roll numbers ──


def check_digit(body: str) -> str:
    """The last character of an identity number for its first seventeen digits (GB 11643-1999)."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def parse_roll(text: str) -> str:
    """A roll number as it is kept: ``G``, ``J`` or ``L`` and 18 characters, checked as far as its kind has a check.

    ``G`` is followed by the identity number, ``J`` by a number of the school's own in the same form, ``L`` (temporary)
    by area, birth date and four free digits, so that only its form and its date are checked.
    """
    roll = compact(text).upper()
    if not roll:
        raise BadValue("roll_empty")
    if roll[0] not in "GJL":
        raise BadValue("roll_letter")
    if len(roll) != 19:
        raise BadValue("roll_short" if len(roll) < 19 else "roll_long", count=abs(19 - len(roll)))
    if not re.fullmatch(r"[GJL]\d{17}[\dX]", roll, re.ASCII):
        raise BadValue("roll_characters")
    if birth_date(roll) is None:
        raise BadValue("roll_birth", birth=roll[7:15])
    if roll[0] != "L" and check_digit(roll[1:18]) != roll[18]:
        raise BadValue("roll_check")
    return roll


def birth_date(roll: str) -> date | None:
    """The birth date inside a roll number; None when it is no date."""
    try:
        return date(int(roll[7:11]), int(roll[11:13]), int(roll[13:15]))
    except ValueError:
        return None


def mask_roll(roll: str) -> str:
    """``G310107********1234``."""
    return f"{roll[:7]}********{roll[-4:]}"


# ── phones ──


def parse_phone(text: str) -> str:
    """A mobile number of eleven digits, without +86, spaces and dashes."""
    phone = re.sub(r"[\s()\-]", "", half_width(text))
    phone = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", phone)
    if not phone.isascii() or not phone.isdigit():
        raise BadValue("phone_characters")
    if len(phone) != 11:
        raise BadValue("phone_short" if len(phone) < 11 else "phone_long", count=abs(11 - len(phone)))
    if not re.fullmatch(r"1[3-9]\d{9}", phone):
        raise BadValue("phone_range")
    return phone


def mask_phone(phone: str) -> str:
    """``139****5678``."""
    return f"{phone[:3]}****{phone[-4:]}"


# ── grades and classes ──


@dataclass(frozen=True, slots=True)
class ClassName:
    """A class as written: its number, and the grade (1–12) or the entry year where the text says one."""

    number: int
    grade: int | None = None
    entry_year: int | None = None


def han_number(text: str) -> int | None:
    """一 … 六十 as a number; None for anything else."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return HAN_DIGITS.get(text)
    if (tens and tens not in HAN_DIGITS) or (ones and ones not in HAN_DIGITS):
        return None
    return HAN_DIGITS.get(tens, 1) * 10 + HAN_DIGITS.get(ones, 0)


def parse_grade(text: str) -> tuple[int | None, int | None]:
    """(grade, entry year), one of them None: "七年级", "7", "初一", "预初", "高一年级", or "2025级"."""
    grade = _grade(compact(text))
    if grade == (None, None):
        raise BadValue("grade_unknown")
    return grade


def _grade(text: str) -> tuple[int | None, int | None]:
    if year := re.fullmatch(r"(20\d\d)[级届]", text):
        return (None, int(year[1])) if text[-1] == "级" else (None, None)
    bare = re.sub(r"(年级|年)$", "", text)
    if bare in NAMED_GRADES:
        return NAMED_GRADES[bare], None
    bare = re.sub(r"^(小学|初中)(?=.)", "", bare)
    if re.fullmatch(r"1[0-2]|0?[1-9]", bare):
        number: int | None = int(bare)
    else:
        number = han_number(bare)
    said = re.match(r"小学|初中", text)
    fits = {"小学": range(1, 7), "初中": range(6, 10)}.get(said[0] if said else "", range(1, 13))
    return (number if number in fits else None), None


def parse_class(text: str) -> ClassName:
    """A class as people write it: "3班", "七（3）班", "七年级3班", "7.3", "712", "2025级3班", "初一（十二）班"."""
    bare = re.sub(r"(班级|班)$", "", compact(text))
    whole = _class_number(re.sub(r"^[(\[](.*)[)\]]$", r"\1", bare))
    if whole is not None:
        return ClassName(number=whole)
    for pattern in (
        r"(.+?)[(\[](.+)[)\]]",
        r"(.+?)[.\-_/·・]0?(.+)",
        r"(1[0-2]|[1-9])(\d\d)",
        r"(.*\D)(\d{1,2})",
        r"(.*(?:级|年))(.+)",
    ):
        if (parts := re.fullmatch(pattern, bare)) and (number := _class_number(parts[2])) is not None:
            grade, year = _grade(parts[1])
            if grade or year:
                return ClassName(number=number, grade=grade, entry_year=year)
    return _run_together(bare)


def _run_together(bare: str) -> ClassName:
    """七三, 初一二, 预初十二: a grade in characters directly before a number in characters."""
    for cut in range(1, len(bare)):
        grade, year = _grade(bare[:cut])
        number = _class_number(bare[cut:])
        if number is not None and (grade or year) and not bare[:cut].isdigit():
            return ClassName(number=number, grade=grade, entry_year=year)
    raise BadValue("class_unknown")


def _class_number(text: str) -> int | None:
    number = int(text) if re.fullmatch(r"\d{1,2}", text, re.ASCII) else han_number(text)
    return number if number is not None and 1 <= number <= LAST_CLASS else None
