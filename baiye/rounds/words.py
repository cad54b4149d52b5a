"""Words about a round that its own rules and the clock decide: time left, how places are given, names."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baiye.core.shapes import Step
from baiye.core.templatetags.text import han_date
from baiye.rounds.models import Phase, Round
from baiye.rounds.policies import SENTENCES, USING_POINTS

DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯")
LONG_NAME = 3
PHASE_NAMES = {
    "prepare": gettext_lazy("筹备"),
    "schedule": gettext_lazy("排期"),
    "wish": gettext_lazy("填志愿"),
    "place": gettext_lazy("录取运算"),
    "review": gettext_lazy("复核公示"),
    "run": gettext_lazy("到岗体验"),
    "close": gettext_lazy("课时归档"),
}


def given_name(name: str) -> str:
    """林小满 → 小满, 欧阳小满 → 小满; a name of two characters stays whole."""
    if len(name) < LONG_NAME:
        return name
    return name[2:] if name.startswith(DOUBLE_SURNAMES) and len(name) > LONG_NAME else name[1:]


def remaining(until: datetime, at: datetime) -> str:
    """还有 6 天, 还有 5 小时, 还有 20 分钟; empty when it is over."""
    left = until - at
    if left <= timedelta():
        return ""
    if left >= timedelta(days=1):
        return ngettext("还有 %(n)d 天", "还有 %(n)d 天", left.days) % {"n": left.days}
    hours, minutes = left.seconds // 3600, max(left.seconds // 60, 1)
    if hours:
        return ngettext("还有 %(n)d 小时", "还有 %(n)d 小时", hours) % {"n": hours}
    return ngettext("还有 %(n)d 分钟", "还有 %(n)d 分钟", minutes) % {"n": minutes}


def steps(phases: Iterable[Phase], at: datetime) -> list[Step]:
    """The river of a round: its phases, done, now, or still to come."""
    return [
        Step(
            label=str(PHASE_NAMES[phase.kind]),
            note=f"{han_date(phase.starts_at, 'short')}–{han_date(phase.ends_at, 'short')}",
            state="done" if phase.ends_at <= at else "now" if phase.starts_at <= at else "",
            due=remaining(phase.ends_at, at) if phase.starts_at <= at < phase.ends_at else "",
        )
        for phase in phases
    ]


def advice(round: Round) -> tuple[str, str]:
    """A headline and a line under it for who ranks, true under the round's policy."""
    head = _("最想去的放第一，照实排就好")
    if round.policy in USING_POINTS:
        line = _("排得越前分值越高。多填不吃亏：志愿排不上的半天，才从还有空位的项目里补。")
    else:
        line = _("多填不吃亏：志愿排不上的半天，才从还有空位的项目里补。")
    return head, line


def rules(round: Round) -> list[str]:
    """How places are given, in sentences, from the round's policy and its published points."""
    lines = [
        _("每人要排满 {half_days} 个半天，每个项目最多去一次，只排在班级出行那天、那家基地。").format(
            half_days=round.half_days
        )
    ]
    if round.policy in USING_POINTS:
        points = "、".join(
            _("第 {n} 志愿 {points} 分").format(n=n, points=points)
            for n, points in enumerate(round.points[: round.wishes_max], start=1)
        )
        lines.append(_("分值开放前就公布：{points}。").format(points=points))
    lines += [
        str(SENTENCES[round.policy]),
        _("算完另有一套程序独立核对。"),
        _("条件一样时看公开抽签号：名单冻结、公布指纹以后才抽，谁也改不了。"),
        _("前几轮比多数同学吃亏的，差多少记多少，条件一样时先轮到；记下的每过一轮减半。"),
        _("截止时按最后保存的顺序算，忘了点提交也不会丢。"),
        _("结果要两个人复核才公布，每个志愿都写明排上或没排上的理由。"),
    ]
    return lines
