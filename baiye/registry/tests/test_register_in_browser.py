"""The register in a real browser, narrow and wide: filters, the way on foot, the map by keyboard, the paper."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from baiye.accounts.tests.factories import GrantFactory, UnitFactory
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, MapShapeFactory, StandardFactory
from tests.rig.browser import DESK, PHONE, shut_nobody_out

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def register(live_server):
    MapShapeFactory(name="长寿路街道")
    near = HostFactory(unit__name="近处的纺织馆", street="长寿路街道", lon=121.381, lat=31.241)
    HostFactory(unit__name="远处的医院", kind="医院", lon=121.399, lat=31.259)
    HostFactory(unit__name="还没证实的线索", evidence="lead", grounds="candidate")
    league = UnitFactory(kind="agency", name="示例团区委")
    standard = StandardFactory(name="少先队员职业体验单位", keeper=league, stages=["小学"])
    return AccreditationFactory(host=near, standard=standard, number="PT-1", valid_from=date(2026, 1, 1)).host


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_register_and_api_guide_shut_nobody_out(open_page, register, size):
    addresses = ["/hosts/?stage=小学&minutes=15", "/hosts/?view=map", f"/hosts/{register.pk}/", "/api/"]

    shut_nobody_out(open_page(size), addresses)


def test_a_family_finds_what_is_near_and_whose_part_it_is(open_page, register):
    page = open_page(DESK)
    page.goto(reverse("registry:host-list"))

    page.get_by_text("更多条件").click()
    page.get_by_label("从哪里出发").select_option(label="长寿路街道")
    page.get_by_label("步行时间").select_option("10")
    page.get_by_label("牵头部门").select_option(label="示例团区委")
    page.get_by_role("button", name="筛选").click()

    assert page.locator(".reg .nm").all_inner_texts() == ["近处的纺织馆"]
    assert "约 3 分钟" in page.locator(".reg").inner_text()
    page.locator(".map a").first.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "近处的纺织馆"
    expect(page.get_by_text("认定编号 PT-1。")).to_be_visible()


def test_register_works_without_a_script(browser, live_server, register):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url, locale="zh-CN")
    page = context.new_page()
    page.goto(reverse("registry:host-list"))

    page.get_by_label("搜索基地").fill("fzg")
    page.get_by_role("button", name="筛选").click()

    assert page.locator(".reg .nm").all_inner_texts() == ["近处的纺织馆"]
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_pages_of_keys_shut_nobody_out(page_of, register, size):
    admin = GrantFactory(role="system_admin", unit=register.unit.parent).user

    shut_nobody_out(page_of(admin, size), [reverse("accounts:api-key-list")])
