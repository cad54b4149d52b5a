"""Each page of the room: who sees it, who does not, what it says, what it costs."""

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.core.qr import qr
from baiye.schools import queries
from baiye.schools.cards import sign_in_address
from baiye.schools.models import (
    ClassTeacher,
    GuardianContact,
    GuardianRequest,
    Pupil,
    PupilCode,
)
from baiye.schools.tests.factories import (
    ClassTeacherFactory,
    GuardianContactFactory,
    GuardianRequestFactory,
    GuardianshipFactory,
    PupilCodeFactory,
    PupilFactory,
    SchoolClassFactory,
    SchoolFactory,
    TermFactory,
    roll_number,
)
from baiye.schools.tests.people import centre, coordinator_of, events, guardian_of, page, teacher_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def pupil():
    return PupilFactory(name="林小满", roll=roll_number(77))


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


# ── class-cards, pupil-card ──


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


def test_pupil_card_asks_first_and_shows_one_code(client, pupil):
    TermFactory()
    client.force_login(teacher_of(pupil.school_class))
    assert client.get(url("pupil-card", pupil.pk)).status_code == 200
    assert not PupilCode.objects.exists()

    response = client.post(url("pupil-card", pupil.pk))

    assert [card.pupil for card in response.context["cards"]] == [pupil]


# ── pupil ──


def test_pupil_shows_masked_numbers_and_writes_the_look_down(client, pupil):
    GuardianContactFactory(pupil=pupil, number="15400000001")
    GuardianshipFactory(pupil=pupil)
    by = teacher_of(pupil.school_class)

    response = page(client, by, url("pupil", pupil.pk))

    text = response.content.decode()
    assert "G990000********" in text
    assert pupil.roll_number not in text
    assert "154****0001" in text
    assert "15400000001" not in text
    look = Event.objects.get(kind="pupil.viewed")
    assert (look.actor_id, look.object_id, look.facts, look.unit_path) == (
        by.pk,
        str(pupil.pk),
        {"page": "file"},
        pupil.school_class.school.unit.path,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_pupil_costs_as_many_queries_for_three_guardians_as_for_one(client, pupil, django_assert_num_queries, count):
    for _n in range(count):
        GuardianshipFactory(pupil=pupil)
        GuardianContactFactory(pupil=pupil)
        GuardianRequestFactory(pupil=pupil)
    client.force_login(teacher_of(pupil.school_class))

    with django_assert_num_queries(14):
        response = client.get(url("pupil", pupil.pk))

    assert len(response.context["guardianships"]) == count


def test_pupil_out_of_scope_is_not_there_and_no_look_is_written(client, pupil):
    others = [
        guardian_of(PupilFactory()),
        teacher_of(SchoolClassFactory()),
        coordinator_of(SchoolClassFactory().school),
    ]

    for other in others:
        assert page(client, other, url("pupil", pupil.pk)).status_code == 404

    assert "pupil.viewed" not in events()


def test_pupil_departure_asks_first_and_then_marks(client, pupil):
    client.force_login(coordinator_of(pupil.school_class.school))
    assert client.get(url("pupil-departure", pupil.pk)).status_code == 200
    assert Pupil.objects.get().left_on is None

    response = client.post(url("pupil-departure", pupil.pk), follow=True)

    assert Pupil.objects.get().left_on == clock.today()
    assert "已标记转出" in response.content.decode()


def test_pupil_departure_is_not_there_for_the_class_teacher(client, pupil):
    assert page(client, teacher_of(pupil.school_class), url("pupil-departure", pupil.pk)).status_code == 404


# ── child, guardians ──


def test_child_is_chosen_for_the_session_among_ones_own(client, pupil):
    user = guardian_of(pupil)
    other = GuardianshipFactory(user=user, pupil__born_on=clock.today().replace(year=2010, day=1)).pupil
    client.force_login(user)

    response = client.post(url("child", pupil.pk))
    assert queries.current_child(response.wsgi_request) == pupil
    response = client.post(url("child", other.pk))
    assert queries.current_child(response.wsgi_request) == other
    assert client.post(url("child", PupilFactory().pk)).status_code == 404


def test_current_child_whose_guardianship_ended_is_another(client, pupil):
    user = guardian_of(pupil)
    kept = GuardianshipFactory(user=user).pupil
    client.force_login(user)
    response = client.post(url("child", pupil.pk))
    pupil.guardianships.update(ended_at=clock.now(), ended_by=user)

    assert queries.current_child(response.wsgi_request) == kept


def test_guardians_adds_answers_removes_and_ends(client, pupil):
    user = guardian_of(pupil)
    asked = GuardianRequestFactory(pupil=pupil)
    client.force_login(user)

    client.post(url("guardians", pupil.pk), {"name": "王芳", "phone": "15400000002"})
    assert GuardianContact.objects.get().added_by == user
    client.post(url("guardian-contact-removal", GuardianContact.objects.get().pk))
    assert not GuardianContact.objects.exists()
    client.post(url("guardian-request-answer", asked.pk), {"agreed": "yes"})
    assert len(queries.guardians_of([pupil.pk])[pupil.pk]) == 2
    own = pupil.guardianships.get(user=user)
    assert client.get(url("guardianship-end", own.pk)).status_code == 200
    client.post(url("guardianship-end", own.pk))
    assert queries.guardians_of([pupil.pk]) == {pupil.pk: [asked.user]}


def test_guardians_with_a_wrong_phone_says_so_beside_the_field(client, pupil):
    client.force_login(guardian_of(pupil))

    response = client.post(url("guardians", pupil.pk), {"name": "王芳", "phone": "154"})

    assert response.status_code == 422
    assert response.context["form"].errors["phone"] == ["手机号少了 8 位，请补全"]


@pytest.mark.parametrize("count", [1, 3])
def test_guardians_costs_as_many_queries_for_three_as_for_one(client, pupil, django_assert_num_queries, count):
    user = guardian_of(pupil)
    for _n in range(count):
        GuardianshipFactory(pupil=pupil)
        GuardianContactFactory(pupil=pupil)
        GuardianRequestFactory(pupil=pupil)
    client.force_login(user)

    with django_assert_num_queries(9):
        client.get(url("guardians", pupil.pk))


def test_what_belongs_to_another_family_is_not_there(client, pupil):
    guardianship, asked = GuardianshipFactory(pupil=pupil), GuardianRequestFactory(pupil=pupil)
    contact = GuardianContactFactory(pupil=pupil, added_by=guardianship.user)
    client.force_login(guardian_of(PupilFactory()))

    for address in (
        url("guardianship-end", guardianship.pk),
        url("guardian-request-answer", asked.pk),
        url("guardian-contact-removal", contact.pk),
        url("guardians", pupil.pk),
    ):
        assert client.post(address, {"agreed": "yes"}).status_code == 404

    assert GuardianRequest.objects.get().answered_at is None
    assert GuardianContact.objects.count() == 1


def test_guardianship_end_of_another_guardian_of_the_same_child_is_not_there(client, pupil):
    first = GuardianshipFactory(pupil=pupil)

    assert page(client, guardian_of(pupil), url("guardianship-end", first.pk)).status_code == 404
