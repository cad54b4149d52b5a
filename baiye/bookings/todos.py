"""What a family's home page says is to do about bookings: an offer to answer."""

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.bookings.queries.mine import offers_to
from baiye.core.templatetags.text import han_date
from baiye.core.todos import Todo


def offers(pupil_id: int, by: AbstractBaseUser, at: datetime) -> list[Todo]:
    """Each seat that is held for the pupil until the family answers; one query."""
    if not isinstance(by, User) or by.kind == "staff":
        return []
    return [
        Todo(
            title=_("轮到了：要「{title}」的名额吗？").format(title=one.opening.visit.version.title),
            note=_("给您留到 {at}").format(at=han_date(one.offer_until)),
            url=reverse("bookings:booking", args=[one.pk]),
            badge=_left(one.offer_until - at) if one.offer_until else "",
            is_due=True,
            order=5,
        )
        for one in offers_to(pupil_id)
    ]


def _left(time: timedelta) -> str:
    """2 时, 40 分: what fits beside a line."""
    minutes = max(int(time.total_seconds() // 60), 0)
    return _("{n} 时").format(n=minutes // 60) if minutes >= 60 else _("{n} 分").format(n=minutes)
