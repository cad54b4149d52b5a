"""A talk on its way: accepted or declined, confirmed, rehearsed, held, cancelled, and what both sides say of it."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core import audit, clock, jobs
from baiye.core.refusals import Refused
from baiye.mentors.refusals import in_words
from baiye.outreach.half_days import half_day_of, span_of
from baiye.outreach.models import Talk, TalkFeedback
from baiye.outreach.talk_scope import require_desk, require_school, require_speaker, sides_of
from baiye.outreach.talk_words import TALKS

ENDS = {"speaker": "speaker", "school": "school", "desk": "organiser"}


class TalkRefused(Refused):
    """It may not be done with this talk now."""


@transaction.atomic
def accept_talk(*, talk: Talk, by: User, at: datetime) -> None:
    """The speaker will come; twice does nothing more."""
    require_speaker(by, talk.offer)
    now = _locked(talk)
    if now.accepted_at is None:
        _change(now, accepted_at=at, accepted_by=by)
        audit.record("talk.accepted", by=by, on=now, at_unit=now.school.unit.path)
        jobs.later("outreach.tell_talk", talk_id=now.pk, what="accepted")


@transaction.atomic
def decline_talk(*, talk: Talk, because: str, by: User, at: datetime) -> None:
    """The speaker will not come after all, accepted before or not; the request is free to be matched again."""
    require_speaker(by, talk.offer)
    now = _ended_once(talk)
    if now is not None:
        _end(now, "speaker" if now.accepted_at else "declined", because, by, at)


@transaction.atomic
def confirm_talk(*, talk: Talk, staff: str, hall: str, begins: time, minutes: int, by: User, at: datetime) -> None:
    """The school has its hall and somebody who is there with the pupils, and says when it begins that half-day.

    A time that changes after the speaker accepted is told to them; confirming again writes it anew.
    """
    require_school(by, talk.school, talk.offer.campaign)
    now = _locked(talk)
    half_day = half_day_of(now.starts_at)
    starts_at, ends_at = span_of(half_day, minutes, begins)
    last_minute = ends_at - timedelta(minutes=1)
    if {half_day_of(starts_at), half_day_of(last_minute)} != {half_day}:
        raise TalkRefused(_("讲座要在说好的那个半天之内（上午到 12:30，下午从 12:30 起）。"))
    if not staff.strip() or not hall.strip():
        raise TalkRefused(_("请写明礼堂，和学校谁在场。"))
    if starts_at <= at:
        raise TalkRefused(_("这个时间已经过了。"))
    _change(
        now,
        starts_at=starts_at,
        ends_at=ends_at,
        hall=hall.strip(),
        staff=staff.strip(),
        confirmed_at=at,
        confirmed_by=by,
    )
    audit.record("talk.confirmed", by=by, on=now, at_unit=now.school.unit.path)
    jobs.later("outreach.tell_talk", talk_id=now.pk, what="confirmed")


@transaction.atomic
def note_rehearsal(*, talk: Talk, note: str, by: User, at: datetime) -> None:
    """A first-time speaker has rehearsed before somebody of the organisers; never noted by the speaker."""
    require_desk(by, talk.offer.campaign)
    if talk.speaker.user_id == by.pk:
        raise PermissionDenied("nobody notes their own rehearsal")
    now = _locked(talk)
    if now.rehearsed_at is None:
        _change(now, rehearsed_at=at, rehearsed_by=by, rehearsal_note=note.strip())
        audit.record("talk.rehearsed", by=by, on=now, at_unit=now.school.unit.path)


@transaction.atomic
def note_held(*, talk: Talk, heard: int, by: User, at: datetime) -> None:
    """The talk was held before so many pupils; the school says so."""
    require_school(by, talk.school, talk.offer.campaign)
    now = _locked(talk, over=True)
    if now.held_at is not None:
        return
    if now.ended_at is not None:
        raise TalkRefused(_("这一场已经取消，不能登记已讲。"))
    if heard < 1:
        raise TalkRefused(_("请填到场听讲的学生人数。"))
    _change(now, held_at=at, held_by=by, heard=heard)
    audit.record("talk.held", by=by, on=now, at_unit=now.school.unit.path, heard=heard)
    jobs.later("outreach.tell_talk", talk_id=now.pk, what="held")


@transaction.atomic
def cancel_talk(*, talk: Talk, because: str, by: User, at: datetime) -> None:
    """The school or the organisers cancel, and say why; the request is free to be matched again."""
    side = next((side for side in sides_of(by, talk) if side != "speaker"), None)
    if side is None:
        raise PermissionDenied(f"talk {talk.pk}")
    now = _ended_once(talk)
    if now is not None:
        _end(now, ENDS[side], because, by, at)


@transaction.atomic
def say_how_it_was(
    *, talk: Talk, side: str, verdict: str, again: bool, text: str, by: User, at: datetime
) -> TalkFeedback:
    """Feedback of one side, once; ``side`` is speaker or school, and ``by`` speaks for it."""
    held_by = sides_of(by, talk)
    if side not in held_by and "desk" not in held_by:
        raise PermissionDenied(f"{side} of talk {talk.pk}")
    now = _locked(talk, over=True)
    if now.held_at is None:
        raise TalkRefused(_("讲过以后才能反馈。"))
    if clock.day_of(at) > now.offer.campaign.feedback_until:
        raise TalkRefused(_("反馈已经截止。"))
    if verdict == "poor" and not text.strip():
        raise TalkRefused(_("请写一句哪里有问题，方便改进。"))
    said = {"verdict": verdict, "again": again, "text": text.strip(), "said_at": at, "said_by": by}
    feedback, is_new = TalkFeedback.objects.get_or_create(talk=now, side=side, defaults=said)
    if is_new:
        audit.record("talk.reviewed", by=by, on=now, at_unit=now.school.unit.path, side=side)
    return feedback


def _locked(talk: Talk, *, over: bool = False) -> Talk:
    """The talk as it is now; ``over``: one that was held or ended too."""
    found = Talk.objects.select_for_update(of=("self",)).select_related("offer__campaign__unit", "school__unit")
    now = found.get(pk=talk.pk)
    if not over and now.ended_at is not None:
        raise TalkRefused(_("这一场已经取消了。"))
    if not over and now.held_at is not None:
        raise TalkRefused(str(TALKS["talk_stays_once_it_is_over"]))
    return now


def _ended_once(talk: Talk) -> Talk | None:
    """The talk as it is now, None where it has ended already."""
    now = _locked(talk, over=True)
    if now.held_at is not None:
        raise TalkRefused(_("已经讲过的场次不能取消。"))
    return now if now.ended_at is None else None


def _end(talk: Talk, kind: str, because: str, by: User, at: datetime) -> None:
    if not because.strip():
        raise TalkRefused(_("请写一句原因，另一方会看到。"))
    _change(talk, ended_at=at, ended_by=by, ended_kind=kind, ended_because=because.strip())
    audit.record("talk.ended", by=by, on=talk, at_unit=talk.school.unit.path, why=kind)
    jobs.later("outreach.tell_talk", talk_id=talk.pk, what="ended")


def _change(talk: Talk, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(talk, name, value)
    with in_words(TALKS):
        talk.save(update_fields=list(fields))
