"""Example courses (示例) of a demonstration: plausible for each school's real trades, taught by nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from baiye.accounts.models import User
from baiye.catalogue.models import Course, CourseVersion, Occupation
from baiye.core import audit, pinyin
from baiye.core.importing import read_csv
from baiye.registry.examples import require_examples
from baiye.registry.models import Host, Venue

MINUTES = 160  # a half-day: four class hours of 40 minutes
GRADES = (6, 9)
STEPS = ("school", "project", "occupation", "culture")


@dataclass(frozen=True, slots=True)
class ExampleCourse:
    """A published example version, and the workshop it is held in."""

    version: CourseVersion
    venue: Venue


@transaction.atomic
def make_example_courses(*, hosts: Sequence[Host], by: User, at: datetime) -> list[ExampleCourse]:
    """Give the example courses of ``hosts`` from data/examples/courses.csv, about twelve each; may be asked twice."""
    require_examples()
    by_name = {host.unit.name: host for host in hosts}
    rows = [row for row in read_csv(settings.DATA_DIR / "examples" / "courses.csv") if row["host"] in by_name]
    codes = dict(Occupation.objects.filter(code__in={r["occupation_code"] for r in rows}).values_list("code", "pk"))
    made = [_make(row, by_name[row["host"]], codes.get(row["occupation_code"]), by, at) for row in rows]
    audit.record("example_courses.made", by=by, courses=len(made))
    return made


def _make(row: dict[str, str], host: Host, occupation: int | None, by: User, at: datetime) -> ExampleCourse:
    venue, _made = Venue.objects.get_or_create(
        host=host, name=row["venue"], defaults={"capacity": int(row["group_max"]), "is_example": True}
    )
    course, is_new = Course.objects.get_or_create(
        slug=row["slug"], defaults={"host": host, "is_example": True, "source": "示例"}
    )
    if not is_new:
        return ExampleCourse(course.versions.filter(published_at__isnull=False).latest("number"), venue)
    version = CourseVersion.objects.create(
        course=course,
        number=1,
        title=row["title"],
        pinyin=pinyin.key(row["title"])[:240],
        summary=row["summary"],
        glyph=row["glyph"],
        riasec=row["riasec"],
        occupation_id=occupation,
        task_group=row["task_group"],
        grade_from=GRADES[0],
        grade_to=GRADES[1],
        minutes=MINUTES,
        group_min=int(row["group_min"]),
        group_ideal=int(row["group_ideal"]),
        group_max=int(row["group_max"]),
        hazards=[hazard for hazard in row["hazards"].split(";") if hazard],
        steps={step: row[f"step_{step}"] for step in STEPS},
        bring=row["bring"],
        unreviewed="example",
        published_at=at,
        published_by=by,
    )
    return ExampleCourse(version, venue)
