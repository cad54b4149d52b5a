"""The pages of classes, their teachers and their cards."""

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.core.qr import qr
from baiye.schools import queries
from baiye.schools.cards import sign_in_address
from baiye.schools.models import ClassTeacher, PupilCode
from baiye.schools.tests.factories import (
    ClassTeacherFactory,
    GuardianshipFactory,
    PupilCodeFactory,
    PupilFactory,
    SchoolClassFactory,
    SchoolFactory,
    TermFactory,
)
from baiye.schools.tests.pages import page, url
from baiye.schools.tests.people import centre, coordinator_of, guardian_of, teacher_of

pytestmark = pytest.mark.django_db


# ── class-list ──


@pytest.mark.parametrize("count", [1, 3])
def test_class_list_costs_as_many_queries_for_three_classes_as_for_one(client, django_assert_num_queries, count):
    school = SchoolFactory()
    for number in range(count):
        each = SchoolClassFactory(school=school, number=number + 1)
        code = PupilCodeFactory(pupil__school_class=each)
        GuardianshipFactory(pupil=code.pupil)
        PupilFactory(school_class=each)
        ClassTeacherFactory(school_class=each)
    client.force_login(coordinator_of(school))

    with django_assert_num_queries(7):  # session, user, grants, class teacher?, count, classes, teachers
        response = client.get(url("class-list"))

    assert [(each.size, each.coded, each.guarded) for each in response.context["page"]] == [(2, 1, 1)] * count


def test_class_list_shows_a_teacher_their_own_class_alone(client, pupil):
    PupilFactory(school_class=SchoolClassFactory(school=pupil.school_class.school))

    response = page(client, teacher_of(pupil.school_class), url("class-list"))

    assert list(response.context["page"]) == [pupil.school_class]


def test_class_list_without_a_class_leads_to_the_roster(client, pupil):
    response = page(client, coordinator_of(SchoolClassFactory().school), url("class-list"))

    assert url("roster-list") in response.content.decode()


def test_class_list_is_not_there_for_families(client, pupil):
    assert page(client, guardian_of(pupil), url("class-list")).status_code == 404


# ── class ──


@pytest.mark.parametrize("count", [1, 3])
def test_class_costs_as_many_queries_for_three_pupils_as_for_one(client, django_assert_num_queries, count):
    school_class = SchoolClassFactory()
    for _n in range(count):
        GuardianshipFactory(pupil=PupilCodeFactory(pupil__school_class=school_class).pupil)
    client.force_login(teacher_of(school_class))

    with django_assert_num_queries(9):  # session, user, grants, class, pupils, teachers, two rights, class teacher?
        response = client.get(url("class", school_class.pk))

    assert [(each.has_code, each.has_guardian) for each in response.context["pupils"]] == [(True, True)] * count


def test_class_of_another_school_is_not_there(client, pupil):
    assert (
        page(client, coordinator_of(SchoolClassFactory().school), url("class", pupil.school_class_id)).status_code
        == 404
    )


def test_class_teachers_appoints_and_class_teacher_end_ends(client, pupil):
    user = UserFactory(username="wang", name="王老师")
    client.force_login(coordinator_of(pupil.school_class.school))

    client.post(url("class-teachers", pupil.school_class_id), {"username": " wang "})
    assert "王老师" in client.get(url("class", pupil.school_class_id)).content.decode()
    client.post(url("class-teacher-end", ClassTeacher.objects.get(user=user).pk))

    assert queries.teachers_of(pupil.school_class, clock.today()) == []


def test_class_teachers_with_an_unknown_name_says_so(client, pupil):
    client.force_login(coordinator_of(pupil.school_class.school))

    response = client.post(url("class-teachers", pupil.school_class_id), {"username": "nobody"}, follow=True)

    assert "没有这个用户名" in response.content.decode()
    assert not ClassTeacher.objects.exists()


def test_class_teacher_end_by_the_teacher_is_not_there(client, pupil):
    teacher = ClassTeacherFactory(school_class=pupil.school_class)
    client.force_login(teacher.user)

    assert client.post(url("class-teacher-end", teacher.pk)).status_code == 404
    assert ClassTeacher.objects.get().ended_at is None


# ── class-cards ──


def test_class_cards_asks_first_and_shows_the_codes_once(client, pupil):
    TermFactory()
    client.force_login(teacher_of(pupil.school_class))
    asked = client.get(url("class-cards", pupil.school_class_id))
    assert not PupilCode.objects.exists()

    response = client.post(url("class-cards", pupil.school_class_id), {"seen": asked.context["seen"]})

    (card,) = response.context["cards"]
    text = response.content.decode()
    assert card.pupil == pupil
    assert card.code in text
    assert card.qr == qr(f"{sign_in_address()}#{card.code.replace(' ', '')}")
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert card.code not in client.get(url("class-cards", pupil.school_class_id)).content.decode()


def test_class_cards_sent_twice_keeps_the_printed_ones(client, pupil):
    TermFactory()
    client.force_login(teacher_of(pupil.school_class))
    client.post(url("class-cards", pupil.school_class_id), {"seen": ""})
    printed = PupilCode.objects.get()

    response = client.post(url("class-cards", pupil.school_class_id), {"seen": ""}, follow=True)

    assert "刚刚已经发过一次新码" in response.content.decode()
    assert PupilCode.objects.get() == printed


def test_class_cards_without_a_term_says_so(client, pupil):
    client.force_login(teacher_of(pupil.school_class))

    response = client.post(url("class-cards", pupil.school_class_id), {"seen": ""}, follow=True)

    assert "还没有设置这个学期的起止日期" in response.content.decode()


def test_class_cards_of_another_class_are_not_there(client, pupil):
    for other in (teacher_of(SchoolClassFactory()), centre(), guardian_of(pupil)):
        client.force_login(other)

        assert client.get(url("class-cards", pupil.school_class_id)).status_code == 404
        assert client.post(url("class-cards", pupil.school_class_id)).status_code == 404

    assert not PupilCode.objects.exists()
