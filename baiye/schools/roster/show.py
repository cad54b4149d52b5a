"""What the page of a roster says beyond what `core.sheets.show` says of any file: figures, and pupils line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.core.shapes import Stat
from baiye.core.sheets.show import Findings, Kinds, where
from baiye.schools.models import RosterUpload
from baiye.schools.roster.papers import error_line
from baiye.schools.roster.sentences import COLUMNS

KINDS: Kinds = {
    "errors": gettext_lazy("要改的"),
    "moved": gettext_lazy("换班"),
    "changed": gettext_lazy("有变动"),
    "added": gettext_lazy("新增"),
}
SEXES = {"F": gettext_lazy("女"), "M": gettext_lazy("男")}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the findings, ready to be read."""

    where: str
    name: str
    roll: str
    school_class: str
    texts: Sequence[str]


def stats(upload: RosterUpload) -> list[Stat]:
    """The figures of the dry run."""
    labels = {
        "added": _("新增"),
        "changed": _("有变动"),
        "moved": _("换班"),
        "same": _("没有变"),
        "left": _("名单里没有"),
    }
    figures = [Stat(label, upload.plan.get(key, 0), _("人")) for key, label in labels.items()]
    return [*figures, Stat(_("要改的"), upload.plan.get("errors", 0), _("行"))]


def changes(upload: RosterUpload) -> int:
    """How many pupils an import would add or change."""
    return sum(upload.plan.get(key, 0) for key in ("added", "changed", "moved"))


def lines(kind: str, found: Findings) -> list[Line]:
    """The findings of one kind."""
    if kind == "errors":
        return [Line(where(row), "", "", "", [error_line(row)]) for row in found["errors"]]
    return [Line(where(row), row["name"], row["roll"], row["class"], _texts(row)) for row in found.get(kind, [])]


def _texts(row: Mapping[str, Any]) -> list[str]:
    said = {"school": _("从别的学校转来"), "back": _("转出后回来")}
    texts = [said[note] for note in row.get("notes", [])]
    for name, (old, new) in row.get("fields", {}).items():
        before, after = (str(SEXES[old]), str(SEXES[new])) if name == "sex" else (old or _("（空）"), new)
        texts.append(f"{COLUMNS[name]}：{before} → {after}")
    return texts
