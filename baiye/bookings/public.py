"""What the public front page shows of bookings: what is open, and what opens next."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.bookings.queries.public import releases
from baiye.core.templatetags.text import han_date
from baiye.registry.landing import OpenNow

NEXT = 3


def opens(at: datetime) -> Iterable[OpenNow]:
    """The next releases that are open, or will be; one query."""
    for one in releases().filter(closes_at__gt=at).order_by("opens_at", "pk")[:NEXT]:
        if one.opens_at > at:
            note = _("%(when)s 放号，规矩已经公布") % {"when": han_date(one.opens_at)}
        else:
            note = _("正在预约，%(when)s 截止") % {"when": han_date(one.closes_at)}
        yield OpenNow(one.title, note, reverse("bookings:release", args=[one.pk]), one.is_example)
