"""How a booking stands, in words: the one place where its state becomes a tag, a sentence and what can be done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baiye.bookings.models import Booking
from baiye.core.shapes import Step, Text
from baiye.core.templatetags.text import han_date
from baiye.visits.models import Visit

WORDS: dict[str, tuple[Text, str, str]] = {  # state → word, kind of the tag, icon
    "pressed": (gettext_lazy("已报名"), "info", "ticket"),
    "ranked": (gettext_lazy("已排志愿"), "info", "list-details"),
    "booked": (gettext_lazy("约上了"), "ok", "circle-check"),
    "waiting": (gettext_lazy("候补中"), "due", "hourglass"),
    "offered": (gettext_lazy("等您答复"), "due", "bell-ringing"),
    "over": (gettext_lazy("已结束"), "line", "history"),
    "ended": (gettext_lazy("已结束"), "line", "history"),
}
ENDED = {  # why it ended → what is said
    "cancelled": gettext_lazy("这个预约取消了。"),
    "declined": gettext_lazy("没有要这个名额，它请了下一位。"),
    "expired": gettext_lazy("到时没有收到答复，名额请了下一位。想去可以再报名。"),
    "swapped": gettext_lazy("换到了另一场。"),
    "lapsed": gettext_lazy("候补到截止还没有轮到。下一次放号还可以报名。"),
    "closed": gettext_lazy("这一场取消了，不是您的原因。"),
    "lost": gettext_lazy("这一次没有抽中。下一次放号还可以报名。"),
}
TAKEN_BACK = gettext_lazy("工作人员收回了这个名额，原因写在消息里。")  # one seat, of a visit that is held


@dataclass(frozen=True, slots=True)
class Standing:
    """What a page says of one booking at a moment."""

    booking: Booking
    at: datetime
    before: int = 0  # how many wait in front
    may_answer: bool = True

    @property
    def state(self) -> str:
        """The booking's state; a press with a rank is ``ranked``, a seat whose visit has been is ``over``."""
        state = self.booking.state
        if state == "pressed" and self.booking.rank:
            return "ranked"
        return "over" if state == "booked" and self.visit.ends_at <= self.at else state

    @property
    def visit(self) -> Visit:
        return self.booking.opening.visit

    @property
    def title(self) -> str:
        return self.visit.version.title

    @property
    def word(self) -> Text:
        return WORDS[self.state][0]

    @property
    def kind(self) -> str:
        return WORDS[self.state][1]

    @property
    def icon(self) -> str:
        return WORDS[self.state][2]

    @property
    def is_live(self) -> bool:
        return self.state not in {"ended", "over"}

    @property
    def is_offer(self) -> bool:
        return self.state == "offered"

    @property
    def is_due(self) -> bool:
        return self.is_offer

    @property
    def place(self) -> int:
        """1 for who is next in line; 0 for who does not wait."""
        return self.before + 1 if self.state == "waiting" else 0

    @property
    def seat_id(self) -> int | None:
        """The seat of a booking that stands."""
        return self.booking.seat_id if self.state == "booked" else None

    @property
    def cancel_until(self) -> datetime:
        return self.booking.opening.cancel_until_at

    @property
    def may_cancel(self) -> bool:
        """Until the visit starts: illness told before is a cancellation, whenever."""
        return self.is_live and self.at < self.visit.starts_at

    @property
    def headline(self) -> str:
        """The h1 of its page."""
        if self.state == "waiting":
            return _("您排第 {n} 位").format(n=self.place)
        heads = {
            "pressed": _("报上名了"),
            "ranked": _("排进志愿了"),
            "booked": _("约上了"),
            "over": _("这一场过去了"),
            "offered": _("轮到您了，要这个名额吗？"),
            "ended": _("这个预约结束了"),
        }
        return heads[self.state]

    @property
    def sentence(self) -> str:
        """Where it stands and why, in one sentence."""
        if self.state == "ended":
            taken_back = self.booking.because == "closed" and self.visit.cancelled_at is None
            return str(TAKEN_BACK if taken_back else ENDED[self.booking.because])
        release = self.booking.opening.release
        if self.state == "pressed":
            return _("{at} 抽签，结果发消息告诉您。").format(at=han_date(release.draw_until))
        if self.state == "ranked":
            return _("第 {n} 志愿；{at} 截止后一次录取，之前还可以改。").format(
                n=self.booking.rank, at=han_date(release.closes_at)
            )
        if self.state == "offered":
            return _("名额给您留到 {at}，过时就请下一位。").format(at=han_date(self.booking.offer_until))
        if self.state == "waiting":
            return self._in_line()
        return (
            _("{at}，记得带签到码。").format(at=han_date(self.visit.starts_at))
            if self.state == "booked"
            else self._over()
        )

    def _in_line(self) -> str:
        offered = self.visit.offered
        if not offered:
            return _("您排第 {n} 位；一有人退，就按次序问下一位。").format(n=self.place)
        return ngettext(
            "您排第 %(place)d 位；现在有 %(n)d 个名额正等别人答复。",
            "您排第 %(place)d 位；现在有 %(n)d 个名额正等别人答复。",
            offered,
        ) % {"place": self.place, "n": offered}

    def _over(self) -> str:
        return _("{at} 的这一场已经结束。").format(at=han_date(self.visit.starts_at, "day"))

    @property
    def desk_sentence(self) -> str:
        """The same for the desk, without "you"."""
        if self.state == "waiting":
            return _("排第 {n} 位").format(n=self.place)
        if self.state == "offered":
            return _("名额留到 {at}").format(at=han_date(self.booking.offer_until))
        return _("第 {n} 志愿").format(n=self.booking.rank) if self.state == "ranked" else ""

    @property
    def note(self) -> str:
        """One thing more, where there is one."""
        if self.state == "ended" and self.booking.because == "closed":
            return self.visit.cancelled_because
        if self.state == "waiting":
            return _("轮到您时会发消息，给您 {n} 小时答复。").format(n=self.booking.opening.offer_hours)
        return ""

    @property
    def cancel_word(self) -> str:
        return {
            "waiting": _("不等了"),
            "pressed": _("撤回报名"),
            "ranked": _("撤回这个志愿"),
        }.get(self.state, _("取消这一场"))

    @property
    def cancel_question(self) -> str:
        return {
            "waiting": _("不再候补吗？"),
            "pressed": _("撤回报名吗？"),
            "ranked": _("撤回这个志愿吗？"),
        }.get(self.state, _("取消这一场吗？"))

    @property
    def cancel_consequence(self) -> str:
        """What follows at once, before the question is answered."""
        if self.state == "waiting":
            return _("后面的同学往前一位；以后再报名，从队尾排起。")
        if self.state in {"pressed", "ranked"}:
            return _("截止以前还可以再报名。")
        if self.at >= self.cancel_until:
            return _("候补已经结束，空出来的名额先点先得。说了就算取消，不算没来。")
        return _("名额会立刻给候补第 1 位。")

    def steps(self) -> list[Step]:
        """The river of a booking: pressed, in line or drawn, answered, seated."""
        reached = {"pressed": 0, "ranked": 0, "waiting": 1, "offered": 2, "booked": 3}.get(self.state)
        if reached is None:
            return []
        drawn = self.booking.opening.release.mode != "first"
        names = [_("报名"), _("抽签") if drawn else _("排队"), _("轮到您"), _("约上")]
        states: Any = ["done" if n < reached or reached == 3 else "now" if n == reached else "" for n in range(4)]
        return [Step(label=name, state=state) for name, state in zip(names, states, strict=True)]


GROUP_TITLES = {
    "offered": gettext_lazy("等您答复"),
    "booked": gettext_lazy("约上的"),
    "waiting": gettext_lazy("候补中的"),
    "pressed": gettext_lazy("等抽签或录取的"),
}
