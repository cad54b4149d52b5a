"""What stands in a cell, made even: narrow, without what cannot be seen; and how a reader says that it is wrong."""

import unicodedata

INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0x00AD])


WIDE = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))  # digits and letters
NARROW = {code: code - 0xFEE0 for code in WIDE}


class BadValue(ValueError):
    """A value that cannot be what it should; ``code`` names its sentence, ``facts`` fill it."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def half_width(text: str) -> str:
    """``text`` with full-width characters made narrow, invisible ones removed, and one space for any run of space."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(INVISIBLE)).split())


def compact(text: str) -> str:
    """`half_width` without any space."""
    return half_width(text).replace(" ", "")


def tidied(text: str) -> str:
    """``text`` as it is kept: narrow digits and letters, nothing invisible, single spaces; its brackets stay."""
    return " ".join(text.translate(INVISIBLE | NARROW).split())


def text(cell: object) -> str:
    """A cell as one line of text; a whole number without ".0"."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return half_width(str(cell))


def letters(column: int) -> str:
    """A, B … Z, AA: a column as a spreadsheet names it."""
    named = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        named = chr(65 + rest) + named
    return named
