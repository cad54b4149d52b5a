"""The class teacher's pages: my classes, a class, paper."""

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock
from baiye.core.models import Event, Message
from baiye.rounds.actions import wishes as actions
from baiye.rounds.models import NoticeRead, WishList
from baiye.rounds.queries.wishes import find_wish_list, ranked_courses
from baiye.rounds.tests.factories import NoticeReadFactory, district
from baiye.schools.tests.factories import ClassTeacherFactory, PupilFactory, SchoolClassFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return district()


def class_page(place, **query):
    return reverse("rounds:class", args=[place.round.pk, place.school_class.pk], query=query)


def paper_page(place):
    return reverse("rounds:paper", args=[place.round.pk, place.pupil.pk])


def text(response):
    return " ".join(response.content.decode().split())


def finish(place, pupil):
    actions.record_wishes(round=place.round, pupil=pupil, courses=place.courses[:2], by=place.teacher, at=clock.now())
    NoticeReadFactory(round=place.round, pupil=pupil)


def test_teacher_home_shows_each_class_with_its_round(client, place):
    finish(place, place.pupil)
    client.force_login(place.teacher)

    (card,) = client.get(reverse("rounds:teacher-home")).context["cards"]

    assert (card.school_class, card.round) == (place.school_class, place.round)
    assert (card.figures.pupils, card.figures.submitted, card.figures.read) == (2, 1, 1)


def test_teacher_home_of_a_school_coordinator_shows_the_whole_school(client, place):
    SchoolClassFactory(school=place.school)
    client.force_login(GrantFactory(role="school_coordinator", unit=place.school.unit).user)

    assert len(client.get(reverse("rounds:teacher-home")).context["cards"]) == 2


def test_teacher_home_of_who_has_no_class_is_empty(client, place):
    client.force_login(place.officer)

    assert "还没有班" in text(client.get(reverse("rounds:teacher-home")))


@pytest.mark.parametrize("count", [1, 3])
def test_teacher_home_costs_as_many_queries_for_three_classes_as_for_one(
    client, place, count, django_assert_num_queries
):
    for _ in range(count - 1):
        ClassTeacherFactory(user=place.teacher, school_class=SchoolClassFactory(school=place.school))
    client.force_login(place.teacher)
    client.get(reverse("rounds:teacher-home"))

    with django_assert_num_queries(10):
        client.get(reverse("rounds:teacher-home"))


def test_class_shows_first_who_is_not_done(client, place):
    finish(place, place.pupil)
    client.force_login(place.teacher)

    unfinished = client.get(class_page(place))
    everyone = client.get(class_page(place, show="all"))

    assert [row.pupil for row in unfinished.context["rows"]] == [place.pupils[1]]
    assert {row.pupil for row in everyone.context["rows"]} == set(place.pupils)
    assert "1 人没交志愿，1 人的家长没读安全告知书" in text(unfinished)
    assert "志愿已交 2 个" in text(everyone)


def test_class_reminds_the_chosen_and_says_when(client, place):
    client.force_login(place.teacher)

    response = client.post(class_page(place), {"do": "remind", "pick": [place.pupil.pk]}, follow=True)

    assert set(Message.objects.values_list("to", flat=True)) == {place.guardian.pk, place.pupil_user.pk}
    assert "提醒发给了 2 人。" in text(response)
    assert "提醒过。" in text(response)


def test_class_notes_slips_that_came_back_on_paper(client, place):
    client.force_login(place.teacher)

    client.post(class_page(place), {"do": "notice", "pick": [pupil.pk for pupil in place.pupils]})

    assert NoticeRead.objects.filter(from_paper=True).count() == 2


def test_class_ignores_pupils_of_another_class(client, place):
    stranger = PupilFactory()
    client.force_login(place.teacher)

    response = client.post(class_page(place), {"do": "notice", "pick": [stranger.pk, "x"]}, follow=True)

    assert not NoticeRead.objects.exists()
    assert response.status_code == 200


@pytest.mark.parametrize("who", ["guardian", "pupil_user", "coordinator", "officer"])
def test_class_is_for_who_records_for_it(client, place, who):
    client.force_login(getattr(place, who))

    assert client.get(class_page(place)).status_code == 404
    assert client.post(class_page(place), {"do": "remind", "pick": [place.pupil.pk]}).status_code == 404


def test_class_of_another_teacher_is_not_there(client, place):
    client.force_login(ClassTeacherFactory().user)

    assert client.get(class_page(place)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_class_costs_as_many_queries_for_three_pupils_as_for_one(client, count, django_assert_num_queries):
    place = district(pupils=count)
    client.force_login(place.teacher)
    client.get(class_page(place, show="all"))

    with django_assert_num_queries(12):
        client.get(class_page(place, show="all"))


def test_paper_by_numbers_enters_and_submits_in_order(client, place):
    a, b, c, _d = place.courses
    client.force_login(place.teacher)

    response = client.post(paper_page(place), {"numbers": f"{c.pk}， {a.pk}、{b.pk}"})

    assert response.status_code == 302
    assert ranked_courses(find_wish_list(place.round, place.pupil)) == [c.pk, a.pk, b.pk]
    kept = WishList.objects.get()
    assert (kept.from_paper, kept.changed_by, kept.submitted_at is not None) == (True, place.teacher, True)


def test_paper_takes_full_width_digits(client, place):
    client.force_login(place.teacher)
    wide = str(place.courses[0].pk).translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    client.post(paper_page(place), {"numbers": wide})

    assert ranked_courses(find_wish_list(place.round, place.pupil)) == [place.courses[0].pk]


def test_paper_by_choosing_closes_gaps(client, place):
    a, b, *_rest = place.courses
    client.force_login(place.teacher)

    client.post(paper_page(place), {"numbers": "", "wish1": b.pk, "wish4": a.pk})

    assert ranked_courses(find_wish_list(place.round, place.pupil)) == [b.pk, a.pk]


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ("99999", "编号 99999 不在这个班能选的项目里"),
        ("", "还没有志愿。输入编号，或从下面选。"),
        ("面点", "编号 面点 不在"),
    ],
)
def test_paper_that_cannot_be_right_says_what_and_keeps_what_was_typed(client, place, numbers, sentence):
    client.force_login(place.teacher)

    response = client.post(paper_page(place), {"numbers": numbers})

    assert response.status_code == 422
    assert sentence in text(response)
    assert not WishList.objects.exists()


def test_paper_with_the_same_course_twice_is_refused_and_leaves_nothing_behind(client, place):
    client.force_login(place.teacher)
    a = place.courses[0].pk

    response = client.post(paper_page(place), {"numbers": f"{a} {a}"})

    assert "同一个项目只能填一次。" in text(response)
    assert not WishList.objects.exists()


def test_paper_page_is_a_look_at_the_pupils_file(client, place):
    client.force_login(place.teacher)

    client.get(paper_page(place))

    assert Event.objects.filter(kind="pupil.viewed", object_id=str(place.pupil.pk)).count() == 1


@pytest.mark.parametrize("who", ["guardian", "pupil_user", "coordinator"])
def test_paper_is_for_who_records_for_the_class(client, place, who):
    client.force_login(getattr(place, who))

    assert client.get(paper_page(place)).status_code == 404


def test_paper_sheet_lists_the_numbers_of_the_courses(client, place):
    client.force_login(place.teacher)

    response = client.get(reverse("rounds:paper-sheet", args=[place.round.pk, place.school_class.pk]))

    assert [course.pk for course in response.context["courses"]] == sorted(course.pk for course in place.courses)
    assert f'<td class="r num">{place.courses[0].pk}</td>' in text(response)


def test_trip_sheet_has_the_roll_and_is_not_for_families(client, place):
    trip = place.round.trips.first()
    client.force_login(place.teacher)

    response = client.get(reverse("rounds:trip-sheet", args=[trip.pk]))

    assert list(response.context["pupils"]) == place.pupils
    client.force_login(place.guardian)
    assert client.get(reverse("rounds:trip-sheet", args=[trip.pk])).status_code == 404
