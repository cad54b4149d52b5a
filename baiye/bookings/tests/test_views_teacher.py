"""The class teacher's pages: classes, what a class has booked, a group in one go."""

from datetime import timedelta

import pytest

from baiye.bookings.models import Booking
from baiye.bookings.tests.factories import pressed, published, pupil_of
from baiye.bookings.tests.pages import page, text
from baiye.bookings.tests.people import coordinator, family, teacher_of
from baiye.core import clock
from baiye.schools.models import Pupil
from baiye.schools.tests.factories import ClassTeacherFactory, PupilFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def opening():
    return published(seats=5)[0]


def test_class_pages_are_for_its_teacher(client, opening):
    pupil, guardian = family(opening)
    one = pupil.school_class
    stranger = teacher_of(pupil_of(opening))
    answers = []

    for who in (teacher_of(pupil), stranger, guardian, coordinator(opening)):
        client.force_login(who)
        answers.append(
            [client.get(page(*address)).status_code for address in (("class", one.pk), ("group", one.pk, opening.pk))]
        )

    assert answers == [[200, 200], [404, 404], [404, 404], [404, 404]]


def test_class_list_is_not_for_families(client, opening):
    client.force_login(family(opening)[1])

    assert client.get(page("class-list")).status_code == 404


def test_class_list_leads_to_the_one_class_and_lists_several(client, opening):
    pupil = pupil_of(opening)
    teacher = teacher_of(pupil)
    client.force_login(teacher)

    one = client.get(page("class-list"))
    second = ClassTeacherFactory(user=teacher, school_class=pupil_of(opening).school_class).school_class
    several = client.get(page("class-list"))

    assert one.url == page("class", pupil.school_class_id)
    assert {each.pk for each in several.context["classes"]} == {pupil.school_class_id, second.pk}


def test_class_shows_who_left_with_a_seat_so_that_it_can_be_given_back(client, opening):
    booking = pressed(opening)
    pupil, teacher = booking.pupil, teacher_of(booking.pupil)
    Pupil.objects.filter(pk=pupil.pk).update(left_on=clock.today())
    client.force_login(teacher)

    shown = client.get(page("class", pupil.school_class_id))
    client.post(page("cancellation", booking.pk))

    booking.refresh_from_db()
    assert "已转出" in text(shown)
    assert (booking.because, booking.ended_by) == ("cancelled", teacher)


def test_class_shows_who_is_booked_and_what_is_open_but_nothing_ranked(client, opening):
    pupil = pupil_of(opening, name="林小满")
    published(beside=opening, mode="ranked", visits=[{"starts_at": clock.now() + timedelta(days=40)}])
    pressed(opening, pupil)
    client.force_login(teacher_of(pupil))

    response = client.get(page("class", pupil.school_class_id))

    assert [party.opening for party in response.context["parties"]] == [opening]
    assert [line.opening for group in response.context["groups"] for line in group.lines] == [opening]
    assert "林小满" in text(response)


@pytest.mark.parametrize("count", [1, 3])
def test_class_costs_as_many_queries_for_three_pupils_as_for_one(client, django_assert_num_queries, opening, count):
    pupil = pupil_of(opening)
    for one in (pupil, *PupilFactory.create_batch(count - 1, school_class=pupil.school_class)):
        pressed(opening, one)
    client.force_login(teacher_of(pupil))

    with django_assert_num_queries(9):
        response = client.get(page("class", pupil.school_class_id))

    assert [len(party.members) for party in response.context["parties"]] == [count]


def test_group_tells_who_cannot_and_why(client, opening):
    pupil = pupil_of(opening)
    other = PupilFactory(school_class=pupil.school_class)
    pressed(opening, pupil)
    client.force_login(teacher_of(pupil))

    response = client.get(page("group", pupil.school_class_id, opening.pk))

    assert [each.pupil for each in response.context["can"]] == [other]
    assert [each.why for each in response.context["cannot"]] == ["已经约了或在候补这一场。"]
    assert Booking.objects.count() == 1


def test_group_without_a_tick_says_so(client, opening):
    pupil = pupil_of(opening)
    client.force_login(teacher_of(pupil))
    address = page("group", pupil.school_class_id, opening.pk)

    response = client.post(address, {"request": "0b8a4b2e-3b4f-4a52-9d0c-6a4a3d5f3f10"})

    assert response.status_code == 422
    assert "先勾选要去的同学" in text(response)


def test_group_books_all_that_are_ticked_and_sent_twice_it_is_one(client, opening):
    pupil = pupil_of(opening)
    others = PupilFactory.create_batch(2, school_class=pupil.school_class)
    client.force_login(teacher_of(pupil))
    address = page("group", pupil.school_class_id, opening.pk)
    key = client.get(address).context["form"]["request"].value()

    first = client.post(address, {"pick": [pupil.pk, others[0].pk], "request": key})
    again = client.post(address, {"pick": [pupil.pk, others[0].pk], "request": key})

    assert first.url == again.url == page("class", pupil.school_class_id)
    assert {one.pupil for one in Booking.objects.all()} == {pupil, others[0]}


def test_group_of_more_than_there_are_seats_books_nobody_and_keeps_the_ticks(client):
    (opening,) = published(seats=1)
    pupil = pupil_of(opening)
    other = PupilFactory(school_class=pupil.school_class)
    client.force_login(teacher_of(pupil))
    address = page("group", pupil.school_class_id, opening.pk)
    key = client.get(address).context["form"]["request"].value()

    response = client.post(address, {"pick": [pupil.pk, other.pk], "request": key})

    assert response.status_code == 422
    assert "现在只有 1 个名额，2 位同学不能一起去" in text(response)
    assert response.context["ticked"] == {pupil.pk, other.pk}
    assert Booking.objects.count() == 0
