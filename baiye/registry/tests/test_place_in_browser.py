"""Where a venue lies, chosen on the map: by keyboard, by click, by the two fields, in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from baiye.accounts.tests.factories import GrantFactory
from baiye.registry.models import Venue
from baiye.registry.tests.factories import MapShapeFactory, VenueFactory
from tests.rig.browser import DESK, shut_nobody_out

MIDDLE = "(box => [box.width / 2, box.height / 2])(document.querySelector('[data-map] svg').viewBox.baseVal)"
pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def venue(live_server):
    MapShapeFactory(kind="district", name="示例区", label_lon=None, label_lat=None)
    MapShapeFactory(name="东边街道", label_lon=121.39, label_lat=31.25)
    return VenueFactory()


@pytest.fixture
def page(page_of, venue):
    """The manager's page of the venue."""
    opened = page_of(GrantFactory(role="host_manager", unit=venue.host.unit).user, DESK)
    opened.goto(reverse("registry:venue", args=[venue.pk]))
    return opened


def fields(page):
    return page.get_by_label("经度").input_value(), page.get_by_label("纬度").input_value()


def test_a_venue_is_placed_by_keyboard_alone_from_the_middle_of_a_street(page, venue):
    page.get_by_label("在地图上选").select_option(label="东边街道")
    assert fields(page) == ("121.39000", "31.25000")

    page.get_by_role("application", name="位置地图").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")

    east, north = (float(value) for value in fields(page))
    assert 121.388 < east < 121.39
    assert 31.245 < north < 31.25
    expect(page.get_by_role("status").get_by_text("保存后生效")).to_be_visible()
    page.get_by_role("button", name="保存").press("Enter")
    page.wait_for_url("**/hosts/files/*/")
    saved = Venue.objects.get(pk=venue.pk)
    assert (saved.lon, saved.lat) == (east, north)


def test_a_click_fills_the_fields_and_the_fields_move_the_cross_hair(page):
    the_map = page.get_by_role("application", name="位置地图")

    the_map.click()
    clicked = fields(page)
    page.get_by_label("经度").fill("121.37")
    page.get_by_label("纬度").fill("31.23")
    page.get_by_label("纬度").press("Tab")
    page.get_by_role("button", name="放大").click()

    assert [value[:4] for value in clicked] == ["121.", "31.2"]
    middle = page.evaluate(MIDDLE)
    cross = page.locator("[data-map-cross]").get_attribute("transform")
    assert cross == f"translate({middle[0]:g} {middle[1]:g})"
    assert fields(page) == ("121.37", "31.23")


def test_the_page_of_a_venue_shuts_nobody_out_and_fits_a_phone(page):
    shut_nobody_out(page, [page.url])


def test_a_host_is_placed_on_the_same_map(page, venue):
    page.goto(reverse("registry:host-details", args=[venue.host_id]))
    page.get_by_label("在地图上选").select_option(label="东边街道")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/hosts/files/*/")

    venue.host.refresh_from_db()
    assert (venue.host.lon, venue.host.lat) == (121.39, 31.25)
