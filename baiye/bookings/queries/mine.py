"""Reads of a family's bookings: what waits for an answer, what stands, what is over and why."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.bookings import drawing
from baiye.bookings.models import Booking, Opening
from baiye.bookings.queries.openings import LOADED, PLACE
from baiye.bookings.standing import Standing
from baiye.schools.models import Pupil
from baiye.schools.permissions import pupil_scope

IN_LINE = {"ended_at": None, "seat": None, "offer_until": None, "place__isnull": False}
ORDER = ("offered", "booked", "waiting", "pressed")


def bookings_for(user: User, permission: Permission = Permission.WISH_GIVE) -> QuerySet[Booking]:
    """Bookings of pupils whom ``user`` may reach with ``permission``; opening, visit, place, pupil and class loaded."""
    return loaded(Booking.objects.filter(pupil_scope(user, permission, "pupil__")))


def loaded(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """``bookings`` with what pages show of them, each with ``before``: how many wait in front of it."""
    front = Booking.objects.filter(opening=OuterRef("opening"), place__lt=OuterRef("place"), **IN_LINE).order_by()
    ahead = front.values("opening").annotate(n=Count("pk")).values("n")
    return bookings.select_related(
        *(f"opening__{path}" for path in (*LOADED, *PLACE)), "pupil__school_class__school__unit"
    ).annotate(before=Coalesce(Subquery(ahead, output_field=IntegerField()), 0))


def standing(booking: Booking, at: datetime) -> Standing:
    """How a booking of `loaded` stands at a moment."""
    return Standing(booking, at, before=booking.before)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Group:
    """The live bookings that are in the same state."""

    state: str
    items: list[Standing]


def live_of(pupil: Pupil, at: datetime) -> list[Group]:
    """The live bookings of ``pupil`` whose visit is not over: offers first, then what is booked; one query."""
    live = Booking.objects.filter(pupil=pupil, ended_at=None, opening__visit__ends_at__gt=at)
    rows = [standing(one, at) for one in loaded(live).order_by("opening__visit__starts_at", "pk")]
    by_state = {state: [one for one in rows if one.booking.state == state] for state in ORDER}
    by_state["pressed"].sort(key=lambda one: (one.booking.rank or 0, one.visit.starts_at, one.booking.pk))
    return [Group(state, found) for state, found in by_state.items() if found]


def ended_of(pupil: Pupil, at: datetime) -> QuerySet[Booking]:
    """What is over of ``pupil``: ended, or the visit has been; newest first, as `loaded`."""
    live = Booking.objects.filter(ended_at=None, opening__visit__ends_at__gt=at)
    return loaded(Booking.objects.filter(pupil=pupil).exclude(pk__in=live.values("pk"))).order_by("-pressed_at", "-pk")


def standings(bookings: Iterable[Booking], at: datetime) -> list[Standing]:
    return [standing(one, at) for one in bookings]


def offers_to(pupil_id: int) -> QuerySet[Booking]:
    """Seats that are held for a pupil until the family answers, the most urgent first; visit and version loaded."""
    held = Booking.objects.filter(pupil=pupil_id, ended_at=None, seat=None, offer_until__isnull=False)
    return held.select_related("opening__visit__version").order_by("offer_until", "pk")


def live_booking(opening: Opening, pupil: Pupil) -> Booking | None:
    """The live booking that ``pupil`` has of ``opening``, as `loaded`."""
    return loaded(Booking.objects.filter(opening=opening, pupil=pupil, ended_at=None)).first()


def made_by_request(key: str, pupil: Pupil, opening: Opening) -> Booking | None:
    """The booking of ``pupil`` that the request with this key made; None for any other, or for no key at all."""
    request = as_uuid(key)
    return Booking.objects.filter(request=request, pupil=pupil, opening=opening).first() if request else None


def as_uuid(key: str) -> uuid.UUID | None:
    """A key as a form carries it; None for what is none."""
    try:
        return uuid.UUID(key)
    except ValueError:
        return None


def droppable(pupil: Pupil, wanted: Opening, at: datetime) -> QuerySet[Booking]:
    """What ``pupil`` could give up for ``wanted``: booked, waiting or offered elsewhere, and not begun."""
    elsewhere = Booking.objects.filter(pupil=pupil, ended_at=None, opening__visit__starts_at__gt=at)
    return loaded(elsewhere.exclude(opening=wanted).exclude(place=None, seat=None)).order_by(
        "opening__visit__starts_at", "pk"
    )


def alias_of(booking: Booking) -> str:
    """What the pupil is called in the public files of the release, once it is drawn; empty before."""
    release = booking.opening.release
    return drawing.alias_of(release.pk, booking.pupil.pseudonym) if release.drawn_at else ""
