"""The engine's reason codes as sentences a family can read; figures come from the engine, never from a template."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from baiye.catalogue.models import CourseVersion
from baiye.rounds.models import Explanation, Round, Wish

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One wish on the result page: what became of it, and what would have had to be different."""

    rank: int
    title: str
    word: str
    kind: str
    icon: str
    text: str
    change: str


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
    return [_line(reason, titles.get(wishes.get(reason.rank, 0), ""), round.policy) for reason in reasons]


def _line(reason: Explanation, title: str, policy: str) -> Line:
    met = reason.code == "met"
    word, kind, icon = (_("录取"), "ok", "check") if met else (_("没录上"), "", "info-circle")
    text, change = sentence(reason.code, reason.facts, policy), changes(reason.code, reason.facts, policy)
    return Line(reason.rank, title, word, kind, icon, text, change)


def sentence(code: str, facts: Facts, policy: str = "points") -> str:
    """What became of the wish; a code that has no words here is an error (a test walks them all)."""
    said = _texts(policy)[code] % {**facts, "ranks": _ranks([each["rank"] for each in _held(facts)])}
    return said + _merged(facts)


def changes(code: str, facts: Facts, policy: str = "points") -> str:
    """What would have had to be different, and what it would have cost others; empty where nothing is known.

    The moves of others are one way that keeps every rule, the cheapest that was found: another may cost less.
    """
    if code in ("full", "lost_draw"):
        found = [_cut(facts), _seats(facts), _number(facts), _rank(facts), _price(facts, policy)]
    elif code in ("clash", "enough", "balance", "cap"):
        found = [_instead(facts)]
    else:
        found = []
    return "".join(found)


def _held(facts: Facts) -> list[dict[str, Any]]:
    held = facts.get("held")
    return held if isinstance(held, list) else []


def _ranks(ranks: Iterable[int]) -> str:
    """The ranks of the seats that stood in the way, as in 第 1、3 志愿."""
    named = sorted({rank for rank in ranks if rank})
    return _("第 %s 志愿") % "、".join(map(str, named)) if named else _("已经定下的安排")


def _merged(facts: Facts) -> str:
    """How many sessions that the pupil could have had are not held by themselves; their seats were not counted."""
    merged = facts.get("merged")
    if not merged:
        return ""
    said = _("另有 %(count)s 场人数不够，并入了同一项目、同一半天的别的场，没有单独开，名额不算在内。")
    return said % {"count": len(merged)}


def _cut(facts: Facts) -> str:
    """Where the cut lay."""
    if not facts.get("cut_rank"):
        return ""
    return _("录取到把它放第 %(cut_rank)s 的同学为止，其中最后一位是 %(cut_number)s 号。") % facts


def _seats(facts: Facts) -> str:
    return _("再多 %(more_seats)s 个名额就轮到你。") % facts if facts.get("more_seats") else ""


def _number(facts: Facts) -> str:
    return _("抽签号在 %(number_before)s 号以前，这个名额就是你的。") % facts if facts.get("number_before") else ""


def _rank(facts: Facts) -> str:
    if not facts.get("rank_needed"):
        return ""
    if facts.get("rank_proved"):
        return _("放在第 %(rank_needed)s 志愿就能录取，这是证明过的。") % facts
    return _("放在第 %(rank_needed)s 志愿，估计能录取。") % facts


def _price(facts: Facts, policy: str) -> str:
    """What others would have had to give."""
    if "loss" not in facts or not facts["moved"]:
        return ""
    if policy != "points":
        text = _("按找到的最省的换法，要请 %(moved)s 位同学挪位，%(worse)s 位会不如现在。")
    elif facts["loss"] < 0:
        text = _("有一种换法总分会多 %(gain)s 分，在证明过的误差以内，这次没有找到。可以申请复核。")
    elif facts["loss"] == 0:
        text = _("按找到的最省的换法，要请 %(moved)s 位同学挪位，总分不变；不变时看抽签先后。")
    elif not facts["worse"]:
        text = _("按找到的最省的换法，要请 %(moved)s 位同学挪位，全区总分少 %(loss)s 分。")
    else:
        text = _("按找到的最省的换法，要请 %(moved)s 位同学挪位，%(worse)s 位会不如现在，全区总分少 %(loss)s 分。")
    return text % {**facts, "gain": -facts["loss"]}


def _instead(facts: Facts) -> str:
    """What the pupil would have had to give up, where that would do."""
    if "loss" not in facts:
        return ""
    if facts["hours_lost"]:
        return _("换过去你会少 %(hours_lost)s 个半天。") % facts
    given = _given_up(facts["give_up"])
    if not facts["moved"]:
        return _("要去这一个，就得放掉%s，那样不用别人挪位。") % given
    words = {"given": given, "moved": facts["moved"], "worse": facts["worse"]}
    if facts["worse"]:
        return _("要去这一个，就得放掉%(given)s，还要请 %(moved)s 位同学挪位，%(worse)s 位会不如现在。") % words
    return _("要去这一个，就得放掉%(given)s，还要请 %(moved)s 位同学挪位。") % words


def _given_up(ranks: list[int]) -> str:
    named = [rank for rank in ranks if rank]
    return _ranks(named) if named else _("一个志愿外的半天")


def _texts(policy: str) -> dict[str, str]:
    full = _("%(wanted_first)s 人把它放第一，你能去的那几场一共 %(seats)s 个名额。")
    rest = {
        "points": _("其中 %(better)s 个给了把它排得更前的同学，其余按全区总分最高来排。"),
        "floor": _("其中 %(better)s 个给了把它排得更前的同学，其余先保每人的底，再按总分最高来排。"),
        "rank_maximal": _("其中 %(better)s 个给了把它排得更前的同学，其余按全区第 1、第 2 志愿依次最多来排。"),
        "dictatorship": _("轮到你选时，剩下的名额里排不出带它又更好的一套。"),
    }
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
        "full": full + rest[policy],
        "balance": _("还有 %(free)s 个空位，但换过去会让你别的半天空着，或让全区总分变低。"),
    }
