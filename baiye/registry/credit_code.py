"""统一社会信用代码 (GB 32100-2015): what may be typed, and whether the check character is right.

A code that fails is no proof of an error: some early codes were issued wrongly. So it is a warning that people confirm.
"""

import re
import unicodedata

from django.db.models import BooleanField, Func

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # neither I, O, S, V nor Z
WEIGHTS = [pow(3, place, 31) for place in range(17)]
WRITTEN = re.compile(f"[{LETTERS}]{{18}}")


class CreditCodeHolds(Func):
    """The same check in the database: true for a code whose last character agrees with the others."""

    function = "registry_credit_code_holds"
    output_field = BooleanField()


def tidied(code: str) -> str:
    """``code`` as it is kept: half-width capitals without spaces or hyphens."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code)).upper()


def holds(code: str) -> bool:
    """Whether a tidied code has 18 allowed characters, the last of which agrees with the first 17."""
    return bool(WRITTEN.fullmatch(code)) and code[-1] == check_character(code[:17])


def check_character(body: str) -> str:
    """The last character of the code that begins with these 17."""
    total = sum(weight * LETTERS.index(letter) for weight, letter in zip(WEIGHTS, body, strict=True))
    return LETTERS[-total % 31]
