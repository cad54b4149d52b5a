"""One column of a sheet: what it is called, how a cell of it is read, shown and written, and how people fill it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from baiye.core.sheets.header import Headings, label
from baiye.core.sheets.tables import Cell

Text = str | Promise


def plain(value: Any) -> str:
    """A value as text; "" for none."""
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``read`` raises BadValue with the reason; an empty cell is never read, and changes nothing.

    ``must``: a new row needs it. ``write`` is what an export holds, ``show`` what a page says (a phone masked).
    """

    name: str
    label: Text
    read: Callable[[Cell], Any]
    help: Text = ""
    must: bool = False
    also: Sequence[str] = ()  # other headings people use
    offered: Sequence[Text] = ()
    width: int = 16
    write: Callable[[Any], str] = plain
    show: Callable[[Any], str] | None = None

    def shown(self, value: Any) -> str:
        """``value`` for a page; what is empty is said."""
        return (self.show or self.write)(value) or _("（空）")

    def explained(self) -> str:
        """How to fill it, in one line."""
        parts = [_("必填。") if self.must else "", str(self.help)]
        words = "、".join(str(word) for word in self.offered)
        return "".join(parts) + (_("可以填：%(words)s") % {"words": words} if words else "")


def headings(columns: Sequence[Column], *, known_by: Sequence[str]) -> Headings:
    """What the columns are called, in every language of the site; a sheet needs those it is ``known_by``."""
    names: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            names |= {label(str(column.label)): column.name for column in columns}
    names |= {label(word): column.name for column in columns for word in column.also}
    labels = {column.name: column.label for column in columns}
    return Headings(names, labels, anchor=known_by[0], required=known_by, least=min(2, len(columns)))
