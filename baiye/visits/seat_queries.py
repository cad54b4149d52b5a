"""Reads for giving, moving and taking back one seat by hand."""

from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, When

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.core import pinyin
from baiye.schools.models import Pupil
from baiye.schools.permissions import pupil_scope
from baiye.schools.queries import pupils_for
from baiye.visits.models import Seat, Visit
from baiye.visits.queries import held_seats, roll_of, visits_for

ASSIGN = Permission.SEAT_ASSIGN


def roll_for(user: User, visit: Visit) -> QuerySet[Seat]:
    """The seats on ``visit`` of pupils for whom ``user`` assigns seats; loaded and sorted as a roll."""
    return roll_of(visit).filter(pupil_scope(user, ASSIGN, "pupil__"))


def seats_for(user: User) -> QuerySet[Seat]:
    """Seats of such pupils, given up or not, at hosts where ``user`` assigns seats; pupil, visit and host loaded."""
    mine = Seat.objects.filter(pupil_scope(user, ASSIGN, "pupil__"), visit__in=visits_for(user, ASSIGN).order_by())
    loaded = mine.select_related("pupil__school_class__school__unit")
    return loaded.select_related("visit__version__course", "visit__venue__host__unit")


def seatable(user: User, visit: Visit) -> QuerySet[Pupil]:
    """Pupils for whom ``user`` assigns seats, who are still at their school and not on ``visit`` yet."""
    there = held_seats().filter(visit=visit).values("pupil")
    return pupils_for(user, ASSIGN).filter(left_on=None).exclude(pk__in=there)


def pupils_by_words(pupils: QuerySet[Pupil], words: str) -> QuerySet[Pupil]:
    """Those of ``pupils`` whose name has the words, by characters, sound or first letters; whole names first."""
    named = Q(name__icontains=words)
    if letters := pinyin.pattern(words):
        named |= Q(pinyin__regex=letters)
    return pupils.filter(named).order_by(Case(When(name=words, then=0), default=1), "pinyin", "pk")


def sittings_for(user: User, seat: Seat, *, at: datetime) -> QuerySet[Visit]:
    """Coming visits with a seat left to which ``user`` may move ``seat``: of the same course first, then by time."""
    coming = visits_for(user, ASSIGN).filter(cancelled_at=None, starts_at__gt=at)
    free = coming.filter(seats__gt=F("taken") + F("offered")).exclude(pk=seat.visit_id)
    same = Case(When(version__course=seat.visit.version.course_id, then=0), default=1)
    return free.order_by(same, "starts_at", "pk")


def visits_by_words(visits: QuerySet[Visit], words: str) -> QuerySet[Visit]:
    """Those of ``visits`` whose course or host has each of the words."""
    for word in words.split():
        visits = visits.filter(Q(version__title__icontains=word) | Q(venue__host__unit__name__icontains=word))
    return visits
