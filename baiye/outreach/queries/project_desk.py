"""What the desk and the door read of community projects."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, paths, within
from baiye.attendance.queries import counts_of
from baiye.core import clock
from baiye.mentors.models import Mentor
from baiye.mentors.queries.mentors import Hinders, mentors_for
from baiye.outreach.models import Programme, Project, WalkIn
from baiye.outreach.permissions import projects_managed_by
from baiye.outreach.queries.projects import HOST, Asked, Placed, district_of, loaded, matching, published


@dataclass(frozen=True, slots=True)
class Figures:
    """Who came: signed up and walked in, never added up."""

    expected: int
    arrived: int
    children: int  # who walked in
    adults: int


def programmes_for(user: User) -> QuerySet[Programme]:
    """Programmes of the districts in which ``user`` manages projects, by title: what a project may be part of."""
    scope = Q(pk__in=[])
    for path in paths(user, Permission.PROJECT_MANAGE):
        scope |= Q(unit__path__startswith=district_of(path))
    return Programme.objects.filter(scope).select_related("unit").order_by("title", "pk")


def projects_for(user: User) -> Placed:
    """Projects at one's hosts and of one's programmes, as `loaded`."""
    return loaded(Project.objects.filter(projects_managed_by(user)))


def at_the_door_of(user: User) -> Placed:
    """Published projects where ``user`` checks people in, as `loaded`."""
    return published().filter(within(user, Permission.CHECKIN, f"{HOST}__unit"))


def on_the_desk(user: User, *, q: str = "", state: str = "", at: datetime) -> Placed:
    """Projects ``user`` manages or checks people in at, by words and state (draft, coming, past, cancelled)."""
    door = Q(within(user, Permission.CHECKIN, f"{HOST}__unit"), published_at__isnull=False)
    found = matching(loaded(Project.objects.filter(projects_managed_by(user) | door)), Asked(q=q), clock.day_of(at))
    states = {
        "draft": Q(published_at=None, visit__cancelled_at=None),
        "coming": Q(published_at__isnull=False, visit__cancelled_at=None, visit__ends_at__gt=at),
        "past": Q(visit__cancelled_at=None, visit__ends_at__lte=at),
        "cancelled": Q(visit__cancelled_at__isnull=False),
    }
    return found.filter(states[state]) if state in states else found


def figures_of(projects: Collection[Project]) -> dict[int, Figures]:
    """Project's key → who signed up and came, and who walked in; two queries, whatever their number."""
    counts = counts_of([each.visit_id for each in projects])
    standing = WalkIn.objects.filter(project__in=projects, voided_at=None).values("project")
    summed = standing.annotate(c=Sum("children"), a=Sum("adults")).values_list("project", "c", "a")
    walked = {key: (children, adults) for key, children, adults in summed}
    return {
        each.pk: Figures(
            expected=counts[each.visit_id].expected,
            arrived=counts[each.visit_id].arrived,
            children=walked.get(each.pk, (0, 0))[0],
            adults=walked.get(each.pk, (0, 0))[1],
        )
        for each in projects
    }


def walk_ins_of(project: Project) -> QuerySet[WalkIn]:
    """The counts made at the door of ``project``, voided ones too, newest first; who counted loaded."""
    return project.walk_ins.select_related("counted_by").order_by("-counted_at", "-pk")


def masters_for(user: User, at: datetime) -> QuerySet[Mentor]:
    """Mentors ``user`` may put on a project and whom nothing keeps from pupils today, by pinyin; units loaded."""
    return (
        mentors_for(user, Permission.MENTOR_MANAGE)
        .alias(hindered=Hinders(clock.day_of(at)))
        .filter(hindered__isnull=True)
    )


def walk_ins_at_the_door_of(user: User) -> QuerySet[WalkIn]:
    """Counts made at doors where ``user`` checks people in; project, visit, venue, host and unit loaded."""
    mine = WalkIn.objects.filter(within(user, Permission.CHECKIN, f"project__{HOST}__unit"))
    return mine.select_related(f"project__{HOST}__unit")
