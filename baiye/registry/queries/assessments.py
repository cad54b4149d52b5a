"""Reads of the panel's desk: who waits in which order, who may inspect, and decisions that one may sign."""

from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.accounts.queries import people_with
from baiye.registry.models import Accreditation, Application, Decision, Host, Standard
from baiye.registry.queries.applications import applications_for

WAITING = ("panel", "conditions", "inspection", "accepted", "submitted", "returned")  # the nearest to a verdict first
LONGEST = 60  # as many of the queue as a page shows


def queue_for(user: User) -> list[Application]:
    """Applications under review where ``user`` reviews, the nearest to a verdict first; host and unit loaded."""
    place = Case(*(When(state=s, then=Value(n)) for n, s in enumerate(WAITING)), output_field=IntegerField())
    waiting = applications_for(user).filter(state__in=WAITING).annotate(place=place)
    return list(waiting.select_related("host__unit").order_by("place", "submitted_at", "pk")[:LONGEST])


def inspectors_for(standard: Standard, on: date) -> list[User]:
    """Who may inspect by ``standard`` on a day; one query."""
    return list(people_with(Permission.HOST_ACCREDIT, standard.keeper, on)) if standard.keeper is not None else []


def decisions_for(user: User) -> QuerySet[Decision]:
    """Decisions by standards that ``user`` reviews; inspection with host and standard loaded."""
    found = Decision.objects.filter(within(user, Permission.HOST_ACCREDIT, "inspection__standard__keeper"))
    return found.select_related("inspection__standard__keeper", "inspection__host__unit")


def last_accreditation(host: Host) -> Accreditation | None:
    """The latest accreditation of ``host``, whatever became of it; standard loaded."""
    return host.accreditations.select_related("standard").order_by("-valid_from", "-pk").first()
