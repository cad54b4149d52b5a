"""The desk of releases: lists, forms, two steps to publish, watching."""

import io
import uuid
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from baiye.bookings.models import Opening, Release
from baiye.bookings.tests.factories import OpeningFactory, ReleaseFactory, pressed, published, pupil_of
from baiye.bookings.tests.pages import text
from baiye.bookings.tests.people import coordinator, family, manager
from baiye.core import clock
from baiye.visits.tests.factories import VisitFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WHEN = "%Y-%m-%dT%H:%M"


def draft(**fields):
    return OpeningFactory(release__opens_at=clock.now() + 24 * HOUR, **fields)


def desk(name, *args):
    return reverse(f"bookings:{name}", args=args)


def filled(opening, **fields):
    """The form of a release, as the page of a new one sends it."""
    opens = clock.local(clock.now() + 48 * HOUR)
    common = {"request": uuid.uuid4(), "title": "春季放号", "unit": opening.release.unit_id, "mode": "draw"}
    common |= {"term": opening.release.term_id, "opens_at": opens.strftime(WHEN), "draw_minutes": 90}
    common |= {"closes_at": (opens + 72 * HOUR).strftime(WHEN), "most_a_term": 3, "most_open": 2}
    return common | fields


SETTINGS = {"grades": ["7"], "reserved": 0, "offer_hours": 12, "cancel_until": 24, "waiting_most": ""}
PAGES = ("release-desk", "release-rules", "release-easing", "additions", "preview", "publication")


@pytest.mark.parametrize("name", [*PAGES, "opening-export"])
def test_pages_of_a_release_are_for_who_manages_its_unit(client, name):
    opening = draft()
    stranger = coordinator(draft())
    answers = {}

    for who in (coordinator(opening), manager(opening), family(opening)[1], stranger):
        client.force_login(who)
        answers[who] = client.get(desk(name, opening.release_id)).status_code

    assert list(answers.values()) == [200, 404, 404, 404]


@pytest.mark.parametrize("name", ["settings", "opening-desk", "opening-easing"])
def test_pages_of_an_opening_are_for_who_manages_its_release(client, name):
    opening = draft()
    answers = []

    for who in (coordinator(opening), manager(opening), family(opening)[1], coordinator(draft())):
        client.force_login(who)
        answers.append(client.get(desk(name, opening.pk)).status_code)

    assert answers == [200, 404, 404, 404]


def test_a_host_manager_manages_releases_of_the_own_host(client):
    opening = draft()
    own = ReleaseFactory(unit=opening.visit.venue.host.unit, title="本基地放号")
    client.force_login(manager(opening))

    response = client.get(desk("release-list"))

    assert [release for release, _state in response.context["rows"]] == [own]
    assert client.get(desk("release-desk", own.pk)).status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"), [({}, 2), ({"q": "寒假"}, 1), ({"state": "draft"}, 1), ({"mode": "ranked"}, 0)]
)
def test_release_list_is_searched_and_filtered_and_says_when_nothing_fits(client, asked, found):
    (opening,) = published(title="寒假第一次放号")
    ReleaseFactory(unit=opening.release.unit, title="草稿一")
    client.force_login(coordinator(opening))

    response = client.get(desk("release-list"), asked)

    assert len(response.context["rows"]) == found
    assert ("没有这样的放号" in text(response)) is (found == 0)


@pytest.mark.parametrize("count", [1, 3])
def test_release_list_costs_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    (opening,) = published(seats=1)
    for _n in range(count - 1):
        published(beside=opening)
    pressed(opening)
    pressed(opening)
    client.force_login(coordinator(opening))

    with django_assert_num_queries(6):
        response = client.get(desk("release-list"))

    assert len(response.context["rows"]) == count


def test_release_export_is_the_list_with_figures(client):
    (opening,) = published(seats=1, title="寒假第一次放号")
    pressed(opening)
    pressed(opening)
    client.force_login(coordinator(opening))

    response = client.get(desk("release-export"))

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet["A2"].value == "寒假第一次放号"
    assert [cell.value for cell in sheet[2]][6:] == [1, 1, 1, 0, 1]


def test_a_new_release_leads_on_to_its_visits_and_sent_twice_it_is_one(client):
    opening = draft()
    client.force_login(coordinator(opening))
    form = filled(opening)

    first, second = client.post(desk("release-new"), form), client.post(desk("release-new"), form)

    made = Release.objects.get(title="春季放号")
    assert first.url == second.url == desk("additions", made.pk)
    assert made.draw_until - made.opens_at == timedelta(minutes=90)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"draw_minutes": ""}, "draw_minutes", "抽签要写多少分钟内的报名一起抽"),
        ({"closes_at": "2020-01-01T08:00"}, "closes_at", "截止要晚于开放"),
        ({"draw_minutes": "20000"}, "draw_minutes", "抽签不能晚于截止；把分钟数改小，或把截止改晚"),
    ],
)
def test_a_new_release_that_makes_no_sense_says_what_to_change_and_keeps_what_was_typed(client, wrong, field, said):
    opening = draft()
    client.force_login(coordinator(opening))

    response = client.post(desk("release-new"), filled(opening, title="我写好的名字", **wrong))

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [said]
    assert "我写好的名字" in text(response)
    assert Release.objects.count() == 1


def test_a_release_for_a_unit_of_others_is_no_choice(client):
    opening, other = draft(), draft()
    client.force_login(coordinator(opening))

    response = client.post(desk("release-new"), filled(opening, unit=other.release.unit_id))

    assert (response.status_code, Release.objects.count()) == (422, 2)


def test_release_rules_of_a_draft_are_changed(client):
    opening = draft()
    client.force_login(coordinator(opening))

    response = client.post(desk("release-rules", opening.release_id), filled(opening, mode="first", draw_minutes=""))

    opening.release.refresh_from_db()
    assert response.url == desk("release-desk", opening.release_id)
    assert (opening.release.title, opening.release.mode, opening.release.draw_until) == ("春季放号", "first", None)


def test_visits_are_added_together_with_their_settings(client):
    opening = draft()
    visits = [VisitFactory(version=opening.visit.version, venue=opening.visit.venue) for _n in range(2)]
    client.force_login(coordinator(opening))

    response = client.post(desk("additions", opening.release_id), SETTINGS | {"pick": [visit.pk for visit in visits]})

    assert response.url == desk("release-desk", opening.release_id)
    made = Opening.objects.filter(visit__in=visits)
    assert [(one.grades, one.offer_hours) for one in made] == [([7], 12), ([7], 12)]


def test_additions_without_a_tick_or_with_half_a_reserve_say_so_and_keep_the_ticks(client):
    opening = draft()
    visit = VisitFactory(version=opening.visit.version, venue=opening.visit.venue)
    client.force_login(coordinator(opening))
    address = desk("additions", opening.release_id)

    unticked = client.post(address, SETTINGS)
    half = client.post(address, SETTINGS | {"pick": [visit.pk], "reserved": 3})

    assert (unticked.status_code, half.status_code) == (422, 422)
    assert "先勾选要放号的场次" in text(unticked)
    assert "留了名额，就要说留给几年级及以上" in text(half)
    assert half.context["ticked"] == {str(visit.pk)}
    assert Opening.objects.count() == 1


def test_additions_offer_no_visit_of_another_district_or_that_is_in_a_release(client):
    opening, other = draft(), draft()
    client.force_login(coordinator(opening))

    response = client.get(desk("additions", opening.release_id))
    refused = client.post(desk("additions", opening.release_id), SETTINGS | {"pick": [other.visit_id]})

    assert list(response.context["page"]) == []
    assert (refused.status_code, Opening.objects.filter(release=opening.release).count()) == (422, 1)


def test_settings_and_removal_of_an_opening_of_a_draft(client):
    opening = draft()
    client.force_login(coordinator(opening))

    changed = client.post(desk("settings", opening.pk), SETTINGS)
    grades = Opening.objects.get().grades
    removed = client.post(desk("removal", opening.pk))

    assert changed.url == removed.url == desk("release-desk", opening.release_id)
    assert (grades, Opening.objects.count()) == ([7], 0)


def test_publishing_takes_two_steps(client):
    opening = draft()
    client.force_login(coordinator(opening))
    address = desk("publication", opening.release_id)

    asked = client.get(address)
    opening.release.refresh_from_db()
    before = opening.release.published_at
    done = client.post(address)

    opening.release.refresh_from_db()
    assert ("公布以前，请再看一眼" in text(asked), before) == (True, None)
    assert done.url == desk("release-desk", opening.release_id)
    assert opening.release.published_at is not None


def test_publication_of_what_would_be_open_already_is_refused_with_what_to_do(client):
    release = ReleaseFactory(unit=draft().release.unit)
    client.force_login(coordinator(Opening.objects.get()))

    page = client.get(desk("publication", release.pk))
    refused = client.post(desk("publication", release.pk), follow=True)

    assert "开放时间已经过了。改到以后" in text(page)
    assert "还没有场次。先加至少一场。" in text(refused)
    assert Release.objects.get(pk=release.pk).published_at is None


def test_discard_of_a_draft_and_of_what_is_published(client):
    opening, (open_one,) = draft(), published()
    client.force_login(coordinator(opening))
    client.post(desk("release-discard", opening.release_id))
    client.force_login(coordinator(open_one))

    kept = client.post(desk("release-discard", open_one.release_id), follow=True)

    assert list(Release.objects.all()) == [open_one.release]
    assert "规矩不能再改" in text(kept)


@pytest.mark.parametrize("count", [1, 3])
def test_release_desk_costs_as_many_queries_for_three_openings_as_for_one(client, django_assert_num_queries, count):
    openings = published(visits=[{"seats": 1, "starts_at": clock.now() + n * 24 * HOUR} for n in range(5, 5 + count)])
    for opening in openings:
        pressed(opening)
        pressed(opening)
    client.force_login(coordinator(openings[0]))

    with django_assert_num_queries(8):
        response = client.get(desk("release-desk", openings[0].release_id))

    assert [(one.visit.taken, one.waiting, one.left) for one in response.context["openings"]] == [(1, 1, 0)] * count


def test_opening_export_has_a_row_for_each_opening(client):
    (opening,) = published(seats=2)
    pressed(opening)
    client.force_login(coordinator(opening))

    response = client.get(desk("opening-export", opening.release_id))

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[2]][4:] == [2, 1, 0, 1, 0, 0, 0]


def test_opening_desk_shows_the_line_in_order_and_masks_names(client):
    (opening,) = published(seats=1)
    for name in ("林小满", "周一诺", "陈子墨"):
        pressed(opening, pupil_of(opening, name=name))
    client.force_login(coordinator(opening))

    response = client.get(desk("opening-desk", opening.pk))

    assert [(one.state, one.desk_sentence) for one in response.context["rows"]] == [
        ("booked", ""),
        ("waiting", "排第 1 位"),
        ("waiting", "排第 2 位"),
    ]
    assert "林*满" in text(response)
    assert "林小满" not in text(response)


def test_preview_shows_what_families_will_see(client):
    opening = draft()
    client.force_login(coordinator(opening))

    page = text(client.get(desk("preview", opening.release_id)))

    assert opening.visit.version.title in page
    assert "先点先得；满了排队候补" in page


# ── what is published changes only in favour of families ──


def eased(opening, **fields):
    until = clock.local(opening.reserved_until).strftime(WHEN) if opening.reserved_until else ""
    common = {"seats": opening.visit.seats, "reserved": opening.reserved, "reserved_until": until, "waiting_most": ""}
    return common | fields


def test_opening_easing_adds_seats_and_lowers_the_reserve(client):
    until = clock.now() + 72 * HOUR
    fields = {"opening__reserved": 4, "opening__reserved_from_grade": 9, "opening__reserved_until": until}
    (opening,) = published(seats=6, visits=[fields])
    client.force_login(coordinator(opening))

    response = client.post(desk("opening-easing", opening.pk), eased(opening, seats=8, reserved=1))

    opening = Opening.objects.get()
    assert response.url == desk("opening-desk", opening.pk)
    assert (opening.visit.seats, opening.reserved) == (8, 1)


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"reserved": 3, "reserved_until": "2030-01-01T08:00"}, "公布过的规矩只能放宽"), ({"seats": 1}, "不能减到 1 个")],
)
def test_opening_easing_that_tightens_is_refused_whole_and_keeps_what_was_typed(client, fields, why):
    (opening,) = published(seats=6)
    pressed(opening)
    pressed(opening)
    client.force_login(coordinator(opening))

    response = client.post(desk("opening-easing", opening.pk), eased(opening, **({"seats": 9} | fields)))

    assert response.status_code == 422
    assert why in text(response)
    assert Opening.objects.get().visit.seats == 6


def test_release_easing_raises_the_caps_and_never_lowers_them(client):
    (opening,) = published(most_a_term=3, most_open=2)
    client.force_login(coordinator(opening))
    address = desk("release-easing", opening.release_id)

    raised = client.post(address, {"most_a_term": 5, "most_open": 2})
    lowered = client.post(address, {"most_a_term": 4, "most_open": 2})

    opening.release.refresh_from_db()
    assert (raised.status_code, lowered.status_code, opening.release.most_a_term) == (302, 422, 5)
    assert "公布过的上限只能放宽，不能收紧" in text(lowered)
