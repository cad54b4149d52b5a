"""A complaint is taken, answered, and looked at again by somebody else where the answer does not convince."""

import uuid
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import may
from baiye.core import audit, clock, crypto, messages
from baiye.core.refusals import Refused
from baiye.incidents.models import Complaint
from baiye.incidents.permissions import HANDLE
from baiye.incidents.queries.complaints import digest, due_after, find_district
from baiye.incidents.queries.reports import handlers_of
from baiye.registry.models import Host


class ComplaintRefused(Refused):
    """The complaint, or the answer to it, cannot be taken as it is."""


@transaction.atomic
def make_complaint(
    *,
    kind: str,
    text: str,
    host: Host | None,
    contact: str,
    request: uuid.UUID,
    token: str,
    by: User | None,
    at: datetime,
) -> Complaint:
    """Take a complaint, to be followed by the link of ``token``; sent again under ``request`` it is the same one.

    Raises
    ------
    ComplaintRefused
        It says nothing, or there is no district yet that could answer.
    """
    if not text.strip():
        raise ComplaintRefused(_("请写清楚是什么事。"))
    unit = host.unit if host else find_district()
    if unit is None:
        raise ComplaintRefused(_("系统里还没有建好区，暂时收不了。请打电话给协调中心。"))
    said = {
        "digest": digest(token),
        "kind": kind,
        "unit": unit,
        "host": host,
        "text_sealed": crypto.encrypt(text.strip()),
        "contact_sealed": crypto.encrypt(contact.strip()) if contact.strip() else b"",
        "made_at": at,
        "made_by": by,
        "due_on": due_after(clock.day_of(at)),
    }
    complaint, is_new = Complaint.objects.get_or_create(request=request, defaults=said)
    if is_new:
        audit.record("complaint.made", by=by, on=complaint, at_unit=unit.path, complaint_kind=kind)
        _tell_handlers(complaint, at)
    return complaint


def _tell_handlers(complaint: Complaint, at: datetime) -> None:
    """In the inbox stand the kind and the day, nothing of what was written."""
    messages.send(
        to=handlers_of(complaint.unit, clock.day_of(at)),
        kind="complaint.made",
        key=f"complaint-{complaint.pk}",
        at=at,
        subject=_("有一件投诉：%(kind)s") % {"kind": complaint.get_kind_display()},
        body=_("请在 %(day)s 前答复。") % {"day": complaint.due_on.isoformat()},
        url=reverse("incidents:complaint", args=[complaint.pk]),
    )


@transaction.atomic
def answer_complaint(*, complaint: Complaint, upheld: bool, answer: str, by: User, at: datetime) -> Complaint:
    """Answer a complaint; once it was escalated, somebody who did not answer it first gives the last word.

    Raises
    ------
    PermissionDenied
        ``by`` does not handle complaints there.
    ComplaintRefused
        It has its answer, ``by`` gave the first one, or the answer says nothing.
    """
    if not may(by, HANDLE, complaint.unit):
        raise PermissionDenied("incident.handle")
    locked = Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    if not answer.strip():
        raise ComplaintRefused(_("请写下查到的情况和处理结果，投诉的人会读到。"))
    if locked.answered_at is None:
        said = {"answered_at": at, "answered_by": by, "upheld": upheld, "answer": answer.strip()}
    elif locked.escalated_at is None or locked.final_at is not None:
        raise ComplaintRefused(_("这件已经答复过了，不能再改。"))
    elif locked.answered_by_id == by.pk:
        raise ComplaintRefused(_("第一次是您答复的，复核要由另一位来做。"))
    else:
        said = {"final_at": at, "final_by": by, "final_upheld": upheld, "final_answer": answer.strip()}
    Complaint.objects.filter(pk=locked.pk).update(**said)
    complaint.refresh_from_db()
    audit.record("complaint.answered", by=by, on=complaint, at_unit=complaint.unit.path, upheld=upheld)
    if complaint.made_by:
        messages.send(
            to=[complaint.made_by],
            kind="complaint.answered",
            key=f"complaint-{complaint.pk}-answered-{'final' if complaint.final_at else 'first'}",
            at=at,
            subject=_("您反映的事有答复了"),
            url=reverse("incidents:own-complaint", args=[complaint.pk]),
        )
    return complaint


@transaction.atomic
def escalate(*, complaint: Complaint, by: User | None, at: datetime) -> Complaint:
    """Ask that somebody else looks at it; by who made it, signed in or by their link. Asked twice, it is once.

    Raises
    ------
    ComplaintRefused
        There is no answer yet, or the last word was given.
    """
    locked = Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    if locked.answered_by is None:
        raise ComplaintRefused(_("还没有答复。等答复后不满意，再申请复核。"))
    if locked.final_at is not None:
        raise ComplaintRefused(_("复核已经有了结果。"))
    if locked.escalated_at is None:
        Complaint.objects.filter(pk=locked.pk).update(escalated_at=at)
        audit.record("complaint.escalated", by=by, on=complaint, at_unit=complaint.unit.path)
        messages.send(
            to=handlers_of(complaint.unit, clock.day_of(at)).exclude(pk=locked.answered_by.pk),
            kind="complaint.escalated",
            key=f"complaint-{complaint.pk}-escalated",
            at=at,
            subject=_("有一件投诉要复核"),
            url=reverse("incidents:complaint", args=[complaint.pk]),
        )
    complaint.refresh_from_db()
    return complaint


def record_look(*, complaint: Complaint, by: User) -> None:
    """Write down that someone read a complaint."""
    audit.record("complaint.viewed", by=by, on=complaint, at_unit=complaint.unit.path)
