"""What a family does about a booking: cancels it, answers an offer, swaps it."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import F

from baiye.bookings.models import Booking
from baiye.bookings.tests.factories import pressed, published, pupil_of
from baiye.bookings.tests.pages import page, text
from baiye.bookings.tests.people import coordinator, family, teacher_of
from baiye.core import clock
from baiye.visits.models import Visit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def offered(opening, pupil, hours=6):
    """A booking in line of a full visit, to whom one more seat is offered."""
    booking, now = pressed(opening, pupil), clock.now()
    Visit.objects.filter(pk=opening.visit_id).update(seats=F("seats") + 1)
    made = now - timedelta(hours=24)
    Booking.objects.filter(pk=booking.pk).update(offered_at=made, offer_until=now + timedelta(hours=hours))
    return booking


@pytest.fixture
def full():
    """An opening whose one seat is taken."""
    (opening,) = published(seats=1)
    pressed(opening)
    return opening


@pytest.mark.parametrize("name", ["acceptance", "refusal"])
def test_answers_are_the_familys_own(client, full, name):
    pupil, guardian = family(full)
    booking = offered(full, pupil)
    answers = []

    for who in (family(full)[1], teacher_of(pupil), coordinator(full), guardian):
        client.force_login(who)
        answers.append(client.post(page(name, booking.pk)).status_code)

    assert answers == [404, 404, 404, 302]


def test_cancellation_asks_first_and_says_what_follows(client):
    (opening,) = published()
    pupil, guardian = family(opening)
    booking = pressed(opening, pupil)
    client.force_login(guardian)

    asked = client.get(page("cancellation", booking.pk))
    before = Booking.objects.get().state
    done = client.post(page("cancellation", booking.pk), follow=True)

    assert "名额会立刻给候补第 1 位。" in text(asked)
    assert (before, Booking.objects.get().because) == ("booked", "cancelled")
    assert "这个预约取消了。" in text(done)


def test_cancellation_of_what_has_begun_is_refused_in_words(client):
    (opening,) = published()
    pupil, guardian = family(opening)
    booking = pressed(opening, pupil)
    hour = timedelta(hours=1)
    Visit.objects.filter(pk=opening.visit_id).update(starts_at=clock.now() - hour, ends_at=clock.now() + hour)
    client.force_login(guardian)

    response = client.post(page("cancellation", booking.pk), follow=True)

    assert "这一场已经开始，不能再取消" in text(response)
    assert Booking.objects.get().state == "booked"


def test_acceptance_gives_the_seat_and_twice_is_once(client, full):
    pupil, guardian = family(full)
    booking = offered(full, pupil)
    client.force_login(guardian)

    client.post(page("acceptance", booking.pk))
    again = client.post(page("acceptance", booking.pk), follow=True)

    booking.refresh_from_db()
    assert booking.state == "booked"
    assert "签到码" in text(again)


def test_acceptance_too_late_says_that_the_next_was_asked(client, full):
    pupil, guardian = family(full)
    booking = offered(full, pupil, hours=-1)
    client.force_login(guardian)

    response = client.post(page("acceptance", booking.pk), follow=True)

    booking.refresh_from_db()
    assert booking.seat is None
    assert "答复的时间过了" in text(response)


def test_refusal_lets_the_seat_go(client, full):
    pupil, guardian = family(full)
    booking = offered(full, pupil)
    client.force_login(guardian)

    response = client.post(page("refusal", booking.pk), follow=True)

    booking.refresh_from_db()
    assert booking.because == "declined"
    assert "没有要这个名额，它请了下一位。" in text(response)


def test_swap_gives_up_the_old_one_only_when_the_other_is_got(client):
    mine, wanted, full = published(
        visits=[{}, {"starts_at": clock.now() + 9 * DAY}, {"seats": 1, "starts_at": clock.now() + 11 * DAY}]
    )
    pressed(full)
    pupil, guardian = family(mine)
    booking = pressed(mine, pupil)
    client.force_login(guardian)

    refused = client.post(page("swap", full.pk), {"drop": booking.pk, "request": uuid.uuid4()})
    kept = Booking.objects.get(pk=booking.pk).state
    done = client.post(page("swap", wanted.pk), {"drop": booking.pk, "request": uuid.uuid4()})

    got = Booking.objects.get(pupil=pupil, opening=wanted)
    assert (refused.status_code, kept) == (422, "booked")
    assert "原来的那一场没有动" in text(refused)
    assert done.url == page("booking", got.pk)
    assert (got.state, Booking.objects.get(pk=booking.pk).because) == ("booked", "swapped")


def test_swap_sent_twice_is_one_and_leads_to_the_same_booking(client):
    mine, wanted = published(visits=[{}, {"starts_at": clock.now() + 9 * DAY}])
    pupil, guardian = family(mine)
    form = {"drop": pressed(mine, pupil).pk, "request": uuid.uuid4()}
    client.force_login(guardian)

    first, again = client.post(page("swap", wanted.pk), form), client.post(page("swap", wanted.pk), form)

    assert first.url == again.url == page("booking", Booking.objects.get(ended_at=None).pk)


def test_swap_of_somebody_elses_booking_is_no_choice(client):
    mine, wanted = published(visits=[{}, {"starts_at": clock.now() + 9 * DAY}])
    pupil, guardian = family(mine)
    pressed(mine, pupil)
    other = pressed(mine, pupil_of(mine))
    client.force_login(guardian)

    response = client.post(page("swap", wanted.pk), {"drop": other.pk, "request": uuid.uuid4()})

    assert response.status_code == 422
    assert "那一场刚才变了，看看现在的再选" in text(response)
    assert other.state == "booked"


def test_swap_without_anything_to_give_up_leads_back(client):
    (opening,) = published()
    client.force_login(family(opening)[1])

    assert client.get(page("swap", opening.pk)).url == page("opening", opening.pk)


def test_cancellation_for_a_family_by_the_class_teacher_leads_back_to_the_class(client):
    (opening,) = published()
    pupil = pupil_of(opening)
    booking = pressed(opening, pupil)
    client.force_login(teacher_of(pupil))

    asked = client.get(page("cancellation", booking.pk))
    done = client.post(page("cancellation", booking.pk))

    booking.refresh_from_db()
    assert "您在替这一家取消" in text(asked)
    assert done.url == page("class", pupil.school_class_id)
    assert booking.because == "cancelled"


def test_cancellation_by_the_teacher_of_another_class_is_not_there(client):
    (opening,) = published()
    booking = pressed(opening)
    client.force_login(teacher_of(pupil_of(opening)))

    assert client.post(page("cancellation", booking.pk)).status_code == 404
    assert Booking.objects.get().state == "booked"
