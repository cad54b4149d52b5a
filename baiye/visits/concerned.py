"""Whom a visit concerns: families with a seat on it, the adults who are with it, and the people of its host."""

from collections.abc import Callable, Collection
from datetime import date, datetime

from django.db.models import Q

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.accounts.queries import people_with
from baiye.schools.models import Pupil
from baiye.schools.permissions import held_on
from baiye.schools.queries import people_behind, teachers_behind
from baiye.visits.models import Assignment, Seat, Visit

WAITING: list[Callable[[int], Collection[int]]] = []  # rooms above: visit → pupils who wait for a seat on it
AT_HOST = frozenset({"host_manager", "host_instructor"})


def families(visit: Visit, *, before: datetime | None = None) -> list[User]:
    """Pupils with a held seat on ``visit``, given ``before`` then, and who stands for them; three queries."""
    seats = Seat.objects.filter(visit=visit, given_up_at=None)
    if before is not None:
        seats = seats.filter(given_at__lte=before)
    return people_behind(list(seats.values_list("pupil", flat=True)))


def waiting(visit: Visit) -> list[int]:
    """Pupils who hold no seat on ``visit`` yet and wait for one; a query each room that knows some."""
    return [pupil for waiting_for in WAITING for pupil in waiting_for(visit.pk)]


def adults(visit: Visit, assigned: Q, *, on: date) -> list[User]:
    """Mentors with such an assignment to ``visit`` who have an account, and the people of its host; two queries."""
    mentors = Assignment.objects.filter(assigned, visit=visit).values("mentor__user")
    with_pupils = User.objects.filter(pk__in=mentors, is_active=True)
    here = people_with(Permission.CHECKIN, visit.venue.host.unit, on, roles=AT_HOST)
    return list({user.pk: user for user in (*with_pupils, *here)}.values())


def teachers(pupil_ids: Collection[int]) -> list[User]:
    """The class teachers of these pupils, each once; one query."""
    found = (teacher for each in teachers_behind(pupil_ids).values() for teacher in each)
    return list({user.pk: user for user in found}.values())


def still_concerns(visit: Visit, user: User, *, on: date) -> bool:
    """Whether ``user`` still has to do with ``visit``; three queries at most."""
    if user.kind == "staff":
        mine = Assignment.objects.filter(visit=visit, ended_at=None, mentor__user=user)
        here = people_with(Permission.CHECKIN, visit.venue.host.unit, on, roles=AT_HOST)
        return mine.exists() or here.filter(pk=user.pk).exists()
    seated = Seat.objects.filter(visit=visit, given_up_at=None).values("pupil")
    theirs = Pupil.objects.filter(Q(pk__in=seated) | Q(pk__in=waiting(visit)))
    if user.kind == "pupil":
        return theirs.filter(user=user).exists()
    return theirs.filter(held_on(on, "guardianships__"), guardianships__user=user).exists()
