"""Courses as a sheet: they come in as drafts, what is published stays, and the way out and back."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from baiye.accounts.models import Unit
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory
from baiye.catalogue.examples import make_example_courses
from baiye.catalogue.models import Course, CourseVersion
from baiye.catalogue.tests.factories import CourseVersionFactory, DraftFactory, OccupationFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.core.sheets.kinds import SHEETS
from baiye.core.tests.sheets import book, counts, exported, handed_in, put_in, whys
from baiye.registry.examples import make_example_hosts
from baiye.registry.tests.factories import HostFactory

pytestmark = pytest.mark.django_db
HEAD = ["基地", "项目名称", "字头", "兴趣类型", "劳动任务群", "从几年级", "到几年级", "时长（分钟）"]
HEAD += ["最少几人开课", "最合适几人", "最多几人", "要先问清的事", "体验一个项目", "费用（元）", "费用包含什么"]
ROW = [
    "示例面点馆",
    "做馒头",
    "馒",
    "动手",
    "烹饪与营养",
    6,
    9,
    "160分钟",
    8,
    16,
    20,
    "食物过敏；高温明火",
    "揉面\n蒸",
    12.5,
    "面粉",
]


@pytest.fixture
def district():
    return DistrictFactory()


@pytest.fixture
def host(district):
    return HostFactory(unit=UnitFactory(parent=district, kind="host", name="示例面点馆"))


@pytest.fixture
def manager(host):
    return GrantFactory(role="host_manager", unit=host.unit).user


def row(**fields):
    """The row with other values, by heading."""
    return list((dict(zip(HEAD, ROW, strict=True)) | fields).values())


def test_a_course_comes_in_as_a_draft(host, manager):
    upload = put_in("courses", book(HEAD, ROW), manager)

    version = CourseVersion.objects.get()
    assert counts(upload) == {"added": 1, "changed": 0, "same": 0, "errors": 0}
    assert (version.course.host, version.title, version.published_at) == (host, "做馒头", None)
    assert (version.hazards, version.steps) == (["food", "heat"], {"project": "揉面\n蒸"})
    assert (version.minutes, version.price_fen, version.languages) == (160, 1250, ["zh"])


def test_the_same_file_again_changes_nothing(host, manager):
    put_in("courses", book(HEAD, ROW), manager)

    again = put_in("courses", book(HEAD, ROW), manager)

    assert counts(again) == {"added": 0, "changed": 0, "same": 1, "errors": 0}
    assert Course.objects.count() == CourseVersion.objects.count() == 1
    assert not Event.objects.filter(kind="course_version.edited").exists()


def test_a_published_course_gets_a_new_draft_and_stays_as_it_is(host, manager):
    published = CourseVersionFactory(
        course__host=host, title="做馒头", minutes=120, steps={"culture": "年俗"}, pupil_notes={"project": "洗手"}
    )

    upload = put_in("courses", book(["基地", "项目", "时长"], [host.unit.name, "做馒头", 90]), manager)

    published.refresh_from_db()
    draft = CourseVersion.objects.get(course=published.course, number=2)
    assert counts(upload)["changed"] == 1
    assert (published.minutes, draft.minutes, draft.published_at) == (120, 90, None)
    assert (draft.steps, draft.pupil_notes) == ({"culture": "年俗"}, {"project": "洗手"})


def test_courses_go_out_and_come_back_without_a_change(host, manager):
    occupation = OccupationFactory()
    CourseVersionFactory(
        course__host=host, occupation=occupation, price_fen=1050, price_covers="面粉", hands_on_percent=0
    )
    DraftFactory(course__host=host, steps={"school": "看\n走", "project": "做"}, access="adapted", access_note="坐着做")

    again = handed_in("courses", exported("courses", manager), manager)

    assert counts(again) == {"added": 0, "changed": 0, "same": 2, "errors": 0}


@pytest.mark.parametrize(
    ("fields", "cell"),
    [
        ({"到几年级": 5}, "G2"),
        ({"最合适几人": 3}, "J2"),
        ({"最多几人": 10}, "K2"),
        ({"费用包含什么": ""}, "O2"),
        ({"劳动任务群": "清洁与卫生"}, "E2"),
        ({"兴趣类型": "R型"}, "D2"),
        ({"字头": "馒头"}, "C2"),
        ({"时长（分钟）": 5}, "H2"),
        ({"费用（元）": 1.234}, "N2"),
        ({"字头": ""}, "C2"),
    ],
)
def test_a_wrong_cell_is_named_before_anything_is_written(host, manager, fields, cell):
    upload = handed_in("courses", book(HEAD, row(**fields)), manager)

    assert [each[1] for each in whys(upload)] == [cell]
    assert not Course.objects.exists()


def test_the_courses_of_another_host_are_none_of_theirs(district, manager):
    other = HostFactory(unit=UnitFactory(parent=district, kind="host", name="别家"))

    upload = put_in("courses", book(HEAD, row(基地="别家")), manager)

    assert not other.courses.exists()
    assert whys(upload) == [(2, "A2", "您管的基地里没有这一家，请写登记的全名或统一社会信用代码")]


@pytest.mark.parametrize("word", ["4-03-02-02", "4-03-02-99", "中式面点师"])
def test_an_occupation_is_named_by_its_name_or_by_a_code_of_today_or_before(host, manager, word):
    occupation = OccupationFactory(code="4-03-02-02", name="中式面点师")
    occupation.aliases.create(code="4-03-02-99", valid_from=date(2015, 1, 1), source="2015 年版")
    put_in("courses", book([*HEAD, "对应职业"], [*ROW, word]), manager)

    again = handed_in("courses", book([*HEAD, "对应职业"], [*ROW, "中式面点师"]), manager)

    assert CourseVersion.objects.get().occupation == occupation
    assert counts(again)["same"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hosts", "venues", "courses"])
def test_the_real_district_with_its_examples_goes_out_and_comes_back_without_a_change(kind):
    call_command("load", "putuo", json=True, stdout=StringIO())
    unit = Unit.objects.get(kind="district")
    coordinator = GrantFactory(role="coordinator", unit=unit).user
    days = {"valid_from": clock.today(), "valid_until": clock.today() + timedelta(days=300)}
    schools = make_example_hosts(district=unit, by=coordinator, **days)
    make_example_courses(hosts=schools, by=coordinator, at=clock.now())

    again = handed_in(kind, exported(kind, coordinator), coordinator)

    rows = len(list(SHEETS[kind].rows(coordinator)))
    assert rows > 10
    assert (counts(again), whys(again)) == ({"added": 0, "changed": 0, "same": rows, "errors": 0}, [])
