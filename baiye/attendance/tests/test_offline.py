"""The door in a real browser: without a network, with a camera, and nobody shut out."""

import pytest
from playwright.sync_api import expect

from baiye.attendance import passes
from baiye.attendance.models import Mark
from baiye.attendance.tests.factories import instructor_of
from baiye.core import clock
from baiye.visits.tests.factories import CountingVisitFactory, SeatFactory
from tests.rig.browser import barriers

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def visit(live_server):
    return CountingVisitFactory(starts_at=clock.now())


@pytest.fixture
def door(visit, page_of):
    """The door page of the visit, opened by its instructor on a phone."""

    def opened():
        page = page_of(instructor_of(visit))
        page.goto(f"/door/{visit.pk}/")
        return page

    return opened


def row(page, seat):
    return page.locator(f"[data-seat='{seat.pk}']")


def test_marks_made_without_a_network_wait_and_are_sent_once_it_is_back(visit, door, troubles):
    tapped, typed = SeatFactory(visit=visit), SeatFactory(visit=visit, code="7K3Q92")
    page = door()
    page.context.set_offline(True)

    row(page, tapped).get_by_role("button").click()
    page.get_by_label("签到码").fill("7k3 q92")
    page.get_by_label("签到码").press("Enter")

    expect(page.locator("[data-netbar]")).to_contain_text("离线中 · 2 条已存在本机")
    expect(row(page, tapped)).to_contain_text("已到")
    expect(page.locator("#counts")).to_contain_text("待上传 2")
    assert not Mark.objects.exists()

    page.context.set_offline(False)

    expect(page.locator("[data-netbar]")).to_be_hidden()
    expect(row(page, typed)).to_contain_text("已到")
    expect(page.locator("#counts [data-counts-arrived]")).to_have_text("2")
    assert set(Mark.objects.values_list("seat", "source")) == {(tapped.pk, "roll"), (typed.pk, "code")}
    troubles.clear()  # the browser complains of the network that this test took away


def test_marks_kept_on_the_machine_survive_the_page(visit, door, troubles):
    seat = SeatFactory(visit=visit)
    page = door()
    page.context.set_offline(True)
    row(page, seat).get_by_role("button").click()
    expect(page.locator("[data-netbar]")).to_contain_text("1 条")
    address = page.url
    page.goto("about:blank")
    page.context.set_offline(False)

    page.goto(address)

    expect(row(page, seat)).to_contain_text("已到")
    expect(page.locator("[data-netbar]")).to_be_hidden()
    assert Mark.objects.get().seat == seat
    troubles.clear()


def test_a_mark_that_cannot_be_kept_is_said_and_does_not_come_again(visit, door):
    SeatFactory(visit=visit)
    page = door()

    page.get_by_label("签到码").fill("XXXXXX")
    page.get_by_label("签到码").press("Enter")

    expect(page.locator("[data-door-refused]")).to_contain_text("这一场的名单里没有这位同学")
    expect(page.locator("[data-netbar]")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('baiye.door')") == "[]"


def test_the_camera_marks_who_holds_up_a_pass_and_goes_on(visit, door, show_to_camera):
    seat = SeatFactory(visit=visit)
    show_to_camera(passes.token(seat))
    page = door()

    page.get_by_role("button", name="扫签到码").click()

    expect(row(page, seat)).to_contain_text("已到")
    expect(page.get_by_role("button", name="关掉相机")).to_be_visible()
    expect(page.locator("[data-netbar]")).to_be_hidden()
    assert Mark.objects.get().source == "qr"


def test_two_devices_see_each_other(visit, door):
    seat = SeatFactory(visit=visit)
    one, other = door(), door()

    row(one, seat).get_by_role("button").click()

    expect(row(other, seat)).to_contain_text("已到", timeout=9000)
    expect(other.locator("#counts [data-counts-arrived]")).to_have_text("1")


def test_nobody_is_shut_out_at_the_door(visit, door):
    SeatFactory.create_batch(2, visit=visit)

    assert barriers(door()) == []
