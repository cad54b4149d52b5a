"""The safety notice of a round: read by a guardian, or entered by the teacher from paper."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import Notice, User
from baiye.core import audit
from baiye.core.refusals import Refused
from baiye.rounds.models import NoticeRead, Round
from baiye.rounds.permissions import is_due, require_class, require_notice
from baiye.rounds.queries.notices import safety_notice
from baiye.schools.models import Pupil, SchoolClass


class NoticeRefused(Refused):
    """The notice cannot be noted as read."""


@transaction.atomic
def read_notice(*, round: Round, pupil: Pupil, by: User, at: datetime, from_paper: bool = False) -> NoticeRead:
    """Note that a guardian has read the safety notice; once is enough, a second time changes nothing.

    Raises
    ------
    PermissionDenied
        ``by`` is not the pupil's guardian, and not who records paper for their class. A pupil never may.
    NoticeRefused
        The pupil does not go in this round, or no notice has been published yet.
    """
    require_notice(by, pupil, from_paper=from_paper)
    if not is_due(round, pupil.school_class):
        raise NoticeRefused(_("这位同学不在这一轮里。"))
    defaults = {"notice": _published(), "read_by": by, "from_paper": from_paper, "read_at": at}
    read, is_new = NoticeRead.objects.get_or_create(round=round, pupil=pupil, defaults=defaults)
    if is_new:
        unit = pupil.school_class.school.unit
        audit.record("notice.read", by=by, on=pupil, at_unit=unit.path, round=round.pk, from_paper=from_paper)
    return read


@transaction.atomic
def record_notices(*, round: Round, school_class: SchoolClass, pupils: Iterable[Pupil], by: User, at: datetime) -> int:
    """Note from paper that these pupils' guardians have read the notice; how many were new. 4 queries for a class."""
    require_class(by, school_class)
    if not is_due(round, school_class):
        raise NoticeRefused(_("这个班不在这一轮里。"))
    notice = _published()
    have = set(NoticeRead.objects.filter(round=round, pupil__school_class=school_class).values_list("pupil", flat=True))
    new = [pupil for pupil in pupils if pupil.school_class_id == school_class.pk and pupil.pk not in have]
    rows = [NoticeRead(round=round, pupil=p, notice=notice, read_by=by, from_paper=True, read_at=at) for p in new]
    NoticeRead.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record_many("notice.read", by=by, on=new, at_unit=school_class.school.unit.path)
    return len(new)


def _published() -> Notice:
    notice = safety_notice()
    if notice is None:
        raise NoticeRefused(_("安全告知书还没有发布，请联系协调中心。"))
    return notice
