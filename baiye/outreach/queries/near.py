"""What there is within reach on foot: places with something open, and from where one may start."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baiye.bookings.models import Opening
from baiye.catalogue.models import CourseListing
from baiye.core.templatetags.text import han_range
from baiye.outreach.models import Project
from baiye.outreach.queries import projects
from baiye.outreach.queries.stations import is_proven, stations
from baiye.registry.models import Host
from baiye.registry.queries.register import Origin, metres, middles_of, schools_on_the_map, walk_minutes
from baiye.registry.queries.register import streets as registered_streets

KINDS = ("project", "station", "host")
FARTHER = 3  # places beyond the time that are named too


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is open at a place."""

    kind: str  # of KINDS
    title: str
    note: str
    url: str = ""
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is open."""

    name: str
    street: str
    lon: float
    lat: float
    url: str = ""
    things: list[Thing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reached:
    """A place, and how long one walks to it."""

    place: Place
    minutes: int
    number: int  # on the map; 0: too far


def places(at: datetime) -> list[Place]:
    """Every place whose position is known and where something is open, by name: five queries, whatever their number."""
    found: dict[tuple[int, float, float], Place] = {}
    for host, street, lon, lat, thing in (*_projects(at), *_stations(), *_hosts(at)):
        if lon is None or lat is None:
            continue
        key = (host.pk, round(lon, 4), round(lat, 4))  # about ten metres
        if key not in found:
            found[key] = Place(host.unit.name, street, lon, lat, _address(host))
        found[key].things.append(thing)
    return [found[key] for key in sorted(found, key=lambda key: (found[key].name, key))]


def schools() -> list[Origin]:
    """Schools whose position is known, by name."""
    return schools_on_the_map()


def streets() -> list[Origin]:
    """The middles of the streets and towns, by code."""
    return middles_of(registered_streets())


def reached(among: Iterable[Place], origin: Origin, minutes: int, kind: str = "") -> list[Reached]:
    """The places within so many minutes of ``origin``, nearest first, numbered; then a few that are farther."""
    wanted = [place for place in among if not kind or any(thing.kind == kind for thing in place.things)]
    by_way = sorted(wanted, key=lambda place: (metres(origin, place.lon, place.lat), place.name))
    timed = [(place, walk_minutes(origin, place.lon, place.lat) or 0) for place in by_way]
    near = [(place, walk) for place, walk in timed if walk <= minutes]
    far = [Reached(place, walk, 0) for place, walk in timed if walk > minutes][:FARTHER]
    return [Reached(place, walk, number) for number, (place, walk) in enumerate(near, 1)] + far


Found = tuple[Host, str, float | None, float | None, Thing]  # host, street, lon, lat


def _address(host: Host) -> str:
    """Of its page in the register; an example has none."""
    return "" if host.unit.is_example else reverse("registry:host", args=[host.pk])


def _projects(at: datetime) -> list[Found]:
    return [_project(each) for each in projects.to_come(at)]


def _project(each: Project) -> Found:
    visit = each.visit
    thing = Thing(
        kind="project",
        title=visit.version.title,
        note=han_range(visit.starts_at, visit.ends_at),
        url=reverse("outreach:project", args=[each.pk]),
        is_example=visit.is_example,
    )
    return visit.venue.host, each.street, each.lon, each.lat, thing  # type: ignore[attr-defined]


def _stations() -> list[Found]:
    return [(host, host.street, *_position(host), _station(host)) for host in stations() if is_proven(host)]


def _position(host: Host) -> tuple[float | None, float | None]:
    """As the register has it, which asks the venues too; an example stands in no register."""
    listing = getattr(host, "listing", None)
    return (host.lon, host.lat) if listing is None else (listing.lon, listing.lat)


def _station(host: Host) -> Thing:
    return Thing(
        kind="station",
        title=_("就业服务站"),
        note="、".join(host.station.service_names),
        url=reverse("outreach:station", args=[host.pk]),
        is_example=host.unit.is_example,
    )


def _hosts(at: datetime) -> list[Found]:
    """Hosts of the register with published courses; how many of their visits one may sign up for."""
    courses: dict[int, list[bool]] = defaultdict(list)
    for host_id, is_example in CourseListing.objects.values_list("host", "is_example"):
        courses[host_id].append(is_example)
    coming = Q(release__published_at__isnull=False, release__closes_at__gt=at, visit__cancelled_at=None)
    coming &= Q(visit__project__isnull=True)
    opened = Opening.objects.filter(coming).values_list("visit__venue__host").annotate(n=Count("pk"))
    sittings = dict(opened)
    hosts = Host.objects.filter(pk__in=courses, evidence="confirmed", listing__isnull=False)
    loaded = hosts.select_related("unit", "listing").order_by("pk")
    return [
        (host, host.street, *_position(host), _course_line(host, courses[host.pk], sittings.get(host.pk, 0)))
        for host in loaded
    ]


def _course_line(host: Host, are_examples: Sequence[bool], sittings: int) -> Thing:
    n = len(are_examples)
    note = ngettext("%(n)d 个项目", "%(n)d 个项目", n) % {"n": n}
    if sittings:
        note += _("，") + ngettext("%(n)d 场在放号", "%(n)d 场在放号", sittings) % {"n": sittings}
    return Thing("host", _("职业体验基地"), note, _address(host), all(are_examples))
