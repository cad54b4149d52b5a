"""复核: a family asks a person to look again; the answer is in writing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, messages
from baiye.core.refusals import Refused
from baiye.rounds.models import Appeal, Run
from baiye.schools.models import Pupil
from baiye.schools.permissions import require_for_pupil


class AppealRefused(Refused):
    """The appeal cannot be taken or answered as it stands."""


@transaction.atomic
def appeal(*, run: Run, pupil: Pupil, text: str, by: User, at: datetime) -> Appeal:
    """Ask for a review of a published result; one open review a pupil."""
    require_for_pupil(by, Permission.WISH_GIVE, pupil)
    text = text.strip()
    if len(text) < 5:
        raise AppealRefused(_("请写清楚哪里不对，至少 5 个字，方便老师核对。"))
    if not run.seats.filter(pupil=pupil).exists():
        raise AppealRefused(_("这一轮里没有这位同学的结果。"))
    made, is_new = Appeal.objects.get_or_create(
        run=run, pupil=pupil, answered_at=None, defaults={"text": text[:500], "made_by": by, "made_at": at}
    )
    if not is_new and made.text != text[:500]:
        raise AppealRefused(_("已经有一份复核申请在处理，答复以后还可以再提。"))
    if is_new:
        audit.record("appeal.made", by=by, on=made, at_unit=run.round.unit.path, pupil=pupil.pk)
    return made


@transaction.atomic
def answer(*, appeal: Appeal, text: str, by: User, at: datetime) -> None:
    """Answer a review in writing; the family is told."""
    require(by, Permission.SEAT_ASSIGN, appeal.run.round.unit)
    if not text.strip():
        raise AppealRefused(_("请写下答复，家长会看到这段话。"))
    open_one = Appeal.objects.filter(pk=appeal.pk, answered_at=None)
    if not open_one.update(answer=text.strip()[:500], answered_by=by, answered_at=at):
        raise AppealRefused(_("这份申请已经答复过了。"))
    audit.record("appeal.answered", by=by, on=appeal, at_unit=appeal.run.round.unit.path)
    messages.send(
        to=[appeal.made_by],
        kind="appeal.answered",
        key=f"appeal-{appeal.pk}",
        at=at,
        subject=_("复核有答复了"),
        body=text.strip()[:500],
    )
