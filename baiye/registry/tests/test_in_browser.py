"""The public pages in a real browser: nobody shut out, nothing beside the page, and search without a script."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.registry.models import Host
from tests.rig.browser import NARROW, shut_nobody_out

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def district(live_server):
    call_command("load", "putuo", json=True, stdout=StringIO())
    return CourseVersionFactory(course__is_example=True, hazards=["food"], steps={"project": "揉面"})


def test_public_pages_shut_nobody_out_and_fit_a_narrow_phone(open_page, district):
    host = Host.objects.get(unit__name="上海纺织博物馆")
    addresses = [
        reverse("registry:landing"),
        reverse("registry:host-list"),
        reverse("registry:host-list") + "?view=map",
        reverse("registry:host", args=[host.pk]),
        reverse("catalogue:course-list"),
        reverse("catalogue:course", args=[district.course.slug]),
    ]

    shut_nobody_out(open_page(), addresses, NARROW)


def test_a_visitor_finds_a_host_by_first_letters_and_reads_where_it_is_known_from(open_page, district):
    page = open_page()
    page.goto("/welcome/")

    page.get_by_role("link", name="基地名录").last.click()
    page.get_by_label("搜索基地").fill("fzbwg")
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("link", name="上海纺织博物馆").click()

    assert page.get_by_role("heading", level=1).inner_text() == "上海纺织博物馆"
    expect(page.get_by_text("报道或机构页面").first).to_be_visible()
    expect(page.get_by_text("赤色沪西线路·扎染体验")).to_be_visible()


def test_a_visitor_finds_a_course_and_is_told_that_it_is_an_example(open_page, district):
    page = open_page()
    page.goto("/courses/")

    page.get_by_role("link", name=district.title).click()

    expect(page.get_by_text("示例项目")).to_be_visible()
    expect(page.get_by_text("揉面", exact=True)).to_be_visible()
