"""The family's pages: what is open, one opening, my bookings."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import UserFactory
from baiye.bookings.models import Booking
from baiye.bookings.tests.factories import OpeningFactory, ask, pressed, published
from baiye.bookings.tests.pages import page, text
from baiye.bookings.tests.people import coordinator, family, manager, teacher_of
from baiye.core import clock
from baiye.schools.tests.factories import ConsentFactory, GuardianshipFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def shown(response):
    """The openings of the list, in its order."""
    return [line.opening for group in response.context["groups"] for line in group.lines]


@pytest.fixture
def opening():
    return published()[0]


# ── what is open ──


@pytest.mark.parametrize("name", ["opening-list", "mine"])
def test_pages_are_for_families_alone(client, opening, name):
    pupil, guardian = family(opening)
    answers = []

    for who in (guardian, teacher_of(pupil), coordinator(opening), manager(opening)):
        client.force_login(who)
        answers.append(client.get(page(name)).status_code)

    assert answers == [200, 404, 404, 404]


@pytest.mark.parametrize("name", ["opening-list", "mine"])
def test_pages_of_a_guardian_without_a_child_lead_home(client, name):
    client.force_login(UserFactory(kind="guardian"))

    assert client.get(page(name)).url == reverse("home")


def test_opening_of_another_district_or_of_a_draft_is_not_there(client, opening):
    other, draft = published()[0], OpeningFactory(visit__venue=opening.visit.venue)
    client.force_login(family(opening)[1])

    answers = [client.get(page("opening", one.pk)).status_code for one in (opening, other, draft)]

    assert answers == [200, 404, 404]


def test_list_shows_open_ones_first_then_the_next_minute(client, opening):
    later = published(beside=opening, opens_at=clock.now() + 2 * DAY, visits=[{"starts_at": clock.now() + 9 * DAY}])[0]
    soon = published(beside=opening, opens_at=clock.now() + DAY, visits=[{"starts_at": clock.now() + 8 * DAY}])[0]
    client.force_login(family(opening)[1])

    response = client.get(page("opening-list"))

    assert shown(response) == [opening, soon, later]
    assert "能约的有 3 场" in text(response)


def test_list_leaves_out_what_is_over_cancelled_or_for_other_grades(client, opening):
    for fields in ({"opening__grades": [3]}, {"cancelled_at": clock.now(), "cancelled_by": opening.release.made_by}):
        published(beside=opening, visits=[{"starts_at": clock.now() + 9 * DAY} | fields])
    published(beside=opening, opens_at=clock.now() - 40 * DAY, visits=[{"starts_at": clock.now() + 10 * DAY}])
    client.force_login(family(opening)[1])

    assert shown(client.get(page("opening-list"))) == [opening]


def test_list_is_searched_and_filtered_and_says_what_to_drop(client, opening):
    other = published(beside=opening, visits=[{"starts_at": clock.now() + 9 * DAY}])[0]
    opening.visit.version.course.host.street = "长寿路街道"
    opening.visit.version.course.host.save()
    client.force_login(family(opening)[1])
    day = clock.day_of(other.visit.starts_at).isoformat()

    by_day = client.get(page("opening-list"), {"on": day})
    by_street = client.get(page("opening-list"), {"street": "长寿路街道"})
    by_stage = client.get(page("opening-list"), {"stage": "primary"})
    by_words = client.get(page("opening-list"), {"q": "没有这样的"})

    assert shown(by_day) == [other]
    assert shown(by_street) == shown(by_stage) == [opening, other]
    assert shown(by_words) == []
    assert "没有对得上的场次 去掉一个筛选条件" in re.sub("<[^>]+> ?", " ", text(by_words)).replace("  ", " ")


def test_list_without_anything_points_to_the_calendar(client):
    gone = published(opens_at=clock.now() - 40 * DAY)[0]
    client.force_login(family(gone)[1])

    assert "现在没有能约的场次" in text(client.get(page("opening-list")))


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    openings = published(visits=[{"starts_at": clock.now() + n * DAY} for n in range(5, 5 + count)], most_open=5)
    pupil, guardian = family(openings[0])
    for opening in openings:
        pressed(opening, pupil)
    client.force_login(guardian)

    with django_assert_num_queries(9):
        response = client.get(page("opening-list"))

    assert len(shown(response)) == count


# ── one opening ──


def test_opening_has_a_button_with_a_request_of_its_own(client, opening):
    pupil, guardian = family(opening)
    client.force_login(guardian)

    first, second = client.get(page("opening", opening.pk)), client.get(page("opening", opening.pk))

    assert first.context["request_id"] != second.context["request_id"]
    assert f'<input type="hidden" name="pupil" value="{pupil.pk}">' in text(first)
    assert "余" in text(first)


def test_opening_pressed_is_shown_with_how_it_stands_and_no_button(client, opening):
    pupil, guardian = family(opening)
    pressed(opening, pupil)
    client.force_login(guardian)

    response = client.get(page("opening", opening.pk))

    assert (response.context["may_press"], response.context["standing"].state) == (False, "booked")


def test_opening_before_it_opens_counts_down_by_the_servers_clock(client):
    opening = published(opens_at=clock.now() + timedelta(minutes=90))[0]
    client.force_login(family(opening)[1])

    response = client.get(page("opening", opening.pk))

    assert 5390 <= response.context["line"].opens_in <= 5400
    assert "还有 1 小时" in text(response)
    assert "以网站的时钟为准" in text(response)


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"opening__grades": [3, 4]}, "这一场开给三到四年级"), ({"opening__consents": ["photo"]}, "要家长先同意")],
)
def test_opening_that_is_not_for_the_child_says_why_instead_of_a_button(client, fields, why):
    opening = published(visits=[fields])[0]
    client.force_login(family(opening)[1])

    response = client.get(page("opening", opening.pk))

    assert response.context["may_press"] is False
    assert why in text(response)


def test_opening_that_is_full_and_has_no_line_says_so(client):
    opening = published(seats=1, visits=[{"opening__waiting_most": 0}])[0]
    pressed(opening)
    client.force_login(family(opening)[1])

    response = client.get(page("opening", opening.pk))

    assert response.context["may_press"] is False
    assert "名额满了，这一场不设候补" in text(response)


def test_opening_that_is_full_after_its_line_is_over_says_so(client):
    opening = published(seats=1, visits=[{"starts_at": clock.now() + timedelta(hours=20)}])[0]
    pressed(opening)
    client.force_login(family(opening)[1])

    response = client.get(page("opening", opening.pk))

    assert response.context["may_press"] is False
    assert "名额满了，候补也结束了" in text(response)


def test_opening_whose_consent_is_given_can_be_pressed(client):
    opening = published(visits=[{"opening__consents": ["photo"]}])[0]
    pupil, guardian = family(opening)
    ConsentFactory(pupil=pupil, purpose="photo", given_by=guardian)
    client.force_login(guardian)

    response = client.get(page("opening", opening.pk))

    assert response.context["may_press"] is True
    assert "已经同意" in text(response)


def test_opening_publishes_its_rules(client):
    until = clock.now() + 2 * DAY
    fields = {"opening__reserved": 4, "opening__reserved_from_grade": 9, "opening__reserved_until": until}
    opening = published(visits=[fields], most_a_term=3, most_open=1)[0]
    client.force_login(family(opening)[1])

    said = text(client.get(page("opening", opening.pk)))

    assert "给九年级及以上留了 4 个名额" in said
    assert "一学期最多约上 3 场，同时在进行的预约最多 1 个" in said


# ── mine ──


def test_mine_groups_what_stands_and_tells_the_place_in_line(client):
    first, full = published(visits=[{"seats": 5}, {"seats": 1, "starts_at": clock.now() + 9 * DAY}])
    pressed(full)
    pressed(full)
    pupil, guardian = family(first)
    pressed(first, pupil)
    pressed(full, pupil)
    client.force_login(guardian)

    response = client.get(page("mine"))

    states = [(one.state, one.place) for _title, items in response.context["groups"] for one in items]
    assert states == [("booked", 0), ("waiting", 2)]
    assert "您排第 2 位；一有人退，就按次序问下一位。" in text(response)


def test_mine_of_nothing_points_to_what_is_open(client, opening):
    client.force_login(family(opening)[1])

    assert "还没有预约" in text(client.get(page("mine")))


@pytest.mark.parametrize("count", [1, 3])
def test_mine_costs_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    openings = published(
        visits=[{"seats": 1, "starts_at": clock.now() + n * DAY} for n in range(5, 5 + count)], most_open=5
    )
    pupil, guardian = family(openings[0])
    for opening in openings:
        pressed(opening)
        pressed(opening, pupil)
    client.force_login(guardian)

    with django_assert_num_queries(8):
        response = client.get(page("mine"))

    assert response.context["live_count"] == count


def test_booking_of_another_child_is_not_there(client, opening):
    pupil, guardian = family(opening)
    own = pressed(opening, pupil)
    answers = []

    for who in (guardian, GuardianshipFactory(pupil=pupil).user, family(opening)[1], coordinator(opening)):
        client.force_login(who)
        answers.append(client.get(page("booking", own.pk)).status_code)

    assert answers == [200, 200, 404, 404]


def test_booking_in_a_draw_says_when_it_is_drawn(client):
    opening = published(mode="draw")[0]
    pupil, guardian = family(opening)
    own = pressed(opening, pupil)
    client.force_login(guardian)

    said = text(client.get(page("booking", own.pk)))

    assert "报上名了" in said
    assert "抽签，结果发消息告诉您。" in said


def test_press_by_the_page_books_and_leads_to_the_booking(client, opening):
    pupil, guardian = family(opening)
    client.force_login(guardian)
    form = {"opening": opening.pk, "pupil": pupil.pk}
    form["request"] = str(client.get(page("opening", opening.pk)).context["request_id"])

    response = client.post(page("press"), form)

    assert response.url == page("booking", Booking.objects.get().pk)
    assert "约上了" in text(client.get(response.url))


# ── ranks ──


@pytest.fixture
def ranked():
    return published(mode="ranked", visits=[{"starts_at": clock.now() + (40 + n) * DAY} for n in range(3)])


def ranks(pupil):
    return list(Booking.objects.filter(pupil=pupil, ended_at=None).order_by("rank").values_list("opening", flat=True))


def test_ranks_lists_what_is_ranked_and_what_may_be(client, ranked):
    pupil, guardian = family(ranked[0])
    ask(ranked[1], pupil, rank=1)
    client.force_login(guardian)

    response = client.get(page("ranks", ranked[0].release_id))

    assert [one.opening for one in response.context["ranked"]] == [ranked[1]]
    assert [line.opening for line, _key in response.context["rest"]] == [ranked[0], ranked[2]]
    assert response.context["next_rank"] == 2


def test_ranks_before_it_opens_says_when_and_after_the_close_that_they_stand(client, ranked):
    pupil, guardian = family(ranked[0])
    ask(ranked[0], pupil, rank=1)
    soon = published(
        beside=ranked[0], mode="ranked", opens_at=clock.now() + DAY, visits=[{"starts_at": clock.now() + 60 * DAY}]
    )
    over = published(
        beside=ranked[0], mode="ranked", opens_at=clock.now() - 31 * DAY, visits=[{"starts_at": clock.now() + 70 * DAY}]
    )
    client.force_login(guardian)

    before = text(client.get(page("ranks", soon[0].release_id)))
    after = text(client.get(page("ranks", over[0].release_id)))

    assert "开放，到时来排；早排晚排都一样。" in before
    assert "现在不能改志愿。下面是最后保存的次序" in after
    assert "还能排进来的" not in before + after


def test_ranks_each_arrow_is_a_submit(client, ranked):
    a, b, c = ranked
    pupil, guardian = family(a)
    for rank, opening in enumerate(ranked, start=1):
        ask(opening, pupil, rank=rank)
    client.force_login(guardian)
    address = page("ranks", a.release_id)
    form = {"opening": [a.pk, b.pk, c.pk], "version": client.get(address).context["version"]}

    response = client.post(address, form | {"up": c.pk})

    assert response.url == address
    assert ranks(pupil) == [a.pk, c.pk, b.pk]


def test_rank_order_saves_the_shown_order_and_an_older_page_overwrites_nothing(client, ranked):
    a, b, _c = ranked
    pupil, guardian = family(a)
    ask(a, pupil, rank=1)
    ask(b, pupil, rank=2)
    client.force_login(guardian)
    address, old = page("rank-order", a.release_id), f"{a.pk},{b.pk}"

    saved = client.post(address, {"opening": [b.pk, a.pk], "version": old})
    stale = client.post(address, {"opening": [a.pk, b.pk], "version": old})

    assert (saved.status_code, saved["X-Version"], stale.status_code) == (204, f"{b.pk},{a.pk}", 409)
    assert ranks(pupil) == [b.pk, a.pk]


def test_ranks_of_another_district_are_not_there(client, ranked):
    client.force_login(family(published()[0])[1])

    assert client.get(page("ranks", ranked[0].release_id)).status_code == 404
