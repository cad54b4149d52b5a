"""What the larger parts of the look are made from: small values that a view puts together and a template tag draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

Text = str | Promise  # a promise is a text not yet translated
Tone = Literal["", "main", "soft", "mid", "pale", "hot", "bad"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place of the rail, the tab bar or the public bar."""

    label: Text
    url: str
    icon: str = "point"
    current: bool = False
    count: int = 0
    group: Text = ""  # heading above it in the rail
    tone: str = ""  # of the count: due, bad


@dataclass(frozen=True, slots=True)
class Step:
    """One bend of a river: done, now, or still dry."""

    label: Text
    note: Text = ""
    state: Literal["done", "now", ""] = ""
    due: Text = ""  # amber words under the present step


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few ways to see the same list."""

    label: Text
    url: str
    current: bool = False
    count: int | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Stat:
    """A key figure."""

    label: Text
    value: int | float | Text
    unit: Text = ""
    note: Text = ""
    tone: Literal["", "up", "down"] = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a histogram."""

    label: Text
    value: int
    tone: Tone = "main"


@dataclass(frozen=True, slots=True)
class BarRow:
    """One lying bar, with the limit it is measured against."""

    label: Text
    value: int
    limit: int | None = None
    glyph: str = ""
    k: str = ""  # letter of the type, with the glyph
    tone: Tone = ""  # empty: by value and limit


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """A share in per cent with its 95 % interval."""

    label: Text
    value: float
    low: float
    high: float
    out: bool = False  # outside the accepted band: drawn as a red diamond


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One whole cut into parts, in the order of the chart's names."""

    label: Text
    parts: Sequence[int]
