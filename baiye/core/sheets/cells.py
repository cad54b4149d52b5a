"""Readers of cells: each takes a cell that is not empty and gives its value, or raises BadValue with the reason."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import override

from baiye.core.sheets.columns import Text
from baiye.core.sheets.tables import Cell
from baiye.core.sheets.values import BadValue, compact, text, tidied

BETWEEN = re.compile(r"[,，、;；\n]+")
SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
UNITS = re.compile(r"(人|名|分钟|元|平方米|平米|m2|年级|次|%)$")
WHOLE_PHONE = re.compile(r"(\+86)?(1[3-9]\d{9}|0\d{2,3}\d{7,8}|\d{7,8})")
YES, NO = ("是", "有", "对", "yes", "y", "true", "1"), ("否", "无", "不是", "no", "n", "false", "0")
Reader = Callable[[Cell], Any]


def line(most: int) -> Reader:
    """One line of text of at most ``most`` characters; a number that Excel has rounded is refused."""

    def read(cell: Cell) -> str:
        written = text(cell) if isinstance(cell, float) else tidied(str(cell))
        if SCIENTIFIC.fullmatch(written):
            raise BadValue("counted_as_number")
        if len(written) > most:
            raise BadValue("too_long", most=most, count=len(written))
        return written

    return read


def prose(most: int) -> Reader:
    """Text that keeps its line breaks."""

    def read(cell: Cell) -> str:
        written = "\n".join(tidied(each) for each in str(cell).strip().splitlines())
        if len(written) > most:
            raise BadValue("too_long", most=most, count=len(written))
        return written

    return read


def number(least: int, most: int) -> Callable[[Cell], Decimal]:
    """A number between two others, both included; 30人 is 30."""

    def read(cell: Cell) -> Decimal:
        try:
            value = Decimal(UNITS.sub("", compact(text(cell)).lower()))
        except InvalidOperation as error:
            raise BadValue("no_number") from error
        if not value.is_finite():
            raise BadValue("no_number")
        if not least <= value <= most:
            raise BadValue("out_of_range", least=least, most=most)
        return value

    return read


def whole(least: int, most: int) -> Reader:
    """A whole number between two others, both included."""
    read_number = number(least, most)

    def read(cell: Cell) -> int:
        value = read_number(cell)
        if value != int(value):
            raise BadValue("not_whole")
        return int(value)

    return read


def degrees(least: int, most: int) -> Reader:
    """A coordinate, to about a tenth of a metre."""
    read_number = number(least, most)
    return lambda cell: round(float(read_number(cell)), 6)


def fen(most_yuan: int) -> Reader:
    """A price in yuan as fen."""
    read_number = number(0, most_yuan)

    def read(cell: Cell) -> int:
        value = read_number(cell) * 100
        if value != int(value):
            raise BadValue("not_fen")
        return int(value)

    return read


def yes_or_no(cell: Cell) -> bool:
    """是 or 否."""
    written = compact(str(cell) if isinstance(cell, bool) else text(cell)).lower()
    if written in YES:
        return True
    if written in NO:
        return False
    raise BadValue("yes_or_no")


def one_of(choices: Sequence[tuple[str, Text]]) -> Reader:
    """The key of one of ``choices``, written as it is called in any language of the site."""
    key_of = _keys(choices)
    return lambda cell: key_of(text(cell))


def some_of(choices: Sequence[tuple[str, Text]]) -> Reader:
    """The keys of some of ``choices``, in their order; between them commas, semicolons, new lines."""
    key_of = _keys(choices)

    def read(cell: Cell) -> list[str]:
        found = {key_of(word) for word in words(cell)}
        return [key for key, _label in choices if key in found]

    return read


def listed(most: int) -> Reader:
    """A few words with commas between, each of at most ``most`` characters."""

    def read(cell: Cell) -> list[str]:
        found = words(cell)
        for word in found:
            if len(word) > most:
                raise BadValue("too_long", most=most, count=len(word))
        return found

    return read


def words(cell: Cell) -> list[str]:
    """The words of a cell, each once."""
    found = [tidied(word) for word in BETWEEN.split(str(cell))]
    return list(dict.fromkeys(word for word in found if word))


def phone(cell: Cell) -> str:
    """A mobile or fixed phone without spaces and hyphens."""
    plain = re.sub(r"[\s()-]", "", text(cell))
    if SCIENTIFIC.fullmatch(plain):
        raise BadValue("counted_as_number")
    if not WHOLE_PHONE.fullmatch(plain):
        raise BadValue("no_phone")
    return plain.removeprefix("+86")


def email(cell: Cell) -> str:
    """A mail address."""
    written = compact(text(cell))
    try:
        validate_email(written)
    except ValidationError as error:
        raise BadValue("no_email") from error
    return written


def named(choices: Sequence[tuple[str, Text]]) -> Callable[[Any], str]:
    """How a key, or keys, of ``choices`` are written in a sheet."""

    def write(value: Any) -> str:
        labels = dict(choices)
        keys = value if isinstance(value, list) else [value] if value else []
        return "、".join(str(labels.get(key, key)) for key in keys)

    return write


def joined(value: Any) -> str:
    """Words as a sheet holds them."""
    return "、".join(value or ())


def said(value: Any) -> str:
    """是 or 否."""
    return "" if value is None else _("是") if value else _("否")


def yuan(value: Any) -> str:
    """Fen as yuan."""
    return "" if value is None else f"{Decimal(value) / 100:.2f}".removesuffix(".00")


def _keys(choices: Sequence[tuple[str, Text]]) -> Callable[[str], str]:
    """The key of a word, which is BadValue when it is none of ``choices``; their words are gathered once."""

    @cache
    def known() -> dict[str, str]:
        said: dict[str, str] = {}
        for language, _name in settings.LANGUAGES:
            with override(language):
                said |= {compact(str(label)).lower(): key for key, label in choices}
        return said

    def key_of(written: str) -> str:
        key = known().get(compact(written).lower())
        if key is None:
            offered = "、".join(str(label) for _key, label in choices)
            raise BadValue("no_such_choice", written=written[:20], choices=offered)
        return key

    return key_of
