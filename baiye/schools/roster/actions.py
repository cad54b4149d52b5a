"""Writes of rosters: a file comes in, is checked against the database, and goes in whole or not at all."""

import hashlib
import json
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, clock, crypto, jobs
from baiye.core.refusals import Refused
from baiye.core.sheets import guard
from baiye.core.sheets.queries import file_of
from baiye.core.sheets.tables import read_tables
from baiye.core.sheets.values import BadValue
from baiye.schools.models import FIRST_GRADE, RosterUpload, School
from baiye.schools.roster import queries, rows, write
from baiye.schools.roster.plan import Plan, findings, make_plan
from baiye.schools.roster.sentences import sentence


@transaction.atomic
def upload_roster(
    *, school: School, file_name: str, data: bytes, for_year: int, by: User, at: datetime
) -> RosterUpload:
    """Take a file in, encrypted, and queue its check. ``for_year``: the school year in which its grades are meant.

    Raises
    ------
    PermissionDenied
        ``by`` does not import this school's roster.
    Refused
        By its first look: too big, encrypted, with macros, a bomb, of another kind.
    """
    require(by, Permission.ROSTER_IMPORT, school.unit)
    try:
        guard.refuse_unfit(file_name, data)
    except BadValue as bad:
        raise Refused(sentence(bad.code, bad.facts)) from bad
    upload = RosterUpload.objects.create(
        school=school,
        made_by=by,
        made_at=at,
        for_year=for_year,
        file_name=file_name[-120:],
        file_sealed=crypto.encrypt_bytes(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    audit.record("roster.uploaded", by=by, on=upload, at_unit=school.unit.path, bytes=len(data))
    jobs.later("schools.check_roster", upload_id=upload.pk)
    return upload


def check_roster(*, upload: RosterUpload, at: datetime) -> None:
    """Compare the file with the database and keep what would happen; nothing of the roster changes. May run twice."""
    mine = RosterUpload.objects.filter(pk=upload.pk, applied_at=None, refused="")
    try:
        reading = _read(upload, at)
        plan = _plan(upload, reading, at)
    except BadValue as bad:
        mine.update(refused=sentence(bad.code, bad.facts)[:200], checked_at=at, file_sealed=b"")
        return
    except Exception:
        mine.update(refused=_("核对到一半出了错，名册没有变。请重新上传；还不行请联系协调中心"), checked_at=at)
        raise
    found = json.dumps(findings(plan, _as_of(upload, at)), ensure_ascii=False)
    mine.update(
        checked_at=at,
        rows_total=reading.rows,
        rows_done=reading.rows,
        plan=plan.counts() | {"fingerprint": plan.fingerprint()},
        findings_sealed=crypto.encrypt(found),
    )


@transaction.atomic
def ask_import(*, upload: RosterUpload, leavers: Collection[int], by: User, at: datetime) -> None:
    """Ask for a checked file to be put into the roster; ``leavers`` are the missing pupils ticked as having left.

    Asking twice queues one job.
    """
    require(by, Permission.ROSTER_IMPORT, upload.school.unit)
    upload = RosterUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.applied_at is not None or upload.asked_at is not None:
        return
    if upload.checked_at is None or upload.refused:
        raise Refused(_("这份名单还没有核对好，请等核对完再导入"))
    if not set(leavers) <= {each["pk"] for each in queries.findings_of(upload)["left"]}:
        raise Refused(_("勾选的学生和核对结果对不上，请重新打开这一页"))
    upload.asked_at, upload.asked_by, upload.leavers, upload.stopped = at, by, sorted(leavers), ""
    upload.save(update_fields=["asked_at", "asked_by", "leavers", "stopped"])
    jobs.later("schools.apply_roster", upload_id=upload.pk)


def apply_roster(*, upload: RosterUpload, at: datetime) -> None:
    """Put a checked file into the roster: all of it in one transaction, or nothing. Twice changes nothing.

    What was shown is what is done: when the database changed since the check, nothing is written and the file is
    checked again. Rows with mistakes are left out.
    """
    try:
        with transaction.atomic():
            _apply(upload.pk, at)
    except Refused as refusal:
        _stop(upload.pk, str(refusal))
    except BadValue as bad:
        _stop(upload.pk, sentence(bad.code, bad.facts))
    except IntegrityError:
        _stop(upload.pk, _("导入时另一份名单先写了进去，这一次没有写入。已经重新核对，请再看一遍"))


def _apply(upload_id: int, at: datetime) -> None:
    upload = (
        RosterUpload.objects.select_for_update(of=("self",))
        .select_related("school__unit", "asked_by")
        .get(pk=upload_id)
    )
    if upload.applied_at is not None or upload.asked_by is None:
        return
    School.objects.select_for_update().get(pk=upload.school_id)
    by = upload.asked_by
    require(by, Permission.ROSTER_IMPORT, upload.school.unit)
    plan = _plan(upload, _read(upload, at), at)
    if plan.fingerprint() != upload.plan.get("fingerprint"):
        raise Refused(_("核对之后，名册又有了变动，这一次没有写入。已经重新核对，请再看一遍"))
    leavers = [known for known in plan.left if known.pk in set(upload.leavers)]
    write.write(plan, leavers, school=upload.school, by=by, at=at)
    counts = plan.counts() | {"left": len(leavers)}
    audit.record("roster.imported", by=by, on=upload, at_unit=upload.school.unit.path, **counts)
    upload.applied_at, upload.applied_by, upload.file_sealed = at, by, b""
    upload.save(update_fields=["applied_at", "applied_by", "file_sealed"])


def _stop(upload_id: int, why: str) -> None:
    with transaction.atomic():
        stopped = RosterUpload.objects.filter(pk=upload_id, applied_at=None)
        stopped.update(stopped=why[:200], asked_at=None, asked_by=None, leavers=[], checked_at=None, rows_done=0)
        jobs.later("schools.check_roster", upload_id=upload_id)


def tidy_uploads(*, at: datetime, keep_days: int = 30) -> int:
    """Empty files and findings older than ``keep_days``; how many."""
    before = clock.day_of(at) - timedelta(days=keep_days)
    return queries.stale_uploads(before).update(file_sealed=b"", findings_sealed=b"")


def _read(upload: RosterUpload, at: datetime) -> rows.Reading:
    data = file_of(upload)
    if not data:
        raise BadValue("file_gone")
    tables = read_tables(upload.file_name, data)
    progress = RosterUpload.objects.filter(pk=upload.pk, applied_at=None)
    progress.update(rows_total=sum(len(table.rows) for table in tables), rows_done=0)
    stages = tuple(upload.school.stages) or tuple(FIRST_GRADE)
    school = rows.School(stages=stages, year=upload.for_year, on=clock.day_of(at))

    def tell(done: int) -> None:
        progress.update(rows_done=done)

    return rows.read_rows(tables, school, tell)


def _plan(upload: RosterUpload, reading: rows.Reading, at: datetime) -> Plan:
    by = upload.asked_by or upload.made_by
    known = queries.known_pupils(reading.seen, upload.school, by)
    return make_plan(reading, known, upload.school_id, _as_of(upload, at))


def _as_of(upload: RosterUpload, at: datetime) -> date:
    """A day on which class names are those of the year meant."""
    today = clock.day_of(at)
    return max(today, date(upload.for_year, 9, 1))
