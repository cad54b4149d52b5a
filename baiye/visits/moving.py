"""A visit is put at another time or place; seats and adults go with it, and those concerned are told."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, clock, jobs
from baiye.core.templatetags.text import han_date
from baiye.mentors.models import Mentor
from baiye.registry.models import Venue
from baiye.schools.models import Pupil
from baiye.visits import hindrances
from baiye.visits.actions import VisitRefused, lock_visits
from baiye.visits.models import Assignment, Seat, Visit
from baiye.visits.plans import Plan, Room, why_not

SENTENCES = {
    "seat_no_pupil_in_two_places_at_once": gettext_lazy("有学生那个时段已经在别的场次里。换一个时间。"),
    "assignment_no_mentor_in_two_places_at_once": gettext_lazy(
        "有带教老师那个时段已经有别的场次。换一个时间，或换人。"
    ),
}


@transaction.atomic
def move_visit(
    *, visit: Visit, venue: Venue, starts_at: datetime, ends_at: datetime, because: str, by: User, at: datetime
) -> None:
    """Put ``visit`` at another time or venue of its host; everybody keeps their place, and is told. Twice is once.

    Raises
    ------
    PermissionDenied
        ``by`` may not manage visits at the host.
    VisitRefused
        It is cancelled or has begun; the new time is past; somebody is elsewhere then; or the place is not free then,
        or may receive nobody.
    """
    require(by, Permission.VISIT_MANAGE, visit.venue.host.unit)
    if venue.host_id != visit.venue.host_id:
        raise PermissionDenied("a venue of another host")
    locked = _lock(visit, venue)
    if (locked.venue_id, locked.starts_at, locked.ends_at) == (venue.pk, starts_at, ends_at):
        return
    _refuse(locked, venue, starts_at, ends_at, at)
    if not because.strip():
        raise VisitRefused(_("请写明原因，学生和家长会看到。"))
    _refuse_who_is_elsewhere(locked, starts_at, ends_at)
    _write(locked, venue, starts_at, ends_at)
    moves = locked.moves.order_by("-pk")[:1].values("pk")
    locked.moves.filter(pk__in=moves).update(by=by, because=because.strip()[:200])
    audit.record("visit.moved", by=by, on=visit, at_unit=visit.venue.host.unit.path, seats=locked.taken)
    jobs.later("visits.tell_moved", visit_id=visit.pk)


def _lock(visit: Visit, venue: Venue) -> Visit:
    """The visit as it is now: locked after its venue, its pupils and its adults, as everywhere."""
    Venue.objects.select_for_update(no_key=True).get(pk=venue.pk)
    pupils = Seat.objects.filter(visit=visit, given_up_at=None).values("pupil")
    list(Pupil.objects.select_for_update(no_key=True).filter(pk__in=pupils).order_by("pk").values_list("pk"))
    mentors = Assignment.objects.filter(visit=visit, ended_at=None).values("mentor")
    list(Mentor.objects.select_for_update(no_key=True).filter(pk__in=mentors).order_by("pk").values_list("pk"))
    return lock_visits([visit.pk])[visit.pk]


def _refuse(visit: Visit, venue: Venue, starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if visit.cancelled_at is not None:
        raise VisitRefused(_("这一场已经取消了，不能再改期。"))
    if visit.starts_at <= at:
        raise VisitRefused(_("这一场已经开始，不能再改期。"))
    if starts_at <= at:
        raise VisitRefused(_("新的时间已经过去了。换一个时间。"))
    plan = Plan(
        version=visit.version,
        venue=venue,
        starts_at=starts_at,
        ends_at=ends_at,
        seats=visit.seats,
        minimum=visit.minimum,
        organised_by=visit.organised_by,
        counts_as=visit.counts_as,
        credit_minutes=visit.credit_minutes,
    )
    hindered = hindrances.of_places({plan.place}).get(plan.place, "")
    if sentence := why_not(plan, venue, hindered, Room([plan], but=visit.pk)):
        raise VisitRefused(sentence)


def _refuse_who_is_elsewhere(visit: Visit, starts_at: datetime, ends_at: datetime) -> None:
    """Say how many are elsewhere at the new time; the constraints stand behind."""
    then = {"visit__starts_at__lt": ends_at, "visit__ends_at__gt": starts_at}
    held = Seat.objects.filter(given_up_at=None)
    pupils = held.filter(pupil__in=held.filter(visit=visit).values("pupil"), **then).exclude(visit=visit).count()
    if pupils:
        raise VisitRefused(_("新的时段里，%d 位学生已经有别的场次。换一个时间。") % pupils)
    here = Assignment.objects.filter(ended_at=None)
    adults = here.filter(mentor__in=here.filter(visit=visit).values("mentor"), **then).exclude(visit=visit).count()
    if adults:
        raise VisitRefused(_("新的时段里，%d 位带教老师已经有别的场次。换一个时间，或先换人。") % adults)


def _write(visit: Visit, venue: Venue, starts_at: datetime, ends_at: datetime) -> None:
    try:
        with transaction.atomic():
            Visit.objects.filter(pk=visit.pk).update(venue=venue, starts_at=starts_at, ends_at=ends_at)
    except IntegrityError as error:
        told = getattr(error.__cause__, "diag", None)
        name, why = getattr(told, "constraint_name", None), getattr(told, "message_detail", None)
        if name in hindrances.CONSTRAINTS:
            day = han_date(clock.local(starts_at), "day")
            raise VisitRefused(hindrances.sentence(why or "", day)) from error
        if name not in SENTENCES:
            raise
        raise VisitRefused(str(SENTENCES[name])) from error
