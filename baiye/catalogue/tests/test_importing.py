import json
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from baiye.accounts.models import Unit
from baiye.accounts.tests.factories import DistrictFactory, UserFactory
from baiye.catalogue.examples import make_example_courses
from baiye.catalogue.importing import (
    import_aliases,
    import_occupations,
    import_rainbow_academy,
    import_reported_courses,
    import_reported_events,
)
from baiye.catalogue.models import (
    HAZARDS,
    STEPS,
    Course,
    CourseVersion,
    Occupation,
    ReportedCourse,
    ReportedEvent,
    Series,
    SeriesStep,
)
from baiye.catalogue.queries.courses import find_occupation
from baiye.catalogue.tests.factories import ReportedCourseFactory
from baiye.core import clock
from baiye.core.importing import Counts, read_csv
from baiye.registry.examples import EXAMPLE_SCHOOLS, VOCATIONAL_SCHOOLS
from baiye.registry.models import Host
from baiye.registry.tests.factories import HostFactory
from baiye.schools.models import School
from baiye.schools.register import import_schools

pytestmark = pytest.mark.django_db


def occupation(code, name="中式面点师", level="细类"):
    return {"level": level, "code": code, "name": name, "source": "大典"}


def test_import_occupations_takes_the_lowest_level_with_interests_where_known():
    rows = [occupation("4-03", level="中类"), occupation("4-03-02-02"), occupation("2-05-08-05", "社区护士")]
    interests = [{"code_2022": "4-03-02-02", "riasec_top3": "RCA", "source": "O*NET"}]

    first, again = import_occupations(rows, interests), import_occupations(rows, interests)

    assert (first, again) == (Counts(added=2), Counts(same=2))
    cook, nurse = Occupation.objects.order_by("-code")
    assert (cook.riasec, cook.source, cook.pinyin, cook.valid_from) == (
        "RCA",
        "O*NET",
        "zhong shi mian dian shi",
        date(2022, 9, 28),
    )
    assert (nurse.riasec, nurse.source) == ("", "大典")


def report(title, **cells):
    empty = dict.fromkeys(["host", "occupation", "stage", "date", "detail", "source"], "")
    return empty | {"title": title, "trust": "B"} | cells


def test_import_reported_courses_binds_to_a_host_only_where_it_is_stated():
    host = HostFactory(unit__name="上海纺织博物馆")
    HostFactory(unit__name="示例馆", unit__is_example=True)
    rows = [
        report("扎染体验", host="上海纺织博物馆", occupation="染织工", date="2021"),
        report("舌尖上的面点", host="区内中职学校(具体校未载明)", trust="A"),
        report("示例馆的项目", host="示例馆"),
        report("没有来源的", trust="U"),
    ]

    first, again = import_reported_courses(rows), import_reported_courses(rows)

    assert (first, again) == (Counts(added=3, skipped=1), Counts(same=3, skipped=1))
    assert dict(ReportedCourse.objects.values_list("title", "host")) == {
        "扎染体验": host.pk,
        "舌尖上的面点": None,
        "示例馆的项目": None,
    }


def event(title, **cells):
    columns = ["date", "time", "place", "organiser_or_host", "audience", "attended", "capacity", "notes"]
    told = {"kind": "彩虹学院", "in_putuo": "yes", "trust": "A", "source": "普教办〔2024〕21号"}
    return dict.fromkeys(columns, "") | told | {"title": title} | cells


def test_import_reported_events_takes_what_has_a_source_and_lies_in_the_district():
    rows = [event("彩虹学院·律师", date="2022起"), event("外区的", in_putuo="no"), event("没有来源的", trust="U")]

    first, again = import_reported_events(rows), import_reported_events(rows)

    assert (first, again) == (Counts(added=1, skipped=2), Counts(same=1, skipped=2))
    assert ReportedEvent.objects.values_list("title", "held", "trust").get() == ("彩虹学院·律师", "2022起", "A")


def test_import_rainbow_academy_makes_it_once_as_it_is_told_and_leaves_later_changes_alone():
    district = DistrictFactory()
    ReportedCourseFactory(title="半马苏河 彩虹学院(律师)")
    rows = [event("半马苏河 彩虹学院·律师")]

    first = import_rainbow_academy(rows, district=district)
    SeriesStep.objects.all().delete()
    again = import_rainbow_academy(rows, district=district)

    series = Series.objects.get()
    assert (first, again, series.published_at, series.trust) == (Counts(added=1), Counts(same=1), None, "A")
    assert not series.steps.exists()


def test_import_rainbow_academy_that_nobody_tells_of_makes_nothing():
    assert import_rainbow_academy([event("别的活动")], district=DistrictFactory()) == Counts()


def test_import_occupations_added_later_have_their_own_day_and_aliases_lead_to_them():
    later = [{"code": "4-04-05-13", "name": "生成式人工智能系统应用员", "valid_from": "2024-07-31", "source": "通知"}]
    old = {"valid_from": "2019-04-01", "source": "标准"}
    import_occupations([occupation("2-02-38-01", "人工智能工程技术人员")], [], later)

    counts = import_aliases(
        [old | {"code": "2-02-10-09", "code_2022": "2-02-38-01"}, old | {"code": "1-1", "code_2022": "0-0"}]
    )

    assert Occupation.objects.get(code="4-04-05-13").valid_from == date(2024, 7, 31)
    assert (counts, find_occupation("2-02-10-09").code) == (Counts(added=1, skipped=1), "2-02-38-01")


def school(name, **cells):
    empty = dict.fromkeys(["code", "nature", "address", "street", "lon", "lat", "source"], "")
    return empty | {"name": name, "stages": "junior", "trust": "A"} | cells


def test_import_schools_makes_schools_of_units_and_leaves_vocational_ones_to_the_hosts():
    district = DistrictFactory(name="普陀区")
    rows = [
        school("上海市梅陇中学", code="071056", lon="121.4", lat="31.2"),
        school("上海市普陀区华阴小学", stages="primary"),
        school("上海市贸易学校", stages="vocational"),
        school("没有来源的", trust="U"),
    ]

    first, again = import_schools(rows, district=district), import_schools(rows, district=district)

    assert (first, again) == (Counts(added=2, skipped=2), Counts(same=2, skipped=2))
    junior, primary = School.objects.order_by("pk")
    assert (junior.code, junior.stages, junior.lon, str(junior)) == ("071056", ["junior"], 121.4, "梅陇中学")
    assert (primary.code[0], len(primary.code), str(primary)) == ("N", 11, "华阴小学")
    assert junior.unit.path.startswith(district.path)


# ── the command ──


@pytest.mark.slow
def test_load_putuo_loads_the_real_district_once():
    said = StringIO()

    call_command("load", "putuo", json=True, stdout=said)
    first = json.loads(said.getvalue())
    call_command("load", "putuo", json=True, stdout=(again := StringIO()))

    assert {name: done["added"] for name, done in first.items()} == {
        "schools": 71,
        "hosts": 62,
        "map": 57,
        "standards": 3,
        "stations": 1,
        "occupations": 1640,
        "reported_courses": 39,
        "occupation_aliases": 2,
        "reported_events": 25,
        "series": 1,
    }
    assert {
        name: (done["added"], done["changed"]) for name, done in json.loads(again.getvalue()).items()
    } == dict.fromkeys(first, (0, 0))
    assert School.objects.filter(stages__contains="junior").exclude(code__startswith="N").count() == 42
    assert dict(Host.objects.filter(unit__name__in=VOCATIONAL_SCHOOLS).values_list("unit__name", "evidence")) == dict(
        zip(VOCATIONAL_SCHOOLS, ("confirmed", "confirmed", "lead"), strict=True)
    )
    assert Unit.objects.filter(kind="agency").count() == 5
    stations = Host.objects.filter(unit__name__in=["启航工作室", "长风新村街道社区事务受理延伸点(同心家园·白兰片区)"])
    assert set(stations.values_list("kind", "evidence", "grounds")) == {("就业服务", "lead", "candidate")}
    rainbow = Series.objects.get()
    assert (rainbow.trust, rainbow.source, rainbow.published_at) == ("A", "普教办〔2024〕21号", None)
    assert [step.reported.occupation_text for step in rainbow.steps.all()] == ["律师", "社区工作者", "科学家", "金融家"]
    assert not Unit.objects.filter(name__contains="舟山").exists()


def test_load_of_what_is_not_there_says_where_it_looked():
    with pytest.raises(CommandError, match="没有 nowhere 这个文件夹"):
        call_command("load", "nowhere")


# ── the example courses ──


def test_example_courses_are_whole():
    rows = read_csv(settings.DATA_DIR / "examples" / "courses.csv")

    assert {row["host"] for row in rows} == {*VOCATIONAL_SCHOOLS, *EXAMPLE_SCHOOLS}
    assert all(sum(row["host"] == host for row in rows) == 12 for host in (*VOCATIONAL_SCHOOLS, *EXAMPLE_SCHOOLS))
    assert all(len(row[f"step_{key}"]) >= 10 for row in rows for key, _name in STEPS)
    assert {h for row in rows for h in row["hazards"].split(";") if h} <= set(HAZARDS)
    codes = {row["code"] for row in read_csv(settings.DATA_DIR / "occupations" / "occupation_classes_2022.csv")}
    assert {row["occupation_code"] for row in rows} <= codes
    real = {"舌尖上的面点", "天际遨游展翅翱翔——无人机飞行", "机甲机器人编程"}
    assert {row["title"] for row in rows} & real == real


def test_make_example_courses_makes_published_examples_with_their_venues_once():
    host = HostFactory(unit__name="示例中职校甲", unit__is_example=True)
    user, now = UserFactory(), clock.now()

    made = make_example_courses(hosts=[host], by=user, at=now)
    again = make_example_courses(hosts=[host], by=user, at=now)

    assert (len(made), again, Course.objects.count(), CourseVersion.objects.count()) == (12, made, 12, 12)
    assert {example.version.course.is_example and example.venue.is_example for example in made} == {True}
    assert {example.version.minutes for example in made} == {160}
    assert all(example.venue.capacity == example.version.group_max for example in made)
    assert all(set(example.version.steps) == {key for key, _name in STEPS} for example in made)


def test_make_example_courses_in_production_is_refused(settings):
    settings.PRODUCTION = True

    with pytest.raises(ImproperlyConfigured):
        make_example_courses(hosts=[], by=UserFactory(), at=clock.now())
