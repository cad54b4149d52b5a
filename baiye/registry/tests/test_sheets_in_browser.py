"""从表格导入 in a real browser: from the list to the import, with and without a script, in both widths and themes."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory
from baiye.core import jobs
from baiye.core.tests.sheets import book, handed_in, put_in
from baiye.registry.models import Venue
from baiye.registry.tests.factories import HostFactory, VenueFactory
from tests.journeys.looking import Eyes

pytestmark = [pytest.mark.journey, pytest.mark.slow]
HEAD = ["基地", "场地名称", "同时容纳学生", "面积", "无障碍"]


@pytest.fixture
def host(live_server):
    return HostFactory(unit=UnitFactory(parent=DistrictFactory(), kind="host", name="示例面点馆"))


@pytest.fixture
def manager(host):
    return GrantFactory(role="host_manager", unit=host.unit, user__name="示例负责人").user


@pytest.fixture
def opened(page_of, manager):
    """``opened(address)``: a page of the manager, who is signed in."""

    def go(address, **options):
        page = page_of(manager, **options)
        page.goto(address)
        return page

    return go


def rows(host):
    return [
        [host.unit.name, "面点工坊", 30, 120, "有电梯、无台阶"],
        [host.unit.name, "茶艺室", 24, 100, ""],
        [host.unit.name, "一楼展厅", "很多", "", "有滑梯"],
        ["别家", "二楼展厅", 20, "", ""],
    ]


@pytest.mark.parametrize("script", [True, False])
def test_a_manager_brings_venues_in_from_the_page_of_the_host(opened, host, tmp_path, script):
    file = tmp_path / "场地.xlsx"
    file.write_bytes(book(HEAD, *rows(host)))
    page = opened(reverse("registry:host-file", args=[host.pk]), java_script_enabled=script)

    page.get_by_role("link", name="从表格导入").click()
    page.get_by_label("填好的表格").set_input_files(file)
    page.get_by_role("button", name="上传并核对").click()
    jobs.run_due()
    page.reload()
    page.get_by_role("button", name="导入 2 行").click()
    jobs.run_due()
    page.reload()

    expect(page.get_by_text("原文件已清空")).to_be_visible()
    assert sorted(Venue.objects.values_list("name", flat=True)) == ["茶艺室", "面点工坊"]


def test_the_pages_shut_nobody_out(opened, host, manager):
    eyes = Eyes()
    VenueFactory(host=host, name="茶艺室", capacity=12, area_m2=90)
    page = opened(reverse("core:sheet", args=["venues"]))
    eyes.look_at(page, "sheet-empty")
    done = put_in("venues", book(HEAD, [host.unit.name, "门厅", 10, 40, ""]), manager)
    ready = handed_in("venues", book(HEAD, *rows(host)), manager, name="场地一览.xlsx")
    refused = handed_in("venues", book(["课程", "老师"]), manager, name="课程表.xlsx")
    pages = {"sheet": reverse("core:sheet", args=["venues"])}
    pages |= {f"upload-{n}": reverse("core:upload", args=[one.pk]) for n, one in enumerate((done, ready, refused))}
    pages["upload-changed"] = pages["upload-1"] + "?show=changed"

    for name, address in pages.items():
        page.goto(address)
        eyes.look_at(page, name)

    assert eyes.found == []


def test_the_lists_that_lead_there_shut_nobody_out(opened, host, manager):
    eyes = Eyes()
    HostFactory(unit=UnitFactory(parent=host.unit.parent, kind="host", name="示例茶馆"))
    GrantFactory(role="coordinator", unit=host.unit.parent, user=manager)
    page = opened(reverse("registry:host-desk"))

    for name in ("registry:host-desk", "catalogue:draft-list", "mentors:mentor-list"):
        page.goto(reverse(name))
        eyes.look_at(page, name.partition(":")[2])

    assert eyes.found == []
