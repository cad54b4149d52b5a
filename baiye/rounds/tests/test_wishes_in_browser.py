"""Ranking wishes on two phones: each move is saved by itself, and an older page never overwrites a newer list."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from baiye.core import clock
from baiye.rounds.actions import wishes as actions
from baiye.rounds.queries.wishes import find_wish_list, ranked_courses
from baiye.rounds.tests.factories import district

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def place(live_server):
    place = district()
    actions.save_wishes(
        round=place.round, pupil=place.pupil, courses=place.courses[:3], by=place.guardian, at=clock.now()
    )
    return place


@pytest.fixture
def phone_of(page_of, place):
    """``phone_of(user)``: their phone, with the list open."""

    def opened(user):
        page = page_of(user)
        page.goto(reverse("rounds:wishes", args=[place.round.pk, place.pupil.pk]))
        return page

    return opened


def standing(place):
    return ranked_courses(find_wish_list(place.round, place.pupil))


def test_moves_are_saved_by_themselves_one_after_the_other(place, phone_of):
    a, b, c = (course.pk for course in place.courses[:3])
    phone = phone_of(place.pupil_user)

    for _ in range(2):
        with phone.expect_response("**/wishes/order/") as answered:
            phone.locator(f"button[name=up][value='{c}']").click()
        assert answered.value.status == 204

    assert standing(place) == [c, a, b]
    expect(phone.locator("[data-rank-said]")).to_have_text(f"{place.visits[4].version.title}现在是第 1 志愿")
    expect(phone.locator("[data-rank-saved]")).to_contain_text("已自动保存")


def test_a_move_on_an_older_page_is_told_and_overwrites_nothing(place, phone_of, troubles):
    a, b, c = (course.pk for course in place.courses[:3])
    hers, theirs = phone_of(place.pupil_user), phone_of(place.guardian)
    with hers.expect_response("**/wishes/order/"):
        hers.locator(f"button[name=down][value='{a}']").click()

    with theirs.expect_navigation():
        theirs.locator(f"button[name=up][value='{c}']").click()

    assert standing(place) == [b, a, c]
    expect(theirs.locator("[data-messages]")).to_contain_text("志愿刚在另一台设备上改过。")
    expect(theirs.locator("[data-rank-item]").first).to_have_attribute("data-name", place.visits[2].version.title)
    assert [trouble for trouble in troubles if "409" not in trouble] == []
    troubles.clear()
