"""Why a press is refused, in words; the codes are those of the SQL function ``bookings_press``."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.bookings.models import Opening
from baiye.core.templatetags.text import han_date

NEW, AGAIN, ALREADY = "", "again", "already"  # a press that is not refused: new, the same request, a live one there
REASONS = {
    "bad_key": gettext_lazy("这个请求号已经用在别的预约上。请刷新页面再试。"),
    "unknown": gettext_lazy("没有这一场，或者它不在您的区里开放。回到列表再选一场。"),
    "left": gettext_lazy("这位同学已经不在名册上，不能预约。有疑问请找班主任。"),
    "not_yet": gettext_lazy("还没到开放的时间。"),
    "cancelled": gettext_lazy("这一场取消了。换一场吧。"),
    "closed": gettext_lazy("报名已经截止。看看别的放号。"),
    "begun": gettext_lazy("这一场已经开始，不能再约。换一场吧。"),
    "grade": gettext_lazy("这一场不开给孩子所在的年级。换一场吧。"),
    "consent": gettext_lazy("这一场要家长先在同意书里同意，才能预约。"),
    "rank": gettext_lazy("请选这一场是第几志愿，1 到 5。"),
    "rank_taken": gettext_lazy("这个志愿已经给了另一场。换一个志愿号，或先撤回那一场。"),
    "stayed_away": gettext_lazy(
        "这学期有两次约了没来，来过一场以前同时只能有 1 个预约。病了、有事，开始以前说一声就不算。"
    ),
    "open_cap": gettext_lazy("同时在进行的预约到了上限。先取消一个，或等一场结束，再来约。"),
    "term_cap": gettext_lazy("这学期约上的场次到了上限。下学期再来，把机会留给别的同学。"),
    "overlap": gettext_lazy("那个时段已经有别的安排，不能同时去两处。想换，先点要去的那一场，再选放掉哪一场。"),
    "hindered": gettext_lazy("基地那天暂时不能接待学生，这一场先不约。换一场吧。"),
    "full": gettext_lazy("名额和候补都满了。换一场，或等下一次放号。"),
}


def reason(code: str, opening: Opening | None = None) -> str:
    """The sentence for a refusal; with the opening (release loaded) it names the minute."""
    if code == "not_yet" and opening is not None:
        return _("{at} 开放，到时再来。").format(at=_when(opening.release.opens_at))
    if code == "closed" and opening is not None:
        return _("{at} 已经截止。看看别的放号。").format(at=_when(opening.release.closes_at))
    return str(REASONS[code])


def _when(at: datetime) -> str:
    return str(han_date(at))
