"""What families read when a seat comes or goes, and what staff read when a visit is endangered."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.permissions import Permission
from baiye.accounts.queries import people_with
from baiye.core import clock, messages
from baiye.core.templatetags.text import han_date
from baiye.schools.queries import people_behind
from baiye.visits import concerned, hindrances, lapses
from baiye.visits.models import Seat, Visit


def tell_assigned(*, seat_id: int) -> int:
    """Tell the family of a seat that still stands; how many were written to."""
    seat = _seats().filter(pk=seat_id, given_up_at=None).first()
    if seat is None:
        return 0
    subject = _("已安排：%(visit)s") % {"visit": when(seat.visit)}
    body = _("地点：%(host)s %(venue)s。到门口报签到码或扫码。") % {
        "host": seat.visit.venue.host.unit.name,
        "venue": seat.visit.venue.name,
    }
    return _send([seat.pupil_id], kind="seat.assigned", key=f"seat-{seat.pk}-assigned", subject=subject, body=body)


def tell_given_up(*, seat_id: int) -> int:
    """Tell the family of a seat that was given up, and why; how many were written to."""
    seat = _seats().filter(pk=seat_id, given_up_at__isnull=False).first()
    if seat is None:
        return 0
    subject = _("名额已取消：%(visit)s") % {"visit": when(seat.visit)}
    body = _("原因：%(because)s") % {"because": seat.given_up_because}
    teachers = concerned.teachers([seat.pupil_id])
    news = _("本班有人放弃名额：%(visit)s") % {"visit": when(seat.visit)}
    messages.send(to=teachers, kind="class.seat_given_up", key=f"seat-{seat.pk}-given-up", subject=news)
    return _send([seat.pupil_id], kind="seat.given_up", key=f"seat-{seat.pk}-given-up", subject=subject, body=body)


def tell_lapses(*, at: datetime) -> int:
    """Tell coordinators and the host's managers of each lapse that endangers a coming visit, once; how many lapses.

    No adult is named: who may know finds the name on the page.
    """
    dangers = lapses.dangers_at(["/"], at)
    since = lapses.beginnings(dangers)
    visits = Visit.objects.select_related("venue__host__unit").in_bulk({each.visit_id for each in dangers})
    groups: dict[tuple[lapses.Cause, int, date | None], list[Visit]] = defaultdict(list)
    for each in dangers:
        if visit := visits.get(each.visit_id):
            groups[each.cause, visit.venue.host_id, since.get(each)].append(visit)
    for ((code, subject), host, began), endangered in groups.items():
        _tell_of_lapse(code, endangered, key=f"lapse-{code}-{subject}-{host}-{began or 'never'}", at=at)
    return len(groups)


def _tell_of_lapse(code: str, endangered: list[Visit], *, key: str, at: datetime) -> None:
    first, unit = endangered[0], endangered[0].venue.host.unit
    subject = _("%(host)s：%(n)d 场受影响") % {"host": unit, "n": len(endangered)}
    body = _("%(why)s 已有 %(pupils)d 位学生的名额。最早一场：%(when)s。") % {
        "why": hindrances.sentence(code, han_date(first.starts_at, "day")),
        "pupils": sum(visit.taken for visit in endangered),
        "when": han_date(first.starts_at),
    }
    url = reverse("visits:lapse-list")
    people = people_with(Permission.VISIT_MANAGE, unit, clock.day_of(at))
    messages.send(to=people, kind="visits.lapsed", key=key, subject=subject, body=body, url=url)


def _send(pupil_ids: Collection[int], *, kind: str, key: str, subject: str, body: str) -> int:
    return messages.send(to=people_behind(pupil_ids), kind=kind, key=key, subject=subject, body=body)


def when(visit: Visit) -> str:
    """What a visit is called in messages: its course and when it begins."""
    return _("%(course)s，%(when)s") % {"course": visit.version.title, "when": han_date(visit.starts_at)}


def _seats() -> QuerySet[Seat]:
    return Seat.objects.select_related("visit__version", "visit__venue__host__unit", "pupil__user")
