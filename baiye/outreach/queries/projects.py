"""Reads of community projects: what is on in the streets."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from baiye.catalogue.models import Occupation
from baiye.mentors.models import Title
from baiye.outreach.models import Project
from baiye.visits.models import Assignment, Move
from baiye.visits.queries import day_begins

VENUE = "visit__venue"
HOST = f"{VENUE}__host"
OPENING = "visit__opening__release"
LOADED = ("programme__unit", "visit__version__course", "visit__version__occupation", f"{HOST}__unit", OPENING)
Placed = QuerySet[Any]  # projects with ``street``, ``lon`` and ``lat``


@dataclass(frozen=True, slots=True)
class Asked:
    """Which projects are looked for; empty means any."""

    q: str = ""
    week: str = ""  # this, next; empty: from now on
    street: str = ""
    occupation: str = ""


def loaded(projects: QuerySet[Project]) -> Placed:
    """``projects`` by day, with all that pages show of them and where they are: ``street``, ``lon``, ``lat``."""
    street = Coalesce(NullIf(f"{VENUE}__street", Value("")), f"{HOST}__street")
    where = {name: Coalesce(f"{VENUE}__{name}", f"{HOST}__{name}") for name in ("lon", "lat")}
    return projects.select_related(*LOADED).annotate(street=street, **where).order_by("visit__starts_at", "pk")


def published() -> Placed:
    """Projects that anyone may see, cancelled and past ones too; as `loaded`."""
    return loaded(Project.objects.filter(published_at__isnull=False))


def to_come(at: datetime) -> Placed:
    """What is still on: published, not cancelled, not over."""
    return published().filter(visit__cancelled_at=None, visit__ends_at__gt=at)


def week_of(on: date, weeks_later: int = 0) -> tuple[date, date]:
    """Monday and Sunday of the week of a day, or of a later one."""
    monday = on - timedelta(days=on.weekday()) + timedelta(weeks=weeks_later)
    return monday, monday + timedelta(days=6)


def matching(projects: Placed, asked: Asked, on: date) -> Placed:
    """Those of ``projects`` that answer all that is asked on a day."""
    for word in asked.q.split():
        projects = projects.filter(
            Q(visit__version__title__icontains=word)
            | Q(visit__version__occupation__name__icontains=word)
            | Q(visit__guide__icontains=word)
            | Q(programme__title__icontains=word)
            | Q(**{f"{HOST}__unit__name__icontains": word})
            | Q(**{f"{VENUE}__address__icontains": word})
            | Q(**{f"{HOST}__address__icontains": word})
            | Q(street__icontains=word)
        )
    if asked.week:
        first, last = week_of(on, weeks_later=int(asked.week == "next"))
        until = day_begins(last + timedelta(days=1))
        projects = projects.filter(visit__starts_at__gte=day_begins(first), visit__starts_at__lt=until)
    if asked.street:
        projects = projects.filter(street=asked.street)
    if asked.occupation:
        projects = projects.filter(visit__version__occupation__name=asked.occupation)
    return projects


def streets_with(projects: Placed) -> list[str]:
    """The streets where something is on, in order of their names' characters."""
    return sorted(set(projects.exclude(street="").values_list("street", flat=True)))


def occupations_with(projects: Placed) -> list[str]:
    """The occupations one can meet, by code."""
    met = projects.order_by().values("visit__version__occupation")
    return list(Occupation.objects.filter(pk__in=met).order_by("code").values_list("name", flat=True))


def masters_of(projects: Collection[Project]) -> dict[int, Assignment]:
    """Visit's key → who leads it, with mentor; visits without a lead are left out. One query."""
    leads = Assignment.objects.filter(visit__in=[each.visit_id for each in projects], role="lead", ended_at=None)
    return {lead.visit_id: lead for lead in leads.select_related("mentor")}


def moves_of(project: Project) -> list[Move]:
    """How often the project was put at another time or place, and why; the latest last."""
    return list(Move.objects.filter(visit=project.visit_id).order_by("at", "pk"))


def titles_of(mentor_id: int) -> list[Title]:
    """The confirmed titles of honour of somebody, newest first."""
    return list(Title.objects.filter(mentor=mentor_id, confirmed_at__isnull=False).order_by("-year", "pk"))


def district_of(path: str) -> str:
    """The path of the district that a unit's path begins with."""
    return f"/{path.split('/')[1]}/"
