"""Reminders three days, one day and two hours before a visit, once each, to whom it concerns.

What reminds is a row per visit and stage, written with the messages: a crash leaves both or neither. Whoever comes
late sends the nearest stage alone. Who was told of the visit only after a stage's moment needs no reminder of it.
Copies keep to quiet hours, but for those that would then arrive less than an hour before the visit.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from baiye.core import clock, messages
from baiye.core.models import Message
from baiye.visits import concerned
from baiye.visits.models import Reminder, Visit
from baiye.visits.telling import when

STAGES = (("2h", timedelta(hours=2)), ("1d", timedelta(days=1)), ("3d", timedelta(days=3)))  # nearest first
EARLIEST = STAGES[-1][1]
FAMILY, ADULT = "visit.reminded", "visit.reminded_adults"


def stage_at(starts_at: datetime, at: datetime) -> tuple[str, datetime] | None:
    """The nearest stage before ``starts_at`` whose moment has come, and that moment; None before the first of them."""
    for stage, lead in STAGES:
        if starts_at - lead <= at < starts_at:
            return stage, starts_at - lead
    return None


def remind(*, at: datetime) -> int:
    """Send what is due of every coming visit with pupils; how many visits. Run again, it sends nothing twice.

    Two queries to find them; nine for each visit that is due.
    """
    coming = Visit.objects.filter(cancelled_at=None, taken__gt=0, starts_at__gt=at, starts_at__lte=at + EARLIEST)
    coming = coming.annotate(moved=Count("moves"), moved_at=Max("moves__at"))
    coming = coming.select_related("version", "venue__host__unit").order_by("starts_at", "pk")
    done = set(Reminder.objects.filter(visit__in=coming.values("pk")).values_list("visit", "moves", "stage"))
    sent = 0
    for visit in coming:
        due = stage_at(visit.starts_at, at)
        if due and (visit.pk, visit.moved, due[0]) not in done:
            sent += _remind_of(visit, visit.moved, visit.moved_at, due, at)
    return sent


@transaction.atomic
def _remind_of(visit: Visit, moved: int, moved_at: datetime | None, due: tuple[str, datetime], at: datetime) -> int:
    """Write the stage down and tell; 0 where another worker was faster, or all were told of the visit since.

    The visit is held until this commits: who calls it off meanwhile waits, and their message comes after.
    """
    stage, moment = due
    standing = Visit.objects.filter(pk=visit.pk, cancelled_at=None, starts_at=visit.starts_at)
    if not standing.select_for_update(no_key=True).first():
        return 0
    _row, is_mine = Reminder.objects.get_or_create(visit=visit, moves=moved, stage=stage, defaults={"made_at": at})
    if not is_mine or (moved_at is not None and moved_at > moment):
        return 0
    send = partial(
        messages.send,
        key=f"visit-{visit.pk}-{moved}-{stage}",
        subject=_("提醒：%(visit)s") % {"visit": when(visit)},
        at=at,
        needed_by=visit.starts_at,
    )
    send(to=concerned.families(visit, before=moment), kind=FAMILY, body=_for_families(visit))
    adults = concerned.adults(visit, Q(ended_at=None, assigned_at__lte=moment), on=clock.day_of(at))
    send(to=adults, kind=ADULT, body=_for_adults(visit))
    return 1


def stands(message: Message) -> bool:
    """Whether a reminder or a notice of a move still tells the truth: the visit stands as it did, and concerns them."""
    _word, visit_id, moved, _stage = message.key.split("-", 3)
    visit = Visit.objects.filter(pk=visit_id, cancelled_at=None).select_related("venue__host__unit").first()
    if visit is None or visit.moves.count() != int(moved):
        return False
    return concerned.still_concerns(visit, message.to, on=clock.today())


def _for_families(visit: Visit) -> str:
    return _("地点：%(host)s %(venue)s。去不了的话，请尽早说一声，名额可以给别人。") % {
        "host": visit.venue.host.unit.name,
        "venue": visit.venue.name,
    }


def _for_adults(visit: Visit) -> str:
    return _("%(host)s %(venue)s，%(n)d 位学生。") % {
        "host": visit.venue.host.unit.name,
        "venue": visit.venue.name,
        "n": visit.taken,
    }
