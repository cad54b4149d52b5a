"""The engine's reason codes as sentences a family can read; figures come from the engine, never from a template."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from baiye.catalogue.models import CourseVersion
from baiye.rounds.models import Explanation, Round, Wish


@dataclass(frozen=True, slots=True)
class Line:
    """One wish on the result page."""

    rank: int
    title: str
    word: str
    kind: str
    icon: str
    text: str


def lines(reasons: Iterable[Explanation], round: Round) -> list[Line]:
    """The wishes of a pupil with what became of each; two queries."""
    reasons = list(reasons)
    if not reasons:
        return []
    wishes = dict(
        Wish.objects.filter(wish_list__round=round, wish_list__pupil=reasons[0].pupil_id).values_list("rank", "course")
    )
    titles = dict(
        CourseVersion.objects.filter(course__in=wishes.values(), published_at__isnull=False)
        .order_by("number")
        .values_list("course", "title")
    )
    return [_line(reason, titles.get(wishes.get(reason.rank, 0), "")) for reason in reasons]


def _line(reason: Explanation, title: str) -> Line:
    met = reason.code == "met"
    word, kind, icon = (_("录取"), "ok", "check") if met else (_("没录上"), "", "info-circle")
    return Line(reason.rank, title, word, kind, icon, sentence(reason.code, reason.facts))


def sentence(code: str, facts: dict[str, Any]) -> str:
    """One sentence in the reader's language; a code that has none here is an error (a test walks them all)."""
    return _texts()[code] % {**facts, "ranks": _ranks(facts.get("held"))}


def _ranks(held: object) -> str:
    """The ranks of the seats that stood in the way, as in 第 1、3 志愿."""
    ranks = sorted({each["rank"] for each in held if each["rank"]}) if isinstance(held, list) else []
    return _("第 %s 志愿") % "、".join(map(str, ranks)) if ranks else _("已经定下的安排")


def _texts() -> dict[str, str]:
    full = _("%(wanted_first)s 人把它放第一，你能去的那几场一共 %(seats)s 个名额。")
    return {
        "met": _("%(wanted_first)s 人把它放第一，你能去的那几场一共 %(seats)s 个名额，其中一个是你的。"),
        "not_offered": _("你们班出行的那几天，这家没有开这个项目。"),
        "stage": _("这个项目只开给别的学段。"),
        "barred": _("你以前去过，或老师登记过不适合，所以这次不排。"),
        "cap": _("同类项目有上限，你已经有 %(held)s 个。"),
        "tied": _("你和同伴登记了要坐在一起，合起来看，别的安排分数更高。"),
        "clash": _("它开的时间，你已经录取在%(ranks)s。"),
        "enough": _("你的半天已经排满，都是同样或更靠前的志愿：%(ranks)s。"),
        "closed": _("报的人太少，不到 %(minimum)s 人，这几场没有开。"),
        "lost_draw": full + _("同样条件的同学按公开抽签排，最后一位是 %(last_number)s 号，你是 %(number)s 号。"),
        "full": full + _("其中 %(better)s 个给了把它排得更前的同学，其余按全区总分最高来排。"),
        "balance": _("还有 %(free)s 个空位，但换过去会让你别的半天空着，或让全区总分变低。"),
    }
