"""The ten labour task groups (劳动任务群), and the grades each is meant for.

Source: 《义务教育劳动课程标准（2022 年版）》, its table of task groups by stage (grades 1–2, 3–4,
5–6, 7–9). The table stands here from memory of the standard and was not compared with the printed text. Senior high
school (grades 10–12) is not in that standard: any group may be offered there.
"""

from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

TASK_GROUPS = [
    ("清洁与卫生", _("清洁与卫生")),
    ("整理与收纳", _("整理与收纳")),
    ("烹饪与营养", _("烹饪与营养")),
    ("家用器具使用与维护", _("家用器具使用与维护")),
    ("农业生产劳动", _("农业生产劳动")),
    ("传统工艺制作", _("传统工艺制作")),
    ("工业生产劳动", _("工业生产劳动")),
    ("新技术体验与应用", _("新技术体验与应用")),
    ("现代服务业劳动", _("现代服务业劳动")),
    ("公益劳动与志愿服务", _("公益劳动与志愿服务")),
]
SENIOR_HIGH = 10  # from this grade on


class Grades(NamedTuple):
    """From one grade to another, both included."""

    first: int
    last: int


GRADES = {
    "清洁与卫生": Grades(1, 4),
    "整理与收纳": Grades(1, 9),
    "烹饪与营养": Grades(1, 9),
    "家用器具使用与维护": Grades(3, 9),
    "农业生产劳动": Grades(1, 9),
    "传统工艺制作": Grades(1, 9),
    "工业生产劳动": Grades(5, 9),
    "新技术体验与应用": Grades(5, 9),
    "现代服务业劳动": Grades(3, 9),
    "公益劳动与志愿服务": Grades(3, 9),
}


def fits(group: str, first: int, last: int) -> bool:
    """Whether every grade from ``first`` to ``last`` may do a task of ``group``."""
    meant = GRADES[group]
    return all(meant.first <= grade <= meant.last or grade >= SENIOR_HIGH for grade in range(first, last + 1))


def fitting() -> Q:
    """The same rule for the database, over ``task_group``, ``grade_from`` and ``grade_to``."""
    rule = Q(grade_from__gte=SENIOR_HIGH)
    for group, meant in GRADES.items():
        until = Q() if meant.last == SENIOR_HIGH - 1 else Q(grade_to__lte=meant.last)
        rule |= Q(task_group=group, grade_from__gte=meant.first) & until
    return rule
