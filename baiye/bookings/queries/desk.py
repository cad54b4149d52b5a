"""Reads of the desk: releases one may make, what can be added to one, how an open one stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, within
from baiye.attendance.models import Mark
from baiye.bookings.models import Booking, Opening, Release
from baiye.bookings.queries.mine import IN_LINE, loaded
from baiye.bookings.queries.openings import LOADED, PLACE
from baiye.visits import claims
from baiye.visits.models import Visit
from baiye.visits.queries import visits_for

MANAGE = Permission.VISIT_MANAGE
STATES: dict[str, Any] = {
    "draft": lambda at: Q(published_at=None),  # noqa: ARG005 (a table of filters by moment)
    "soon": lambda at: Q(published_at__isnull=False, opens_at__gt=at),
    "open": lambda at: Q(published_at__isnull=False, opens_at__lte=at, closes_at__gt=at),
    "closed": lambda at: Q(published_at__isnull=False, closes_at__lte=at),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which releases are looked for; empty means any."""

    q: str = ""
    state: str = ""  # a key of STATES
    mode: str = ""


def units_for(user: User) -> QuerySet[Unit]:
    """The districts and hosts for which ``user`` may make a release, the districts first."""
    return Unit.objects.filter(within(user, MANAGE), kind__in=["district", "host"]).order_by("kind", "pinyin", "pk")


def releases_for(user: User) -> QuerySet[Release]:
    """Releases of units where ``user`` manages visits, the newest minute first; unit and term loaded."""
    mine = Release.objects.filter(within(user, MANAGE, "unit"))
    return mine.select_related("unit", "term", "published_by", "made_by").order_by("-opens_at", "-pk")


def find_releases(user: User, asked: Asked, at: datetime) -> QuerySet[Release]:
    """Those that are asked for, each with ``openings_n``, ``seats``, ``taken``, ``offered`` and ``waiting``."""
    found = releases_for(user)
    if asked.q:
        found = found.filter(Q(title__icontains=asked.q) | Q(unit__name__icontains=asked.q))
    if asked.mode:
        found = found.filter(mode=asked.mode)
    if asked.state:
        found = found.filter(STATES[asked.state](at))
    return found.annotate(
        openings_n=_of_release("pk", Count("pk")),
        seats=_of_release("visit__seats"),
        taken=_of_release("visit__taken"),
        offered=_of_release("visit__offered"),
        waiting=Coalesce(Subquery(_waiting("opening__release", OuterRef("pk")), output_field=IntegerField()), 0),
    )


def _of_release(field: str, of: Any = None) -> Coalesce:
    """A figure over the openings of the outer release that are not cancelled."""
    openings = Opening.objects.filter(release=OuterRef("pk"), visit__cancelled_at=None).order_by()
    summed = openings.values("release").annotate(n=of or Sum(field)).values("n")
    return Coalesce(Subquery(summed, output_field=IntegerField()), 0)


def _waiting(path: str, outer: OuterRef) -> QuerySet[Any, Any]:
    line = Booking.objects.filter(**{path: outer}, **IN_LINE).order_by()
    counted: QuerySet[Any, Any] = line.values(path).annotate(n=Count("pk")).values("n")
    return counted


def watched(release: Release, at: datetime) -> QuerySet[Opening]:
    """The openings of a release by day, each with ``waiting``, ``pressed`` and ``absent``: what the desk counts.

    ``absent``: seats of a visit that is over without a mark at the door.
    """
    openings = Opening.objects.filter(release=release).select_related(*LOADED, *PLACE)
    pressed = Booking.objects.filter(opening=OuterRef("pk"), ended_at=None, seat=None, place=None).order_by()
    came = Mark.objects.filter(seat=OuterRef("seat"), kind="in", voided_at=None)
    away = Booking.objects.filter(
        ~Exists(came), opening=OuterRef("pk"), ended_at=None, seat__isnull=False, opening__visit__ends_at__lte=at
    ).order_by()
    return openings.annotate(
        waiting=Coalesce(Subquery(_waiting("opening", OuterRef("pk")), output_field=IntegerField()), 0),
        pressed=_number(pressed),
        absent=_number(away),
        left=F("visit__seats") - F("visit__taken") - F("visit__offered"),
    ).order_by("visit__starts_at", "pk")


def _number(bookings: QuerySet[Booking]) -> Coalesce:
    counted = bookings.values("opening").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def openings_of(user: User) -> QuerySet[Opening]:
    """Openings of releases that ``user`` manages; all of release and visit loaded."""
    mine = Opening.objects.filter(within(user, MANAGE, "release__unit"))
    return mine.select_related(*LOADED, *PLACE).order_by("visit__starts_at", "pk")


def addable(user: User, release: Release, at: datetime) -> QuerySet[Visit]:
    """Visits that may be added: one manages them, of the release's unit, to come, in no release, kept by nobody."""
    coming = visits_for(user, MANAGE).filter(starts_at__gt=max(at, release.opens_at), cancelled_at=None, opening=None)
    return coming.filter(venue__host__unit__path__startswith=release.unit.path).exclude(claims.kept())


def line_of(opening: Opening) -> QuerySet[Booking]:
    """Everyone who has or wants a seat of ``opening``: held first, then offers, then the line; as `loaded`."""
    live = Booking.objects.filter(opening=opening, ended_at=None)
    return loaded(live).order_by(
        F("seat").asc(nulls_last=True), F("offer_until").asc(nulls_last=True), F("place").asc(nulls_last=True), "pk"
    )
