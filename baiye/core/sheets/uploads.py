"""Writes of uploads: a sheet comes in, is tried out, and goes in whole or not at all."""

import hashlib
import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from baiye.core import audit, crypto, jobs
from baiye.core.models import Upload
from baiye.core.refusals import Refused
from baiye.core.sheets import guard, queries
from baiye.core.sheets.kinds import SHEETS, Sheet
from baiye.core.sheets.plan import Plan, carry_out
from baiye.core.sheets.rows import read_rows
from baiye.core.sheets.sentences import sentence
from baiye.core.sheets.tables import read_tables
from baiye.core.sheets.values import BadValue


@transaction.atomic
def take(*, sheet: Sheet, request: uuid.UUID, file_name: str, data: bytes, by: Any, at: datetime) -> Upload:
    """Take a file in, encrypted, and queue its dry run; the same request gives the same upload.

    Raises
    ------
    PermissionDenied
        ``by`` imports nothing of this kind.
    Refused
        By its first look: too big, encrypted, with macros, a bomb, of another kind.
    """
    _require(sheet, by)
    try:
        guard.refuse_unfit(file_name, data)
    except BadValue as bad:
        raise Refused(sentence(bad.code, bad.facts)) from bad
    given = {
        "kind": sheet.kind,
        "made_at": at,
        "language": get_language() or "",
        "file_name": file_name[-120:],
        "file_sealed": crypto.encrypt_bytes(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    upload, is_new = Upload.objects.get_or_create(request=request, made_by=by, defaults=given)
    if is_new:
        jobs.later("core.check_upload", upload_id=upload.pk)
    return upload


def check(*, upload: Upload, at: datetime) -> None:
    """Try the file out and keep what would happen; everything it wrote is rolled back. May run twice."""
    mine = Upload.objects.filter(pk=upload.pk, applied_at=None, refused="")
    with override(upload.language):
        try:
            with transaction.atomic():
                plan = _carry_out(upload)
                transaction.set_rollback(True)
        except BadValue as bad:
            mine.update(refused=sentence(bad.code, bad.facts)[:400], checked_at=at, file_sealed=b"")
            return
        except PermissionDenied:
            mine.update(refused=_("您已不再管这一类表格，没有写入"), checked_at=at, file_sealed=b"")
            return
        except Exception:
            mine.update(refused=_("核对到一半出了错，什么都没有写入。请重新上传；还不行请联系协调中心"), checked_at=at)
            raise
    found = crypto.encrypt(json.dumps(plan.findings(), ensure_ascii=False))
    counts = plan.counts() | {"fingerprint": plan.fingerprint()}
    mine.update(checked_at=at, counts=counts, findings_sealed=found)


@transaction.atomic
def ask(*, upload: Upload, by: Any, at: datetime) -> None:
    """Ask for a checked file to be put in. Asking twice queues one job."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.made_by_id != by.pk:
        raise PermissionDenied(f"upload {upload.pk} is another's")
    _require(SHEETS[upload.kind], by)
    if upload.applied_at is not None or upload.asked_at is not None:
        return
    if upload.checked_at is None or upload.refused:
        raise Refused(_("这份表格还没有核对好，请等核对完再导入"))
    upload.asked_at, upload.stopped = at, ""
    upload.save(update_fields=["asked_at", "stopped"])
    jobs.later("core.apply_upload", upload_id=upload.pk)


def apply(*, upload: Upload, at: datetime) -> None:
    """Put a checked file in: all of it in one transaction, or nothing. Twice changes nothing.

    What was shown is what is done: when the database changed since the check, nothing is written and the file is
    checked again. Rows with mistakes are left out.
    """
    try:
        with transaction.atomic(), override(upload.language):
            _apply(upload.pk, at)
    except Refused as refusal:
        _stop(upload.pk, str(refusal))
    except BadValue as bad:
        _stop(upload.pk, sentence(bad.code, bad.facts))
    except PermissionDenied:
        _stop(upload.pk, _("您已不再管这一类表格，没有写入"))
    except IntegrityError:
        _stop(upload.pk, _("导入时有人先改了同样的内容，这一次没有写入。已经重新核对，请再看一遍"))


def _apply(upload_id: int, at: datetime) -> None:
    upload = Upload.objects.select_for_update(of=("self",)).select_related("made_by").get(pk=upload_id)
    if upload.applied_at is not None or upload.asked_at is None:
        return
    plan = _carry_out(upload)
    if plan.fingerprint() != upload.counts.get("fingerprint"):
        raise Refused(_("核对之后内容又有了变动，这一次没有写入。已经重新核对，请再看一遍"))
    audit.record("sheet.imported", by=upload.made_by, on=upload, sheet=upload.kind, counts=plan.counts())
    upload.applied_at, upload.file_sealed = at, b""
    upload.save(update_fields=["applied_at", "file_sealed"])


def _carry_out(upload: Upload) -> Plan:
    sheet, data = SHEETS[upload.kind], queries.file_of(upload)
    if not data:
        raise BadValue("file_gone")
    _require(sheet, upload.made_by)
    return carry_out(sheet, read_rows(read_tables(upload.file_name, data), sheet), upload.made_by)


def _stop(upload_id: int, why: str) -> None:
    with transaction.atomic():
        stopped = Upload.objects.filter(pk=upload_id, applied_at=None)
        stopped.update(stopped=why[:400], asked_at=None, checked_at=None)
        jobs.later("core.check_upload", upload_id=upload_id)


def tidy(*, at: datetime, keep_days: int = 30) -> int:
    """Empty files and findings older than ``keep_days``; how many."""
    return queries.stale_uploads(at - timedelta(days=keep_days)).update(file_sealed=b"", findings_sealed=b"")


def _require(sheet: Sheet, by: Any) -> None:
    if not sheet.may(by):
        raise PermissionDenied(f"sheet {sheet.kind}")
