"""The desk of projects and stations, and the door, in a real browser: nobody shut out, one thread through."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from baiye.accounts.tests.factories import GrantFactory
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.mentors.tests.factories import MentorFactory
from baiye.outreach.models import Project, Station, WalkIn
from baiye.outreach.tests.streets import ProgrammeFactory, ProjectFactory, StationHostFactory, small_district
from baiye.registry.tests.factories import VenueFactory
from baiye.schools.tests.factories import TermFactory
from tests.journeys.looking import Eyes
from tests.rig.browser import DESK, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def host(live_server):
    """A station whose district has a programme and a term; a course, a venue and a master of its own."""
    small_district(), TermFactory()
    host = StationHostFactory()
    ProgrammeFactory(unit=host.unit.parent, title="技能大师社区公益行")
    CourseVersionFactory(course__host=host, title="面试一小时", glyph="职", riasec="S")
    VenueFactory(host=host, name="服务大厅")
    MentorFactory(unit=host.unit, name="周师傅", kinds=["craftsman"])
    return host


def test_a_project_is_planned_opened_published_and_found_by_everyone(page_of, open_page, host):
    eyes, page = Eyes(), page_of(GrantFactory(role="host_manager", unit=host.unit).user, DESK)
    page.goto(reverse("outreach:project-desk"))
    eyes.look_at(page, "desk-empty")

    page.get_by_role("link", name="排一场").first.click()
    eyes.look_at(page, "project-new")
    page.get_by_label("属于哪个系列").select_option(label="技能大师社区公益行")
    for label in ("项目", "场地", "哪位师傅"):
        page.get_by_label(label, exact=True).select_option(index=1)
    page.get_by_label("日期").fill((clock.today() + timedelta(days=4)).isoformat())
    page.get_by_label("几点开始").fill("10:00")
    page.get_by_label("几点结束").fill("11:30")
    page.get_by_label("报名名额").fill("12")
    page.get_by_role("button", name="存成草稿").click()
    page.get_by_role("link", name="开放报名").click()
    eyes.look_at(page, "sign-up")
    opens = clock.local(clock.now() + timedelta(days=1))
    page.get_by_label("什么时候开始报名").fill(f"{opens:%Y-%m-%dT19:00}")
    page.get_by_label("什么时候截止").fill(f"{opens + timedelta(days=1):%Y-%m-%dT19:00}")
    page.get_by_role("button", name="定下，并公布报名").click()
    page.get_by_role("button", name="公布这一场").click()
    expect(page.get_by_role("link", name="公开页面")).to_be_visible()
    eyes.look_at(page, "project-page")

    anyone = open_page(PHONE)
    anyone.goto(reverse("outreach:project-list"))
    anyone.get_by_role("link", name="面试一小时").click()
    expect(anyone.get_by_role("link", name="去报名")).to_be_visible()
    eyes.look_at(anyone, "project-with-sign-up")
    assert Project.objects.get().published_at
    page.goto(reverse("outreach:project-desk"))
    eyes.look_at(page, "desk")
    assert eyes.found == []


def test_walk_ins_are_counted_at_the_door_on_a_phone(page_of, live_server):
    small_district()
    project = ProjectFactory(visit__starts_at=clock.now() - timedelta(minutes=20))
    eyes, unit = Eyes(), project.visit.venue.host.unit
    page = page_of(GrantFactory(role="host_instructor", unit=unit).user)

    page.goto(reverse("outreach:project-desk"))
    page.get_by_role("link", name="登记散客").click()
    page.get_by_label("孩子").fill("3")
    page.get_by_label("大人").fill("2")
    page.get_by_role("button", name="记下这几位").click()
    expect(page.get_by_role("listitem").filter(has_text="孩子 3，大人 2")).to_be_visible()
    eyes.look_at(page, "walk-ins")
    page.get_by_role("button", name="作废").click()

    expect(page.get_by_text("这一笔作废了。")).to_be_visible()
    assert WalkIn.objects.get().voided_at
    assert eyes.found == []


def test_a_station_is_kept_by_its_manager_and_read_by_everyone(page_of, open_page, host):
    eyes, page = Eyes(), page_of(GrantFactory(role="coordinator", unit=host.unit.parent).user, DESK)

    page.goto(reverse("outreach:station-desk"))
    eyes.look_at(page, "station-desk")
    page.get_by_role("link", name="修改").click()
    page.get_by_role("checkbox", name="职业指导").check()
    page.get_by_label("开放时间").fill("周一至周五 9:00–17:00")
    page.get_by_label("学生来能做什么").fill("周三下午可以做职业兴趣测评，家长陪同。")
    eyes.look_at(page, "station-form")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("存好了")).to_be_visible()
    anyone = open_page(PHONE)
    anyone.goto(reverse("outreach:station", args=[host.pk]))

    expect(anyone.get_by_text("周一至周五 9:00–17:00")).to_be_visible()
    eyes.look_at(anyone, "station-full")
    assert Station.objects.get().services == ["guidance"]
    assert eyes.found == []
