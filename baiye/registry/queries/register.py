"""Reads of the public register and of the sketch map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, cos, hypot, radians
from typing import Any

from django.db.models import Count, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Power, Sqrt
from django.db.models.lookups import LessThanOrEqual

from baiye.accounts.models import Unit
from baiye.core import search
from baiye.registry import landing
from baiye.registry.kinds import KINDS
from baiye.registry.models import Host, Listing, MapShape, Standard
from baiye.registry.queries.verdicts import accredited, by_expiry, stopped
from baiye.schools.models import School

M_A_DEGREE = 111_195  # of latitude, on a sphere
DETOUR = 1.3  # a way on foot is longer than the straight line
M_A_MINUTE = 4000 / 60  # on foot


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one walks from: a school, or the middle of a street or town (街镇); never somebody's address."""

    key: str  # as it stands in addresses: "school-12", "street-310107005"
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants of the register; empty is no wish."""

    q: str = ""
    evidence: str = ""  # accredited, confirmed, lead or stopped
    family: str = ""
    street: str = ""
    stage: str = ""  # 小学, 初中, 高中
    occupation: str = ""
    keeper: int | None = None  # whose part: the body's unit, 0 for the district
    is_accessible: bool = False
    origin: Origin | None = None  # from where one walks
    minutes: int = 0
    sort: str = ""  # "" confirmed first, name, distance or expiry


def public_hosts() -> QuerySet[Host]:
    """The public register: every real host, confirmed ones first, then leads; by name. Never an example (示例)."""
    listed = Host.objects.filter(listing__isnull=False).select_related("unit", "listing")
    return listed.order_by("listing__evidence", "listing__sounds", "pk")


def successors() -> QuerySet[Host]:
    """Hosts that were merged into one of the public register, whose page stands for theirs."""
    return Host.objects.filter(merged_into__listing__isnull=False)


def find(asked: Asked, on: date) -> QuerySet[Listing]:
    """Lines of the register that answer all that is asked, in the order asked for."""
    found = Listing.objects.filter(search.matches(asked.q)) if asked.q else Listing.objects.all()
    if asked.family:
        found = found.filter(kind__in=KINDS[asked.family])
    if asked.street:
        found = found.filter(street=asked.street)
    if asked.is_accessible:
        found = found.filter(is_accessible=True)
    if asked.occupation:
        found = found.filter(pk__in=_of_trade(asked.occupation))
    if asked.stage:
        found = found.filter(Q(accredited(on, stage=asked.stage)) | landing.offering(stage=asked.stage))
    if asked.keeper is not None:
        found = found.filter(accredited(on, keeper=asked.keeper))
    found = _of_evidence(found, asked.evidence, on)
    return _in_order(_in_reach(found, asked), asked, on)


def _of_trade(occupation: str) -> QuerySet[Listing, Any]:
    """Keys of hosts that name this occupation or have a course of it: each found by its index, then put together."""
    named = Listing.objects.filter(search.contains("trades", occupation.lower())).order_by()
    offering = Listing.objects.filter(landing.offering(occupation=occupation)).order_by()
    return named.values("pk").union(offering.values("pk"))


def _of_evidence(found: QuerySet[Listing], evidence: str, on: date) -> QuerySet[Listing]:
    if evidence == "accredited":
        return found.filter(accredited(on))
    if evidence == "stopped":
        return found.filter(stopped(on))
    return found.filter(evidence=evidence) if evidence else found


def _in_reach(found: QuerySet[Listing], asked: Asked) -> QuerySet[Listing]:
    if asked.origin is None or not (asked.minutes or asked.sort == "distance"):
        return found
    near = found.filter(lon__isnull=False, lat__isnull=False)
    reach = asked.minutes * M_A_MINUTE / DETOUR
    return near.filter(_around(asked.origin, reach), LessThanOrEqual(_away(asked.origin), reach)) if reach else near


def _in_order(found: QuerySet[Listing], asked: Asked, on: date) -> QuerySet[Listing]:
    if asked.sort == "distance" and asked.origin is not None:
        return found.order_by(_away(asked.origin).asc(), "pk")
    if asked.sort == "expiry":
        return by_expiry(found, on)
    order = ("sounds", "pk") if asked.sort == "name" else ("evidence", "sounds", "pk")
    return search.sorted_by(found, *order) if asked.q else found.order_by(*order)


def _around(origin: Origin, reach: float) -> Q:
    """The square around a circle, for the index."""
    up = reach / M_A_DEGREE
    across = up / cos(radians(origin.lat))
    north_south = Q(lat__range=(origin.lat - up, origin.lat + up))
    return north_south & Q(lon__range=(origin.lon - across, origin.lon + across))


def _away(origin: Origin) -> Sqrt:
    """The straight line from there, in metres, flat: within a district that is exact to a few metres."""
    east = (F("lon") - Value(origin.lon)) * Value(M_A_DEGREE * cos(radians(origin.lat)))
    north = (F("lat") - Value(origin.lat)) * Value(float(M_A_DEGREE))
    return Sqrt(Power(east, 2) + Power(north, 2), output_field=FloatField())


def metres(origin: Origin, lon: float, lat: float) -> float:
    """The straight line from there, flat, as ``_away`` has it; core/js/near.js reckons by the same formula."""
    east = (lon - origin.lon) * M_A_DEGREE * cos(radians(origin.lat))
    return hypot(east, (lat - origin.lat) * M_A_DEGREE)


def walk_minutes(origin: Origin, lon: float | None, lat: float | None) -> int | None:
    """Minutes on foot by estimate: the straight line × 1.3 at 4 km an hour; None where the position is not known."""
    if lon is None or lat is None:
        return None
    return ceil(metres(origin, lon, lat) * DETOUR / M_A_MINUTE)


def hosts_in_order(keys: Sequence[int]) -> list[Host]:
    """The hosts with these keys in their order, unit and listing loaded, but not what is searched; one query."""
    searched = ("listing__words", "listing__sounds", "listing__grams")
    return search.in_order(Host.objects.select_related("unit", "listing").defer(*searched), keys)


def public_counts() -> dict[str, int]:
    """How many hosts of the public register are ``confirmed`` and how many are leads; one query."""
    rows = Listing.objects.values_list("evidence").annotate(n=Count("pk"))
    return {"confirmed": 0, "lead": 0} | dict(rows)


def keepers() -> list[Unit]:
    """Bodies that keep a published standard of their own, by name: each has its part of the register."""
    kept = Standard.objects.filter(published_on__isnull=False, is_example=False, keeper__kind="agency")
    return list(Unit.objects.filter(pk__in=kept.values("keeper")).order_by("pinyin", "pk"))


def schools_on_the_map() -> list[Origin]:
    """Real schools whose position is known, by name."""
    known = School.objects.filter(lon__isnull=False, lat__isnull=False, unit__is_example=False)
    schools = known.select_related("unit").order_by("unit__pinyin", "pk")
    return [Origin(f"school-{each.pk}", each.unit.name, float(each.lon or 0), float(each.lat or 0)) for each in schools]


def middles_of(streets: Iterable[MapShape]) -> list[Origin]:
    """The middle of each street whose middle is known, in the order given."""
    return [
        Origin(f"street-{shape.code}", shape.name, shape.label_lon, shape.label_lat)
        for shape in streets
        if shape.label_lon is not None and shape.label_lat is not None
    ]


def streets() -> QuerySet[MapShape]:
    """The streets and towns (街镇) of the district, by code, without their outlines."""
    return MapShape.objects.filter(kind="street").defer("lines").order_by("code")


def map_shapes() -> QuerySet[MapShape]:
    """Everything the schematic map is drawn from: outlines first, then roads and railways."""
    return MapShape.objects.order_by("kind", "code")
