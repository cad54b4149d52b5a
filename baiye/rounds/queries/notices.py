"""Reads of the safety notice and of who has read it."""

from baiye.accounts.models import Notice
from baiye.rounds.models import NoticeRead, Round
from baiye.schools.models import Pupil


def safety_notice() -> Notice | None:
    """The newest safety notice, or None."""
    return Notice.objects.filter(kind="safety").order_by("-version").first()


def notice_read(round: Round, pupil: Pupil) -> NoticeRead | None:
    """Who read the notice for this pupil and when, with reader and version loaded; or None."""
    return NoticeRead.objects.filter(round=round, pupil=pupil).select_related("notice", "read_by").first()
