"""What the page of an upload says: where it stands, its figures, its findings line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.core.shapes import Stat
from baiye.schools.models import RosterUpload
from baiye.schools.roster.papers import error_line
from baiye.schools.roster.sentences import COLUMNS

Findings = Mapping[str, Sequence[Mapping[str, Any]]]
KINDS: dict[str, str | Promise] = {
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


def phase(upload: RosterUpload) -> str:
    """Where it stands: "refused", "applied", "applying", "checking" or "ready"."""
    if upload.refused:
        return "refused"
    if upload.applied_at is not None:
        return "applied"
    if upload.asked_at is not None:
        return "applying"
    return "ready" if upload.checked_at is not None else "checking"


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


def shown_kinds(found: Findings) -> list[tuple[str, str]]:
    """The kinds that have a row, with their names."""
    return [(kind, str(label)) for kind, label in KINDS.items() if found.get(kind)]


def kind_of(asked: str, found: Findings) -> str:
    """The kind asked for, else the first that has a row; "" where nothing was found."""
    kinds = [kind for kind, _label in shown_kinds(found)]
    return asked if asked in kinds else next(iter(kinds), "")


def lines(kind: str, found: Findings) -> list[Line]:
    """The findings of one kind."""
    if kind == "errors":
        return [Line(_where(row), "", "", "", [error_line(row)]) for row in found["errors"]]
    return [Line(_where(row), row["name"], row["roll"], row["class"], _texts(row)) for row in found.get(kind, [])]


def _where(row: Mapping[str, Any]) -> str:
    line = _("第 %(row)s 行") % {"row": row["row"]}
    return f"{row['sheet']} {line}" if row.get("sheet") else line


def _texts(row: Mapping[str, Any]) -> list[str]:
    said = {"school": _("从别的学校转来"), "back": _("转出后回来")}
    texts = [said[note] for note in row.get("notes", [])]
    for name, (old, new) in row.get("fields", {}).items():
        before, after = (str(SEXES[old]), str(SEXES[new])) if name == "sex" else (old or _("（空）"), new)
        texts.append(f"{COLUMNS[name]}：{before} → {after}")
    return texts
