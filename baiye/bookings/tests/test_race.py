"""What many at once cannot break; each test commits for real, in a database of its own."""

import random
import uuid
from datetime import timedelta

import pytest

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.bookings.actions import draws, lines, offers, promotions, swaps
from baiye.bookings.actions.cancellations import cancel
from baiye.bookings.actions.presses import Pressing, press, press_many
from baiye.bookings.models import Booking, Opening
from baiye.bookings.tests.factories import ask, pressed, published, pupil_of
from baiye.core import clock, invariants
from baiye.schools.models import Pupil
from baiye.schools.tests.factories import GuardianshipFactory
from baiye.visits.actions import cancel_visit
from baiye.visits.models import Seat, Visit
from baiye.visits.tests.test_race import at_once

pytestmark = pytest.mark.slow
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def family(opening: Opening, pupils: int) -> tuple[list[Pupil], object]:
    """So many children of one class, and a guardian who stands for all of them."""
    first = pupil_of(opening)
    children = [first, *(pupil_of(opening, school_class=first.school_class) for _ in range(pupils - 1))]
    guardian = UserFactory(kind="guardian")
    for child in children:
        GuardianshipFactory(user=guardian, pupil=child)
    return children, guardian


def states(opening: Opening) -> list[str]:
    return sorted(one.state for one in Booking.objects.filter(opening=opening))


def assert_sound() -> None:
    assert [one for one in invariants.findings() if one.rows] == []


def test_twenty_presses_of_the_last_five_seats_get_five_seats_and_fifteen_places(own_database):
    (opening,) = published(seats=5)
    children, guardian = family(opening, 20)

    at_once(
        lambda child=child: press(opening=opening, pupil=child, request=uuid.uuid4(), by=guardian, at=clock.now())
        for child in children
    )

    assert states(opening) == ["booked"] * 5 + ["waiting"] * 15
    places = Booking.objects.filter(place__isnull=False).order_by("place").values_list("place", flat=True)
    assert list(places) == list(range(1, 16))
    assert_sound()


def test_one_press_sent_ten_times_at_once_is_one(own_database):
    (opening,) = published()
    (child,), guardian = family(opening, 1)
    request, answers = uuid.uuid4(), []

    at_once(
        lambda: answers.append(press(opening=opening, pupil=child, request=request, by=guardian, at=clock.now()))
        for _ in range(10)
    )

    assert len({(one.state, one.booking) for one in answers}) == 1
    assert (Booking.objects.count(), Seat.objects.count()) == (1, 1)


def test_one_pupil_pressed_into_eight_overlapping_visits_at_once_gets_one(own_database):
    openings = published(visits=[{}] * 8, most_open=9)
    (child,), guardian = family(openings[0], 1)

    at_once(
        lambda one=one: press(opening=one, pupil=child, request=uuid.uuid4(), by=guardian, at=clock.now())
        for one in openings
    )

    assert Booking.objects.filter(seat__isnull=False).count() == 1


def test_batches_over_the_same_pupils_and_visits_in_any_order_do_not_wait_for_each_other_for_ever(own_database):
    starts = [clock.now() + timedelta(days=7 + n // 2) for n in range(6)]
    openings = published(seats=3, most_open=3, visits=[{"starts_at": start} for start in starts])
    children, guardian = family(openings[0], 12)
    rnd = random.Random(5)
    pairs = [(one.pk, child.pk) for one in openings for child in children]
    batches = [rnd.sample(pairs, 40) for _ in range(6)]

    at_once(
        lambda batch=batch: press_many(
            [Pressing(one, child, uuid.uuid4(), None, guardian.pk) for one, child in batch], at=clock.now()
        )
        for batch in batches
    )

    assert list(Visit.objects.order_by("pk").values_list("taken", flat=True)) == [3] * 6
    assert_sound()


def test_presses_cancellations_promotions_answers_and_swaps_at_once_lose_no_seat(own_database):
    starts = [clock.now() + timedelta(days=7 + n) for n in range(2)]
    here, there = published(seats=3, visits=[{"starts_at": start} for start in starts])
    children, guardian = family(here, 12)
    held = [pressed(here, child) for child in children[:3]]
    waiting = [pressed(here, child) for child in children[3:6]]
    cancel(booking=held[0], by=guardian, at=clock.now())
    promotions.promote(opening=here, at=clock.now())
    now = clock.now()

    jobs = [
        lambda: cancel(booking=held[1], by=guardian, at=now),
        lambda: swaps.swap(drop=held[2], take=there, request=uuid.uuid4(), by=guardian, at=now),
        lambda: offers.accept(booking=waiting[0], by=guardian, at=now),
        lambda: offers.decline(booking=waiting[0], by=guardian, at=now),
        lambda: offers.expire(at=now + 3 * DAY),
        lambda: promotions.promote(opening=here, at=now),
        lambda: lines.offer_what_is_free(at=now),
        *(
            lambda child=child: press(opening=here, pupil=child, request=uuid.uuid4(), by=guardian, at=now)
            for child in children[6:]
        ),
    ]
    at_once(jobs)
    lines.offer_what_is_free(at=now)

    visit = Visit.objects.get(pk=here.visit_id)
    assert (visit.seats, visit.seats_left) == (visit.taken + visit.offered, 0)
    assert_sound()


def test_two_pupils_who_swap_with_each_other_at_once_do_not_wait_for_ever(own_database):
    starts = [clock.now() + timedelta(days=7 + n) for n in range(2)]
    here, there = published(seats=2, visits=[{"starts_at": start} for start in starts])
    (one, two), guardian = family(here, 2)
    mine, theirs = pressed(here, one), pressed(there, two)

    answers = at_once(
        [
            lambda: swaps.swap(drop=mine, take=there, request=uuid.uuid4(), by=guardian, at=clock.now()),
            lambda: swaps.swap(drop=theirs, take=here, request=uuid.uuid4(), by=guardian, at=clock.now()),
        ]
    )

    assert answers == ["", ""]
    assert list(Visit.objects.order_by("pk").values_list("taken", flat=True)) == [1, 1]
    assert_sound()


def test_presses_while_the_draw_is_made_are_in_the_lot_or_behind_it_and_none_is_lost(own_database):
    (opening,) = published(seats=4, mode="draw")
    children, guardian = family(opening, 16)
    for child in children[:6]:
        pressed(opening, child)
    due = clock.now() + 2 * HOUR

    at_once(
        [
            lambda: draws.draw(release=opening.release, at=due),
            lambda: draws.draw(release=opening.release, at=due),
            *(
                lambda child=child: press(opening=opening, pupil=child, request=uuid.uuid4(), by=guardian, at=due)
                for child in children[6:]
            ),
        ]
    )

    assert states(opening) == ["booked"] * 4 + ["waiting"] * 12
    assert_sound()


def test_a_visit_cancelled_during_the_rush_ends_without_seats_offers_and_lines(own_database):
    (opening,) = published(seats=5)
    children, guardian = family(opening, 12)
    staff = GrantFactory(role="coordinator", unit=opening.release.unit).user

    at_once(
        [
            *(
                lambda child=child: press(
                    opening=opening, pupil=child, request=uuid.uuid4(), by=guardian, at=clock.now()
                )
                for child in children
            ),
            lambda: cancel_visit(visit=opening.visit, because="台风", by=staff, at=clock.now()),
        ]
    )

    visit = Visit.objects.get(pk=opening.visit_id)
    assert (visit.taken, visit.offered) == (0, 0)
    assert set(states(opening)) <= {"ended"}
    assert ask(opening, children[0]).reason in {"cancelled", "refused"}
    assert_sound()
