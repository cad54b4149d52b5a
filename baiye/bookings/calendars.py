"""What calendars and messages ask of bookings: until when an offer must be answered, and who waits for a visit."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.bookings.models import Booking
from baiye.core.messages_kinds import STANDS
from baiye.core.models import Message
from baiye.core.templatetags.text import mask_name
from baiye.schools.models import Pupil
from baiye.schools.queries import children_of
from baiye.visits.calendar_entries import PROVIDERS, Entry
from baiye.visits.concerned import WAITING

BEFORE = timedelta(minutes=30)  # so long the entry of a deadline is


def offers_of(user: User, at: datetime) -> Iterator[Entry]:
    """Each seat that is held for one's children, or oneself, and not answered; gone once it is. Two queries."""
    mine = children_of(user) if user.kind == "guardian" else Pupil.objects.filter(user=user)
    children = {pupil.pk: pupil for pupil in mine} if user.kind != "staff" else {}
    if not children:
        return
    held = Booking.objects.filter(pupil__in=children, ended_at=None, seat=None, offer_until__gt=at)
    for one in held.select_related("opening__visit__version").order_by("offer_until", "pk"):
        if one.offer_until is None or one.offered_at is None:
            continue
        who = f"（{mask_name(children[one.pupil_id].name)}）" if len(children) > 1 else ""
        yield Entry(
            key=f"booking-{one.pk}-offer",
            starts_at=one.offer_until - BEFORE,
            ends_at=one.offer_until,
            title=_("答复名额：%(course)s%(who)s") % {"course": one.opening.visit.version.title, "who": who},
            place="",
            text=_("过了这个时间，名额请下一位：%s")
            % f"{settings.BAIYE_SITE_URL}{reverse('bookings:booking', args=[one.pk])}",
            changed_at=one.offered_at,
        )


def stands(message: Message) -> bool:
    """Whether a seat is still held for whom this message offered it to; one query."""
    _word, booking_id, _state = message.key.split("-")
    return Booking.objects.filter(pk=booking_id, ended_at=None, seat=None, offer_until__isnull=False).exists()


def waiting_for(visit_id: int) -> list[int]:
    """Pupils who wait for a seat on a visit, or were offered one; one query."""
    live = Booking.objects.filter(opening__visit=visit_id, ended_at=None, seat=None)
    return list(live.values_list("pupil", flat=True))


def join() -> None:
    """Enter all three where they are asked for."""
    PROVIDERS.add("bookings.offers", offers_of)
    WAITING.append(waiting_for)
    STANDS.add("booking.offered", stands)
