"""Reads of a class: what is open to it, who is booked where, and who could go with a group."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.bookings.models import Booking, Opening
from baiye.bookings.queries.mine import as_uuid, loaded, standing
from baiye.bookings.queries.openings import for_grade_of, in_district, in_order, still_to_come
from baiye.bookings.standing import Standing
from baiye.schools.models import Pupil, SchoolClass
from baiye.schools.queries import classes_for

RECORD = Permission.WISH_RECORD


def classes_of(user: User) -> QuerySet[SchoolClass]:
    """Classes for which ``user`` books, each with ``size``; school and unit loaded."""
    return classes_for(user, RECORD).annotate(size=Count("pupils", filter=Q(pupils__left_on=None)))


def roll_of(school_class: SchoolClass) -> list[Pupil]:
    """The pupils on the roll by pinyin, their class set; one query."""
    pupils = list(Pupil.objects.filter(school_class=school_class, left_on=None).order_by("pinyin", "pk"))
    for pupil in pupils:
        pupil.school_class = school_class
    return pupils


def open_to_class(school_class: SchoolClass, at: datetime) -> QuerySet[Opening]:
    """What a group of the class may book now or soon: first come, or what a draw or a placement left."""
    settled = Q(release__mode="first") | Q(release__drawn_at__isnull=False)
    found = in_district(school_class.school.unit.lineage()[0]).filter(settled, still_to_come(at))
    return in_order(found.filter(for_grade_of(Pupil(school_class=school_class), at)), at)


def has_group(key: str, school_class: SchoolClass) -> bool:
    """Whether the request with this key has booked pupils of the class already."""
    request = as_uuid(key)
    return request is not None and Booking.objects.filter(group=request, pupil__school_class=school_class).exists()


@dataclass(slots=True)
class Party:
    """The pupils of a class who have or want a seat of one opening."""

    opening: Opening
    members: list[Standing] = field(default_factory=list)


def parties(school_class: SchoolClass, at: datetime) -> list[Party]:
    """Who of the class is booked, waits or was offered, opening by opening, the next visit first; one query."""
    live = Booking.objects.filter(pupil__school_class=school_class, ended_at=None, opening__visit__ends_at__gt=at)
    found: dict[int, Party] = {}
    for one in loaded(live).order_by("opening__visit__starts_at", "opening", "pupil__pinyin", "pk"):
        found.setdefault(one.opening_id, Party(one.opening)).members.append(standing(one, at))
    return list(found.values())
