"""The roster as a sheet."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from baiye.core import excel
from baiye.mentors.hindrances import SENTENCES
from baiye.mentors.models import Mentor
from baiye.mentors.models.mentors import LANGUAGES


def mentor_sheet(mentors: Iterable[Any], on: date) -> HttpResponse:
    """``mentors`` as `queries.mentors.find_mentors` gives them, occupations loaded; without phones."""
    header = [_("姓名"), _("身份"), _("所在单位"), _("聘任单位"), _("职业"), _("语言"), _("最近查询"), _("状态")]
    return excel.download(
        f"{_('带教人员')}-{on:%Y%m%d}", excel.workbook(_("带教人员"), header, (_row(one) for one in mentors))
    )


def _row(mentor: Mentor) -> tuple[object, ...]:
    languages = dict(LANGUAGES)
    code = getattr(mentor, "hindered", None)
    checked_on = getattr(mentor, "checked_on", None)
    return (
        mentor.name,
        "、".join(mentor.kind_names),
        mentor.unit.name,
        mentor.appointed_by.name if mentor.appointed_by else "",
        "、".join([*(occupation.name for occupation in mentor.occupations.all()), *filter(None, [mentor.trade])]),
        "、".join(str(languages[language]) for language in mentor.languages),
        f"{checked_on:%Y-%m-%d}" if checked_on else "",
        str(SENTENCES[code]) if code else _("可以带教"),
    )
