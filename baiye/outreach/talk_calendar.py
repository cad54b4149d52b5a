"""Talks in the calendars of speakers and of those who ask for their school."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.outreach import talk_scope
from baiye.outreach.models import Talk
from baiye.visits.calendar_entries import AHEAD, KEPT, Entry


def of_speaker(user: User, at: datetime) -> Iterator[Entry]:
    """Talks one gives, from the day they are proposed; one query."""
    for talk in _near(Q(speaker__user=user), at):
        yield _entry(talk, "speaker", talk.school.unit.name, _("学校在场：%s") % talk.staff if talk.staff else "")


def of_school(user: User, at: datetime) -> Iterator[Entry]:
    """Talks at one's schools; one query, and the grants."""
    for talk in _near(talk_scope.schools(user, "school__"), at):
        yield _entry(talk, f"school-{talk.school_id}", talk.topic.title, talk.speaker.name)


def _near(mine: Q, at: datetime) -> Iterable[Talk]:
    near = Talk.objects.filter(mine, ends_at__gt=at - KEPT, starts_at__lt=at + AHEAD)
    return near.select_related("school__unit", "topic", "speaker").order_by("starts_at", "pk")


def _entry(talk: Talk, whose: str, title: str, text: str) -> Entry:
    """``sequence`` is how many minutes after it was made it last changed: whatever changes, that never falls."""
    steps = (talk.made_at, talk.accepted_at, talk.confirmed_at, talk.rehearsed_at, talk.held_at, talk.ended_at)
    changed_at = max(step for step in steps if step is not None)
    return Entry(
        key=f"talk-{talk.pk}-{whose}",
        starts_at=talk.starts_at,
        ends_at=talk.ends_at,
        title=_("讲座：%s") % title,
        place=" ".join(part for part in (talk.school.address, talk.hall) if part),
        text=text,
        changed_at=changed_at,
        sequence=int((changed_at - talk.made_at).total_seconds()) // 60,
        is_cancelled=talk.ended_at is not None,
    )
