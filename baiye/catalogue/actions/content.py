"""What a version says, as it is written into a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

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
            The task group is not meant for one of the grades, a price does not say what it covers, or the like.
        """
        if not fits(self.task_group, self.grade_from, self.grade_to):
            raise CourseRefused(unfit(self.task_group))
        if self.price_fen and not self.price_covers.strip():
            raise CourseRefused(_("收费的项目要写明费用包含什么。不收费就填 0。"))
        if self.access in {"adapted", "barred"} and not self.access_note.strip():
            raise CourseRefused(_("请写明行动不便的学生要怎样调整，或卡在哪里。"))
        fields: dict[str, object] = {name: getattr(self, name) for name in PLAIN}
        fields |= {name: list(getattr(self, name)) for name in LISTS}
        fields |= {name: dict(getattr(self, name)) for name in BY_STEP}
        return fields | {"pinyin": pinyin.key(self.title)[:240]}


def unfit(group: str) -> str:
    """Why a task group does not go with the grades, and what does."""
    meant = {"group": group, "first": GRADES[group].first, "last": GRADES[group].last}
    return _("「%(group)s」在课程标准里是 %(first)s–%(last)s 年级的任务群（高中不限）。请改年级，或换任务群。") % meant


def missing_steps(version: CourseVersion) -> list[str]:
    """The names of the four steps that a version leaves empty."""
    return [str(name) for key, name in STEPS if not version.steps.get(key, "").strip()]
