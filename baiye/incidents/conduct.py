"""What a panel is told of a host: incidents and complaints that were upheld, by kind and day, and nobody's words."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from baiye.core import clock
from baiye.incidents.models import Complaint, Incident
from baiye.registry.conduct import Known

UPHELD = Q(final_at=None, upheld=True) | Q(final_upheld=True)  # the last word counts
UNWEIGHED = ""


def known_of(hosts: Collection[int], since: date) -> Iterable[Known]:
    """Upheld complaints, then incidents by how grave they were, of these hosts since a day; two queries."""
    for (kind, _weight), days in _by_kind(upheld_complaints(hosts, since), "made_at").items():
        yield Known(_("投诉属实"), str(dict(Complaint.KINDS)[kind]), days)
    weights = {name: str(word) for name, word in Incident.SEVERITIES} | {UNWEIGHED: _("还没定级")}
    for (kind, weight), days in _by_kind(incidents_at(hosts, since), "happened_at", "severity").items():
        yield Known(_("事件报告"), str(dict(Incident.KINDS)[kind]), days, weights[weight])


def upheld_complaints(hosts: Collection[int], since: date) -> QuerySet[Complaint]:
    """Complaints about these hosts, made since a day, that came to be upheld."""
    return Complaint.objects.filter(UPHELD, host__in=hosts, made_at__date__gte=since)


def incidents_at(hosts: Collection[int], since: date) -> QuerySet[Incident]:
    """What happened at these hosts since a day, whoever handles it."""
    return Incident.objects.filter(host__in=hosts, happened_at__date__gte=since)


def _by_kind(
    rows: QuerySet[Complaint] | QuerySet[Incident], at: str, weight: str = ""
) -> dict[tuple[str, str], tuple[date, ...]]:
    """Kind and weight → the days, the latest first; kinds in the order of their latest day."""
    found: dict[tuple[str, str], list[date]] = defaultdict(list)
    for row in rows.order_by(f"-{at}", "-pk").values("kind", at, *filter(None, [weight])):
        found[row["kind"], row.get(weight, "")].append(clock.day_of(row[at]))
    return {key: tuple(days) for key, days in found.items()}
