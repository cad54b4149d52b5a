"""What families read when a seat comes or goes."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from baiye.core import messages
from baiye.core.templatetags.text import han_date
from baiye.schools.queries import people_behind
from baiye.visits.models import Seat, Visit


def tell_assigned(*, seat_id: int) -> int:
    """Tell the family of a seat that still stands; how many were written to."""
    seat = _seats().filter(pk=seat_id, given_up_at=None).first()
    if seat is None:
        return 0
    subject = _("已安排：%(visit)s") % {"visit": _when(seat.visit)}
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
    subject = _("名额已取消：%(visit)s") % {"visit": _when(seat.visit)}
    body = _("原因：%(because)s") % {"because": seat.given_up_because}
    return _send([seat.pupil_id], kind="seat.given_up", key=f"seat-{seat.pk}-given-up", subject=subject, body=body)


def tell_cancelled(*, visit_id: int) -> int:
    """Tell everybody who held a seat when the visit was cancelled, and why; how many were written to."""
    visit = Visit.objects.select_related("version").filter(pk=visit_id, cancelled_at__isnull=False).first()
    if visit is None:
        return 0
    lost = Seat.objects.filter(visit=visit, given_up_at=visit.cancelled_at)
    pupils = list(lost.values_list("pupil", flat=True))
    subject = _("取消了：%(visit)s") % {"visit": _when(visit)}
    body = _("原因：%(because)s。其他场次不变。") % {"because": visit.cancelled_because}
    return _send(pupils, kind="visit.cancelled", key=f"visit-{visit.pk}-cancelled", subject=subject, body=body)


def _send(pupil_ids: Collection[int], *, kind: str, key: str, subject: str, body: str) -> int:
    return messages.send(to=people_behind(pupil_ids), kind=kind, key=key, subject=subject, body=body)


def _when(visit: Visit) -> str:
    return _("%(course)s，%(when)s") % {"course": visit.version.title, "when": han_date(visit.starts_at)}


def _seats() -> QuerySet[Seat]:
    return Seat.objects.select_related("visit__version", "visit__venue__host__unit", "pupil__user")
