"""How far schools and classes are, and what waits there: reads for the desk, a query or two for any number of rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, may
from baiye.attendance.queries import verdicts
from baiye.hours.models import (
    MINUTES_A_CLASS_HOUR,
    VOCATIONAL_QUOTA_MINUTES,
    Certificate,
    CertificateLine,
    Objection,
    PublicNotice,
)
from baiye.hours.queries import Balance, balance, certifiable, entries_to_notice, running_notices, standing
from baiye.schools.models import Pupil, SchoolClass, school_year
from baiye.schools.permissions import class_scope
from baiye.visits.models import Seat

PROGRESS = """
SELECT c, count(*), count(*) FILTER (WHERE v >= %(quota)s), coalesce(sum(least(v, %(quota)s)), 0),
       count(*) FILTER (WHERE v > 0)
FROM (SELECT p.school_class_id AS c, coalesce(sum(e.minutes) FILTER (WHERE e.is_vocational), 0) AS v
      FROM schools_pupil p LEFT JOIN hours_hourentry e ON e.pupil_id = p.id
      WHERE p.school_class_id = ANY(%(classes)s) AND p.left_on IS NULL GROUP BY p.id) AS each
GROUP BY c
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far pupils are with the 16 hours in vocational schools."""

    pupils: int = 0
    done: int = 0
    minutes: int = 0  # each pupil's counted up to the quota
    begun: int = 0

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            self.pupils + other.pupils, self.done + other.done, self.minutes + other.minutes, self.begun + other.begun
        )

    @property
    def hours_each(self) -> float:
        """Mean class hours a pupil, each counted up to the quota."""
        return self.minutes / MINUTES_A_CLASS_HOUR / self.pupils if self.pupils else 0.0


def progress_of(class_ids: Collection[int]) -> dict[int, Progress]:
    """Class → progress of its pupils who have not left; one query."""
    with connection.cursor() as cursor:
        cursor.execute(PROGRESS, {"quota": VOCATIONAL_QUOTA_MINUTES, "classes": list(class_ids)})
        found = {row[0]: Progress(*(int(figure) for figure in row[1:])) for row in cursor.fetchall()}
    return {class_id: found.get(class_id, Progress()) for class_id in class_ids}


def classes_of_desk(user: User, on: date) -> QuerySet[SchoolClass]:
    """The junior classes of this school year whose hours ``user`` may see, by school, grade and number; unit loaded."""
    year = school_year(on)
    return (
        SchoolClass.objects.filter(class_scope(user, Permission.HOURS_VIEW), stage="junior")
        .filter(entry_year__gt=year - 4, entry_year__lte=year)
        .select_related("school__unit")
        .order_by("school__unit__pinyin", "school", "-entry_year", "number")
    )


def by_school(classes: Sequence[SchoolClass], progress: dict[int, Progress]) -> dict[Unit, Progress]:
    """The progress of classes (unit loaded), added up by school, in their order."""
    found: dict[Unit, Progress] = {}
    for one in classes:
        unit = one.school.unit
        found[unit] = found.get(unit, Progress()) + progress[one.pk]
    return found


@dataclass(frozen=True, slots=True)
class Work:
    """What waits at a school, and whether this person may do it."""

    to_notice: int
    running: list[PublicNotice]
    open_objections: int
    to_certify: int  # pupils
    may_notice: bool
    may_certify: bool


def work_at(user: User, unit: Unit, on: date) -> Work:
    """What waits at one school; four queries."""
    fresh = certifiable(on).filter(pupil__school_class__school__unit=unit)
    held = CertificateLine.objects.filter(entry=OuterRef("pk"), released_at=None)
    return Work(
        to_notice=entries_to_notice(unit).count(),
        running=list(running_notices(unit, on)),
        open_objections=Objection.objects.filter(notice__school_unit=unit, ruled_at=None).count(),
        to_certify=fresh.filter(~Exists(held)).values("pupil").distinct().count(),
        may_notice=may(user, Permission.HOURS_PUBLISH, unit),
        may_certify=may(user, Permission.CERTIFICATE_ISSUE, unit),
    )


@dataclass(slots=True)
class ClassRow:
    """One pupil of a class on its hours page."""

    pupil: Pupil
    balance: Balance
    attended: int = 0  # half-days over with an entry
    why: list[str] = field(default_factory=list)  # why others brought none
    certificates: list[Certificate] = field(default_factory=list)

    @property
    def hours(self) -> int:
        """Class hours of 职业体验, wherever they come from."""
        return self.balance.hours("职业体验")


def class_rows(school_class: SchoolClass, at: datetime) -> list[ClassRow]:
    """The pupils of a class who have not left, by pinyin, with hours and what is missing; seven queries."""
    pupils = list(Pupil.objects.filter(school_class=school_class, left_on=None).order_by("pinyin", "pk"))
    sums = balance([pupil.pk for pupil in pupils])
    rows = {pupil.pk: ClassRow(pupil, sums[pupil.pk]) for pupil in pupils}
    seats = list(Seat.objects.filter(pupil__in=rows, given_up_at=None, visit__ends_at__lte=at).order_by("visit"))
    stands = set(standing().filter(seat__in=seats).values_list("seat_id", flat=True))
    earned = verdicts([seat for seat in seats if seat.pk not in stands])
    for seat in seats:
        row = rows[seat.pupil_id]
        if seat.pk in stands:
            row.attended += 1
        elif not earned[seat.pk].credited:
            row.why.append(earned[seat.pk].sentence)
    for certificate in Certificate.objects.filter(pupil__in=rows, revoked_at=None).order_by("number"):
        rows[certificate.pupil_id].certificates.append(certificate)
    return list(rows.values())
