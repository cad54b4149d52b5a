"""Schools at work: terms, staff, and each school's roster brought in as the Excel file it would send."""

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings

from baiye.accounts.models import Notice, Unit, User
from baiye.demo import cast, rosters
from baiye.demo.calendar import holidays, terms
from baiye.schools.actions import set_school_day, set_term
from baiye.schools.models import Pupil, School, SchoolClass, Term, school_year
from baiye.schools.roster.actions import apply_roster, ask_import, check_roster, upload_roster

PUPILS = 6329  # one grade: the exam candidates of 2025 (see data/putuo/README.md)
GRADES = (6, 7)  # the grade whose round is open, and the grade whose round is finished


def make_terms(today: date, by: User) -> None:
    """The terms around today, and the public holidays that have a fixed date, where no term stands."""
    if Term.objects.exists():
        return
    spans = terms(today)
    for name, starts_on, ends_on in spans:
        set_term(name=name, starts_on=starts_on, ends_on=ends_on, by=by)
    for on, note in holidays(spans[0][1].year, spans[-1][2].year):
        set_school_day(on=on, kind="holiday", note=note, by=by)


def junior_schools(district: Unit) -> list[tuple[School, int]]:
    """Schools with a junior stage and how many pupils a grade gets: shares follow the published places of 2025."""
    with (settings.DATA_DIR / "putuo" / "schools.csv").open(encoding="utf-8", newline="") as file:
        places = {row["code"]: float(row["quota_to_school_2025"] or 0) for row in csv.DictReader(file) if row["code"]}
    schools = [
        s for s in School.objects.filter(unit__path__startswith=district.path).order_by("code") if places.get(s.code)
    ]
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


NOTICES = {
    "consent": (
        "职业体验可选事项告知书",
        (
            "体验本身是学校课程，不需要您另外同意。下面三件事由您决定，选不同意也不影响孩子去任何一场：\n"
            "一、健康提醒：只在项目需要时询问，带教老师活动前一天到活动后七天可见，之后删除。\n"
            "二、拍照入档：照片只放进孩子自己的成长档案。\n三、公开展示：照片或作品用于学校展示。\n"
            "您可以随时撤回，撤回后立即停止使用。基地看不到手机号、身份证号和住址。"
        ),
    ),
    "safety": (
        "出行安全告知书",
        (
            "学校统一乘车往返，带队老师全程随行，上车、到达、返回、下车各点一次名。\n"
            "请让孩子穿便于活动的衣服和平底鞋，长发扎好，带水杯。身体不适请在出发前告诉班主任。"
        ),
    ),
}


def publish_notices() -> None:
    """The first version of each notice, where none stands."""
    for kind, (title, text) in NOTICES.items():
        Notice.objects.get_or_create(kind=kind, version=1, defaults={"title": title, "text": text})
