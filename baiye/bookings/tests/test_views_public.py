"""What everyone may see: the calendar, a release, and the number of free seats."""

from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.bookings.tests.factories import OpeningFactory, pressed, published
from baiye.core import clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def text(response):
    return " ".join(response.content.decode().split())


def test_calendar_shows_what_is_published_and_no_draft(client):
    soon = published(title="下周放号", opens_at=clock.now() + DAY)[0]
    past = published(title="上月放号", opens_at=clock.now() - 40 * DAY)[0]
    draft = OpeningFactory(release__title="还在写的")

    now, then = client.get(reverse("bookings:calendar")), client.get(reverse("bookings:calendar"), {"show": "past"})

    assert [one for one, _state, _left in now.context["rows"]] == [soon.release]
    assert [one for one, _state, _left in then.context["rows"]] == [past.release]
    assert draft.release.title not in text(now)


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_costs_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    for _n in range(count):
        published()

    with django_assert_num_queries(3):  # how many, the releases, their openings
        response = client.get(reverse("bookings:calendar"))

    assert len(response.context["rows"]) == count


def test_calendar_without_anything_says_so(client):
    assert "近期没有放号" in text(client.get(reverse("bookings:calendar")))


def test_release_of_a_draft_is_not_there(client):
    opening = OpeningFactory()

    assert client.get(reverse("bookings:release", args=[opening.release_id])).status_code == 404


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("draw", "报名的一起抽签，早点晚点都一样"),
        ("ranked", "排志愿，最多 5 场，截止后一次录取"),
        ("first", "先点先得；满了排队候补"),
    ],
)
def test_release_explains_its_mode_in_one_sentence(client, mode, said):
    (opening,) = published(mode=mode)

    assert said in text(client.get(reverse("bookings:release", args=[opening.release_id])))


def test_free_reads_one_row_and_counts_nothing(client, django_assert_num_queries):
    (opening,) = published(seats=3)
    pressed(opening)

    with django_assert_num_queries(1) as asked:
        response = client.get(reverse("bookings:free", args=[opening.pk]))

    assert "COUNT(" not in asked[0]["sql"]
    assert response.context["free"].left == 2
    assert response["Cache-Control"] == "no-store"
    assert 'hx-trigger="every 2s"' in text(response)


def test_free_of_what_does_not_move_ends_the_asking(client):
    (opening,) = published(mode="draw", opens_at=clock.now() - timedelta(minutes=5))

    response = client.get(reverse("bookings:free", args=[opening.pk]))

    assert response.status_code == 286
    assert "hx-get" not in text(response)


def test_free_of_a_draft_is_not_there(client):
    assert client.get(reverse("bookings:free", args=[OpeningFactory().pk])).status_code == 404


def test_draw_of_what_is_not_drawn_is_not_there(client):
    (opening,) = published(mode="draw")

    assert client.get(reverse("bookings:draw", args=[opening.release_id])).status_code == 404
    assert client.get(reverse("bookings:draw-file", args=[opening.release_id, "frozen"])).status_code == 404
