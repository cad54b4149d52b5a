"""What the page of an upload says: where it stands, its figures, its findings line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.core.models import Upload
from baiye.core.shapes import Choice, Stat

Findings = Mapping[str, Sequence[Mapping[str, Any]]]
Kinds = Mapping[str, str | Promise]
KINDS: Kinds = {
    "errors": gettext_lazy("要改的"),
    "changed": gettext_lazy("有变动"),
    "added": gettext_lazy("新增"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the findings, ready to be read."""

    where: str
    name: str
    texts: Sequence[str]


class Staged(Protocol):
    """A file on its way in."""

    @property
    def refused(self) -> str: ...
    @property
    def checked_at(self) -> datetime | None: ...
    @property
    def asked_at(self) -> datetime | None: ...
    @property
    def applied_at(self) -> datetime | None: ...


def phase(upload: Staged) -> str:
    """Where it stands: "refused", "applied", "applying", "checking" or "ready"."""
    if upload.refused:
        return "refused"
    if upload.applied_at is not None:
        return "applied"
    if upload.asked_at is not None:
        return "applying"
    return "ready" if upload.checked_at is not None else "checking"


def stats(upload: Upload, unit: str) -> list[Stat]:
    """The figures of the dry run."""
    labels = {"added": _("新增"), "changed": _("有变动"), "same": _("没有变")}
    figures = [Stat(label, upload.counts.get(key, 0), unit) for key, label in labels.items()]
    return [*figures, Stat(_("要改的"), upload.counts.get("errors", 0), _("行"))]


def changes(upload: Upload) -> int:
    """How many rows an import would write."""
    return sum(int(upload.counts.get(key, 0)) for key in ("added", "changed"))


def choices(found: Findings, kind: str, kinds: Kinds = KINDS) -> list[Choice]:
    """The kinds that have a row, to choose from."""
    shown = [(each, label) for each, label in kinds.items() if found.get(each)]
    return [Choice(str(label), f"?show={each}", each == kind, len(found[each])) for each, label in shown]


def kind_of(asked: str, found: Findings, kinds: Kinds = KINDS) -> str:
    """The kind asked for, else the first that has a row; "" where nothing was found."""
    shown = [kind for kind in kinds if found.get(kind)]
    return asked if asked in shown else next(iter(shown), "")


def rows(kind: str, found: Findings) -> list[Row]:
    """The findings of one kind."""
    if kind == "errors":
        return [Row(where(each), "", [error_line(each)]) for each in found["errors"]]
    return [Row(where(each), each["name"], [_change(*one) for one in each["fields"]]) for each in found.get(kind, [])]


def notes(found: Findings) -> dict[tuple[str, int], list[str]]:
    """What to say beside each (sheet, row) that has a mistake."""
    said: dict[tuple[str, int], list[str]] = {}
    for each in found["errors"]:
        said.setdefault((each["sheet"], each["row"]), []).append(error_line(each))
    return said


def error_line(error: Mapping[str, Any]) -> str:
    """One line that says where, what stands there, and what to do: 容纳人数（C5）“多”：要填数字."""
    place = error["column"] + (f"（{error['cell']}）" if error["cell"] else "")
    value = f"“{error['value']}”" if error["value"] else ""
    return f"{place}{value}：{error['why']}" if place else str(error["why"])


def where(row: Mapping[str, Any]) -> str:
    """The row of the file, and its sheet where that has a name."""
    line = _("第 %(row)s 行") % {"row": row["row"]}
    return f"{row['sheet']} {line}" if row.get("sheet") else line


def _change(label: str, before: str, after: str) -> str:
    return f"{label}：{before} → {after}"
