"""A family finds what is near on the map by keyboard alone, on the real outlines of the district.

What they choose stays in their browser: no request carries it, and the next visit begins where the last one ended.
"""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from baiye.accounts.tests.factories import DistrictFactory, UnitFactory
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.core.importing import read_csv
from baiye.mentors.tests.factories import MentorFactory
from baiye.outreach.queries.near import places
from baiye.outreach.tests.streets import ProgrammeFactory, ProjectFactory, StationFactory
from baiye.registry.importing import import_map
from baiye.registry.queries.register import Origin, walk_minutes
from baiye.registry.tests.factories import AccreditedHostFactory, VenueFactory
from baiye.schools.tests.factories import SchoolFactory
from baiye.visits.tests.factories import AssignmentFactory, VisitFactory
from tests.journeys.looking import Eyes
from tests.rig.browser import DESK, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.slow]
DATA = Path(__file__).parents[2] / "data" / "putuo"
HOSPITAL, SCHOOL, FAR = (121.399029, 31.243259), (121.402202, 31.243341), (121.441513, 31.248768)


def outlines(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.fixture
def district(live_server):
    """The real streets; a hospital, a station and a school in 曹杨, a museum far off; a master at work on Saturday."""
    import_map(
        streets=read_csv(DATA / "streets.csv"),
        outline=outlines("district.geojson"),
        street_outlines=outlines("streets.geojson"),
        roads=outlines("transport_osm.geojson"),
    )
    district = DistrictFactory(name="示例区")
    SchoolFactory(unit=UnitFactory(parent=district, name="示例中心小学"), lon=SCHOOL[0], lat=SCHOOL[1])
    hospital = host(district, "示例中心医院", HOSPITAL, "曹杨新村街道")
    museum = host(district, "示例纺织博物馆", FAR, "长寿路街道")
    CourseVersionFactory(course__host=museum, title="蓝染")
    StationFactory(
        host__unit=UnitFactory(kind="host", parent=district, name="曹杨示例就业服务站"),
        host__street="曹杨新村街道",
        host__lon=HOSPITAL[0] + 0.004,
        host__lat=HOSPITAL[1] + 0.003,
        services=["guidance", "experience"],
    )
    version = CourseVersionFactory(course__host=hospital, title="急救一小时", glyph="护", riasec="S")
    starts_at = clock.now() + timedelta(days=3)
    visit = VisitFactory(version=version, venue=VenueFactory(host=hospital), starts_at=starts_at, guide="周师傅")
    AssignmentFactory(visit=visit, mentor=MentorFactory(unit=hospital.unit, name="周师傅", kinds=["craftsman"]))
    programme = ProgrammeFactory(unit=district, title="技能大师社区公益行")
    return ProjectFactory(visit=visit, programme=programme, lead=False, note="请家长陪同。")


def host(district, name, where, street):
    unit = UnitFactory(kind="host", parent=district, name=name)
    return AccreditedHostFactory(unit=unit, street=street, lon=where[0], lat=where[1], address="示例路 1 号")


def walked(page):
    """What the list says is within reach: name → minutes."""
    rows = page.locator("[data-list] > li").all()
    said = ((row.locator("[data-name]").inner_text(), row.locator("[data-minutes]").inner_text()) for row in rows)
    return {name: int("".join(filter(str.isdigit, minutes))) for name, minutes in said}


def tab_to(page, locator):
    """Press Tab until ``locator`` has the focus, as somebody does who has no mouse."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{locator} cannot be reached by Tab")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
def test_a_family_finds_what_is_near_by_keyboard_alone(open_page, district, size):
    page, eyes, asked = open_page(size), Eyes(), []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))

    page.goto("/nearby/")
    expect(page.get_by_text("先选一个出发点")).to_be_visible()
    eyes.look_at(page, "near-begin")

    # by the name of a school, as it stands in the data of the page
    place = page.get_by_label("从哪里出发：搜学校、街镇或地名")
    tab_to(page, place)
    page.keyboard.type("中心小学")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="步行 15 分钟内：2 处")).to_be_focused()
    here = Origin("", "", *SCHOOL)
    reckoned = {each.name: walk_minutes(here, each.lon, each.lat) for each in places(clock.now())}
    assert walked(page) == {name: n for name, n in reckoned.items() if n <= 15}
    assert list(walked(page).values()) == sorted(walked(page).values())
    expect(page.locator("[data-farther]")).to_contain_text("示例纺织博物馆")
    eyes.look_at(page, "near-found")

    # by the cross-hair: a few steps east, and the walk grows longer
    the_map = page.get_by_role("application", name="选出发点的地图")
    tab_to(page, the_map)
    before = walked(page)["示例中心医院"]
    for _step in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("从「地图上选的点」出发")).to_be_visible()
    assert walked(page)["示例中心医院"] > before
    page.keyboard.press("-")
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    expect(page.locator("[data-heading]")).to_be_focused()

    # nothing of it left the browser, and it is there again
    point = json.loads(page.evaluate("localStorage.getItem('baiye.near')"))
    assert point["lon"] > SCHOOL[0]
    assert not [url for url in asked if "121." in url or "31.2" in url or "中心小学" in url or "start" in url]
    page.reload()
    expect(page.get_by_text("从「地图上选的点」出发")).to_be_visible()

    # to the project itself, and from there into a calendar
    tab_to(page, page.get_by_role("link", name="急救一小时"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="急救一小时", level=1)).to_be_visible()
    expect(page.locator("body")).to_contain_text("不用报名，来了就能看")
    eyes.look_at(page, "project")
    calendar = page.request.get(page.get_by_role("link", name="加到日历").get_attribute("href"))
    assert "SUMMARY:急救一小时" in calendar.text()

    # and the point is forgotten when they say so
    page.goto("/nearby/")
    tab_to(page, page.get_by_role("button", name="忘掉这个点"))
    page.keyboard.press("Enter")
    assert page.evaluate("localStorage.getItem('baiye.near')") is None
    expect(page.get_by_text("先选一个出发点")).to_be_visible()
    page.goto("/community/")
    eyes.look_at(page, "community")
    page.goto("/stations/")
    eyes.look_at(page, "stations")
    page.get_by_role("link", name="曹杨示例就业服务站").click()
    eyes.look_at(page, "station")
    assert eyes.found == []


def test_without_script_the_same_places_are_found_from_a_school_or_a_street(open_page, district):
    page = open_page(PHONE, java_script_enabled=False)

    page.goto("/nearby/")
    page.get_by_label("从哪里出发", exact=True).select_option(label="示例中心小学")
    page.get_by_role("button", name="看看有什么").click()

    here = Origin("", "", *SCHOOL)
    reckoned = {each.name: walk_minutes(here, each.lon, each.lat) for each in places(clock.now())}
    assert walked(page) == {name: n for name, n in reckoned.items() if n <= 15}
    expect(page.get_by_role("application")).to_be_hidden()


def test_without_the_points_the_form_asks_the_server(open_page, district, troubles):
    page = open_page(DESK)
    page.route("**/nearby/points.json", lambda route: route.fulfill(status=503, body=""))

    page.goto("/nearby/")
    page.get_by_label("从哪里出发", exact=True).select_option(label="示例中心小学")
    page.get_by_role("button", name="看看有什么").click()

    expect(page.get_by_role("heading", name="步行 15 分钟内：2 处")).to_be_visible()
    expect(page.get_by_role("application")).to_be_hidden()
    assert [said for said in troubles if "503" not in said] == []
    troubles.clear()


def test_what_cannot_be_found_or_located_is_said_and_nothing_is_lost(open_page, district):
    page = open_page(PHONE)
    page.goto("/nearby/")
    place = page.get_by_label("从哪里出发：搜学校、街镇或地名")

    place.fill("月球背面")
    place.press("Enter")
    expect(page.get_by_text("没有找到「月球背面」。换个词，或直接在地图上点。").last).to_be_visible()
    expect(place).to_have_value("月球背面")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 39.9, "longitude": 116.4})
    page.get_by_role("button", name="用我现在的位置").click()
    expect(page.get_by_text("这个位置不在本区的示意图里。").last).to_be_visible()
    page.context.set_geolocation({"latitude": HOSPITAL[1], "longitude": HOSPITAL[0]})
    page.get_by_role("button", name="用我现在的位置").click()

    expect(page.get_by_text("从「现在的位置」出发")).to_be_visible()
    assert walked(page)["示例中心医院"] == 0
