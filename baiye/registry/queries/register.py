"""Reads of the public register and of the sketch map."""

from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from baiye.core import pinyin
from baiye.registry.kinds import KINDS
from baiye.registry.models import Accreditation, Host, MapShape
from baiye.registry.queries.hosts import accredited_on


def public_hosts() -> QuerySet[Host]:
    """The public register: every real host, confirmed ones first, then leads; by name. Never an example (示例)."""
    return Host.objects.filter(unit__is_example=False).select_related("unit").order_by("evidence", "unit__pinyin", "pk")


def find_hosts(*, q: str = "", evidence: str = "", family: str = "", street: str = "") -> QuerySet[Host]:
    """Hosts of the public register by name (characters, sound, first letters), address or trade, kind and street."""
    hosts = public_hosts()
    if q:
        found = Q(unit__name__icontains=q) | Q(unit__short_name__icontains=q) | Q(address__icontains=q)
        found |= Q(kind__icontains=q) | Q(occupations__icontains=q)
        if letters := pinyin.pattern(q):
            found |= Q(unit__pinyin__regex=letters)
        hosts = hosts.filter(found)
    if evidence:
        hosts = hosts.filter(evidence=evidence)
    if family:
        hosts = hosts.filter(kind__in=KINDS[family])
    return hosts.filter(street=street) if street else hosts


def located(hosts: QuerySet[Host]) -> QuerySet[Host]:
    """Those of ``hosts`` whose position is known."""
    return hosts.filter(lon__isnull=False, lat__isnull=False)


def with_verdict(hosts: QuerySet[Host], on: date) -> QuerySet[Host]:
    """``hosts`` with ``accredited_until``, the last day of a real accreditation that holds on a day, else None."""
    real = Accreditation.objects.filter(accredited_on(on), host=OuterRef("pk"), is_example=False)
    return hosts.annotate(accredited_until=Subquery(real.order_by("-valid_until").values("valid_until")[:1]))


def public_counts() -> dict[str, int]:
    """How many hosts of the public register are ``confirmed`` and how many are leads; one query."""
    rows = Host.objects.filter(unit__is_example=False).values_list("evidence").annotate(n=Count("pk"))
    return {"confirmed": 0, "lead": 0} | dict(rows)


def streets() -> QuerySet[MapShape]:
    """The streets and towns (街镇) of the district, by code."""
    return MapShape.objects.filter(kind="street").order_by("code")


def map_shapes() -> QuerySet[MapShape]:
    """Everything the schematic map is drawn from: outlines first, then roads and railways."""
    return MapShape.objects.order_by("kind", "code")
