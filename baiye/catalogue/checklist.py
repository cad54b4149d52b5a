"""What a review asks: two parts that every course answers, and the checks of each hazard the course has."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.hazards import KNOWN
from baiye.catalogue.models import CourseVersion

HANDS_ON = 60  # per cent of the time, at least: what the district's standard asks


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a checklist."""

    part: str  # safety, pedagogy
    code: str
    asks: str | Promise


SAFETY = (
    ("ratio", _("每组都有带教老师看得住，另有随队老师")),
    ("first-aid", _("有急救箱、急救联系人和疏散路线，开场先讲")),
    ("room", _("场地坐得下最多人数，通道不堵")),
    ("supplies", _("设备够最多人数用，检验都在有效期内")),
    ("labour", _("学生不拿报酬，不定产量，不替工")),
    ("selling", _("现场不推销、不做广告、不收登记以外的钱")),
)
PEDAGOGY = (
    ("hands-on", _("动手的时间不少于六成")),
    ("task", _("有一件真的任务，学生知道做到什么样算好")),
    ("people", _("见得到从业的人，能问、能聊")),
    ("feedback", _("从业的人对学生做的事有反馈，有回顾的时间")),
    ("grades", _("难度合适所写的年级，劳动任务群对得上")),
    ("materials", _("四步都有给学生的材料和带教老师的说明")),
    ("everyone", _("行动不便、语言不同的学生怎样参加，写清楚了")),
)


def checklist(version: CourseVersion) -> list[Check]:
    """What must be asked of ``version``, in the order it is asked; the hazards' checks end the part on safety."""
    checks = [Check("safety", code, asks) for code, asks in SAFETY]
    for hazard in version.hazards:
        asked = enumerate(KNOWN[hazard].checks, 1) if hazard in KNOWN else ()
        checks += [Check("safety", f"{hazard}-{n}", asks) for n, asks in asked]
    return checks + [Check("pedagogy", code, asks) for code, asks in PEDAGOGY]


def lacks(version: CourseVersion) -> Sequence[str | Promise]:
    """What a draft must still say before it can be proposed."""
    told = [
        (version.hands_on_percent is not None, _("动手时间占几成")),
        (bool(version.access), _("行动不便的学生怎样参加")),
        (bool(version.summary.strip()), _("一句话介绍")),
    ]
    return [what for there, what in told if not there]
