"""What one press comes to, and why it is refused."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.models import Confirmation, Mark
from baiye.bookings import words
from baiye.bookings.actions.presses import press
from baiye.bookings.models import Booking
from baiye.bookings.tests.factories import ask, pressed, published, pupil_of
from baiye.core import clock
from baiye.core.models import Event
from baiye.schools.models import school_year
from baiye.schools.tests.factories import ConsentFactory, GuardianshipFactory, SchoolClassFactory
from baiye.visits.codes import LENGTH, LETTERS
from baiye.visits.models import Seat
from baiye.visits.tests.factories import SeatFactory

pytestmark = pytest.mark.django_db
LARGE = ["bookings_booking", "visits_seat", "schools_pupil"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_press_where_a_seat_is_free_books_it_with_event_and_job():
    (opening,) = published(seats=2)
    guardianship = GuardianshipFactory(pupil=pupil_of(opening))
    request, at = uuid.uuid4(), clock.now()

    answer = press(opening=opening, pupil=guardianship.pupil, request=request, by=guardianship.user, at=at)

    booking = Booking.objects.get()
    assert (answer.state, answer.booking, answer.place, answer.reason) == ("booked", booking.pk, None, words.NEW)
    assert (booking.request, booking.state, booking.pressed_at, booking.by) == (
        request,
        "booked",
        at,
        guardianship.user,
    )
    seat = Seat.objects.get()
    assert (booking.seat, seat.origin, seat.pupil, seat.given_by) == (
        seat, "booked", guardianship.pupil, guardianship.user,
    )  # fmt: skip
    assert len(seat.code) == LENGTH
    assert set(seat.code) <= set(LETTERS)
    opening.visit.refresh_from_db()
    assert (opening.visit.taken, opening.visit.seats_left) == (1, 1)
    event = Event.objects.get(kind="booking.made")
    unit = guardianship.pupil.school_class.school.unit
    assert (event.actor_id, event.object_type, event.object_id, event.unit_path) == (
        guardianship.user.pk, "bookings.booking", str(booking.pk), unit.path,
    )  # fmt: skip
    assert event.facts == {"opening": opening.pk, "pupil": guardianship.pupil.pk, "state": "booked"}
    job = ProcrastinateJob.objects.get(task_name="bookings.tell_press")
    assert (job.queue_name, job.args, job.status) == ("mail", {"booking_id": booking.pk}, "todo")


def test_press_by_somebody_elses_guardian_is_denied_and_leaves_nothing():
    (opening,) = published()
    stranger = GuardianshipFactory().user

    with pytest.raises(PermissionDenied):
        press(opening=opening, pupil=pupil_of(opening), request=uuid.uuid4(), by=stranger, at=clock.now())

    assert not Booking.objects.exists()


def scans():
    """How often a large table was read from end to end in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(seq_scan) FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)", [LARGE])
        return cursor.fetchone()[0]


def test_a_press_is_looked_up_by_index_though_the_tables_were_small_when_it_was_planned():
    (opening,) = published(seats=60)
    earlier, request = pupil_of(opening), uuid.uuid4()
    ask(opening, earlier, request=request)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(LARGE)}")
    for _n in range(20):
        pressed(opening, pupil_of(opening))
    later, before = pupil_of(opening), scans()

    assert ask(opening, later).state == "booked"
    assert ask(opening, earlier, request=request).reason == words.AGAIN

    assert scans() == before


def test_press_again_with_the_same_request_gets_the_first_answer_and_nothing_twice():
    (opening,) = published(seats=1)
    pupil, request = pupil_of(opening), uuid.uuid4()
    first = ask(opening, pupil, request=request)

    again = ask(opening, pupil, request=request)

    assert (again.state, again.booking, again.reason) == ("booked", first.booking, words.AGAIN)
    assert (Booking.objects.count(), Event.objects.filter(kind="booking.made").count()) == (1, 1)


def test_press_with_a_request_of_another_pupil_is_a_bad_key():
    (opening,) = published()
    booking = pressed(opening)

    answer = ask(opening, pupil_of(opening), request=booking.request)

    assert (answer.state, answer.booking, answer.reason) == ("refused", None, "bad_key")


def test_press_anew_where_a_booking_lives_shows_that_one():
    (opening,) = published()
    booking = pressed(opening)

    answer = ask(opening, booking.pupil)

    assert (answer.state, answer.booking, answer.reason) == ("booked", booking.pk, words.ALREADY)
    assert Booking.objects.count() == 1


def test_press_where_all_seats_are_taken_joins_the_line():
    (opening,) = published(seats=1)
    pressed(opening)

    second, third = (ask(opening, pupil_of(opening)) for _ in range(2))

    assert [(one.state, one.place) for one in (second, third)] == [("waiting", 1), ("waiting", 2)]
    assert [booking.state for booking in Booking.objects.order_by("pk")] == ["booked", "waiting", "waiting"]


def test_press_where_seats_are_free_but_someone_waits_joins_the_line():
    (opening,) = published(seats=1)
    pressed(opening), pressed(opening)
    opening.visit.refresh_from_db()
    opening.visit.seats = 2
    opening.visit.save()

    answer = ask(opening, pupil_of(opening))

    assert (answer.state, answer.place) == ("waiting", 2)


def test_press_where_the_line_is_as_long_as_it_may_be_is_refused():
    (opening,) = published(seats=1, visits=[{"opening__waiting_most": 1}])
    pressed(opening), pressed(opening)

    answer = ask(opening, pupil_of(opening))

    assert (answer.state, answer.reason) == ("refused", "full")


def test_press_in_a_draw_is_recorded_without_place_or_seat():
    (opening,) = published(seats=1, mode="draw")

    answers = [ask(opening, pupil_of(opening)) for _ in range(2)]

    assert [(one.state, one.place) for one in answers] == [("pressed", None)] * 2
    assert not Seat.objects.exists()


def test_press_in_a_ranked_release_takes_five_ranks_each_once():
    now = clock.now()
    starts = [{"starts_at": now + timedelta(days=9 + n)} for n in range(3)]
    one, two, three = published(visits=starts, mode="ranked")
    pupil = pupil_of(one)

    said = [ask(one, pupil, rank=1), ask(two, pupil, rank=1), ask(two, pupil), ask(two, pupil, rank=2)]
    said.append(ask(three, pupil, rank=6))

    assert [(answer.state, answer.reason) for answer in said] == [
        ("pressed", ""), ("refused", "rank_taken"), ("refused", "rank"), ("pressed", ""), ("refused", "rank"),
    ]  # fmt: skip
    assert list(Booking.objects.order_by("pk").values_list("rank", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("minutes", "reason"), [(-61, "not_yet"), (-60, ""), (60 * 24 * 30 - 61, ""), (60 * 24 * 30 - 60, "closed")]
)
def test_press_counts_from_the_published_minute_until_it_closes(minutes: int, reason: str):
    now = clock.now()
    (opening,) = published(opens_at=now - HOUR, closes_at=now - HOUR + 30 * DAY, visits=[{"starts_at": now + 40 * DAY}])

    answer = ask(opening, pupil_of(opening), at=now + timedelta(minutes=minutes))

    assert answer.reason == reason


def test_press_on_a_draft_is_as_if_it_were_not_there():
    from baiye.bookings.tests.factories import OpeningFactory

    opening = OpeningFactory()

    assert ask(opening, pupil_of(opening)).reason == "unknown"


def test_press_of_a_pupil_of_another_district_or_who_left_is_refused():
    (opening,) = published()
    elsewhere = GuardianshipFactory().pupil
    leaver = pupil_of(opening, left_on=clock.today())

    assert [ask(opening, pupil).reason for pupil in (elsewhere, leaver)] == ["unknown", "left"]


def test_press_once_the_visit_began_or_was_cancelled_is_refused():
    now = clock.now()
    begun, cancelled = published(visits=[{"starts_at": now - HOUR}, {"starts_at": now + DAY}])
    visit = cancelled.visit
    visit.cancelled_at, visit.cancelled_by = now, UserFactory()
    visit.save()

    assert [ask(one, pupil_of(one)).reason for one in (begun, cancelled)] == ["begun", "cancelled"]


def test_press_asks_for_the_grade_on_the_day():
    on = clock.now() + 7 * DAY
    (opening,) = published(visits=[{"starts_at": on, "opening__grades": [8, 9]}])
    year = school_year(clock.day_of(on))
    seventh, eighth = (pupil_of(opening, school_class__entry_year=year - n) for n in (1, 2))

    assert [ask(opening, pupil).reason for pupil in (seventh, eighth)] == ["grade", ""]


def test_press_needs_each_consent_agreed_and_standing():
    (opening,) = published(visits=[{"opening__consents": ["photo", "health"]}])
    agreed, refused, none = (pupil_of(opening) for _ in range(3))
    for pupil in (agreed, refused):
        ConsentFactory(pupil=pupil, purpose="health", agreed=True)
    ConsentFactory(pupil=agreed, purpose="photo", agreed=True)
    ConsentFactory(pupil=refused, purpose="photo", agreed=False)

    assert [ask(opening, pupil).reason for pupil in (agreed, refused, none)] == ["", "consent", "consent"]


def test_press_beyond_what_may_be_open_at_once_is_refused_until_one_is_over():
    now = clock.now()
    days = [{"starts_at": now + timedelta(days=1 + n)} for n in range(3)]
    one, two, three = published(visits=days, most_open=2, closes_at=now + 30 * DAY)
    pupil = pupil_of(one)
    pressed(one, pupil), pressed(two, pupil)

    assert ask(three, pupil).reason == "open_cap"
    assert ask(three, pupil, at=now + DAY + 4 * HOUR).reason == ""


def test_press_beyond_the_seats_of_a_term_is_refused_also_when_they_are_over():
    now = clock.now()
    days = [{"starts_at": now + timedelta(days=1 + n)} for n in range(2)]
    one, two = published(visits=days, most_a_term=1, most_open=9, closes_at=now + 30 * DAY)
    pupil = pupil_of(one)
    pressed(one, pupil)

    assert ask(two, pupil, at=now + DAY + 4 * HOUR).reason == "term_cap"


def test_press_at_a_time_that_is_taken_is_refused():
    now = clock.now()
    one, two, three = published(
        visits=[{"starts_at": now + DAY}, {"starts_at": now + DAY + HOUR}, {"starts_at": now + DAY + 3 * HOUR}]
    )
    booked, seated = pupil_of(one), pupil_of(one)
    pressed(one, booked)
    SeatFactory(visit=one.visit, pupil=seated)

    assert [ask(two, pupil).reason for pupil in (booked, seated)] == ["overlap", "overlap"]
    assert [ask(three, pupil).reason for pupil in (booked, seated)] == ["", ""]


def test_press_where_the_host_may_not_receive_is_refused_and_breaks_no_batch():
    (opening,) = published()
    host = opening.visit.venue.host
    host.accreditations.update(suspended_on=clock.today(), suspended_by=UserFactory())

    assert ask(opening, pupil_of(opening)).reason == "hindered"


def _confirm(booking: Booking, *, came: bool = False) -> None:
    visit = booking.opening.visit
    if came:
        Mark.objects.create(seat=booking.seat, kind="in", at=visit.starts_at, source="roll", by=UserFactory())
    if not visit.confirmations.exists():
        Confirmation.objects.create(
            visit=visit, side="host", unit=visit.venue.host.unit, by=UserFactory(), at=visit.ends_at, present=0,
            marks_seen=0,
        )  # fmt: skip


@pytest.mark.parametrize(("came", "reasons"), [((), ["", ""]), ((2,), ["", ""]), ((0,), ["", "stayed_away"])])
def test_press_after_two_absences_allows_one_booking_until_the_pupil_comes(came, reasons):
    now = clock.now()
    days = [{"starts_at": now + timedelta(days=1 + n)} for n in range(3)]
    rules = {"most_open": 9, "most_a_term": 9, "closes_at": now + 20 * DAY}
    gone = published(visits=days, **rules)
    later_days = [{"starts_at": now + timedelta(days=10 + n)} for n in range(2)]
    coming = published(beside=gone[0], visits=later_days, **rules)
    pupil = pupil_of(gone[0])
    for n, opening in enumerate(gone if came else gone[:1]):
        _confirm(pressed(opening, pupil, at=now), came=n in came)
    later = now + 5 * DAY

    assert [ask(opening, pupil, at=later).reason for opening in coming] == reasons


def test_press_takes_no_seat_that_is_kept_for_the_last_grade():
    now = clock.now()
    year = school_year(clock.day_of(now + 7 * DAY))
    reserve = {"opening__reserved": 1, "opening__reserved_from_grade": 9, "opening__reserved_until": now + DAY}
    (opening,) = published(seats=2, visits=[reserve])
    young = [pupil_of(opening, school_class=SchoolClassFactory(
        school__unit__parent=opening.release.unit, entry_year=year - 1)) for _ in range(2)]  # fmt: skip
    old = [pupil_of(opening, school_class__entry_year=year - 3) for _ in range(2)]

    answers = [ask(opening, pupil).state for pupil in (*young, *old)]

    assert answers == ["booked", "waiting", "booked", "waiting"]


def test_press_takes_a_kept_seat_once_the_reserve_is_over():
    now = clock.now()
    reserve = {"opening__reserved": 1, "opening__reserved_from_grade": 12, "opening__reserved_until": now + DAY}
    (opening,) = published(seats=1, visits=[reserve])

    assert ask(opening, pupil_of(opening), at=now + DAY).state == "booked"


def test_reason_of_every_code_is_a_sentence():
    (opening,) = published()

    assert all(words.reason(code, opening).endswith("。") for code in words.REASONS)
