"""At the door with the camera: the pass is held before it, the pupil has come; held again, nothing is counted twice."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from baiye.accounts.tests.factories import GrantFactory
from baiye.attendance import passes
from baiye.attendance.models import Mark
from baiye.core import clock
from baiye.visits.tests.factories import CountingVisitFactory, SeatFactory
from tests.journeys.people import Person, World

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def seat(live_server, monkeypatch):
    """A seat on a half-day that begins in five minutes."""
    now = clock.local(clock.now())
    today_ends = now.replace(hour=23, minute=59, second=0)  # the door lists the visits of the day
    visit = CountingVisitFactory(starts_at=min(now + timedelta(minutes=5), today_ends))
    return SeatFactory(visit=visit, pupil__name="林小满")


@pytest.fixture
def door(open_page, monkeypatch, seat):
    """The instructor, signed in, with the visit of ``seat`` open."""
    world = World(open_page, monkeypatch, now=clock.local(clock.now()))
    door = world.with_a_phone(GrantFactory(role="host_instructor", unit=seat.visit.venue.host.unit).user)
    door.opens()
    door.follows(seat.visit.version.title)
    return door


def scans(door: Person) -> None:
    door.presses("扫签到码")
    expect(door.page.locator("video")).to_be_visible()


def test_a_pass_held_before_the_camera_counts_once(door, seat, show_to_camera):
    show_to_camera(passes.token(seat))

    scans(door)

    row = door.row("林*满", "listitem")
    expect(row.locator(".tag--ok")).to_contain_text("已到")
    expect(door.page.locator("#counts")).to_have_attribute("data-arrived", "1")
    door.page.wait_for_timeout(1000)  # it is still held there
    assert [(mark.kind, mark.source) for mark in Mark.objects.filter(seat=seat)] == [("in", "qr")]


def test_a_code_that_is_no_pass_is_told_and_nothing_is_kept(door, seat, show_to_camera):
    show_to_camera("https://example.org/")

    scans(door)

    expect(door.page.locator("[data-door-said]")).to_have_text("这不是签到码")
    assert not Mark.objects.exists()
