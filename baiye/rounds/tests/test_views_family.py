"""The family's pages: home, courses, wishes, notice, consents."""

from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import NoticeFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.rounds.actions import wishes as actions
from baiye.rounds.models import NoticeRead, WishList
from baiye.rounds.queries.wishes import find_wish_list, ranked_courses
from baiye.rounds.tests.factories import district, sittings
from baiye.schools.models import Consent, HealthNote
from baiye.schools.tests.factories import GuardianshipFactory
from baiye.visits.tests.factories import SeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return district()


def address(name, place, *more):
    return reverse(f"rounds:{name}", args=[place.round.pk, place.pupil.pk, *more])


def text(response):
    return " ".join(response.content.decode().split())


def order(place):
    return ranked_courses(find_wish_list(place.round, place.pupil))


def save(place, *courses):
    return actions.save_wishes(round=place.round, pupil=place.pupil, courses=courses, by=place.guardian, at=clock.now())


@pytest.mark.parametrize("name", ["courses", "wishes", "notice"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("guardian", 200), ("pupil_user", 200), ("teacher", 404), ("coordinator", 404), ("officer", 404)],
)
def test_family_page_is_for_the_family_alone(client, place, name, who, status):
    client.force_login(getattr(place, who))

    assert client.get(address(name, place)).status_code == status


def test_family_page_of_another_child_is_not_there(client, place):
    client.force_login(GuardianshipFactory(pupil=place.pupils[1]).user)

    assert client.get(address("wishes", place)).status_code == 404


def test_courses_shows_what_the_class_can_reach_and_how_many_want_it(client, place):
    save(place, place.courses[0])
    client.force_login(place.guardian)

    response = client.get(address("courses", place))

    assert [(course.pk, rank) for course, rank in response.context["rows"]] == [
        (place.courses[0].pk, 1),
        *((course.pk, 0) for course in place.courses[1:]),
    ]
    assert "名额 40，同去的已有 1 人放第一" in text(response)


def test_courses_can_be_searched_and_filtered(client, place):
    client.force_login(place.guardian)
    title = place.visits[0].version.title

    by_words = client.get(address("courses", place), {"q": title})
    by_host = client.get(address("courses", place), {"host": place.hosts[1].pk})
    by_type = client.get(address("courses", place), {"k": "A"})

    assert [course.version.title for course, _rank in by_words.context["rows"]] == [title]
    assert {course.host_id for course, _rank in by_host.context["rows"]} == {place.hosts[1].pk}
    assert by_type.context["rows"] == []
    assert "没有对得上的项目" in text(by_type)


def test_courses_before_the_class_has_its_days_says_so(client):
    place = district(trips=False)
    client.force_login(place.guardian)

    assert "还没有能选的项目" in text(client.get(address("courses", place)))


def test_wish_create_adds_it_and_comes_back_to_the_same_place(client, place):
    client.force_login(place.pupil_user)
    course = place.courses[1]

    response = client.post(address("wish", place, course.pk) + "?k=R")

    assert order(place) == [course.pk]
    assert response["Location"] == f"{address('courses', place)}?k=R#c{course.pk}"


def test_wishes_shows_the_list_the_room_and_the_rules(client, place):
    save(place, place.courses[1], place.courses[0])
    client.force_login(place.guardian)

    response = client.get(address("wishes", place))

    assert [wish.pk for wish in response.context["wishes"]] == [place.courses[1].pk, place.courses[0].pk]
    page = text(response)
    assert "还能加 4 个" in page
    assert "第 1 志愿 100 分、第 2 志愿 80 分" in page
    assert "多填不吃亏" in page
    assert "提交 2 个志愿" in page


@pytest.mark.parametrize(("button", "which", "after"), [("up", 1, [1, 0]), ("down", 0, [1, 0]), ("drop", 0, [1])])
def test_wishes_each_button_is_a_submit(client, place, button, which, after):
    a, b = place.courses[:2]
    save(place, a, b)
    client.force_login(place.guardian)

    response = client.post(address("wishes", place), {button: [a, b][which].pk, "course": [a.pk, b.pk]})

    assert response.status_code == 302
    assert order(place) == [[a.pk, b.pk][n] for n in after]


def test_wishes_submit_saves_the_shown_order_and_submits_it(client, place):
    a, b = place.courses[:2]
    version = save(place, a, b).changed_at.isoformat()
    client.force_login(place.guardian)

    response = client.post(
        address("wishes", place), {"submit": "1", "course": [b.pk, a.pk], "version": version}, follow=True
    )

    assert order(place) == [b.pk, a.pk]
    assert WishList.objects.get().submitted_at is not None
    assert "志愿交上了。" in text(response)


def test_wishes_after_the_deadline_refuses_kindly_and_shows_what_counts(client, place):
    save(place, place.courses[0])
    place.round.phases.filter(kind="wish").update(ends_at=clock.now() - timedelta(minutes=1))
    client.force_login(place.guardian)

    response = client.post(address("wishes", place), {"drop": place.courses[0].pk}, follow=True)

    assert order(place) == [place.courses[0].pk]
    assert "已经保存的志愿照样参加录取。" in text(response)
    assert "志愿已经截止。下面是最后保存的顺序，录取按它来。" in text(response)


def test_wish_order_saves_and_tells_the_new_version(client, place):
    a, b = place.courses[:2]
    version = save(place, a, b).changed_at.isoformat()
    client.force_login(place.guardian)

    response = client.post(address("wish-order", place), {"course": [b.pk, a.pk], "version": version})

    assert response.status_code == 204
    assert response["X-Version"] == WishList.objects.get().changed_at.isoformat() != version
    assert order(place) == [b.pk, a.pk]


def test_wish_order_from_an_older_page_is_a_conflict_that_names_what_was_wanted(client, place):
    a, b, c, _d = place.courses
    old = save(place, a).changed_at.isoformat()
    save(place, b)
    client.force_login(place.pupil_user)

    response = client.post(address("wish-order", place), {"course": [c.pk], "version": old})
    page = text(client.get(address("wishes", place)))

    assert response.status_code == 409
    assert order(place) == [b.pk]
    assert f"你刚才排的是：{place.visits[4].version.title}。" in page


def test_notice_is_read_by_the_guardian(client, place):
    client.force_login(place.guardian)

    response = client.post(address("notice", place), follow=True)

    assert NoticeRead.objects.get().read_by == place.guardian
    assert "已读" in text(response)


def test_notice_cannot_be_read_for_the_guardian_by_the_pupil(client, place):
    client.force_login(place.pupil_user)

    assert client.post(address("notice", place)).status_code == 404
    assert not NoticeRead.objects.exists()
    assert "请家长读完" in text(client.get(address("notice", place)))


@pytest.mark.parametrize(("course", "asked"), [(0, ["food"]), (2, [])])
def test_consents_asks_only_for_the_hazards_of_what_the_child_wished(client, course, asked):
    place = district(hazards=["food"])
    NoticeFactory(kind="consent")
    save(place, place.courses[course])
    client.force_login(place.guardian)

    response = client.get(address("consents", place))

    assert list(response.context["form"].hazards) == asked
    assert ("有没有食物过敏" in text(response)) == bool(asked)


def test_consents_refused_change_no_place(client, place):
    NoticeFactory(kind="consent")
    save(place, place.courses[0])
    seat = SeatFactory(pupil=place.pupil, visit=place.visits[0])
    client.force_login(place.guardian)

    response = client.post(address("consents", place), {"photo": "no", "display": "no", "signature": "示例家长"})

    assert response.status_code == 302
    assert dict(Consent.objects.values_list("purpose", "agreed")) == {"photo": False, "display": False}
    seat.refresh_from_db()
    assert (seat.given_up_at, order(place), HealthNote.objects.count()) == (None, [place.courses[0].pk], 0)


def test_consents_with_the_childs_name_as_signature_keeps_the_answers_on_the_page(client, place):
    NoticeFactory(kind="consent")
    client.force_login(place.guardian)

    response = client.post(address("consents", place), {"photo": "yes", "display": "no", "signature": place.pupil.name})

    assert response.status_code == 422
    assert "请写您自己的姓名，不是孩子的" in text(response)
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("guardian", 200), ("teacher", 200), ("pupil_user", 404), ("officer", 404)]
)
def test_consents_is_for_guardians_and_who_records_paper(client, place, who, status):
    client.force_login(getattr(place, who))

    assert client.get(address("consents", place)).status_code == status


def test_home_of_a_guardian_says_what_is_to_do(client, place):
    client.force_login(place.guardian)

    response = client.get(reverse("rounds:home"))

    home = response.context["home"]
    assert [todo.title for todo in home.todos] == [
        f"排好「{place.round.name}」的志愿",
        "读安全告知书",
        "选一选：照片怎么用，有没有要照顾的",
    ]
    assert home.todos[0].badge == "8 天"
    assert (home.hours, home.hours_needed) == (0, 16)
    assert len(home.courses) == 4


def test_home_of_a_pupil_shows_the_next_visit(client, place):
    seat = SeatFactory(pupil=place.pupil, visit=place.visits[0])
    client.force_login(place.pupil_user)

    response = client.get(reverse("rounds:home"))

    assert response.context["home"].next_seat == seat
    assert place.visits[0].version.title in text(response)


def test_home_of_a_guardian_with_two_children_switches_between_them(client, place):
    GuardianshipFactory(user=place.guardian, pupil=place.pupils[1])
    client.force_login(place.guardian)
    first = client.get(reverse("rounds:home")).context["pupil"]
    other = next(pupil for pupil in place.pupils if pupil != first)

    client.post(reverse("schools:child", args=[other.pk]))

    assert client.get(reverse("rounds:home")).context["pupil"] == other


def test_home_of_a_guardian_without_a_child_says_how_to_bind_one(client):
    client.force_login(GuardianshipFactory(to_on=clock.today() - timedelta(days=1)).user)

    assert "还没有绑定孩子" in text(client.get(reverse("rounds:home")))


def test_family_pages_leave_no_trail_of_ones_own_looks(client, place):
    client.force_login(place.guardian)

    for name in ("courses", "wishes", "notice"):
        client.get(address(name, place))

    assert not Event.objects.filter(kind="pupil.viewed").exists()


@pytest.mark.parametrize("more", [0, 4])
def test_courses_cost_as_many_queries_for_many_as_for_few(client, place, more, django_assert_num_queries):
    sittings(place.round, place.hosts[0], place.days[0], courses=more)
    client.force_login(place.guardian)
    client.get(address("courses", place))

    with django_assert_num_queries(
        12
    ):  # session, user, grants, pupil, round, phases, list; trips, visits, classes, wishes; unread
        client.get(address("courses", place))


@pytest.mark.parametrize("count", [1, 3])
def test_wishes_cost_as_many_queries_for_three_as_for_one(client, place, count, django_assert_num_queries):
    save(place, *place.courses[:count])
    client.force_login(place.guardian)
    client.get(address("wishes", place))

    with django_assert_num_queries(13):  # as courses, and the wishes of the list
        client.get(address("wishes", place))


@pytest.mark.parametrize("count", [1, 3])
def test_home_costs_as_many_queries_for_three_seats_as_for_one(client, place, count, django_assert_num_queries):
    for visit in (place.visits[0], place.visits[1], place.visits[4])[:count]:
        SeatFactory(pupil=place.pupil, visit=visit)
    client.force_login(place.guardian)
    client.get(reverse("rounds:home"))

    with django_assert_num_queries(19):
        client.get(reverse("rounds:home"))
