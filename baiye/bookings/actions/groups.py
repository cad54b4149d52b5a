"""Group booking (班级团体预约): a class teacher books for several pupils at once, all of them or none."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.bookings import words
from baiye.bookings.actions.presses import Answer, BookingRefused, Pressing, press_many
from baiye.bookings.models import Booking, Opening
from baiye.core import audit
from baiye.schools.models import Pupil
from baiye.schools.permissions import pupil_scope

NAMED = 3  # so many are named in a refusal


@transaction.atomic
def book_group(
    *, opening: Opening, pupils: Sequence[Pupil], request: uuid.UUID, by: User, at: datetime
) -> list[Booking]:
    """A seat for each of ``pupils``, or for none; the same ``request`` again gets the same bookings.

    Each pupil is asked what a press of theirs would be; no one waits, since a group goes together.

    Raises
    ------
    PermissionDenied
        One of the pupils is not of ``by``'s class or school.
    BookingRefused
        It is drawn or ranked first; or a pupil may not, or the seats do not suffice.
    """
    ids = sorted({pupil.pk for pupil in pupils})
    if Pupil.objects.filter(pupil_scope(by, Permission.WISH_RECORD), pk__in=ids).count() < len(ids):
        raise PermissionDenied(f"{Permission.WISH_RECORD} for every pupil of the group")
    if not ids:
        raise BookingRefused(_("先勾选要一起去的同学。"))
    if not opening.release.is_settled:
        raise BookingRefused(_("这一场先抽签或排志愿，人人一样，不收团体。有余下的名额再来约。"))
    if before := list(Booking.objects.filter(group=request).order_by("pk")):
        return before
    presses = [Pressing(opening.pk, pk, uuid.uuid5(request, str(pk)), None, by.pk) for pk in ids]
    answers = press_many(presses, at=at)
    if any(answer.state != "booked" or answer.reason for answer in answers):
        raise BookingRefused(_sentence(opening, {pupil.pk: pupil for pupil in pupils}, ids, answers))
    made = [answer.booking for answer in answers if answer.booking is not None]
    Booking.objects.filter(pk__in=made).update(group=request)
    audit.record("group.booked", by=by, on=opening, at_unit=opening.release.unit.path, bookings=made)
    return list(Booking.objects.filter(group=request).order_by("pk"))


def _sentence(opening: Opening, pupils: dict[int, Pupil], ids: Sequence[int], answers: Sequence[Answer]) -> str:
    """Who cannot and why, or that the seats do not suffice."""
    cannot = [(pupils[pk], answer) for pk, answer in zip(ids, answers, strict=True) if answer.reason]
    if not cannot:
        seated = sum(answer.state == "booked" for answer in answers)
        return _("现在只有 {n} 个名额，{asked} 位同学不能一起去。减少人数，或换一场。").format(n=seated, asked=len(ids))
    said = [f"{pupil.name}：{_why(answer.reason, opening)}" for pupil, answer in cannot[:NAMED]]
    if more := len(cannot) - len(said):
        said.append(_("还有 {n} 位也不行。").format(n=more))
    return " ".join([*said, _("谁也没有约，去掉他们再试。")])


def _why(code: str, opening: Opening) -> str:
    return _("已经约了或在候补这一场。") if code == words.ALREADY else words.reason(code, opening)
