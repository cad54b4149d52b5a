"""Each promise of the database about releases and bookings, broken once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from baiye.accounts.tests.factories import UserFactory
from baiye.bookings.actions import draws
from baiye.bookings.actions.promotions import promote
from baiye.bookings.models import Booking, Opening, Release, ReleaseFiles
from baiye.bookings.tests.factories import OpeningFactory, pressed, published, pupil_of
from baiye.core import clock, invariants
from baiye.visits.models import Seat, Visit
from baiye.visits.tests.factories import SeatFactory, VisitFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def refused(name: str, act) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    assert error.value.__cause__.diag.constraint_name == name


def waiting_and_offered() -> tuple[Opening, Booking, Booking]:
    """An opening of one seat that is offered to the first in line, and who waits behind."""
    (opening,) = published(seats=1)
    held, first, second = (pressed(opening) for _ in range(3))
    Seat.objects.filter(pk=held.seat_id).update(given_up_at=clock.now(), given_up_by=held.by)
    promote(opening=opening, at=clock.now())
    first.refresh_from_db()
    return opening, first, second


def change(row, **fields):
    return lambda: type(row).objects.filter(pk=row.pk).update(**fields)


def test_a_seat_that_is_offered_is_taken_by_no_path():
    opening, first, _second = waiting_and_offered()

    refused("visit_never_oversold", lambda: SeatFactory(visit=opening.visit, pupil=pupil_of(opening)))
    refused("visit_never_oversold", change(opening.visit, seats=0))
    assert (first.state, Visit.objects.get(pk=opening.visit_id).seats_left) == ("offered", 0)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("booking_is_in_one_state", {"offer_until": None, "offered_at": None, "place": None}),
        ("booking_is_in_one_state", {"offered_at": None}),
        ("booking_ended_because_of_something", {"because": "cancelled"}),
        ("booking_ended_because_of_something", {"ended_at": clock.now()}),
        ("booking_ended_because_of_something", {"ended_at": clock.now(), "because": "so"}),
        ("booking_ranked_from_one_to_five", {"rank": 6}),
        ("booking_keeps_its_place_and_its_seat", {"place": 9}),
        ("booking_keeps_its_place_and_its_seat", {"pressed_at": clock.now()}),
    ],
)
def test_a_booking_that_is_offered_is_in_one_state(name, fields):
    _opening, first, _second = waiting_and_offered()
    expected = "booking_keeps_its_place_and_its_seat" if "place" in fields else name

    refused(expected, change(first, **fields))


def test_a_booking_lives_once_a_pupil_and_opening_and_a_place_is_given_once():
    opening, first, second = waiting_and_offered()
    again = {"opening": opening, "by": first.by, "pressed_at": clock.now()}

    refused(
        "booking_one_live_a_pupil_and_opening",
        lambda: Booking.objects.create(**again, pupil=second.pupil, request=opening.release.request, place=9),
    )
    refused(
        "booking_place_in_line_once",
        lambda: Booking.objects.create(**again, pupil=pupil_of(opening), request=opening.release.request, place=2),
    )


def test_a_booking_begins_without_an_offer():
    opening, first, _second = waiting_and_offered()
    fields = {"opening": opening, "by": first.by, "pressed_at": clock.now(), "request": opening.release.request}
    fields |= {"pupil": pupil_of(opening), "place": 9, "offered_at": clock.now()}

    refused("booking_begins_without_an_offer", lambda: Booking.objects.create(**fields, offer_until=clock.now() + HOUR))


def test_a_booking_that_ended_never_changes_and_no_row_is_deleted():
    _opening, first, second = waiting_and_offered()
    change(second, ended_at=clock.now(), because="cancelled")()

    refused("booking_that_ended_never_changes", change(second, because="lost"))
    refused("booking_keeps_its_row", lambda: Booking.objects.filter(pk=first.pk).delete())


def test_a_booking_comes_to_a_seat_of_its_own():
    opening, first, second = waiting_and_offered()
    seat = SeatFactory(visit=VisitFactory(), pupil=first.pupil)

    refused("booking_comes_to_a_seat_of_its_own", change(second, seat=seat))
    refused(
        "booking_comes_to_a_seat_of_its_own",
        lambda: Booking.objects.create(
            opening=opening,
            pupil=pupil_of(opening),
            request=seat.request,
            by=first.by,
            pressed_at=clock.now(),
            seat=seat,
        ),
    )


def test_a_booking_ends_with_its_seat_whatever_path_gives_it_up():
    (opening,) = published()
    booking, by, at = pressed(opening), UserFactory(), clock.now()

    Seat.objects.filter(pk=booking.seat_id).update(given_up_at=at, given_up_by=by, given_up_because="病了")

    booking.refresh_from_db()
    assert (booking.ended_at, booking.ended_by, booking.because) == (at, by, "closed")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("release_closes_after_it_opens", {"closes_at": clock.now() - 30 * DAY}),
        ("release_by_draw_says_until_when", {"mode": "draw"}),
        ("release_by_draw_says_until_when", {"draw_until": clock.now()}),
        ("release_of_a_known_mode", {"mode": "luck"}),
        ("release_caps_from_one", {"most_open": 0}),
        ("release_published_by_whom_and_when", {"published_at": clock.now()}),
        ("release_is_frozen_before_the_seed_is_drawn", {"seed": "5"}),
        ("release_is_frozen_before_the_seed_is_drawn", {"drawn_at": clock.now()}),
    ],
)
def test_a_release_says_what_it_must(name, fields):
    opening = OpeningFactory()

    refused(name, change(opening.release, **fields))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("opening_reserves_for_whom_and_until_when", {"reserved": 1, "reserved_from_grade": 9}),
        ("opening_reserves_for_whom_and_until_when", {"reserved": 1, "reserved_until": clock.now()}),
        ("opening_offers_for_some_hours", {"offer_hours": 0}),
        ("opening_cancels_within_two_weeks", {"cancel_until": 400}),
    ],
)
def test_an_opening_says_what_it_must(name, fields):
    refused(name, change(OpeningFactory(), **fields))


@pytest.mark.parametrize(
    "fields", [{"mode": "ranked"}, {"opens_at": clock.now()}, {"most_a_term": 1}, {"most_open": 1}, {"title": "别的"}]
)
def test_a_published_release_keeps_its_rules(fields):
    (opening,) = published()

    refused("release_keeps_its_published_rules", change(opening.release, **fields))


def test_a_published_release_may_only_get_kinder():
    reserve = {"reserved": 2, "reserved_from_grade": 9, "reserved_until": clock.now() + 2 * DAY, "waiting_most": 5}
    (opening,) = published(visits=[{f"opening__{name}": value for name, value in reserve.items()}])

    change(opening.release, most_a_term=5, most_open=3)()
    change(opening, reserved=1, reserved_until=clock.now() + DAY, waiting_most=6)()
    for fields in ({"reserved": 2}, {"reserved_until": clock.now() + 3 * DAY}, {"waiting_most": 5}, {"offer_hours": 9}):
        refused("opening_keeps_its_published_rules", change(opening, **fields))
    change(opening, waiting_most=None)()
    refused("opening_keeps_its_published_rules", change(opening, waiting_most=99))
    refused("opening_keeps_its_published_rules", opening.delete)
    refused("opening_keeps_its_published_rules", lambda: OpeningFactory(release=opening.release))
    refused(
        "release_keeps_its_published_rules",
        lambda: Release.objects.filter(pk=opening.release_id)._raw_delete("default"),
    )


def test_a_draft_may_change_and_go():
    opening = OpeningFactory()

    change(opening, offer_hours=9)()
    opening.delete()
    change(opening.release, title="别的")()
    opening.release.delete()

    assert not Release.objects.exists()


def test_a_draw_is_made_once():
    (opening,) = published(mode="draw")
    pressed(opening)
    draws.draw(release=opening.release, at=clock.now() + 2 * HOUR)

    for fields in ({"seed": "0" * 32}, {"frozen_sha256": "0" * 64}, {"drawn_at": clock.now()}):
        refused("release_is_drawn_once", change(opening.release, **fields))
    files = ReleaseFiles.objects.get()
    for fields in ({"frozen": b"x"}, {"result": b"x"}, {"figures": {}}):
        refused("release_files_never_change", change(files, **fields))
    refused("release_files_never_change", files.delete)


def test_invariants_find_what_no_constraint_sees():
    opening, first, _second = waiting_and_offered()
    (other,) = published(beside=opening, visits=[{"starts_at": clock.now() + 9 * DAY}])
    booked = pressed(other)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger fires
    change(opening.visit, offered=0)()
    change(booked.seat, given_up_at=clock.now(), given_up_by=first.by)()

    found = {one.name for one in invariants.findings() if one.rows}
    assert {
        "visit_counts_the_offers_that_are_out", "booking_that_lives_holds_its_seat_and_one_that_ended_holds_none",
    } <= found  # fmt: skip
