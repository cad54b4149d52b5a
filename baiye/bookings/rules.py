"""The published rules of a release as sentences: what families, the desk's preview and the public page show."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baiye.bookings import drawing
from baiye.bookings.models import Opening, Release
from baiye.core.templatetags.text import han_date, han_range
from baiye.schools.models import HAN_GRADES

STATES = {
    "soon": gettext_lazy("快要开放"),
    "open": gettext_lazy("正在开放"),
    "drawing": gettext_lazy("正在抽签"),
    "placing": gettext_lazy("正在录取"),
    "closed": gettext_lazy("已截止"),
}
RESULT_WORDS = {  # what a draw came to, in the words of its public list
    drawing.SEAT: gettext_lazy("有名额"),
    drawing.WAITING: gettext_lazy("候补"),
    drawing.LOST: gettext_lazy("没有抽中"),
    drawing.SKIPPED: gettext_lazy("撞时间或到了上限，越过"),
    drawing.KEPT: gettext_lazy("名额留给高年级，候补"),
    drawing.WITHDRAWN: gettext_lazy("自己撤回了"),
}
MODE_WORDS = dict(Release.MODES)
MODE_ICONS = {"draw": "dice", "ranked": "list-details", "first": "hand-click"}


def state_of(release: Release, at: datetime) -> str:
    """Where a release is at a moment: a key of STATES."""
    if at < release.opens_at:
        return "soon"
    if release.mode == "draw" and release.drawn_at is None and release.draw_until and at >= release.draw_until:
        return "drawing"
    if at < release.closes_at:
        return "open"
    return "placing" if release.mode == "ranked" and release.drawn_at is None else "closed"


def mode_sentence(release: Release) -> str:
    """How seats are given, in one sentence."""
    opens, closes = han_date(release.opens_at), han_date(release.closes_at)
    if release.draw_until:
        span = han_range(release.opens_at, release.draw_until)
        return _("{span} 报名的一起抽签，早点晚点都一样；没抽中的按抽签的次序候补。").format(span=span)
    if release.mode == "ranked":
        return _("{opens} 到 {closes} 排志愿，最多 5 场，截止后一次录取；早交晚交都一样。").format(
            opens=opens, closes=closes
        )
    return _("{opens} 开放，先点先得；满了排队候补，有人退就轮到您。").format(opens=opens)


def button_word(release: Release, *, full: bool) -> str:
    """What the one button says."""
    if release.mode == "draw" and release.drawn_at is None:
        return _("报名抽签")
    return _("排队候补") if full else _("预约")


def grades_words(grades: Sequence[int]) -> str:
    """六、七年级; 3–5 年级 when they follow each other; 各年级 when it is for every grade."""
    if not grades:
        return _("各年级都能来")
    ordered = sorted(grades)
    first, last = ordered[0], ordered[-1]
    if len(ordered) > 1 and ordered == list(range(first, last + 1)):
        return _("{first}到{last}年级").format(first=HAN_GRADES[first], last=HAN_GRADES[last])
    return _("{grades}年级").format(grades="、".join(HAN_GRADES[grade] for grade in ordered))


def opening_rules(opening: Opening) -> list[str]:
    """The rules of one opening; release and visit loaded."""
    release = opening.release
    lines = [mode_sentence(release)]
    if opening.reserved:
        lines.append(
            _("给{grade}年级及以上留了 {n} 个名额，留到 {until}，之后谁都能约。").format(
                grade=HAN_GRADES[opening.reserved_from_grade or 1],
                n=opening.reserved,
                until=han_date(opening.reserved_until),
            )
        )
    if opening.waiting_most == 0:
        lines.append(_("这一场不设候补。"))
    else:
        lines.append(
            ngettext(
                "轮到候补时给您 %(n)d 小时答复，夜里 22 点到早上 7 点不算；过时就请下一位。",
                "轮到候补时给您 %(n)d 小时答复，夜里 22 点到早上 7 点不算；过时就请下一位。",
                opening.offer_hours,
            )
            % {"n": opening.offer_hours}
        )
    lines.append(
        _("开始以前都可以取消。{at} 以前空出来的名额给候补的同学；那以后候补结束，空着的先点先得。").format(
            at=han_date(opening.cancel_until_at)
        )
    )
    return [*lines, *release_rules(release)]


def release_rules(release: Release) -> list[str]:
    """What holds for every opening of a release."""
    caps = _("每个学生一学期最多约上 {most} 场，同时在进行的预约最多 {open} 个，时间不能撞。").format(
        most=release.most_a_term, open=release.most_open
    )
    return [caps, priority_rule()] if release.mode == "draw" else [caps]


def priority_rule() -> str:
    """Who comes first where the visit counts: the published formula."""
    return _("计课时的场次，抽签时先看「还差的课时 ÷ 还剩的学年」，差得多的先；不计课时的场次人人一样。")


def house_rules() -> list[str]:
    """What holds for every booking: cancelling, not coming, swapping; kindly told."""
    return [
        _("去不了就取消，一点就好，不扣分；名额马上给候补的同学。"),
        _("病了、家里有事，开始以前说一声都算取消。"),
        _("第一次没来也没说，什么都不影响，我们只发一条消息问一声。"),
        _("同一学期第二次起，来过一场以前同时只能有 1 个预约；来过一场，或到了下学期，就和大家一样。"),
        _("谁也不会被禁止报名。"),
        _("想换一场，先点要去的那一场，再选放掉哪一场：换得到才放掉，换不到原来的不动。"),
    ]
