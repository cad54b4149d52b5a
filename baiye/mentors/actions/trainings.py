"""Trainings: their sessions, who was there, and the certificates that follow from it."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, clock, files
from baiye.mentors.models import Attendance, Certificate, Mentor, Session, Training
from baiye.mentors.permissions import APPOINTERS, require_over, scope
from baiye.mentors.queries.trainings import minutes_of
from baiye.mentors.refusals import MentorRefused, in_words

SENTENCES = {
    "training_named_once_a_unit": gettext_lazy("已经有同名的培训了。请换一个名称，比如加上年份。"),
    "session_begins_once": gettext_lazy("这个时间已经有一次课了。"),
    "session_ends_after_it_begins": gettext_lazy("结束时间要晚于开始时间。"),
    "mentors_certificate_number_key": gettext_lazy("这个证书编号已经登记过了。请核对。"),
    "training_certificate_ends_after_it_begins": gettext_lazy("有效期要晚于发证日期。"),
}


@transaction.atomic
def make_training(
    *, unit: Unit, title: str, minutes_needed: int, by: User, request: uuid.UUID | None = None
) -> Training:
    """A training held by ``unit``, a district or an agency; the same request gives the same row."""
    require(by, Permission.MENTOR_MANAGE, unit)
    if unit.kind not in APPOINTERS:
        raise PermissionDenied(f"{unit.path} holds no trainings")
    request = request or uuid.uuid4()
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # so that a request sent twice at once finds its row
    before = Training.objects.filter(request=request, unit=unit).first()
    if before is not None:
        return before
    training = Training(unit=unit, title=title.strip(), minutes_needed=minutes_needed, made_by=by, request=request)
    training.is_example = unit.is_example
    with in_words(SENTENCES):
        training.save(force_insert=True)
    audit.record("training.made", by=by, on=training, at_unit=unit.path)
    return training


@transaction.atomic
def add_session(
    *, training: Training, starts_at: datetime, ends_at: datetime, place: str = "", topic: str = "", by: User
) -> Session:
    """One dated sitting of ``training``."""
    require(by, Permission.MENTOR_MANAGE, training.unit)
    session = Session(training=training, starts_at=starts_at, ends_at=ends_at, place=place, topic=topic)
    with in_words(SENTENCES):
        session.save(force_insert=True)
    audit.record("training_session.added", by=by, on=session, at_unit=training.unit.path, training=training.pk)
    return session


@transaction.atomic
def note_attendance(*, session: Session, mentor_ids: Collection[int], by: User, at: datetime) -> int:
    """Who was at ``session``: those named, and nobody else whom ``by`` sees; how many.

    Raises
    ------
    MentorRefused
        The session has not begun.
    """
    require(by, Permission.MENTOR_MANAGE, session.training.unit)
    if session.starts_at > at:
        raise MentorRefused(_("这次课还没有开始，开始以后再登记到课。"))
    mine = Mentor.objects.filter(scope(by, Permission.MENTOR_MANAGE))
    there = set(mine.filter(pk__in=mentor_ids).values_list("pk", flat=True))
    if len(there) < len(set(mentor_ids)):
        raise PermissionDenied("attendance of somebody else's mentors")
    certified = session.training.certificates.values("mentor")  # what a certificate rests on stays
    gone = session.attendances.filter(mentor__in=mine).exclude(mentor__in=there).exclude(mentor__in=certified)
    gone.delete()
    rows = [Attendance(session=session, mentor_id=pk, noted_by=by, noted_at=at) for pk in sorted(there)]
    Attendance.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record("training_attendance.noted", by=by, on=session, at_unit=session.training.unit.path, there=len(there))
    return len(there)


@transaction.atomic
def certify(*, training: Training, by: User, at: datetime) -> list[Certificate]:
    """A numbered certificate for everybody who attended enough and has none; none twice."""
    require(by, Permission.MENTOR_MANAGE, training.unit)
    Unit.objects.select_for_update(no_key=True).get(pk=training.unit_id)
    held = set(training.certificates.values_list("mentor", flat=True))
    minutes = minutes_of(training)
    due = sorted(pk for pk, attended in minutes.items() if attended >= training.minutes_needed and pk not in held)
    on = clock.day_of(at)
    before = Certificate.objects.filter(training__unit=training.unit_id, issued_on__year=on.year).count()
    rows = [
        Certificate(
            mentor_id=pk,
            training=training,
            number=f"{training.unit.name}训〔{on.year}〕{before + n}号",
            minutes=minutes[pk],
            issued_by=training.unit.name[:60],
            issued_on=on,
            entered_by=by,
            entered_at=at,
        )
        for n, pk in enumerate(due, 1)
    ]
    made = Certificate.objects.bulk_create(rows)
    if made:
        audit.record("training.certified", by=by, on=training, at_unit=training.unit.path, certificates=len(made))
    return made


@transaction.atomic
def enter_certificate(
    *,
    mentor: Mentor,
    upload: "UploadedFile[bytes]",
    by: User,
    at: datetime,
    request: uuid.UUID | None = None,
    **facts: Any,
) -> Certificate:
    """Note a certificate earned elsewhere, with its paper: number, minutes, issued_by, issued_on, valid_until."""
    require_over(by, Permission.MENTOR_MANAGE, mentor)
    issued: date = facts["issued_on"]
    if issued > clock.day_of(at):
        raise MentorRefused(_("发证日期不能晚于今天。"))
    request = request or uuid.uuid4()
    Mentor.objects.select_for_update(no_key=True).get(pk=mentor.pk)  # so that a request sent twice finds its row
    before = Certificate.objects.filter(request=request, mentor=mentor).first()
    if before is not None:
        return before
    with in_words(SENTENCES):
        paper = files.keep(upload, by=by)
        made = Certificate.objects.create(mentor=mentor, file=paper, entered_by=by, request=request, **facts)
    audit.record("training_certificate.entered", by=by, on=made, at_unit=mentor.unit.path, mentor=mentor.pk)
    return made
