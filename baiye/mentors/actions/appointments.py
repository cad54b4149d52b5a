"""Bodies appoint counsellors for a term, end it early, and say each year how it went."""

import uuid
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, clock, jobs, typeset
from baiye.mentors.models import Appointment, Evaluation, Mentor
from baiye.mentors.permissions import APPOINTERS, require_over
from baiye.mentors.refusals import MentorRefused, in_words

SENTENCES = {
    "appointment_one_at_a_time": gettext_lazy("这段时间已经有聘任了。请改起止日期，或先结束原来的。"),
    "appointment_ends_after_it_begins": gettext_lazy("聘期的结束要晚于开始。"),
}


@transaction.atomic
def appoint(
    *,
    mentor: Mentor,
    unit: Unit,
    from_on: date,
    until_on: date,
    by: User,
    at: datetime,
    request: uuid.UUID | None = None,
) -> Appointment:
    """``unit``, a district or an agency, appoints ``mentor`` for a term and is from now on their appointing body.

    Raises
    ------
    PermissionDenied
        ``by`` manages no mentors at ``unit``, or does not see this one.
    MentorRefused
        The term is empty, or another one of the same body stands in its way.
    """
    require(by, Permission.MENTOR_MANAGE, unit)
    require_over(by, Permission.MENTOR_MANAGE, mentor)
    if unit.kind not in APPOINTERS:
        raise PermissionDenied(f"{unit.path} appoints nobody")
    request = request or uuid.uuid4()
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # numbers follow each other without a gap
    before = Appointment.objects.filter(request=request, mentor=mentor).first()
    if before is not None:
        return before
    year = clock.day_of(at).year
    number = f"{unit.name}聘〔{year}〕{Appointment.objects.filter(unit=unit, made_at__year=year).count() + 1}号"
    term = {"from_on": from_on, "until_on": until_on}
    shows = _shown(mentor, unit, from_on, until_on, clock.day_of(at))
    made = Appointment(mentor=mentor, unit=unit, number=number, shows=shows, made_at=at, made_by=by, **term)
    made.request = request
    with in_words(SENTENCES):
        made.save(force_insert=True)
    Mentor.objects.filter(pk=mentor.pk).update(appointed_by=unit)
    audit.record("mentor.appointed", by=by, on=made, at_unit=unit.path, mentor=mentor.pk)
    return made


@transaction.atomic
def end_appointment(*, appointment: Appointment, on: date, because: str, by: User) -> None:
    """End an appointment early: from ``on`` it holds no more, for a reason."""
    require(by, Permission.MENTOR_MANAGE, appointment.unit)
    locked = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if locked.ended_on is not None:
        raise MentorRefused(_("这次聘任早先已经结束了。"))
    if on > locked.until_on:
        raise MentorRefused(_("那天聘期已满，不用提前结束。"))
    if not because.strip():
        raise MentorRefused(_("请写明为什么提前结束。"))
    ended = {"ended_on": on, "ended_by": by, "ended_because": because.strip()[:200]}
    Appointment.objects.filter(pk=locked.pk).update(**ended)
    audit.record("appointment.ended", by=by, on=locked, at_unit=appointment.unit.path, mentor=locked.mentor_id)
    jobs.later("visits.tell_lapses")


@transaction.atomic
def evaluate(*, mentor: Mentor, school_year: int, verdict: str, text: str, by: User) -> Evaluation:
    """Say how a school year of ``mentor`` went; said again, it replaces what was said."""
    require_over(by, Permission.MENTOR_MANAGE, mentor)
    if mentor.user_id == by.pk:
        raise MentorRefused(_("不能给自己写评价。请换一位同事写。"))
    if not text.strip():
        raise MentorRefused(_("请写一句评价。"))
    said = {"verdict": verdict, "text": text.strip()[:400], "by": by, "at": Now()}
    evaluation, _new = Evaluation.objects.update_or_create(mentor=mentor, school_year=school_year, defaults=said)
    audit.record("mentor.evaluated", by=by, on=evaluation, at_unit=mentor.unit.path, mentor=mentor.pk)
    return evaluation


def _shown(mentor: Mentor, unit: Unit, from_on: date, until_on: date, on: date) -> dict[str, object]:
    """All that the paper prints, as it is on this day."""
    return {
        "name": mentor.name,
        "unit": unit.name,
        "of": mentor.unit.name,
        "from": typeset.han(from_on),
        "until": typeset.han(until_on),
        "made": typeset.han(on),
        "example": mentor.is_example,
    }
