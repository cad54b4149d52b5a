"""A class teacher's group is booked whole or not at all; published rules change in favour of families."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory
from baiye.bookings import words
from baiye.bookings.actions import easing
from baiye.bookings.actions.groups import book_group
from baiye.bookings.actions.presses import BookingRefused
from baiye.bookings.models import Booking
from baiye.bookings.tests.factories import pressed, published, pupil_of
from baiye.core import clock, jobs
from baiye.core.models import Event
from baiye.schools.tests.factories import ClassTeacherFactory
from baiye.visits.models import Seat, Visit

pytestmark = pytest.mark.django_db
NOW = clock.now()


def school_class(opening, n: int):
    """Pupils of one class, and its teacher."""
    first = pupil_of(opening)
    pupils = [first, *(pupil_of(opening, school_class=first.school_class) for _ in range(n - 1))]
    return pupils, ClassTeacherFactory(school_class=first.school_class).user


def test_book_group_gives_each_a_seat_once():
    (opening,) = published(seats=5)
    pupils, teacher = school_class(opening, 3)
    request = uuid.uuid4()

    first, second = (book_group(opening=opening, pupils=pupils, request=request, by=teacher, at=NOW) for _ in range(2))

    assert first == second
    assert {(one.pupil, one.state, one.group) for one in first} == {(pupil, "booked", request) for pupil in pupils}
    assert Event.objects.get(kind="group.booked").facts == {"bookings": [one.pk for one in first]}


@pytest.mark.parametrize("seats", [2, 0])
def test_book_group_where_seats_do_not_suffice_books_nobody(seats: int):
    (opening,) = published(seats=max(seats, 1))
    if not seats:
        pressed(opening)
    pupils, teacher = school_class(opening, 3)

    with pytest.raises(BookingRefused, match=f"只有 {seats} 个名额，3 位"):
        book_group(opening=opening, pupils=pupils, request=uuid.uuid4(), by=teacher, at=NOW)

    assert not Booking.objects.filter(pupil__in=pupils).exists()


def test_book_group_names_who_cannot_and_books_nobody():
    (opening,) = published(seats=9)
    pupils, teacher = school_class(opening, 3)
    pressed(opening, pupils[0])
    pupils[1].left_on = clock.today()
    pupils[1].save()

    with pytest.raises(BookingRefused) as refusal:
        book_group(opening=opening, pupils=pupils, request=uuid.uuid4(), by=teacher, at=NOW)

    left = words.reason("left")
    assert str(refusal.value) == (
        f"{pupils[0].name}：已经约了或在候补这一场。 {pupils[1].name}：{left} 谁也没有约，去掉他们再试。"
    )
    assert Seat.objects.count() == 1


def test_book_group_of_another_class_is_denied_and_before_a_draw_refused():
    (opening,) = published(mode="draw")
    pupils, teacher = school_class(opening, 2)
    strangers, _other = school_class(opening, 1)

    with pytest.raises(PermissionDenied):
        book_group(opening=opening, pupils=[*pupils, *strangers], request=uuid.uuid4(), by=teacher, at=NOW)
    with pytest.raises(BookingRefused, match="不收团体"):
        book_group(opening=opening, pupils=pupils, request=uuid.uuid4(), by=teacher, at=NOW)
    with pytest.raises(BookingRefused, match="先勾选"):
        book_group(opening=opening, pupils=[], request=uuid.uuid4(), by=teacher, at=NOW)


def eased():
    reserve = {"reserved": 1, "reserved_from_grade": 12, "reserved_until": NOW + timedelta(days=3), "waiting_most": 5}
    (opening,) = published(seats=2, visits=[{f"opening__{name}": value for name, value in reserve.items()}])
    bookings = [pressed(opening) for _ in range(3)]
    return opening, bookings, GrantFactory(role="coordinator", unit=opening.release.unit).user


def test_ease_opening_gives_the_kept_seats_to_the_line():
    opening, bookings, by = eased()

    easing.ease_opening(opening=opening, reserved=0, reserved_until=opening.reserved_until, waiting_most=None, by=by)
    jobs.run_due()

    assert [Booking.objects.get(pk=one.pk).state for one in bookings] == ["booked", "offered", "waiting"]


def test_ease_opening_or_release_to_what_is_tighter_is_refused():
    opening, _bookings, by = eased()
    same = {"reserved": 1, "reserved_until": opening.reserved_until, "waiting_most": 5}

    for tighter in ({"reserved": 2}, {"waiting_most": 4}, {"reserved_until": NOW + timedelta(days=9)}):
        with pytest.raises(BookingRefused, match="只能放宽"):
            easing.ease_opening(opening=opening, **same | tighter, by=by)
    with pytest.raises(BookingRefused, match="只能放宽"):
        easing.ease_release(release=opening.release, most_a_term=1, most_open=9, by=by)
    with pytest.raises(PermissionDenied):
        easing.ease_release(release=opening.release, most_a_term=9, most_open=9, by=opening.release.made_by)


def test_ease_release_lets_pupils_have_more():
    opening, _bookings, by = eased()

    release = easing.ease_release(release=opening.release, most_a_term=9, most_open=9, by=by)

    release.refresh_from_db()
    assert (release.most_a_term, release.most_open) == (9, 9)
    assert Event.objects.get(kind="release.eased").facts == {"most_a_term": 9, "most_open": 9}


def test_change_seats_offers_what_is_new_and_takes_nobodys():
    opening, bookings, by = eased()

    easing.change_seats(opening=opening, seats=3, by=by)
    jobs.run_due()
    with pytest.raises(BookingRefused, match="已经有 2 个名额"):
        easing.change_seats(opening=opening, seats=1, by=by)
    with pytest.raises(PermissionDenied):
        easing.change_seats(opening=opening, seats=9, by=opening.release.made_by)

    assert Visit.objects.get(pk=opening.visit_id).seats == 3
    assert [Booking.objects.get(pk=one.pk).state for one in bookings] == ["booked", "offered", "waiting"]
