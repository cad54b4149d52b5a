"""Two versions of a course side by side, field by field, with what was taken out and what was put in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from baiye.catalogue.hazards import KNOWN
from baiye.catalogue.models import LANGUAGES, STEPS, CourseVersion

WORDS = re.compile(r"[A-Za-z0-9.]+|\s+|.")  # a Chinese character is a word


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: in both versions (""), only in the older (``out``) or only in the newer one (``in``)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One field of two versions."""

    label: str | Promise
    before: Sequence[Piece]
    after: Sequence[Piece]
    is_changed: bool


def compare(older: CourseVersion, newer: CourseVersion) -> list[Row]:
    """Every field of the two, in the order of the form; two queries for the supplies."""
    before, after = _told(older), _told(newer)
    return [_row(label, before[label], after[label]) for label in before]


def _row(label: str, before: str, after: str) -> Row:
    if before == after:
        same = [Piece("", before)] if before else []
        return Row(label, same, same, is_changed=False)
    old, new = WORDS.findall(before), WORDS.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, words, tag in ((left, old[i:j], "out"), (right, new[k:m], "in")):
            if words:
                side.append(Piece("" if kind == "equal" else tag, "".join(words)))
    return Row(label, left, right, is_changed=True)


def _told(version: CourseVersion) -> dict[str, str]:
    """Label → what the version says there, in words."""
    grades, groups = f"{version.grade_from}–{version.grade_to}", f"{version.group_min}–{version.group_max}"
    told = {
        _("项目名称"): version.title,
        _("一句话介绍"): version.summary,
        _("字头"): version.glyph,
        _("兴趣类型"): version.get_riasec_display(),
        _("对应职业"): version.occupation.name if version.occupation else "",
        _("劳动任务群"): version.get_task_group_display(),
        _("年级"): grades,
        _("时长（分钟）"): str(version.minutes),
        _("动手占比（%）"): "" if version.hands_on_percent is None else str(version.hands_on_percent),
        _("一场人数"): f"{groups} ({version.group_ideal})",
        _("要先问清的事"): "、".join(str(KNOWN[key].name) for key in version.hazards if key in KNOWN),
        _("要带什么"): version.bring,
        _("费用（元）"): yuan(version.price_fen),
        _("费用包含"): version.price_covers,
        _("语言"): "、".join(str(name) for code, name in LANGUAGES if code in version.languages),
        _("无障碍"): version.get_access_display(),
        _("无障碍说明"): version.access_note,
    }
    for key, name in STEPS:
        told[str(name)] = version.steps.get(key, "")
        told[_("%(step)s：给学生") % {"step": name}] = version.pupil_notes.get(key, "")
        told[_("%(step)s：给带教老师") % {"step": name}] = version.instructor_notes.get(key, "")
    told[_("设备与耗材")] = "；".join(
        f"{supply.name} {supply.quantity} {supply.get_share_display()}" for supply in version.supplies.order_by("name")
    )
    return told


def yuan(fen: int) -> str:
    """An amount in yuan, without a fraction where there is none."""
    return str(fen // 100) if fen % 100 == 0 else f"{fen // 100}.{fen % 100:02d}"
