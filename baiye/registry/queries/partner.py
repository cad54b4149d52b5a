"""What a partner may read by its key: figures of its own part, never a name or a phone."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from baiye.accounts.models import Unit
from baiye.registry.models import Accreditation, Application, Host
from baiye.registry.queries.verdicts import holding


def application_counts(unit: Unit) -> dict[str, int]:
    """State → applications (drafts left out): under an agency's standards, or of a host; one query."""
    mine = Q(standard__keeper=unit) if unit.kind == "agency" else Q(host__unit=unit)
    rows = Application.objects.filter(mine).exclude(state="draft").values_list("state").annotate(n=Count("pk"))
    return dict(rows.order_by("state"))


def accredited_count(unit: Unit, on: date) -> int:
    """How many real accreditations hold on a day: under an agency's standards, or of a host; one query."""
    mine = Q(standard__keeper=unit) if unit.kind == "agency" else Q(host__unit=unit)
    return Accreditation.objects.filter(mine, holding(on), is_example=False).count()


def hosts_of(unit: Unit, on: date) -> QuerySet[Host]:
    """An agency's hosts are those accredited by its standards today; a host's unit has one."""
    if unit.kind != "agency":
        return Host.objects.filter(unit=unit)
    held = Accreditation.objects.filter(holding(on), standard__keeper=unit, is_example=False)
    return Host.objects.filter(pk__in=held.values("host"))
