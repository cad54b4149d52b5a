"""Complaints as handlers, families and holders of a link reach them."""

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import within
from baiye.core import clock, crypto
from baiye.incidents.models import Complaint
from baiye.incidents.permissions import HANDLE
from baiye.schools.queries import nth_working_day

WORKING_DAYS = 15  # until an answer; the form says so
STATES = {
    "open": Q(answered_at=None) | Q(escalated_at__isnull=False, final_at=None),
    "answered": Q(answered_at__isnull=False) & (Q(escalated_at=None) | Q(final_at__isnull=False)),
}


def digest(token: str) -> str:
    """What is kept of a link's secret."""
    return crypto.blind(f"complaint\0{token}")


def find_by_link(token: str) -> Complaint | None:
    """The complaint this link follows."""
    return Complaint.objects.filter(digest=digest(token)).select_related("host__unit").first()


def own_complaints(user: User) -> QuerySet[Complaint]:
    """What ``user`` wrote while signed in, newest first."""
    return Complaint.objects.filter(made_by=user).select_related("host__unit").order_by("-made_at", "-pk")


def complaints_for(user: User, *, state: str = "", kind: str = "", q: str = "") -> QuerySet[Complaint]:
    """Complaints that ``user`` handles: what waits first, soonest due first."""
    found = Complaint.objects.filter(within(user, HANDLE, "unit")).select_related("host__unit", "unit")
    if state:
        found = found.filter(STATES[state])
    if kind:
        found = found.filter(kind=kind)
    if q:
        found = found.filter(Q(unit__name__icontains=q) | Q(unit__short_name__icontains=q))
    return found.order_by("answered_at", "due_on", "-pk")


def counts(user: User) -> dict[str, int]:
    """How many complaints wait, and how many of them longer than they should; one query."""
    mine = Complaint.objects.filter(within(user, HANDLE, "unit")).filter(STATES["open"])
    found = mine.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=clock.today(), answered_at=None)))
    return {name: int(number) for name, number in found.items()}


def find_district() -> Unit | None:
    """The district that answers where no host is named."""
    return Unit.objects.filter(kind="district").order_by("pk").first()


def due_after(on: date) -> date:
    """The day by which what was written ``on`` is answered: the fifteenth working day after it; one query."""
    return nth_working_day(on + timedelta(days=1), WORKING_DAYS)
