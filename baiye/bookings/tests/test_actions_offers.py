"""Cancelling, promotion, offers taken, left or over, swaps."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.accounts.models import User
from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.bookings.actions import lines, offers
from baiye.bookings.actions.cancellations import cancel
from baiye.bookings.actions.presses import BookingRefused
from baiye.bookings.actions.promotions import promote
from baiye.bookings.actions.swaps import swap
from baiye.bookings.models import Booking, Opening
from baiye.bookings.nights import answer_by
from baiye.bookings.tests.factories import pressed, published, pupil_of
from baiye.core import clock
from baiye.core.models import Event
from baiye.schools.models import school_year
from baiye.schools.tests.factories import ClassTeacherFactory, GuardianshipFactory
from baiye.visits.actions import SENTENCES, cancel_visit
from baiye.visits.models import Visit
from baiye.visits.tests.factories import SeatFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = clock.local(clock.now() + DAY).replace(hour=12, minute=0, second=0, microsecond=0)


def guardian_of(booking: Booking) -> User:
    return GuardianshipFactory(pupil=booking.pupil).user


def full_with_line(n: int, **fields: Any) -> tuple[Opening, Booking, list[Booking]]:
    """An opening of one seat, who holds it, and ``n`` who wait."""
    (opening,) = published(seats=1, visits=[{"starts_at": NOON + 7 * DAY, **fields}])
    held, *waiting = [pressed(opening) for _ in range(n + 1)]
    return opening, held, waiting


def states(*bookings: Booking) -> list[str]:
    for booking in bookings:
        booking.refresh_from_db()
    return [booking.because or booking.state for booking in bookings]


def counts(opening: Opening) -> tuple[int, int, int]:
    """seats = taken + offered + free."""
    visit = Visit.objects.get(pk=opening.visit_id)
    return visit.taken, visit.offered, visit.seats_left


def test_cancel_frees_the_seat_and_has_the_next_in_line_asked():
    opening, held, _waiting = full_with_line(1)
    by = guardian_of(held)

    cancel(booking=held, by=by, at=NOON)

    assert states(held) == ["cancelled"]
    held.seat.refresh_from_db()
    assert (held.seat.given_up_at, held.seat.given_up_by, held.ended_by) == (NOON, by, by)
    assert counts(opening) == (0, 0, 1)
    assert ProcrastinateJob.objects.get(task_name="bookings.promote").args == {"opening_id": opening.pk}
    event = Event.objects.get(kind="booking.cancelled")
    assert event.facts == {"pupil": held.pupil_id, "state": "booked"}


def test_cancel_twice_does_it_once_and_after_the_start_not_at_all():
    opening, held, (waiting,) = full_with_line(1)
    by = guardian_of(held)
    cancel(booking=held, by=by, at=NOON)

    cancel(booking=held, by=by, at=NOON + HOUR)
    with pytest.raises(BookingRefused, match="已经开始"):
        cancel(booking=waiting, by=guardian_of(waiting), at=opening.visit.starts_at)

    assert Event.objects.filter(kind="booking.cancelled").count() == 1


def test_cancel_by_a_stranger_is_denied_and_by_the_class_teacher_is_done():
    _opening, held, (waiting,) = full_with_line(1)
    teacher = ClassTeacherFactory(school_class=waiting.pupil.school_class).user

    with pytest.raises(PermissionDenied):
        cancel(booking=held, by=guardian_of(waiting), at=NOON)
    cancel(booking=waiting, by=teacher, at=NOON)

    assert states(held, waiting) == ["booked", "cancelled"]


def test_promote_offers_the_free_seat_to_the_first_in_line_until_the_hours_of_daytime_are_over():
    opening, held, (first, second) = full_with_line(2)
    cancel(booking=held, by=guardian_of(held), at=NOON)

    made = promote(opening=opening, at=NOON)

    assert (made, states(first, second), counts(opening)) == (1, ["offered", "waiting"], (0, 1, 0))
    assert (first.offered_at, first.offer_until) == (NOON, NOON + DAY + 9 * HOUR)
    assert promote(opening=opening, at=NOON) == 0


def test_promote_skips_who_is_elsewhere_or_has_the_terms_seats_and_they_keep_their_place():
    opening, held, (elsewhere, capped, third) = full_with_line(3)
    SeatFactory(pupil=elsewhere.pupil, visit__starts_at=opening.visit.starts_at + HOUR)
    for n in range(4):
        (more,) = published(beside=opening, most_open=9, visits=[{"starts_at": NOON + timedelta(days=20 + n)}])
        pressed(more, capped.pupil)
    cancel(booking=held, by=guardian_of(held), at=NOON)

    promote(opening=opening, at=NOON)

    assert states(elsewhere, capped, third) == ["waiting", "waiting", "offered"]
    assert [elsewhere.place, capped.place] == [1, 2]


def test_promote_offers_nothing_after_the_hour_until_which_one_may_answer():
    opening, held, (first,) = full_with_line(1)
    late = opening.visit.starts_at - 24 * HOUR
    cancel(booking=held, by=guardian_of(held), at=late)

    assert promote(opening=opening, at=late) == 0
    assert states(first) == ["waiting"]


def test_promote_asks_nobody_where_the_host_may_not_receive():
    opening, held, (first,) = full_with_line(1)
    cancel(booking=held, by=guardian_of(held), at=NOON)
    host = opening.visit.venue.host
    host.accreditations.update(suspended_on=clock.today(), suspended_by=UserFactory())

    while_suspended = promote(opening=opening, at=NOON)
    host.accreditations.update(suspended_on=None, suspended_by=None)

    assert (while_suspended, promote(opening=opening, at=NOON), states(first)) == (0, 1, ["offered"])


def test_promote_keeps_seats_of_the_reserve_for_the_last_grades():
    year = school_year(clock.day_of(NOON + 7 * DAY))
    reserve = {"opening__reserved": 1, "opening__reserved_from_grade": 9, "opening__reserved_until": NOON + DAY}
    (opening,) = published(seats=2, visits=[{"starts_at": NOON + 7 * DAY, **reserve}])
    young = [pressed(opening, pupil_of(opening, school_class__entry_year=year - 1)) for _ in range(2)]
    old = [pressed(opening, pupil_of(opening, school_class__entry_year=year - 3)) for _ in range(2)]
    for booking in (young[0], old[0]):
        cancel(booking=booking, by=guardian_of(booking), at=NOON)
    Visit.objects.filter(pk=opening.visit_id).update(seats=1)

    first = promote(opening=opening, at=NOON)
    offered = states(young[1], old[1])

    assert (first, offered) == (1, ["waiting", "offered"])


def test_accept_takes_the_seat_once():
    opening, held, (first,) = full_with_line(1)
    cancel(booking=held, by=guardian_of(held), at=NOON)
    promote(opening=opening, at=NOON)
    by = guardian_of(first)

    for _ in range(2):
        offers.accept(booking=first, by=by, at=NOON + HOUR)

    assert (states(first), counts(opening)) == (["booked"], (1, 0, 0))
    assert (first.seat.pupil, first.seat.given_by, first.seat.origin) == (first.pupil, by, "booked")
    assert Event.objects.filter(kind="booking.accepted").count() == 1


def test_accept_without_an_offer_or_too_late_is_refused_and_leaves_all_as_it_was():
    opening, held, (first, second) = full_with_line(2)
    cancel(booking=held, by=guardian_of(held), at=NOON)
    promote(opening=opening, at=NOON)
    first.refresh_from_db()

    with pytest.raises(BookingRefused, match="没有名额等您"):
        offers.accept(booking=second, by=guardian_of(second), at=NOON)
    with pytest.raises(BookingRefused, match="时间过了"):
        offers.accept(booking=first, by=guardian_of(first), at=first.offer_until)
    with pytest.raises(PermissionDenied):
        offers.accept(booking=first, by=guardian_of(second), at=NOON)

    assert (states(first, second), counts(opening)) == (["offered", "waiting"], (0, 1, 0))


def test_accept_of_a_pupil_who_is_elsewhere_by_now_is_refused_in_words():
    opening, held, (first,) = full_with_line(1)
    cancel(booking=held, by=guardian_of(held), at=NOON)
    promote(opening=opening, at=NOON)
    SeatFactory(pupil=first.pupil, visit__starts_at=opening.visit.starts_at)

    with pytest.raises(BookingRefused) as refusal:
        offers.accept(booking=first, by=guardian_of(first), at=NOON)

    assert str(refusal.value) == str(SENTENCES["seat_no_pupil_in_two_places_at_once"])
    assert (states(first), counts(opening)) == (["offered"], (0, 1, 0))


def test_decline_gives_the_offer_to_the_next():
    opening, held, (first, second) = full_with_line(2)
    cancel(booking=held, by=guardian_of(held), at=NOON)
    promote(opening=opening, at=NOON)

    offers.decline(booking=first, by=guardian_of(first), at=NOON)
    promote(opening=opening, at=NOON)

    assert (states(first, second), counts(opening)) == (["declined", "offered"], (0, 1, 0))


def test_expire_ends_what_nobody_answered_and_asks_the_next():
    opening, held, (first, second) = full_with_line(2)
    cancel(booking=held, by=guardian_of(held), at=NOON)
    promote(opening=opening, at=NOON)
    first.refresh_from_db()
    until = first.offer_until

    before, after = offers.expire(at=until - timedelta(seconds=1)), offers.expire(at=until)
    lines.offer_what_is_free(at=until)

    assert (before, after, states(first, second)) == (0, 1, ["expired", "offered"])
    assert counts(opening) == (0, 1, 0)


def test_lapse_ends_the_line_when_no_offer_may_go_out_any_more():
    opening, held, (first,) = full_with_line(1)
    late = opening.visit.starts_at - 24 * HOUR

    assert (lines.lapse(at=late - HOUR), lines.lapse(at=late), lines.lapse(at=late)) == (0, 1, 0)
    assert states(held, first) == ["booked", "lapsed"]


def test_a_seat_is_offered_whatever_freed_it():
    opening, _held, (first, second) = full_with_line(2)
    Visit.objects.filter(pk=opening.visit_id).update(seats=3)

    assert lines.offer_what_is_free(at=NOON) == 2
    assert (states(first, second), counts(opening)) == (["offered", "offered"], (1, 2, 0))


def test_a_cancelled_visit_ends_its_bookings_and_holds_no_offer():
    opening, held, (first, second) = full_with_line(2)
    Visit.objects.filter(pk=opening.visit_id).update(seats=2)
    promote(opening=opening, at=NOON)
    unit = opening.release.unit

    cancel_visit(visit=opening.visit, because="台风", by=GrantFactory(role="coordinator", unit=unit).user, at=NOON)

    assert (states(held, first, second), counts(opening)) == (["closed"] * 3, (0, 0, 2))


def test_swap_gives_up_one_only_for_the_other():
    one, two = published(seats=1, visits=[{"starts_at": NOON + 7 * DAY}, {"starts_at": NOON + 7 * DAY + HOUR}])
    held = pressed(one)
    by, request = guardian_of(held), uuid.uuid4()

    got = [swap(drop=held, take=two, request=request, by=by, at=NOON) for _ in range(2)]

    assert got[0] == got[1]
    assert (states(held, got[0]), counts(one), counts(two)) == (["swapped", "booked"], (0, 0, 1), (1, 0, 0))
    assert Event.objects.get(kind="booking.swapped").facts["into"] == got[0].pk


def test_swap_into_a_full_visit_leaves_both_as_they_were():
    one, two = published(seats=1, visits=[{"starts_at": NOON + 7 * DAY}, {"starts_at": NOON + 8 * DAY}])
    held, _other = pressed(one), pressed(two)

    with pytest.raises(BookingRefused, match="没有动"):
        swap(drop=held, take=two, request=uuid.uuid4(), by=guardian_of(held), at=NOON)

    assert (states(held), counts(one), counts(two)) == (["booked"], (1, 0, 0), (1, 0, 0))
    assert not Event.objects.filter(kind="booking.swapped").exists()


def test_swap_by_a_stranger_is_denied():
    one, two = published(seats=1, visits=[{"starts_at": NOON + 7 * DAY}, {"starts_at": NOON + 8 * DAY}])
    held = pressed(one)

    with pytest.raises(PermissionDenied):
        swap(drop=held, take=two, request=uuid.uuid4(), by=UserFactory(kind="guardian"), at=NOON)


@pytest.mark.parametrize(
    ("at", "hours", "until"),
    [
        ("2026-12-01 12:00", 2, "2026-12-01 14:00"),
        ("2026-12-01 12:00", 24, "2026-12-02 21:00"),
        ("2026-12-01 21:00", 2, "2026-12-02 08:00"),
        ("2026-12-01 23:00", 2, "2026-12-02 09:00"),
        ("2026-12-01 03:00", 1, "2026-12-01 08:00"),
        ("2026-12-01 12:00", 10, "2026-12-01 22:00"),
    ],
)
def test_answer_by_counts_no_night(at: str, hours: int, until: str):
    begin, end = (datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI) for text in (at, until))

    assert answer_by(begin, hours, begin + 99 * DAY) == end
    assert answer_by(begin, hours, begin + HOUR / 2) == begin + HOUR / 2
