"""Reads of the ledger: what stands, what is owed, what is on notice, what may be certified."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, within
from baiye.attendance.models import Confirmation
from baiye.attendance.queries import verdicts
from baiye.attendance.rule import Verdict
from baiye.core import clock
from baiye.hours import sheets
from baiye.hours.models import (
    MINUTES_A_CLASS_HOUR,
    QUOTA_MINUTES,
    VOCATIONAL_QUOTA_MINUTES,
    Certificate,
    HourEntry,
    HourExport,
    NoticeLine,
    Objection,
    PublicNotice,
)
from baiye.schools.models import Pupil, School, SchoolClass, Term
from baiye.schools.permissions import pupil_scope
from baiye.schools.queries import nth_working_day
from baiye.visits.models import Seat

STANDS = Q(minutes__gt=0, reversed_by=None)
VISIT = "seat__visit"


# ── the ledger ──


@dataclass(frozen=True, slots=True)
class Balance:
    """Minutes that stand for a pupil, by category, and how many of them come from vocational schools."""

    minutes: dict[str, int] = field(default_factory=dict)
    vocational: int = 0

    def hours(self, category: str) -> int:
        """Whole class hours of a category."""
        return self.minutes.get(category, 0) // MINUTES_A_CLASS_HOUR

    @property
    def vocational_hours(self) -> int:
        return self.vocational // MINUTES_A_CLASS_HOUR

    @property
    def vocational_owed(self) -> int:
        """Class hours in vocational schools that are still missing."""
        return max(0, VOCATIONAL_QUOTA_MINUTES - self.vocational) // MINUTES_A_CLASS_HOUR

    def owed(self, category: str) -> int:
        """Class hours of a category that are still missing to its quota."""
        return max(0, QUOTA_MINUTES[category] - self.minutes.get(category, 0)) // MINUTES_A_CLASS_HOUR


def balance(pupil_ids: Collection[int]) -> dict[int, Balance]:
    """Pupil → balance, a pupil without entries an empty one; one query over whole ledgers, reversals included."""
    rows = HourEntry.objects.filter(pupil__in=pupil_ids).values_list("pupil_id", "category", "is_vocational")
    minutes: dict[int, dict[str, int]] = defaultdict(dict)
    vocational: dict[int, int] = defaultdict(int)
    for pupil_id, category, is_vocational, total in rows.annotate(Sum("minutes")).order_by():
        minutes[pupil_id][category] = minutes[pupil_id].get(category, 0) + total
        vocational[pupil_id] += total if is_vocational else 0
    return {pupil_id: Balance(minutes.get(pupil_id, {}), vocational.get(pupil_id, 0)) for pupil_id in pupil_ids}


def standing() -> QuerySet[HourEntry]:
    """Entries that count: they add and nothing reverses them; callers narrow them to what a person may see."""
    return HourEntry.objects.filter(STANDS)


def certifiable(on: date) -> QuerySet[HourEntry]:
    """Standing entries whose notice ended before ``on`` and to whose pupil nobody objects on it."""
    objected = Objection.objects.filter(notice=OuterRef("notice_line__notice"), pupil=OuterRef("pupil"), ruled_at=None)
    return standing().filter(~Exists(objected), notice_line__notice__ends_on__lt=on)


@dataclass(slots=True)
class HalfDay:
    """One seat of a pupil that is over: its entry, or why there is none."""

    seat: Seat
    verdict: Verdict
    entry: HourEntry | None = None
    reversal: HourEntry | None = None


def half_days(pupil: Pupil, at: datetime) -> list[HalfDay]:
    """The visits of a pupil that are over or cancelled, newest first, with entry or reason; five queries."""
    seats = list(
        Seat.objects.filter(pupil=pupil)
        .filter(Q(given_up_at=None, visit__ends_at__lte=at) | Q(visit__cancelled_at__isnull=False))
        .select_related("visit__version__course", "visit__venue__host__unit")
        .order_by("-visit__starts_at", "-pk")
    )
    earned = verdicts(seats)
    entries = HourEntry.objects.filter(seat__in=seats).select_related("notice_line__notice").order_by("pk")
    ledger: dict[int, list[HourEntry]] = defaultdict(list)
    for entry in entries:
        ledger[entry.seat_id].append(entry)
    found = []
    for seat in seats:
        last = ledger[seat.pk][-1] if ledger[seat.pk] else None
        stands = last if last and last.minutes > 0 else None
        found.append(HalfDay(seat, earned[seat.pk], stands, last if last and not stands else None))
    return found


# ── notices ──


def notices_for(user: User) -> QuerySet[PublicNotice]:
    """Notices of the schools of pupils whose hours ``user`` may see, newest first, with ``size`` and ``open_count``."""
    pupils = Pupil.objects.filter(pupil_scope(user, Permission.HOURS_VIEW))
    schools = School.objects.filter(classes__pupils__in=pupils).values("unit")
    return (
        PublicNotice.objects.filter(Q(school_unit__in=schools) | within(user, Permission.HOURS_VIEW, "school_unit"))
        .select_related("school_unit")
        .annotate(
            size=Count("lines", distinct=True),
            open_count=Count("objections", filter=Q(objections__ruled_at=None), distinct=True),
        )
        .order_by("-starts_on", "-pk")
    )


@dataclass(slots=True)
class NoticePupil:
    """One pupil on a notice, as everyone of the school sees it."""

    pupil: Pupil
    class_name: str
    minutes: int = 0
    lines: list[HourEntry] = field(default_factory=list)
    own: bool = False

    @property
    def hours(self) -> int:
        return self.minutes // MINUTES_A_CLASS_HOUR


def pupils_on(notice: PublicNotice) -> QuerySet[Pupil]:
    """The pupils who stand on ``notice``, by class and pinyin."""
    return (
        Pupil.objects.filter(Exists(NoticeLine.objects.filter(notice=notice, entry__pupil=OuterRef("pk"))))
        .select_related("school_class__school")
        .order_by("school_class__number", "school_class", "pinyin", "pk")
    )


def notice_rows(notice: PublicNotice, pupils: Sequence[Pupil], own: Collection[int]) -> list[NoticePupil]:
    """``pupils`` with their lines on ``notice``, reversed ones left out of the sum; one query."""
    rows = {
        pupil.pk: NoticePupil(pupil, pupil.school_class.name(notice.starts_on), own=pupil.pk in own) for pupil in pupils
    }
    lines = HourEntry.objects.filter(notice_line__notice=notice, pupil__in=list(rows))
    for entry in lines.select_related("seat__visit__version", "reversed_by").order_by("seat__visit__starts_at", "pk"):
        row = rows[entry.pupil_id]
        row.lines.append(entry)
        row.minutes += 0 if is_reversed(entry) else entry.minutes
    return list(rows.values())


def is_reversed(entry: HourEntry) -> bool:
    """Whether ``entry`` (``reversed_by`` loaded) was taken back."""
    return hasattr(entry, "reversed_by")


def entries_to_notice(school_unit: Unit) -> QuerySet[HourEntry]:
    """Standing entries of a school's pupils that stand on no notice yet."""
    return standing().filter(pupil__school_class__school__unit=school_unit, notice_line=None)


def shortest_end(starts_on: date, school_days: int) -> date:
    """The earliest last day of a notice that runs over ``school_days`` working days (R-105); one query."""
    return nth_working_day(starts_on, school_days)


def objections_for(user: User) -> QuerySet[Objection]:
    """Objections ``user`` may see: their own, and those of the schools where they rule; open ones first."""
    return (
        Objection.objects.filter(Q(made_by=user) | within(user, Permission.OBJECTION_RULE, "notice__school_unit"))
        .select_related(
            "notice__school_unit", "pupil__school_class", "entry__seat__visit__version", "made_by", "ruled_by"
        )
        .order_by(F("ruled_at").asc(nulls_first=True), "-made_at", "-pk")
    )


def public_notices(on: date) -> QuerySet[PublicNotice]:
    """Notices that run, or ended in the last two months: for visitors, without what stands on them."""
    return (
        PublicNotice.objects.filter(ends_on__gte=on - timedelta(days=60))
        .select_related("school_unit")
        .order_by("-starts_on", "-pk")
    )


def running_notices(unit: Unit, on: date) -> QuerySet[PublicNotice]:
    """Notices of a school that run on a day."""
    return PublicNotice.objects.filter(school_unit=unit, starts_on__lte=on, ends_on__gte=on).order_by("pk")


def notice_minutes(notice: PublicNotice) -> int:
    """Minutes that stand on a notice; one query."""
    lines = HourEntry.objects.filter(STANDS, notice_line__notice=notice)
    return int(lines.aggregate(total=Sum("minutes"))["total"] or 0)


def own_on(user: User, notice: PublicNotice, pupil_ids: Collection[int] = ()) -> set[int]:
    """Pupils of the notice's school whose hours ``user`` may see by name; of ``pupil_ids`` only, where given."""
    mine = Pupil.objects.filter(
        pupil_scope(user, Permission.HOURS_VIEW), school_class__school__unit=notice.school_unit_id
    )
    return set((mine.filter(pk__in=pupil_ids) if pupil_ids else mine).values_list("pk", flat=True))


def family_pupils(user: User, unit: Unit) -> QuerySet[Pupil]:
    """The signed-in pupil, or the children of a guardian, at a school; nobody for staff."""
    mine = Pupil.objects.filter(pupil_scope(user, Permission.HOURS_VIEW), school_class__school__unit=unit)
    return mine.none() if user.kind == "staff" else mine.order_by("pk")


def find_line(notice: PublicNotice, pk: str) -> HourEntry | None:
    """The entry with this id on ``notice``, pupil and visit loaded."""
    if not pk.isdecimal():
        return None
    lines = HourEntry.objects.filter(notice_line__notice=notice, pk=int(pk))
    return lines.select_related("pupil__school_class", "seat__visit__version", "reversed_by").first()


def find_missing_pupil(user: User, notice: PublicNotice, pk: str) -> Pupil | None:
    """The pupil of the notice's school for whom ``user`` may say that something is missing."""
    if not pk.isdecimal():
        return None
    mine = Pupil.objects.filter(pupil_scope(user, Permission.HOURS_VIEW), pk=int(pk))
    return mine.filter(school_class__school__unit=notice.school_unit_id).select_related("school_class").first()


# ── certificates and exports ──


def certificates_for(user: User) -> QuerySet[Certificate]:
    """Certificates of pupils whose hours ``user`` may see, newest first."""
    return (
        Certificate.objects.filter(pupil_scope(user, Permission.HOURS_VIEW, "pupil__"))
        .select_related("pupil__school_class__school__unit")
        .order_by("-issued_at", "-pk")
    )


def find_certificate(token: uuid.UUID | str) -> Certificate | None:
    """The certificate of a token, whoever asks: what is shown of it is meant for anyone who holds the paper."""
    return Certificate.objects.filter(token=token).first()


def find_certificate_by_number(number: str, code: str) -> Certificate | None:
    """The certificate with this number whose check code is ``code``."""
    certificate = Certificate.objects.filter(number=number).first()
    return certificate if certificate and certificate.check_code == code else None


def class_certificates(school_class: SchoolClass) -> QuerySet[Certificate]:
    """The certificates of a class's pupils that stand, by pinyin."""
    return Certificate.objects.filter(pupil__school_class=school_class, revoked_at=None).order_by(
        "pupil__pinyin", "pupil", "number"
    )


def certificates_to_revoke(user: User) -> QuerySet[Certificate]:
    """Standing certificates at schools where ``user`` issues them."""
    here = within(user, Permission.CERTIFICATE_ISSUE, "pupil__school_class__school__unit")
    return Certificate.objects.filter(here, revoked_at=None).select_related("pupil__school_class__school__unit")


def exports_for(user: User) -> QuerySet[HourExport]:
    """Files for the city platform taken at units where ``user`` may take one, newest first."""
    return (
        HourExport.objects.filter(within(user, Permission.HOURS_EXPORT, "unit"))
        .select_related("unit", "made_by")
        .order_by("-made_at", "-pk")
    )


def lines_to_export(unit: Unit, on: date) -> list[sheets.Line]:
    """Lines of notices that ended before ``on``, of the pupils at ``unit`` and below, to whom nobody objects.

    Reversed ones too, so that the platform learns of them. Four queries.
    """
    objected = Objection.objects.filter(notice=OuterRef("notice_line__notice"), pupil=OuterRef("pupil"))
    entries = list(
        HourEntry.objects.filter(
            ~Exists(objected.filter(ruled_at=None)),
            minutes__gt=0,
            notice_line__notice__ends_on__lt=on,
            pupil__school_class__school__unit__path__startswith=unit.path,
        )
        .select_related(
            "pupil__school_class__school__unit",
            "seat__visit__version__occupation",
            "seat__visit__venue__host__unit",
            "seat__visit__organised_by",
            "notice_line__notice",
            "reversed_by",
        )
        .order_by("pupil__school_class", "pupil__pinyin", "pupil", "seat__visit__starts_at", "pk")
    )
    signed = Confirmation.objects.filter(visit__in={entry.seat.visit_id for entry in entries})
    signers = {
        (visit_id, unit_id if side == "school" else 0): name
        for visit_id, side, unit_id, name in signed.order_by("received_at").values_list(
            "visit_id", "side", "unit_id", "by__name"
        )
    }
    ruled = Objection.objects.filter(notice__in={entry.notice_line.notice_id for entry in entries})
    counts = {(notice, pupil): n for notice, pupil, n in ruled.values_list("notice", "pupil").annotate(Count("pk"))}
    terms = list(Term.objects.order_by("starts_on"))
    return [_line(entry, signers, counts, terms) for entry in entries]


def _line(
    entry: HourEntry,
    signers: dict[tuple[int, int], str],
    counts: dict[tuple[int, int], int],
    terms: Sequence[Term],
) -> sheets.Line:
    visit, school = entry.seat.visit, entry.pupil.school_class.school
    on = clock.day_of(visit.starts_at)
    return sheets.Line(
        entry=entry,
        term=next((term.name for term in terms if term.starts_on <= on <= term.ends_on), ""),
        recorded_by=signers.get((visit.pk, 0), ""),
        checked_by=signers.get((visit.pk, school.unit_id), ""),
        objections=counts.get((entry.notice_line.notice_id, entry.pupil_id), 0),
        reversal=getattr(entry, "reversed_by", None),
    )


# ── where somebody may do something ──


def schools_where(user: User, permission: Permission) -> QuerySet[Unit]:
    """Units of the schools where ``user`` holds ``permission`` by grant, by pinyin."""
    return Unit.objects.filter(within(user, permission), kind="school").order_by("pinyin", "pk")
