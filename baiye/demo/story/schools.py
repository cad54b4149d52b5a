"""Schools at work: terms, staff, and each school's roster brought in as the Excel file it would send."""

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings

from baiye.accounts.models import Unit, User
from baiye.demo import cast, rosters
from baiye.demo.calendar import terms
from baiye.schools.actions import set_term
from baiye.schools.models import Pupil, School, SchoolClass, Term, school_year
from baiye.schools.roster.actions import apply_roster, ask_import, check_roster, upload_roster

PUPILS = 6329  # one grade: the exam candidates of 2025 (see data/putuo/README.md)
GRADES = (6, 7)  # the grade whose round is open, and the grade whose round is finished


def make_terms(today: date, by: User) -> None:
    """The terms around today, where none stands."""
    if not Term.objects.exists():
        for name, starts_on, ends_on in terms(today):
            set_term(name=name, starts_on=starts_on, ends_on=ends_on, by=by)


def junior_schools(district: Unit) -> list[tuple[School, int]]:
    """Schools with a junior stage and how many pupils a grade gets: shares follow the published places of 2025."""
    with (settings.DATA_DIR / "putuo" / "schools.csv").open(encoding="utf-8", newline="") as file:
        places = {row["code"]: float(row["quota_to_school_2025"] or 0) for row in csv.DictReader(file) if row["code"]}
    schools = [s for s in School.objects.filter(unit__path__startswith=district.path).order_by("code") if places.get(s.code)]
    return list(zip(schools, rosters.shares([places[s.code] for s in schools], PUPILS), strict=True))


def bring_in_rosters(
    schools: list[tuple[School, int]], staff: dict[int, User], at: datetime, tick: Callable[[], None]
) -> int:
    """Upload, check and import a roster for each school that has no pupils yet; how many pupils there are."""
    had = set(Pupil.objects.values_list("school_class__school", flat=True).distinct())
    first = 0
    for school, size in schools:
        if school.pk not in had:
            _bring_in(school, size, staff[school.unit_id], at, first)
        first += size * len(GRADES)
        tick()
    return Pupil.objects.filter(school_class__school__in=[school for school, _ in schools]).count()


def _bring_in(school: School, size: int, by: User, at: datetime, first: int) -> None:
    year = school_year(at.date())
    lines = [
        line
        for n, grade in enumerate(GRADES)
        for line in rosters.lines_of(
            grade, size, born_in=year - grade - 6, seed=f"{school.code} {grade}", first=first + n * size
        )
    ]
    data = rosters.excel(str(school), lines, school.code)
    upload = upload_roster(school=school, file_name="花名册.xlsx", data=data, for_year=year, by=by, at=at)
    check_roster(upload=upload, at=at)
    upload.refresh_from_db()
    ask_import(upload=upload, leavers=[], by=by, at=at)
    apply_roster(upload=upload, at=at)
    upload.refresh_from_db()
    if upload.applied_at is None or upload.plan["errors"]:
        raise RuntimeError(f"{school.code}: {upload.refused or upload.stopped or upload.plan}")


def teachers_of(schools: list[tuple[School, int]], today: date) -> dict[int, User]:
    """The class teacher of each class, by class."""
    classes = SchoolClass.objects.filter(school__in=[school for school, _ in schools]).order_by("pk")
    return cast.class_teachers(classes, today - timedelta(days=120))
