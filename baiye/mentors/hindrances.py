"""Why an adult may not be with pupils on certain days: asked of the database alone, said here in words."""

from collections.abc import Collection
from datetime import date

from django.db import connection
from django.utils.translation import gettext_lazy as _

from baiye.mentors.models import Mentor

SENTENCES = {
    "left": _("已经不再带教。换一位。"),
    "check_missing": _("还没有从业查询结果。请先查询并登记。"),
    "check_not_clear": _("最近一次从业查询没有通过，不能接触学生。换一位。"),
    "check_out_of_date": _("到那天，从业查询已经满一年。请重新查询并登记。"),
    "appointing_body": _("校外辅导员还没有聘任单位。请先写明由谁聘任。"),
    "appointment": _("那天不在聘期内。请先办聘任或续聘。"),
    "training": _("那天没有有效的辅导员培训合格证书。请先培训，或登记已有的证书。"),
}


def why_not(mentor: Mentor, first: date, last: date) -> str:
    """The code of what keeps ``mentor`` from pupils between two days, both included; empty when nothing does.

    One query; for visits, talks and whatever else brings an adult to pupils.
    """
    return hindrances([mentor.pk], first, last).get(mentor.pk, "")


def hindrances(mentor_ids: Collection[int], first: date, last: date) -> dict[int, str]:
    """Mentor → code, of those who may not be with pupils between two days; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, mentors_hinders(id, %s, %s) FROM unnest(%s::bigint[]) AS asked (id)",
            [first, last, list(mentor_ids)],
        )
        return {pk: code for pk, code in cursor.fetchall() if code is not None}


def sentence(code: str | None) -> str:
    """What is in the way and what to do about it; empty where nothing is."""
    return str(SENTENCES[code]) if code else ""
