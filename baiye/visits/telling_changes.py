"""What those concerned read when a visit is cancelled, or put at another time or place."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from baiye.core import clock, messages
from baiye.core.templatetags.text import han_range
from baiye.schools.queries import people_behind
from baiye.visits import concerned
from baiye.visits.models import Move, Seat, Visit
from baiye.visits.telling import when

SOON = timedelta(days=2)  # a teacher's digest may come too late for what begins sooner


def tell_cancelled(*, visit_id: int) -> int:
    """Tell whom a cancelled visit concerned, and why: families, adults, teachers; how many of the families.

    One given up before is none of it. Families and adults learn of it at night too, when it is for the next morning.
    """
    visit = _find(visit_id).filter(cancelled_at__isnull=False).first()
    if visit is None or visit.cancelled_at is None:
        return 0
    lost = Seat.objects.filter(visit=visit, given_up_at=visit.cancelled_at)
    pupils = list(lost.values_list("pupil", flat=True))
    send = partial(
        messages.send,
        key=f"visit-{visit.pk}-cancelled",
        subject=_("取消了：%(visit)s") % {"visit": when(visit)},
        body=_("原因：%(because)s。其他场次不变。") % {"because": visit.cancelled_because},
        at=visit.cancelled_at,
        needed_by=visit.starts_at,
    )
    taken_off = Q(ended_at=visit.cancelled_at)
    send(to=concerned.adults(visit, taken_off, on=clock.day_of(visit.cancelled_at)), kind="visit.cancelled_adults")
    send(to=concerned.teachers(pupils), kind=_class_kind(visit.starts_at, visit.cancelled_at))
    return send(to=people_behind(pupils), kind="visit.cancelled")


@transaction.atomic
def tell_moved(*, visit_id: int, at: datetime) -> int:
    """Tell those concerned where a visit was and where it is now; how many. What moved back and forth is not told."""
    untold = list(Move.objects.select_for_update().filter(visit=visit_id, told_at=None).order_by("pk"))
    Move.objects.filter(pk__in=[move.pk for move in untold]).update(told_at=at)
    visit = _find(visit_id).filter(cancelled_at=None, starts_at__gt=at).first()
    if visit is None or not untold or _is_back(visit, untold[0]):
        return 0
    pupils = list(Seat.objects.filter(visit=visit, given_up_at=None).values_list("pupil", flat=True))
    soonest = min(untold[0].was_starts_at, visit.starts_at)
    send = partial(
        messages.send,
        key=f"visit-{visit.pk}-{visit.moves.count()}-moved",
        subject=_("改期了：%(visit)s") % {"visit": when(visit)},
        body=_where(visit, untold[0], untold[-1].because),
        at=at,
        needed_by=soonest,
    )
    adults = concerned.adults(visit, Q(ended_at=None), on=clock.day_of(at))
    families = people_behind([*pupils, *concerned.waiting(visit)])
    told = send(to=adults, kind="visit.moved_adults") + send(to=families, kind="visit.moved")
    return told + send(to=concerned.teachers(pupils), kind=_class_kind(soonest, at))


def tell_all_moved(*, at: datetime) -> int:
    """``tell_moved`` for every visit that was moved and not told of, whatever path moved it; how many visits."""
    visits = Move.objects.filter(told_at=None).order_by("visit").values_list("visit", flat=True).distinct()
    return sum(tell_moved(visit_id=visit_id, at=at) > 0 for visit_id in list(visits))


def _find(visit_id: int) -> QuerySet[Visit]:
    return Visit.objects.select_related("version", "venue__host__unit").filter(pk=visit_id)


def _is_back(visit: Visit, first: Move) -> bool:
    """Whether it stands again where it did before ``first``."""
    was = (first.was_venue_id, first.was_starts_at, first.was_ends_at)
    return was == (visit.venue_id, visit.starts_at, visit.ends_at)


def _class_kind(starts_at: datetime, at: datetime) -> str:
    """Teachers read of a visit of the next two days at once, of a later one in their digest."""
    return "class.visit_changed_soon" if starts_at - at < SOON else "class.visit_changed"


def _where(visit: Visit, first: Move, because: str) -> str:
    """Where it was, where it is, and why."""
    was = _("原来：%(when)s，%(venue)s。") % {
        "when": han_range(first.was_starts_at, first.was_ends_at),
        "venue": first.was_venue.name,
    }
    now = _("现在：%(when)s，%(host)s %(venue)s。名额和候补都保留。") % {
        "when": han_range(visit.starts_at, visit.ends_at),
        "host": visit.venue.host.unit.name,
        "venue": visit.venue.name,
    }
    return was + now + (_("原因：%(because)s") % {"because": because} if because else "")
