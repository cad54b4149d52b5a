"""Reads of visits and seats."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, Q, QuerySet, When

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.core import clock
from baiye.mentors.models import Mentor
from baiye.mentors.queries.mentors import Hinders, mentors_for
from baiye.registry.models import Host
from baiye.schools.models import Pupil
from baiye.visits.models import Assignment, Seat, Visit


def held_seats() -> QuerySet[Seat]:
    """Seats that are not given up, whosever they are; callers narrow them to what a person may see."""
    return Seat.objects.filter(given_up_at=None)


def seats_of(pupil: Pupil) -> QuerySet[Seat]:
    """The seats ``pupil`` holds, soonest first; visit, version, course, venue, host and unit loaded."""
    return (
        held_seats()
        .filter(pupil=pupil)
        .select_related("visit__version__course", "visit__version__occupation", "visit__venue__host__unit")
        .order_by("visit__starts_at", "pk")
    )


def roll_of(visit: Visit) -> QuerySet[Seat]:
    """The roll of ``visit``: held seats by school, class and pinyin; pupil, class, school and unit loaded."""
    return (
        held_seats()
        .filter(visit=visit)
        .select_related("pupil__school_class__school__unit")
        .order_by(
            "pupil__school_class__school__unit__pinyin",
            "pupil__school_class__number",
            "pupil__pinyin",
            "pk",
        )
    )


def visits_at(user: User, on: date) -> QuerySet[Visit]:
    """Visits of a Shanghai day at hosts where ``user`` checks pupils in, soonest first; loaded as by visits_for."""
    mine = within(user, Permission.CHECKIN, "venue__host__unit")
    return _loaded(Visit.objects.filter(mine, _begins_on(on), cancelled_at=None))


def visits_for(user: User, permission: Permission = Permission.VISIT_MANAGE) -> QuerySet[Visit]:
    """Visits at hosts where ``user`` holds ``permission``, soonest first; version, course, venue, host, unit loaded."""
    return _loaded(Visit.objects.filter(within(user, permission, "venue__host__unit")))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which visits are looked for; empty means any."""

    q: str = ""
    host: Host | None = None
    on: date | None = None
    state: str = ""  # coming, past, cancelled


def find_visits(user: User, *, at: datetime, asked: Asked) -> QuerySet[Visit]:
    """Visits that ``user`` manages by course, host, Shanghai day and state at a moment; loaded as by visits_for."""
    found = visits_for(user)
    if asked.q:
        found = found.filter(Q(version__title__icontains=asked.q) | Q(venue__host__unit__name__icontains=asked.q))
    if asked.host:
        found = found.filter(venue__host=asked.host)
    if asked.on:
        found = found.filter(_begins_on(asked.on))
    states = {
        "coming": Q(cancelled_at=None, ends_at__gt=at),
        "past": Q(cancelled_at=None, ends_at__lte=at),
        "cancelled": Q(cancelled_at__isnull=False),
    }
    return found.filter(states[asked.state]) if asked.state else found


def day_begins(on: date) -> datetime:
    """Midnight in Shanghai at which ``on`` begins."""
    return datetime.combine(on, time(), tzinfo=clock.SHANGHAI)


def day_ends(on: date) -> datetime:
    """Midnight in Shanghai at which ``on`` is over."""
    return day_begins(on + timedelta(days=1))


def _begins_on(on: date) -> Q:
    """Visits that begin on a Shanghai day."""
    return Q(starts_at__gte=day_begins(on), starts_at__lt=day_ends(on))


def assignments_of(visit: Visit) -> QuerySet[Assignment]:
    """Who is with the pupils of ``visit``: lead, then assistants, then drivers; mentor and unit loaded."""
    order = Case(*(When(role=role, then=n) for n, (role, _name) in enumerate(Assignment.ROLES)))
    held = visit.assignments.filter(ended_at=None).select_related("mentor__unit")
    return held.order_by(order, "pk")


def assignments_for(user: User) -> QuerySet[Assignment]:
    """Standing assignments on visits at hosts whose mentors ``user`` manages; visit, venue, host, unit loaded."""
    mine = Assignment.objects.filter(within(user, Permission.MENTOR_MANAGE, "visit__venue__host__unit"), ended_at=None)
    return mine.select_related("visit__venue__host__unit", "mentor")


def visits_of_mentor(mentor: Mentor, *, at: datetime) -> QuerySet[Assignment]:
    """Where ``mentor`` is expected from ``at`` on, soonest first; version, venue, host and unit loaded."""
    mine = Assignment.objects.filter(mentor=mentor, ended_at=None, visit__ends_at__gt=at)
    return mine.select_related("visit__version", "visit__venue__host__unit").order_by("visit__starts_at", "pk")


def own_mentor(user: User) -> Mentor | None:
    """The mentor whose account ``user`` is."""
    return Mentor.objects.filter(user=user).first()


def assignable(user: User, visit: Visit) -> QuerySet[Mentor]:
    """Mentors ``user`` manages who may be with pupils on the day of ``visit`` and are nowhere else then; by pinyin."""
    first, last = clock.day_of(visit.starts_at), clock.day_of(visit.ends_at)
    elsewhere = Assignment.objects.filter(
        ended_at=None, visit__starts_at__lt=visit.ends_at, visit__ends_at__gt=visit.starts_at
    )
    mine = mentors_for(user, Permission.MENTOR_MANAGE).exclude(pk__in=elsewhere.values("mentor"))
    return mine.alias(hindered=Hinders(first, last)).filter(hindered__isnull=True)


def _loaded(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    return visits.select_related("version__course", "venue__host__unit").order_by("starts_at", "pk")
