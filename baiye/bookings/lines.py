"""An opening as a family sees it at a moment: its words, how long until it opens, the child's own booking of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baiye.bookings import rules
from baiye.bookings.models import Booking, Opening
from baiye.bookings.queries.openings import Free, free_at
from baiye.bookings.standing import Standing
from baiye.core.shapes import Text
from baiye.core.templatetags.text import han_date
from baiye.hours.models import MINUTES_A_CLASS_HOUR
from baiye.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Line:
    """An opening with all of its visit loaded, and the live booking of the child who looks."""

    opening: Opening
    at: datetime
    booking: Booking | None = None

    @property
    def visit(self) -> Visit:
        return self.opening.visit

    @property
    def state(self) -> str:
        """A key of rules.STATES."""
        return rules.state_of(self.opening.release, self.at)

    @property
    def standing(self) -> Standing | None:
        """How the child's own booking of it stands."""
        return Standing(self.booking, self.at) if self.booking else None

    @property
    def opens_in(self) -> int:
        """Whole seconds until it opens, by the server's clock; 0 once it is open."""
        return seconds_until(self.opening.release.opens_at, self.at)

    @property
    def left(self) -> str:
        """The same in words."""
        return in_words(self.opens_in)

    @property
    def street(self) -> str:
        """The street or town where it is, if that is known."""
        return self.visit.venue.street or self.visit.venue.host.street

    @property
    def free(self) -> Free:
        """The seats, for the live number."""
        return free_at(self.opening, self.at)

    @property
    def seats_left(self) -> int:
        return self.visit.seats_left

    @property
    def shows_free(self) -> bool:
        """Whether the number of free seats says anything: not while presses only gather for a draw or a placement."""
        return self.opening.release.is_settled and self.state == "open"

    @property
    def mode_word(self) -> Text:
        return rules.MODE_WORDS[self.opening.release.mode]

    @property
    def mode_icon(self) -> str:
        return rules.MODE_ICONS[self.opening.release.mode]

    @property
    def mode_sentence(self) -> str:
        return rules.mode_sentence(self.opening.release)

    @property
    def grades(self) -> str:
        return rules.grades_words(self.opening.grades)

    @property
    def counts(self) -> str:
        """Whether it earns class hours."""
        if not self.visit.counts_as:
            return _("不计课时，去了写进成长档案")
        return _("计{category} {n} 课时").format(
            category=self.visit.counts_as, n=self.visit.credit_minutes // MINUTES_A_CLASS_HOUR
        )

    @property
    def button(self) -> str:
        return rules.button_word(self.opening.release, full=self.seats_left < 1)


def seconds_until(moment: datetime, at: datetime) -> int:
    """Whole seconds from ``at`` until ``moment``, rounded up; 0 when it is over."""
    return max(0, -int((at - moment).total_seconds() // 1))


def in_words(seconds: int) -> str:
    """还有 3 天, 还有 5 小时, 还有 20 分钟: the largest unit; what the script counts down to the second."""
    if seconds >= 86400:
        return ngettext("还有 %(n)d 天", "还有 %(n)d 天", seconds // 86400) % {"n": seconds // 86400}
    if seconds >= 3600:
        return ngettext("还有 %(n)d 小时", "还有 %(n)d 小时", seconds // 3600) % {"n": seconds // 3600}
    minutes = -(-seconds // 60)
    return ngettext("还有 %(n)d 分钟", "还有 %(n)d 分钟", minutes) % {"n": minutes} if seconds else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Openings under one heading: those that are open, or those that open at the same minute."""

    title: str
    note: str
    lines: list[Line]
    opens_in: int = 0

    @property
    def left(self) -> str:
        return in_words(self.opens_in)


def lines_of(openings: Iterable[Opening], bookings: Mapping[int, Booking], at: datetime) -> list[Line]:
    return [Line(opening, at, bookings.get(opening.pk)) for opening in openings]


def grouped(lines: Iterable[Line]) -> list[Group]:
    """Lines in their order, under what is open now and under each minute at which more opens."""
    open_now: list[Line] = []
    soon: dict[datetime, list[Line]] = {}
    for line in lines:
        if line.opens_in:
            soon.setdefault(line.opening.release.opens_at, []).append(line)
        else:
            open_now.append(line)
    groups = [Group(_("正在开放"), _("点进去看规矩，再决定。"), open_now)] if open_now else []
    for opens_at, found in soon.items():
        title = _("{at} 开放").format(at=han_date(opens_at))
        groups.append(Group(title, _("以网站的时钟为准，不看您手机上的时间。"), found, found[0].opens_in))
    return groups
