"""The plain way in: one press of the button."""

import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from baiye.accounts.tests.factories import UserFactory
from baiye.bookings.models import Booking
from baiye.bookings.pressing import ADDRESS, MOST_BYTES, PRESSES
from baiye.bookings.tests.factories import pressed, published, pupil_of
from baiye.schools.tests.factories import GuardianshipFactory

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def opening():
    return published(seats=1)[0]


@pytest.fixture
def guardianship(opening, client):
    made = GuardianshipFactory(pupil=pupil_of(opening))
    client.force_login(made.user)
    return made


def form(where, whose, **other):
    return {"opening": where.pk, "pupil": whose.pk, "request": uuid.uuid4()} | other


def test_the_address_is_the_one_the_rush_answers_at():
    assert reverse("bookings:press") == ADDRESS


def test_press_books_a_seat_and_leads_to_the_booking(client, opening, guardianship):
    response = client.post(ADDRESS, form(opening, guardianship.pupil))

    booking = Booking.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/bookings/{booking.pk}/")
    assert (booking.state, booking.pupil, booking.by) == ("booked", guardianship.pupil, guardianship.user)


def test_press_by_the_pupil_is_the_pupils(client, opening):
    pupil = pupil_of(opening, user=UserFactory(kind="pupil"))
    client.force_login(pupil.user)

    client.post(ADDRESS, form(opening, pupil))

    assert Booking.objects.get().by == pupil.user


def test_press_where_nothing_is_free_leads_to_the_place_in_line(client, opening, guardianship):
    pressed(opening)
    request = uuid.uuid4()

    answer = client.post(ADDRESS, form(opening, guardianship.pupil, request=request), headers=JSON).json()

    booking = Booking.objects.latest("pk")
    assert answer == {
        "state": "waiting",
        "reason": "",
        "sentence": "",
        "url": f"/bookings/{booking.pk}/",
        "request": str(request),
        "booking": booking.pk,
        "place": 1,
    }


def test_press_again_with_the_same_request_gets_the_first_answer(client, opening, guardianship):
    same = form(opening, guardianship.pupil)

    first, second = (client.post(ADDRESS, same) for _ in range(2))

    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Booking.objects.count() == 1


def test_press_that_is_refused_leads_back_with_the_sentence(client, opening, guardianship):
    used = pressed(opening, pupil_of(opening))

    response = client.post(ADDRESS, form(opening, guardianship.pupil, request=used.request))

    assert (response.status_code, response["Location"]) == (302, f"/bookings/openings/{opening.pk}/")
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == ["这个请求号已经用在别的预约上。请刷新页面再试。"]


def test_press_for_an_opening_that_is_not_there_leads_to_the_list(client, opening, guardianship):
    response = client.post(ADDRESS, form(opening, guardianship.pupil, opening=10**9))

    assert (response.status_code, response["Location"]) == (302, reverse("bookings:opening-list"))


def test_press_for_somebody_elses_child_is_not_found(client, opening, guardianship):
    response = client.post(ADDRESS, form(opening, pupil_of(opening)))

    assert (response.status_code, Booking.objects.count()) == (404, 0)


def test_press_after_a_guardianship_ended_is_not_found(client, opening, guardianship):
    guardianship.to_on = guardianship.from_on
    guardianship.save()

    assert client.post(ADDRESS, form(opening, guardianship.pupil)).status_code == 404


def test_press_by_staff_is_not_found(client, opening):
    client.force_login(UserFactory())

    assert client.post(ADDRESS, form(opening, pupil_of(opening))).status_code == 404


def test_press_by_nobody_leads_to_signing_in(client, opening):
    response = client.post(ADDRESS, form(opening, pupil_of(opening)))

    assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next={ADDRESS}")


@pytest.mark.parametrize("wrong", [{"request": "x"}, {"opening": ""}, {"pupil": "-1"}, {"rank": "first"}])
def test_press_that_is_no_press_is_a_bad_request(client, opening, guardianship, wrong):
    response = client.post(ADDRESS, form(opening, guardianship.pupil, **wrong))

    assert (response.status_code, Booking.objects.count()) == (400, 0)


def test_press_that_is_too_long_is_refused(client, opening, guardianship):
    response = client.post(ADDRESS, form(opening, guardianship.pupil, more="x" * MOST_BYTES))

    assert (response.status_code, Booking.objects.count()) == (413, 0)


def test_press_one_too_many_in_a_minute_says_when_to_come_again(client, opening, guardianship):
    same = form(opening, guardianship.pupil)
    for _ in range(PRESSES):
        assert client.post(ADDRESS, same, headers=JSON).status_code == 200

    response = client.post(ADDRESS, same, headers=JSON)

    assert (response.status_code, response["Retry-After"], response.json()["reason"]) == (429, "60", "too_often")


def test_press_is_not_asked_by_get(client, opening, guardianship):
    assert client.get(ADDRESS).status_code == 405


def test_press_asks_as_often_for_the_first_booking_as_for_a_later(
    client, guardianship, opening, django_assert_num_queries
):
    pressed(opening)

    for _ in range(2):
        with django_assert_num_queries(5):
            client.post(ADDRESS, form(opening, guardianship.pupil))
