"""Reminders and notes to families, in their inbox: at most one reminder a day and person, however often it is asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core import audit, clock, messages
from baiye.core.refusals import Refused
from baiye.rounds.models import Round
from baiye.rounds.permissions import require_class, require_prepare
from baiye.rounds.queries.classes import unfinished
from baiye.rounds.queries.rounds import pupils_due
from baiye.schools.models import Pupil, School, SchoolClass
from baiye.schools.queries import people_behind


class ReminderRefused(Refused):
    """There is nobody to remind, or nothing to remind them of."""


@transaction.atomic
def remind(*, round: Round, school_class: SchoolClass, pupils: Iterable[Pupil], by: User, at: datetime) -> int:
    """Remind the families of these pupils of the class of what they still lack; how many people were written to.

    Raises
    ------
    PermissionDenied
        ``by`` does not record for the class.
    ReminderRefused
        Nobody was chosen, or everyone chosen is done.
    """
    require_class(by, school_class)
    chosen = [pupil.pk for pupil in pupils if pupil.school_class_id == school_class.pk]
    if not chosen:
        raise ReminderRefused(_("先勾选要提醒的同学。"))
    lacking = unfinished(round, Pupil.objects.filter(pk__in=chosen))
    told = _remind(round, lacking, at)
    unit = school_class.school.unit
    audit.record("round.reminded", by=by, on=school_class, at_unit=unit.path, round=round.pk, people=told)
    return told


@transaction.atomic
def remind_schools(*, round: Round, schools: Sequence[School], by: User, at: datetime) -> int:
    """Remind every family of these schools that still lacks something; how many people were written to.

    Raises
    ------
    PermissionDenied
        ``by`` does not prepare rounds in the round's district.
    ReminderRefused
        No school was chosen, or all of it is done.
    """
    require_prepare(by, round)
    if not schools:
        raise ReminderRefused(_("先勾选要提醒的学校。"))
    lacking = unfinished(round, pupils_due(round).filter(school_class__school__in=schools))
    told = _remind(round, lacking, at)
    audit.record("round.reminded", by=by, on=round, at_unit=round.unit.path, schools=len(schools), people=told)
    return told


def _remind(round: Round, lacking: dict[str, list[int]], at: datetime) -> int:
    """Write to each family once: first to who lacks both, so that the fuller message wins."""
    phase = round.phase_at(at)
    wishes = set(lacking["wishes"]) if phase is not None and phase.kind == "wish" else set()
    notice = set(lacking["notice"])
    if not wishes and not notice:
        raise ReminderRefused(_("选中的都完成了，不用提醒。"))
    told: set[int] = set()
    for ids, what in (
        (wishes & notice, _("志愿还没提交，安全告知书还没读。")),
        (wishes - notice, _("志愿还没提交。")),
        (notice - wishes, _("安全告知书还没读。")),
    ):
        people = [user for user in people_behind(sorted(ids)) if user.pk not in told] if ids else []
        told |= {user.pk for user in people}
        messages.send(
            to=people,
            kind="round.reminder",
            key=f"round-{round.pk}-reminder-{clock.day_of(at)}",
            at=at,
            subject=_("%s：还有事没做完") % round.name,
            body=what + _until(round, bool(wishes)),
            url="/home/",
        )
    return len(told)


def _until(round: Round, wishes: bool) -> str:
    wish = round.phase("wish")
    if not wishes or wish is None:
        return ""
    ends = clock.local(wish.ends_at)
    return _("志愿在 {month} 月 {day} 日 {time} 截止。").format(month=ends.month, day=ends.day, time=f"{ends:%H:%M}")


def tell_class(*, school_class: SchoolClass, kind: str, key: str, subject: str, body: str, url: str) -> None:
    """One message to every family of a class."""
    ids = Pupil.objects.filter(school_class=school_class, left_on=None).values_list("pk", flat=True)
    messages.send(to=people_behind(list(ids)), kind=kind, key=key, subject=subject, body=body, url=url)
