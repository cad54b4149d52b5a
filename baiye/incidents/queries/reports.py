"""Incidents as handlers and reporters reach them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import within
from baiye.accounts.queries import people_with
from baiye.core import clock
from baiye.incidents.models import Incident, IncidentPhoto, Step
from baiye.incidents.permissions import HANDLE, own_units, visit_scope
from baiye.registry.queries.accreditations import accreditations_for
from baiye.registry.queries.hosts import accredited_on
from baiye.schools.models import Pupil
from baiye.visits.models import Visit

FEW = 5  # smaller counts are not exported
OLDEST = 400  # days a visit may lie back that a report is about


def nameable_visits(user: User, at: datetime, *, days: int = 14) -> QuerySet[Visit]:
    """Visits of the last days that someone may report about, newest first; course, venue and host loaded."""
    span = Visit.objects.filter(starts_at__lte=at, starts_at__gte=at - timedelta(days=days))
    loaded = span.filter(visit_scope(user)).select_related("version__course", "venue__host__unit")
    return loaded.order_by("-starts_at", "-pk")


def nameable_units(user: User) -> QuerySet[Unit]:
    """Units that someone may report for where no visit is named."""
    return Unit.objects.filter(own_units(user)).order_by("pinyin", "pk")


def nameable_pupils(user: User, visit: Visit | None) -> QuerySet[Pupil]:
    """Who sat on a visit that one may report about, nobody where none is named; class and school loaded."""
    if visit is None:
        return Pupil.objects.none()
    seats = Visit.objects.filter(visit_scope(user), pk=visit.pk)
    held = Pupil.objects.filter(seats__visit__in=seats, seats__given_up_at=None)
    return held.select_related("school_class__school__unit").order_by("pinyin", "pk").distinct()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which incidents are looked for; empty means any."""

    state: str = ""  # open, unweighed, closed
    kind: str = ""
    severity: str = ""
    mine: bool = False


def incidents_for(user: User, asked: Asked = Asked()) -> QuerySet[Incident]:
    """Incidents that ``user`` handles, open ones first, newest first; what people read in a list is loaded."""
    found = Incident.objects.filter(within(user, HANDLE, "unit")).select_related("unit", "host__unit", "owner")
    states = {
        "open": Q(closed_at=None),
        "unweighed": Q(severity="", closed_at=None),
        "closed": Q(closed_at__isnull=False),
    }
    if asked.state:
        found = found.filter(states[asked.state])
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.severity:
        found = found.filter(severity=asked.severity)
    if asked.mine:
        found = found.filter(owner=user)
    return found.order_by("closed_at", "-reported_at", "-pk")


def own_reports(user: User) -> QuerySet[Incident]:
    """What ``user`` reported, newest first."""
    return (
        Incident.objects.filter(reported_by=user).select_related("unit", "host__unit").order_by("-reported_at", "-pk")
    )


def readable(user: User) -> QuerySet[Incident]:
    """Incidents whose report ``user`` may open: handled or own; everything a page shows is loaded."""
    loaded = Incident.objects.select_related(
        "unit", "host__unit", "visit__version", "visit__venue", "owner", "reported_by"
    )
    return loaded.filter(within(user, HANDLE, "unit") | Q(reported_by=user)).prefetch_related("photos__file")


def find_photo(user: User, photo_id: uuid.UUID) -> IncidentPhoto | None:
    """A photo of an incident that ``user`` may open."""
    return (
        IncidentPhoto.objects.filter(pk=photo_id, incident__in=readable(user))
        .select_related("file", "incident__unit")
        .first()
    )


def find_report(user: User, request: uuid.UUID) -> Incident | None:
    """What ``user`` already sent under this id."""
    return Incident.objects.filter(request=request, reported_by=user).first()


def steps_of(incident: Incident) -> QuerySet[Step]:
    """What was done, oldest first, with who did it."""
    return incident.steps.select_related("by").order_by("at", "pk")


def handlers_of(unit: Unit, on: date) -> QuerySet[User]:
    """Who handles what happens at ``unit`` on a day."""
    return people_with(HANDLE, unit, on)


def may_suspend(user: User, incident: Incident, on: date) -> bool:
    """Whether the incident's host holds an accreditation on a day that ``user`` decides about; one query."""
    standing = accreditations_for(user).filter(accredited_on(on), host=incident.host)
    return incident.host is not None and standing.exists()


def counts(user: User) -> dict[str, int]:
    """How many incidents are open, not yet weighed, overdue; one query."""
    mine = Incident.objects.filter(within(user, HANDLE, "unit"), closed_at=None)
    found = mine.aggregate(
        open=Count("pk"),
        unweighed=Count("pk", filter=Q(severity="")),
        overdue=Count("pk", filter=Q(due_on__lt=clock.today())),
    )
    return {name: int(number) for name, number in found.items()}


def by_month(user: User) -> Sequence[tuple[date, str, int]]:
    """(month, kind, how many) of what ``user`` handles; counts below five are left to the caller to hide."""
    rows = Incident.objects.filter(within(user, HANDLE, "unit")).annotate(month=TruncMonth("happened_at"))
    return [
        (month.date(), kind, n)
        for month, kind, n in rows.values_list("month", "kind").annotate(n=Count("pk")).order_by("-month", "kind")
    ]
