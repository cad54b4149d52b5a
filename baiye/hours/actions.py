"""Writes of the ledger: entries follow from attendance, notices and objections try them, papers and files use them."""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, may, require
from baiye.attendance.queries import verdicts
from baiye.core import audit, clock, jobs
from baiye.core.refusals import Refused
from baiye.hours import papers, queries, sheets
from baiye.hours.models import (
    RULE_VERSION,
    Certificate,
    CertificateLine,
    HourEntry,
    HourExport,
    NoticeLine,
    Objection,
    PublicNotice,
)
from baiye.schools.models import Pupil, School, school_year
from baiye.schools.permissions import pupil_scope
from baiye.visits.models import Seat, Visit

NUMBERS_LOCK = 2024_0524  # certificate numbers are given one after the other


class HoursRefused(Refused):
    """The step of the ledger may not be taken now."""


def shortest_days() -> int:
    """How many working days a notice runs at least (R-105: a setting)."""
    return int(settings.BAIYE_NOTICE_SCHOOL_DAYS)


# ── entries ──


def enter_hours(*, visit: Visit, at: datetime) -> int:
    """Enter what the seats of ``visit`` earn and is not entered yet; how many entries were made. Repeats make none.

    Nobody calls this with a wish: whose hours, and how many, is read from marks and confirmations alone.
    """
    return enter_hours_of(visit_ids=[visit.pk], at=at)


@transaction.atomic
def enter_hours_of(*, visit_ids: Collection[int], at: datetime) -> int:
    """`enter_hours` for several visits, in as many statements for one as for hundreds."""
    visits = Visit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=visit_ids).order_by("pk")
    by_id = {visit.pk: visit for visit in visits.select_related("venue__host__unit")}
    seats = list(Seat.objects.filter(visit__in=by_id, given_up_at=None, hour_entries=None).order_by("pk"))
    earned = verdicts(seats)
    rows = [_entry(seat, by_id[seat.visit_id], at) for seat in seats if earned[seat.pk].credited]
    HourEntry.objects.bulk_create(rows, batch_size=2000)
    touched = [by_id[visit_id] for visit_id in sorted({row.seat.visit_id for row in rows})]
    audit.record_many("hours.entered", by=None, on=touched)
    return len(rows)


def _entry(seat: Seat, visit: Visit, at: datetime) -> HourEntry:
    return HourEntry(
        pupil_id=seat.pupil_id,
        seat=seat,
        category=visit.counts_as,
        is_vocational=visit.venue.host.is_vocational,
        minutes=visit.credit_minutes,
        rule_version=RULE_VERSION,
        school_year=school_year(clock.day_of(visit.starts_at)),
        entered_at=at,
    )


def _turn(entry: HourEntry, *, because: str, by: User, at: datetime) -> HourEntry:
    """Take back what stands for the entry's seat, or give back what was taken: one more entry, the exact opposite."""
    last = HourEntry.objects.filter(seat=entry.seat_id).order_by("-pk")[0]
    same = ("pupil_id", "seat_id", "category", "is_vocational", "rule_version", "school_year")
    return HourEntry.objects.create(
        minutes=-last.minutes,
        reverses=last,
        reason=because[:200],
        made_by=by,
        entered_at=at,
        **{name: getattr(last, name) for name in same},
    )


# ── notices and objections ──


@transaction.atomic
def open_notice(*, school: School, title: str, starts_on: date, ends_on: date, by: User, at: datetime) -> PublicNotice:
    """Put every standing entry of the school's pupils that was never on notice on show, from–to.

    Raises
    ------
    PermissionDenied
        ``by`` may not open notices at the school.
    HoursRefused
        There is nothing new to show, or the dates are in the past or too short.
    """
    unit = school.unit
    require(by, Permission.HOURS_PUBLISH, unit)
    if starts_on < clock.day_of(at):
        raise HoursRefused(_("公示从今天或以后开始"))
    shortest = queries.shortest_end(starts_on, shortest_days())
    if ends_on < shortest:
        days = {"n": shortest_days(), "on": f"{shortest:%Y-%m-%d}"}
        raise HoursRefused(_("公示至少 %(n)s 个工作日，最早到 %(on)s") % days)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    entries = list(queries.entries_to_notice(unit).order_by("pk").values_list("pk", flat=True))
    if not entries:
        raise HoursRefused(_("没有新的课时要公示"))
    notice = PublicNotice.objects.create(
        school_unit=unit, title=title, starts_on=starts_on, ends_on=ends_on, opened_by=by, opened_at=at
    )
    lines = (NoticeLine(notice=notice, entry_id=entry) for entry in entries)
    NoticeLine.objects.bulk_create(lines, batch_size=5000)
    audit.record("notice.opened", by=by, on=notice, at_unit=unit.path, entries=len(entries))
    jobs.later("hours.tell_notice", notice_id=notice.pk)
    return notice


@transaction.atomic
def object_to(
    *, notice: PublicNotice, pupil: Pupil, entry: HourEntry | None, text: str, by: User, at: datetime
) -> Objection:
    """Object to a line of ``notice``, or, with no ``entry``, to one that is missing for ``pupil``.

    Families of the school may while the notice runs, about any line they see, and about what is missing for their own
    child. The school and the centre may at any time; then somebody else must rule, so it takes two to take hours back.

    Raises
    ------
    PermissionDenied
        ``by`` is none of these.
    HoursRefused
        Out of time, without words, not on this notice, or already waiting for a ruling.
    """
    PublicNotice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    text = text.strip()
    _require_objector(notice, pupil, entry, by, at)
    if not text:
        raise HoursRefused(_("写一写哪里不对，老师才好核对"))
    if entry is not None and (
        entry.pupil_id != pupil.pk or not NoticeLine.objects.filter(notice=notice, entry=entry).exists()
    ):
        raise HoursRefused(_("这条课时不在这次公示里"))
    if Objection.objects.filter(notice=notice, pupil=pupil, entry=entry, made_by=by, ruled_at=None).exists():
        raise HoursRefused(_("您已经提过了，学校正在核对"))
    objection = Objection.objects.create(
        notice=notice, pupil=pupil, entry=entry, text=text[:500], made_by=by, made_at=at
    )
    audit.record("objection.made", by=by, on=objection, at_unit=notice.school_unit.path, notice=notice.pk)
    jobs.later("hours.tell_objection", objection_id=objection.pk)
    return objection


def _require_objector(notice: PublicNotice, pupil: Pupil, entry: HourEntry | None, by: User, at: datetime) -> None:
    if may(by, Permission.CERTIFICATE_ISSUE, notice.school_unit):
        return
    mine = Pupil.objects.filter(pupil_scope(by, Permission.HOURS_VIEW), left_on=None)
    if by.kind == "staff":
        mine = mine.none()
    mine = mine.filter(school_class__school__unit=notice.school_unit)
    if not (mine if entry else mine.filter(pk=pupil.pk)).exists():
        raise PermissionDenied(f"{Permission.HOURS_VIEW} at {notice.school_unit.path}")
    if not notice.starts_on <= clock.day_of(at) <= notice.ends_on:
        raise HoursRefused(
            _("公示期是 %(from)s 到 %(to)s，现在不在公示期内。有疑问请直接找学校")
            % {"from": f"{notice.starts_on:%Y-%m-%d}", "to": f"{notice.ends_on:%Y-%m-%d}"}
        )


@transaction.atomic
def rule_on(*, objection: Objection, upheld: bool, ruling: str, by: User, at: datetime) -> None:
    """Decide an objection, with words.

    Upheld, it turns the line round: what stood is taken back, what was taken back is given back; a certificate over it
    is revoked. For a missing line the visits are gone through once more.

    Raises
    ------
    PermissionDenied
        ``by`` may not rule at the school.
    HoursRefused
        Whoever objected may not rule; it is decided already; or there are no words.
    """
    notice = (
        PublicNotice.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school_unit")
        .get(pk=objection.notice_id)
    )
    require(by, Permission.OBJECTION_RULE, notice.school_unit)
    ruling = ruling.strip()[:500]
    if not ruling:
        raise HoursRefused(_("写下核对的结果和理由"))
    if objection.made_by_id == by.pk:
        raise HoursRefused(_("自己提的异议要由另一位老师来核对"))
    decision = {"upheld": upheld, "ruling": ruling, "ruled_by": by, "ruled_at": at}
    if not Objection.objects.filter(pk=objection.pk, ruled_at=None).update(**decision):
        raise HoursRefused(_("这条异议早先已经核对过了"))
    audit.record("objection.ruled", by=by, on=objection, at_unit=notice.school_unit.path, upheld=upheld)
    if upheld and objection.entry:
        turned = _turn(objection.entry, because=ruling, by=by, at=at)
        audit.record("hours.turned", by=by, on=turned, at_unit=notice.school_unit.path, minutes=turned.minutes)
        _revoke(Certificate.objects.filter(lines__entry=turned.reverses, lines__released_at=None), ruling, by, at)
    elif upheld:
        over = Seat.objects.filter(pupil=objection.pupil_id, given_up_at=None, visit__ends_at__lte=at)
        jobs.later("hours.enter", visit_ids=[*sorted(over.values_list("visit_id", flat=True))])
    jobs.later("hours.tell_ruling", objection_id=objection.pk)
    objection.refresh_from_db()


# ── certificates ──


@transaction.atomic
def issue_certificates(*, school: School, by: User, at: datetime) -> list[Certificate]:
    """Certify all that may be certified for the school's pupils and stands on no certificate: one paper a pupil.

    Raises
    ------
    PermissionDenied
        ``by`` may not issue certificates at the school.
    """
    unit, on = school.unit, clock.day_of(at)
    require(by, Permission.CERTIFICATE_ISSUE, unit)
    list(PublicNotice.objects.select_for_update(no_key=True).filter(school_unit=unit).order_by("pk").values_list("pk"))
    by_pupil: dict[Pupil, list[HourEntry]] = defaultdict(list)
    for entry in _uncertified(school, on):
        by_pupil[entry.pupil].append(entry)
    numbers = _numbers(len(by_pupil), on.year)
    certificates = [
        Certificate(
            number=number,
            pupil=pupil,
            minutes=sum(line.minutes for line in lines),
            shows=papers.shown(pupil, lines, on),
            issued_at=at,
            issued_by=by,
        )
        for number, (pupil, lines) in zip(numbers, by_pupil.items(), strict=True)
    ]
    Certificate.objects.bulk_create(certificates, batch_size=1000)
    over = zip(certificates, by_pupil.values(), strict=True)
    rows = [CertificateLine(certificate=certificate, entry=line) for certificate, lines in over for line in lines]
    CertificateLine.objects.bulk_create(rows, batch_size=5000)
    if certificates:
        audit.record("certificates.issued", by=by, on=school, at_unit=unit.path, certificates=len(certificates))
        jobs.later("hours.tell_certificates", certificate_ids=[certificate.pk for certificate in certificates])
    return certificates


def _uncertified(school: School, on: date) -> QuerySet[HourEntry]:
    """Entries of the school's pupils that may be certified on a day and stand on no paper, by class and pupil."""
    return (
        queries.certifiable(on)
        .filter(pupil__school_class__school=school)
        .annotate(held=Count("certificate_lines", filter=Q(certificate_lines__released_at=None)))
        .filter(held=0)
        .select_related(
            "pupil__school_class__school__unit",
            "seat__visit__version",
            "seat__visit__venue__host__unit",
            "notice_line__notice",
        )
        .order_by("pupil__school_class", "pupil__pinyin", "pupil", "seat__visit__starts_at")
    )


def _numbers(count: int, year: int) -> list[str]:
    """``count`` fresh numbers of a year; whoever else issues waits until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERS_LOCK])
    prefix = f"BY{year}-"
    last = Certificate.objects.filter(number__startswith=prefix).aggregate(number=Max("number"))["number"]
    first = int(last.removeprefix(prefix)) + 1 if last else 1
    return [f"{prefix}{number:06d}" for number in range(first, first + count)]


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, because: str, by: User, at: datetime) -> None:
    """Withdraw a certificate, with a reason; its entries can stand on a new one. Who checks it sees that it is void."""
    unit = Unit.objects.get(school__classes__pupils=certificate.pupil_id)
    require(by, Permission.CERTIFICATE_ISSUE, unit)
    because = because.strip()[:200]
    if not because:
        raise HoursRefused(_("写下撤回的理由"))
    if not _revoke(Certificate.objects.filter(pk=certificate.pk), because, by, at):
        raise HoursRefused(_("这张证书早先已经撤回了"))
    certificate.refresh_from_db()


def _revoke(certificates: Iterable[Certificate], because: str, by: User, at: datetime) -> int:
    ids = [certificate.pk for certificate in certificates]
    standing = Certificate.objects.filter(pk__in=ids, revoked_at=None)
    revoked = standing.update(revoked_at=at, revoked_by=by, revoked_because=because[:200])
    if revoked:
        CertificateLine.objects.filter(certificate__in=ids, released_at=None).update(released_at=at)
        audit.record_many("certificate.revoked", by=by, on=Certificate.objects.filter(pk__in=ids))
    return revoked


# ── the file for the city platform ──


@transaction.atomic
def export_hours(*, unit: Unit, purpose: str, recipient: str, by: User, at: datetime) -> tuple[HourExport, bytes]:
    """Every line of an ended notice without open objection of the pupils at ``unit`` and below, as .xlsx.

    Raises
    ------
    PermissionDenied
        ``by`` may not take files at the unit.
    HoursRefused
        No purpose, no recipient, or nothing to give.
    """
    require(by, Permission.HOURS_EXPORT, unit)
    purpose, recipient = purpose.strip(), recipient.strip()
    if not purpose or not recipient:
        raise HoursRefused(_("写下用途和接收单位，导出会留痕"))
    lines = queries.lines_to_export(unit, clock.day_of(at))
    if not lines:
        raise HoursRefused(_("还没有公示完的课时可以导出"))
    batch = f"{clock.local(at):%Y%m%d%H%M}-{secrets.token_hex(3)}"
    content = sheets.city_platform(lines, batch)
    export = HourExport.objects.create(
        unit=unit,
        made_by=by,
        made_at=at,
        batch=batch,
        purpose=purpose,
        recipient=recipient,
        rows=len(lines),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    audit.record("hours.exported", by=by, on=export, at_unit=unit.path, rows=len(lines))
    return export, content
