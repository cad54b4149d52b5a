"""What others show of community projects: the public front page, calendars."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse

from baiye.core.templatetags.text import han_range
from baiye.outreach.linked import address_of
from baiye.outreach.models import Project
from baiye.outreach.queries.projects import to_come
from baiye.registry.landing import OpenNow
from baiye.visits.calendar_entries import Entry
from baiye.visits.models import Move

NEXT = 3


def opens(at: datetime) -> Iterable[OpenNow]:
    """The next projects that anyone may come to."""
    for project in to_come(at)[:NEXT]:
        visit = project.visit
        note = f"{han_range(visit.starts_at, visit.ends_at)} · {visit.venue.host.unit}"
        yield OpenNow(visit.version.title, note, reverse("outreach:project", args=[project.pk]), visit.is_example)


def entry_of(project: Project, moves: Sequence[Move]) -> Entry:
    """A published project, as `queries.projects.loaded`, as an entry of a calendar: public, so it names nobody."""
    visit = project.visit
    changes = [project.published_at or project.made_at, *(move.at for move in moves)]
    place = [str(visit.venue.host.unit), visit.venue.name, visit.venue.address or visit.venue.host.address]
    return Entry(
        key=f"project-{project.pk}",
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        title=f"{visit.version.title}（{project.programme.title}）",
        place=" ".join(filter(None, place)),
        text=address_of(project),
        changed_at=visit.cancelled_at or max(changes),
        sequence=len(moves) + int(visit.cancelled_at is not None),
        is_cancelled=visit.cancelled_at is not None,
    )
