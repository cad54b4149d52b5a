"""Sign-up for a community project: a release of its own, with the project's visit as its one opening."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.bookings.actions import releases
from baiye.core import audit, clock
from baiye.outreach.actions.projects import ProjectRefused
from baiye.outreach.models import Project
from baiye.outreach.permissions import require_project
from baiye.schools.models import Term
from baiye.schools.queries import term_on

CAPS = {"most_a_term": 4, "most_open": 2}  # the usual ones of a release
SETTINGS: dict[str, Any] = {"consents": [], "offer_hours": 24, "cancel_until": 24, "waiting_most": None}
SETTINGS |= {"reserved": 0, "reserved_from_grade": None, "reserved_until": None}


@dataclass(frozen=True, slots=True)
class SignUp:
    """By which rule, from when until when, and for whom."""

    mode: str  # draw or first
    opens_at: datetime
    closes_at: datetime
    draw_minutes: int = 30  # of the draw's lot
    grades: list[int] = field(default_factory=list)  # empty: all

    @property
    def draw_until(self) -> datetime | None:
        """Until when who signs up is in the draw; None where there is none."""
        return self.opens_at + timedelta(minutes=self.draw_minutes) if self.mode == "draw" else None

    def rules(self, project: Project, term: Term) -> dict[str, Any]:
        """The rules of the release."""
        title = f"{project.programme.title}：{project.visit.version.title}"[:60]
        when = {"opens_at": self.opens_at, "draw_until": self.draw_until, "closes_at": self.closes_at}
        return {"title": title, "term": term, "mode": self.mode} | when | CAPS


@transaction.atomic
def open_sign_up(*, project: Project, sign_up: SignUp, request: uuid.UUID, by: User, at: datetime) -> None:
    """Open the project's visit to bookings, and publish that; the same ``request`` again does nothing more.

    Raises
    ------
    PermissionDenied
        ``by`` may not manage visits at the host.
    Refused
        No term holds the day, sign-up is open already, or the release may not be (`bookings.actions.releases`).
    """
    visit, host = project.visit, project.visit.venue.host
    require_project(by, host, project.programme)
    term = term_on(clock.day_of(visit.starts_at))
    if term is None:
        raise ProjectRefused(_("活动那天不在任何一个学期里，不能开放报名。先在校历里定好学期。"))
    if sign_up.closes_at > visit.starts_at:
        raise ProjectRefused(_("报名截止要早于活动开始。"))
    if sign_up.closes_at <= sign_up.opens_at:
        raise ProjectRefused(_("报名截止要晚于报名开始。"))
    if sign_up.draw_until is not None and sign_up.draw_until > sign_up.closes_at:
        raise ProjectRefused(_("抽签不能晚于报名截止。把分钟数改小，或把截止改晚。"))
    rules = sign_up.rules(project, term)
    release = releases.make_release(unit=host.unit, rules=rules, request=request, by=by, at=at)
    if release.published_at is not None:
        return
    releases.add_openings(release=release, visits=[visit], settings=SETTINGS | {"grades": sign_up.grades}, by=by)
    releases.publish(release=release, by=by, at=at)
    audit.record("project.opened", by=by, on=project, at_unit=host.unit.path, release=release.pk)
