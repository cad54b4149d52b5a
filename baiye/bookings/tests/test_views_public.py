"""What everyone may see: the calendar, a release, and the number of free seats."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.bookings.actions.draws import draw
from baiye.bookings.actions.placements import place_ranked
from baiye.bookings.drawing import alias_of, faults
from baiye.bookings.tests.factories import OpeningFactory, ask, pressed, published, pupil_of
from baiye.bookings.tests.pages import text
from baiye.core import clock
from baiye.schools.tests.factories import GuardianshipFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


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


@pytest.mark.parametrize("name", ["free", "free-tags"])
def test_free_asks_nothing_of_who_looks(client, django_assert_num_queries, name):
    (opening,) = published(seats=3)
    client.force_login(GuardianshipFactory().user)
    address = reverse(f"bookings:{name}", args=[opening.pk] if name == "free" else [])

    with django_assert_num_queries(1):
        response = client.get(address, {"opening": opening.pk})

    assert (response.status_code, response["X-Frame-Options"], response["Cache-Control"]) == (200, "DENY", "no-store")


def test_free_by_a_post_or_of_no_opening_is_answered_as_on_every_page(client):
    client.force_login(GuardianshipFactory().user)
    address = reverse("bookings:free", args=[published()[0].pk])

    assert client.post(address).status_code == 405
    assert client.get(reverse("bookings:free", args=[0])).status_code == 404
    assert client.get("/bookings/openings/none/free/").status_code == 404


def test_free_sends_nothing_again_while_nothing_moved(client):
    (opening,) = published(seats=3)
    address = reverse("bookings:free", args=[opening.pk])
    seen = client.get(address).context["free"].mark

    same = client.get(address, {"seen": seen})
    pressed(opening)
    moved = client.get(address, {"seen": seen})

    assert (same.status_code, same.content, moved.status_code) == (204, b"", 200)
    assert moved.context["free"].left == 2


@pytest.mark.parametrize("count", [1, 3])
def test_free_tags_of_a_list_are_one_query_and_replace_each_tag(client, django_assert_num_queries, count):
    openings = published(seats=3, visits=[{"starts_at": clock.now() + n * DAY} for n in range(5, 5 + count)])
    pressed(openings[0])
    asked = {"opening": [one.pk for one in openings]}

    with django_assert_num_queries(1):
        response = client.get(reverse("bookings:free-tags"), asked)

    assert [one.left for one in response.context["frees"]] == [2, *[3] * (count - 1)]
    assert text(response).count("hx-swap-oob") == count


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "满了，可候补"),
        ({"opening__waiting_most": 0}, "> 满了 <"),
        ({"starts_at": clock.now() + timedelta(hours=20)}, "> 满了 <"),
    ],
)
def test_free_tag_of_a_full_visit_offers_a_line_only_where_there_is_one(client, fields, said):
    (opening,) = published(seats=1, visits=[fields])
    pressed(opening)

    shown = (
        text(client.get(reverse("bookings:free-tags"), {"opening": opening.pk})).replace(">", "> ").replace("<", " <")
    )

    assert said in shown


def test_free_tags_of_drafts_nonsense_and_what_was_seen_send_nothing(client):
    (opening,) = published()
    address = reverse("bookings:free-tags")
    asked = [OpeningFactory(visit__venue=opening.visit.venue).pk, "x", "9" * 40, opening.pk]
    first = client.get(address, {"opening": asked})

    again = client.get(f"{address}?{first.context['asking']}")

    assert [one.opening_id for one in first.context["frees"]] == [opening.pk]
    assert (again.status_code, again["Cache-Control"]) == (204, "no-store")


def test_free_tags_of_a_visit_that_has_begun_are_asked_no_more(client, monkeypatch):
    openings = published(visits=[{"starts_at": clock.now() + n * DAY} for n in (5, 6)])
    address = reverse("bookings:free-tags")
    first = client.get(address, {"opening": [one.pk for one in openings]})
    monkeypatch.setattr(clock, "now", lambda: openings[0].visit.starts_at)

    begun = client.get(f"{address}?{first.context['asking']}")
    later = client.get(f"{address}?{begun.context['asking']}")

    assert (begun.status_code, later.status_code) == (200, 204)
    assert f"opening={openings[0].pk}" not in begun.context["asking"]


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


@pytest.fixture
def drawn():
    """An opening of one seat for which three pressed, drawn; and the three bookings."""
    (opening,) = published(mode="draw", seats=1)
    bookings = [pressed(opening) for _n in range(3)]
    draw(release=opening.release, at=opening.release.draw_until)
    opening.release.refresh_from_db()
    return opening, bookings


def test_draw_shows_the_list_by_aliases_with_hash_and_seed(client, drawn):
    opening, bookings = drawn

    response = client.get(reverse("bookings:draw", args=[opening.release_id]))

    said = text(response)
    assert [word for _line, word in response.context["page"]] == ["有名额", "候补", "候补"]
    assert opening.release.frozen_sha256 in said
    assert opening.release.seed in said
    assert not any(booking.pupil.name in said for booking in bookings)


def test_draw_finds_a_line_by_its_alias(client, drawn):
    opening, bookings = drawn
    alias = alias_of(opening.release_id, bookings[1].pupil.pseudonym)
    address = reverse("bookings:draw", args=[opening.release_id])

    found = client.get(address, {"alias": alias[:8]})
    none = client.get(address, {"alias": "zz"})

    assert [line.alias for line, _word in found.context["page"]] == [alias]
    assert "没有这样的编号" in text(none)


def test_draw_files_are_what_was_hashed_and_what_anybody_can_check(client, drawn):
    opening, _bookings = drawn

    frozen, result, none = (
        client.get(reverse("bookings:draw-file", args=[opening.release_id, name]))
        for name in ("frozen", "result", "else")
    )

    assert hashlib.sha256(frozen.content).hexdigest() == opening.release.frozen_sha256
    assert faults(result.content) == []
    assert none.status_code == 404


def test_draw_recipe_of_the_page_gives_the_order_of_the_result(client, drawn):
    """The few lines that the page prints, done by hand."""
    opening, _bookings = drawn
    seed = opening.release.seed
    frozen = client.get(reverse("bookings:draw-file", args=[opening.release_id, "frozen"])).content.decode()
    rows = list(csv.DictReader(io.StringIO(frozen)))

    def lot(row):
        return hashlib.sha256(f"{seed}|{row['opening']}|{row['alias']}".encode()).hexdigest()

    by_hand = [row["alias"] for row in sorted(rows, key=lambda r: (int(r["opening"]), -int(r["group"]), lot(r)))]
    shown = client.get(reverse("bookings:draw", args=[opening.release_id])).context["page"]
    assert by_hand == [line.alias for line, _word in shown]


def test_the_familys_own_alias_stands_on_its_booking_alone(client, drawn):
    opening, bookings = drawn
    pupil = bookings[0].pupil
    client.force_login(GuardianshipFactory(pupil=pupil).user)

    assert alias_of(opening.release_id, pupil.pseudonym) in text(
        client.get(reverse("bookings:booking", args=[bookings[0].pk]))
    )


def test_draw_of_a_ranked_release_has_the_engines_files_and_its_checker(client):
    (opening,) = published(mode="ranked", seats=1, visits=[{"starts_at": clock.now() + 40 * DAY}])
    for _n in range(2):
        ask(opening, pupil_of(opening), rank=1)
    place_ranked(release=opening.release, at=opening.release.closes_at)

    page = client.get(reverse("bookings:draw", args=[opening.release_id]))
    files = [
        client.get(reverse("bookings:draw-file", args=[opening.release_id, name])) for name in ("frozen", "result")
    ]

    assert "baiye-placement verify frozen result" in text(page)
    assert [zipfile.is_zipfile(io.BytesIO(one.content)) for one in files] == [True, True]
    assert [one["Content-Type"] for one in files] == ["application/zip"] * 2
