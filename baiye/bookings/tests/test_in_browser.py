"""Bookings in a real browser: nobody shut out, the number moves by itself, the button lets go when it opens."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from baiye.bookings.actions.draws import draw
from baiye.bookings.models import Booking
from baiye.bookings.tests.factories import OpeningFactory, ask, pressed, published
from baiye.bookings.tests.people import coordinator, family, teacher_of
from baiye.core import clock
from baiye.schools.tests.factories import PupilFactory
from baiye.visits.tests.factories import VisitFactory
from tests.rig.browser import DESK, shut_nobody_out

pytestmark = [pytest.mark.journey, pytest.mark.slow]
DAY = timedelta(days=1)


def look(page, name, *args):
    shut_nobody_out(page, [reverse(f"bookings:{name}", args=args)])


def test_pages_that_no_journey_comes_to_shut_nobody_out(page_of, open_page):
    held, wanted = published(visits=[{}, {"starts_at": clock.now() + 9 * DAY}], most_open=4)
    ranked = published(
        beside=held, mode="ranked", visits=[{"starts_at": clock.now() + (40 + n) * DAY} for n in range(2)]
    )
    (drawn,) = published(beside=held, mode="draw", seats=1, visits=[{"starts_at": clock.now() + 20 * DAY}])
    pupil, guardian = family(held)
    PupilFactory.create_batch(2, school_class=pupil.school_class)
    pressed(held, pupil)
    ask(ranked[0], pupil, rank=1)
    for _n in range(2):
        pressed(drawn)
    draw(release=drawn.release, at=drawn.release.draw_until)
    visit = VisitFactory(version=held.visit.version, venue=held.visit.venue, starts_at=clock.now() + 50 * DAY)
    draft = OpeningFactory(release__unit=held.release.unit, release__opens_at=clock.now() + DAY, visit=visit)

    phone = page_of(guardian)
    look(phone, "swap", wanted.pk)
    look(phone, "ranks", ranked[0].release_id)
    teacher = page_of(teacher_of(pupil))
    look(teacher, "class", pupil.school_class_id)
    look(teacher, "group", pupil.school_class_id, wanted.pk)
    desk = page_of(coordinator(held), DESK)
    look(desk, "settings", draft.pk)
    look(desk, "release-rules", draft.release_id)
    look(desk, "opening-easing", held.pk)
    look(desk, "release-easing", held.release_id)
    look(open_page(), "draw", drawn.release_id)


def test_the_number_of_free_seats_moves_while_someone_looks(page_of):
    (opening,) = published(seats=2)
    page = page_of(family(opening)[1])
    page.goto(reverse("bookings:opening", args=[opening.pk]))
    number = page.locator(f"#free-{opening.pk} .num")
    expect(number).to_have_text("2")

    pressed(opening)

    expect(number).to_have_text("1", timeout=6000)


def test_the_numbers_of_a_list_move_while_someone_looks(page_of):
    first, second = published(seats=2, visits=[{}, {"starts_at": clock.now() + 9 * DAY}])
    page = page_of(family(first)[1])
    page.goto(reverse("bookings:opening-list"))
    expect(page.locator(f"#tag-{second.pk}")).to_have_text("余 2")

    pressed(second)

    expect(page.locator(f"#tag-{second.pk}")).to_have_text("余 1", timeout=6000)
    expect(page.locator(f"#tag-{first.pk}")).to_have_text("余 2")


def test_the_button_lets_go_in_the_second_it_opens_without_a_reload(page_of):
    (opening,) = published(opens_at=clock.now() + timedelta(seconds=8))
    pupil, guardian = family(opening)
    page = page_of(guardian)
    page.goto(reverse("bookings:opening", args=[opening.pk]))
    button = page.get_by_role("button", name=re.compile("^预约"))
    expect(button).to_be_disabled()

    expect(button).to_be_enabled(timeout=15_000)
    pressed(opening)
    expect(page.locator(f"#free-{opening.pk} .num")).to_have_text("29", timeout=6000)
    button.click()

    expect(page.locator("h1")).to_have_text("约上了")
    assert Booking.objects.filter(pupil=pupil).exists()


def test_without_script_the_button_answers_and_the_page_says_when(page_of):
    (opening,) = published(opens_at=clock.now() + 1.5 * DAY)
    page = page_of(family(opening)[1], java_script_enabled=False)
    page.goto(reverse("bookings:opening", args=[opening.pk]))
    expect(page.get_by_text("还有 1 天")).to_be_visible()

    page.get_by_role("button", name=re.compile("^预约")).click()

    expect(page.get_by_text("还没到开放的时间。")).to_be_visible()
    assert not Booking.objects.exists()


def test_choices_are_ranked_by_keyboard_and_saved_by_themselves(page_of):
    a, b = published(mode="ranked", visits=[{"starts_at": clock.now() + (40 + n) * DAY} for n in range(2)])
    pupil, guardian = family(a)
    ask(a, pupil, rank=1)
    ask(b, pupil, rank=2)
    page = page_of(guardian)
    page.goto(reverse("bookings:ranks", args=[a.release_id]))

    page.locator("[data-rank-up]").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-rank-saved]")).to_have_text(re.compile("已自动保存"))

    ranked = Booking.objects.filter(pupil=pupil).order_by("rank")
    assert [one.opening for one in ranked] == [b, a]
