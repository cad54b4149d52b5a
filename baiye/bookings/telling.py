"""What a family reads when a booking comes to something: one message for each state it comes to."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.bookings.models import Booking
from baiye.bookings.queries.mine import IN_LINE
from baiye.core import messages
from baiye.core.templatetags.text import han_date
from baiye.schools.queries import people_behind

LOADED = ("opening__visit__version", "opening__visit__venue__host__unit", "opening__release", "ended_by")
SILENT = {"cancelled", "declined", "swapped"}  # unless the school did it for them


def tell(*, booking_id: int) -> int:
    """Tell the family how their booking stands now, once a state; how many were written to."""
    booking = Booking.objects.select_related(*LOADED).filter(pk=booking_id).first()
    if booking is None or _did_it_themselves(booking) or (booking.because == "closed" and booking.seat_id):
        return 0  # whoever held a seat that is gone reads it from visits
    state = booking.because or booking.state
    subject, body = WORDS[state](booking)
    return messages.send(
        to=people_behind([booking.pupil_id]),
        kind=f"booking.{state}",
        key=f"booking-{booking.pk}-{state}",
        subject=subject,
        body=body,
        url=reverse("bookings:booking", args=[booking.pk]),
    )


def _did_it_themselves(booking: Booking) -> bool:
    by_school = booking.ended_by is not None and booking.ended_by.kind == "staff"
    return booking.because in SILENT and not by_school


def _when(booking: Booking) -> str:
    visit = booking.opening.visit
    return _("%(course)s，%(when)s") % {"course": visit.version.title, "when": han_date(visit.starts_at)}


def _pressed(booking: Booking) -> tuple[str, str]:
    release = booking.opening.release
    subject = _("已登记：%(visit)s") % {"visit": _when(booking)}
    if release.mode == "ranked":
        return subject, _("%(at)s 截止后一次录取，早交晚交都一样。") % {"at": han_date(release.closes_at)}
    return subject, _("%(at)s 抽签，早点晚点都一样。结果会发消息。") % {"at": han_date(release.draw_until)}


def _booked(booking: Booking) -> tuple[str, str]:
    venue = booking.opening.visit.venue
    body = _("地点：%(host)s %(venue)s。到门口报签到码或扫码。去不了请取消，名额马上给候补的同学。")
    return _("约上了：%(visit)s") % {"visit": _when(booking)}, body % {
        "host": venue.host.unit.name,
        "venue": venue.name,
    }


def _waiting(booking: Booking) -> tuple[str, str]:
    before = Booking.objects.filter(opening=booking.opening_id, place__lt=booking.place, **IN_LINE).count()
    body = _("您排第 %(n)d 位。轮到时会发消息，给您 %(hours)d 小时答复，夜里不算。")
    return _("候补中：%(visit)s") % {"visit": _when(booking)}, body % {
        "n": before + 1,
        "hours": booking.opening.offer_hours,
    }


def _offered(booking: Booking) -> tuple[str, str]:
    body = _("名额给您留到 %(until)s。要就点「要」，不要就点「不要」，过时请下一位。")
    return _("轮到您了：%(visit)s") % {"visit": _when(booking)}, body % {"until": han_date(booking.offer_until)}


def _ended(subject: Callable[[], str], body: Callable[[], str]) -> Callable[[Booking], tuple[str, str]]:
    def words(booking: Booking) -> tuple[str, str]:
        return subject() % {"visit": _when(booking)}, body()

    return words


def _closed(booking: Booking) -> tuple[str, str]:
    because = booking.opening.visit.cancelled_because
    subject = _("主办方取消了：%(visit)s") % {"visit": _when(booking)}
    return subject, _("原因：%(because)s。不是您的原因，下一次放号还可以报名。") % {"because": because}


WORDS: dict[str, Callable[[Booking], tuple[str, str]]] = {
    "pressed": _pressed,
    "booked": _booked,
    "waiting": _waiting,
    "offered": _offered,
    "expired": _ended(lambda: _("名额请了下一位：%(visit)s"), lambda: _("到时没有收到答复。想去可以再报名。")),
    "lapsed": _ended(lambda: _("没有轮到：%(visit)s"), lambda: _("候补到截止还没有轮到。下一次放号还可以报名。")),
    "lost": _ended(lambda: _("没有抽中：%(visit)s"), lambda: _("这一场不再候补。下一次放号还可以报名。")),
    "cancelled": _ended(lambda: _("老师替您取消了：%(visit)s"), lambda: _("去得了的话可以再报名；有疑问请找班主任。")),
    "closed": _closed,
}
