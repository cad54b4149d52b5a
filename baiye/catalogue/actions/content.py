"""What a version says, as it is written into a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.catalogue.models import STEPS, CourseVersion, Occupation
from baiye.catalogue.task_groups import GRADES, fits
from baiye.core import pinyin
from baiye.core.refusals import Refused

PLAIN = (
    *("title", "summary", "glyph", "riasec", "occupation", "task_group", "grade_from", "grade_to", "minutes"),
    *("hands_on_percent", "group_min", "group_ideal", "group_max", "bring", "price_fen", "price_covers"),
    *("access", "access_note"),
)
LISTS = ("hazards", "languages")
BY_STEP = ("steps", "pupil_notes", "instructor_notes")
CONTENT = (*PLAIN, *LISTS, *BY_STEP)
IN_ORDER = (  # column, the column it may not fall below, what is said when it does
    ("grade_to", "grade_from", gettext_lazy("要不低于「从几年级」。")),
    ("group_ideal", "group_min", gettext_lazy("要不少于「最少几人开课」。")),
    ("group_max", "group_ideal", gettext_lazy("要不少于「最合适几人」。")),
)


class CourseRefused(Refused):
    """The version may not be drafted, proposed, published or retired now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a version says."""

    title: str
    glyph: str
    riasec: str
    task_group: str
    grade_from: int
    grade_to: int
    minutes: int
    group_min: int
    group_ideal: int
    group_max: int
    summary: str = ""
    occupation: Occupation | None = None
    hands_on_percent: int | None = None
    hazards: Sequence[str] = ()
    steps: Mapping[str, str] = field(default_factory=dict)
    pupil_notes: Mapping[str, str] = field(default_factory=dict)
    instructor_notes: Mapping[str, str] = field(default_factory=dict)
    bring: str = ""
    price_fen: int = 0
    price_covers: str = ""
    languages: Sequence[str] = ("zh",)
    access: str = ""
    access_note: str = ""

    def fields(self) -> dict[str, object]:
        """The columns of a version that say this.

        Raises
        ------
        CourseRefused
            Two of its parts do not go together (``faults``).
        """
        for why in faults({name: getattr(self, name) for name in CONTENT}).values():
            raise CourseRefused(why)
        fields: dict[str, object] = {name: getattr(self, name) for name in PLAIN}
        fields |= {name: list(getattr(self, name)) for name in LISTS}
        fields |= {name: dict(getattr(self, name)) for name in BY_STEP}
        return fields | {"pinyin": pinyin.key(self.title)[:240]}


def faults(said: Mapping[str, Any]) -> dict[str, str]:
    """Column → why what is ``said`` there does not go with the rest; a column that is left out is not judged."""
    pairs = [
        (column, said[column], said[least], why) for column, least, why in IN_ORDER if {column, least} <= said.keys()
    ]
    found = {column: str(why) for column, value, least, why in pairs if value < least}
    grades = said.keys() >= {"task_group", "grade_from", "grade_to"} and "grade_to" not in found
    if grades and not fits(said["task_group"], said["grade_from"], said["grade_to"]):
        found["task_group"] = _unfit(said["task_group"])
    if said.get("price_fen") and not said.get("price_covers", "").strip():
        found["price_covers"] = _("收费的项目要写明费用包含什么。不收费就填 0。")
    if said.get("access") in {"adapted", "barred"} and not said.get("access_note", "").strip():
        found["access_note"] = _("请写明行动不便的学生要怎样调整，或卡在哪里。")
    return found


def _unfit(group: str) -> str:
    """Why a task group does not go with the grades, and what does."""
    meant = {"group": group, "first": GRADES[group].first, "last": GRADES[group].last}
    return _("「%(group)s」在课程标准里是 %(first)s–%(last)s 年级的任务群（高中不限）。请改年级，或换任务群。") % meant


def missing_steps(version: CourseVersion) -> list[str]:
    """The names of the four steps that a version leaves empty."""
    return [str(name) for key, name in STEPS if not version.steps.get(key, "").strip()]
