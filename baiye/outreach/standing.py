"""How one comes to a community project now, in words: sign up, wait for the minute, or just come."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.bookings.models import Opening
from baiye.core.templatetags.text import han_date
from baiye.outreach.models import Project


@dataclass(frozen=True, slots=True)
class Standing:
    """A project and what a family can do about it."""

    project: Project
    word: str
    kind: str  # of the tag: ok, due, line, bad
    url: str = ""  # where one signs up
    left: int | None = None  # free seats, where one may still sign up
    opens_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nobody can come any more."""
        return self.kind == "bad"


def standing_of(project: Project, at: datetime) -> Standing:
    """How ``project`` stands at a moment; visit, opening and release are loaded."""
    visit = project.visit
    if visit.cancelled_at is not None:
        return Standing(project, _("取消了"), "bad")
    if visit.ends_at <= at:
        return Standing(project, _("办完了"), "bad")
    opening = opening_of(project)
    if opening is not None and visit.starts_at > at and opening.release.closes_at > at:
        return _sign_up(project, opening, at)
    if project.takes_walk_ins:
        return Standing(project, _("不用报名，来了就能看"), "ok")
    return Standing(project, _("报名截止了"), "line")


def opening_of(project: Project) -> Opening | None:
    """The published opening of the project's visit."""
    opening: Opening | None = getattr(project.visit, "opening", None)
    return opening if opening is not None and opening.release.published_at is not None else None


def _sign_up(project: Project, opening: Opening, at: datetime) -> Standing:
    release, url = opening.release, reverse("bookings:opening", args=[opening.pk])
    if release.opens_at > at:
        word = _("%(when)s 开始报名") % {"when": han_date(release.opens_at)}
        return Standing(project, word, "due", url, opens_at=release.opens_at)
    left = project.visit.seats_left
    if release.mode == "draw" and release.drawn_at is None:
        return Standing(project, _("正在报名，抽签给名额"), "ok", url)
    word = _("还有 %(n)d 个名额") % {"n": left} if left else _("约满了，可以候补")
    return Standing(project, word, "ok" if left else "due", url, left)
