"""Reads of appeals: at the desk of whoever answers, and who may not."""

from django.db.models import Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.registry.models import Appeal, Application, Decision, Measure


def appeals_for(user: User) -> QuerySet[Appeal]:
    """Appeals against what was decided by standards that ``user`` reviews, open ones first; all of it loaded."""
    scope = Q(within(user, Permission.HOST_ACCREDIT, "decision__inspection__standard__keeper"))
    scope |= within(user, Permission.HOST_ACCREDIT, "measure__accreditation__standard__keeper")
    return _loaded(Appeal.objects.filter(scope)).order_by("answered_at", "made_at", "pk")


def _loaded(found: QuerySet[Appeal]) -> QuerySet[Appeal]:
    return found.select_related(
        "made_by",
        "answered_by",
        "file",
        "decision__proposed_by",
        "decision__inspection__standard__keeper",
        "decision__inspection__host__unit",
        "measure__by",
        "measure__accreditation__standard__keeper",
        "measure__accreditation__host__unit",
    ).defer("file__sealed")


def decisions_at_hosts_of(user: User) -> QuerySet[Decision]:
    """Decisions in force about hosts that ``user`` manages."""
    found = Decision.objects.filter(within(user, Permission.HOST_MANAGE, "inspection__host__unit"))
    return found.filter(in_force_at__isnull=False).select_related("inspection__standard", "inspection__host__unit")


def measures_at_hosts_of(user: User) -> QuerySet[Measure]:
    """Measures about hosts that ``user`` manages."""
    found = Measure.objects.filter(within(user, Permission.HOST_MANAGE, "accreditation__host__unit"))
    return found.select_related("accreditation__standard", "accreditation__host__unit")


def appeals_of(against: Decision | Measure) -> list[Appeal]:
    """What was appealed against a decision or a measure, the oldest first; who answered loaded."""
    return list(against.appeals.select_related("answered_by").order_by("made_at"))


def signed_by(against: Decision | Measure) -> set[int]:
    """Who put a name to a decision or a measure, and so does not answer an appeal against it; one query at most."""
    if isinstance(against, Measure):
        return {pk for pk in (against.by_id, against.second_by_id) if pk is not None}
    inspection = against.inspection
    people = {against.proposed_by_id, inspection.inspector_id, inspection.second_by_id}
    return {pk for pk in people | set(against.signatures.values_list("by_id", flat=True)) if pk is not None}


def last_decision(application: Application) -> Decision | None:
    """The latest decision in force about ``application``; inspection with standard and host loaded."""
    found = Decision.objects.filter(inspection__application=application, in_force_at__isnull=False)
    found = found.select_related("inspection__standard__keeper", "inspection__host__unit")
    return found.order_by("-in_force_at", "-pk").first()
