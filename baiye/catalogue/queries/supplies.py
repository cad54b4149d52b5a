"""Reads of what courses need and venues have."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.catalogue.models import CourseVersion, Material, Supply, VenueStock
from baiye.registry.models import Venue


@dataclass(frozen=True, slots=True)
class Shortage:
    """A thing of which a venue has fewer than the largest group needs."""

    venue: str
    name: str
    needed: int
    count: int


@dataclass(frozen=True, slots=True)
class Supplied:
    """What a version needs, where that falls short, and which equipment no venue of its host has counted."""

    supplies: list[Supply]
    shortages: list[Shortage]
    uncounted: list[str]


def supplied(version: CourseVersion) -> Supplied:
    """What ``version`` needs for its largest group against the stock of its host's venues; two queries.

    A venue is compared for the things it has counted: one that lists nothing is no venue of this course.
    """
    supplies = list(version.supplies.order_by("kind", "name"))
    needed = {supply.name: supply.needed(version.group_max) for supply in supplies}
    stock = VenueStock.objects.filter(venue__host=version.course.host_id, venue__closed_on=None, name__in=needed)
    rows = list(stock.select_related("venue").order_by("venue__name", "name"))
    short = [
        Shortage(row.venue.name, row.name, needed[row.name], row.count) for row in rows if row.count < needed[row.name]
    ]
    counted = {row.name for row in rows}
    bare = [supply.name for supply in supplies if supply.kind == "equipment" and supply.name not in counted]
    return Supplied(supplies, short, bare)


def stock_of(venue: Venue) -> list[VenueStock]:
    """What ``venue`` has counted, by name."""
    return list(venue.stock.order_by("name"))


def venues_to_stock(user: User, *, q: str = "") -> QuerySet[Venue]:
    """Open venues of hosts where ``user`` writes courses, by words; ``n_things`` counted, host loaded."""
    named = Q(name__icontains=q) | Q(host__unit__name__icontains=q) if q else Q()
    return (
        Venue.objects.filter(named, within(user, Permission.COURSE_MANAGE, "host__unit"), closed_on=None)
        .select_related("host__unit")
        .annotate(n_things=Count("stock"))
        .order_by("host__unit__pinyin", "name", "pk")
    )


def wanted_at(venue: Venue) -> list[str]:
    """Names of the things that courses of the venue's host need, by name."""
    names = Supply.objects.filter(version__course__host=venue.host_id, version__course__retired_at=None)
    return list(names.order_by("name").values_list("name", flat=True).distinct())


WRITES_OR_REVIEWS = (Permission.COURSE_MANAGE, Permission.COURSE_REVIEW)


def materials_for(user: User, *permissions: Permission) -> QuerySet[Material]:
    """Papers of versions that ``user`` writes or reviews; version, host and file loaded."""
    scope = Q(pk__in=[])
    for permission in permissions or WRITES_OR_REVIEWS:
        scope |= within(user, permission, "version__course__host__unit")
    return Material.objects.filter(scope).select_related("version__course__host__unit", "file")


def materials_by_step(version: CourseVersion, *, readers: tuple[str, ...]) -> dict[str, list[Material]]:
    """Step → the papers of ``version`` for these readers, without their bytes; one query."""
    found: dict[str, list[Material]] = defaultdict(list)
    rows = version.materials.filter(reader__in=readers).select_related("file").defer("file__sealed")
    for material in rows.order_by("reader", "pk"):
        found[material.step].append(material)
    return dict(found)


def public_materials() -> QuerySet[Material]:
    """Papers for pupils of published versions of courses that are not retired; file loaded."""
    return Material.objects.filter(
        reader="pupil", version__published_at__isnull=False, version__course__retired_at=None
    ).select_related("file", "version")
