"""What families read, once a state; and what the jobs of every minute do."""

from datetime import timedelta

import pytest

from baiye.accounts.tests.factories import GrantFactory
from baiye.bookings import tasks
from baiye.bookings.actions import lines, offers
from baiye.bookings.actions.cancellations import cancel
from baiye.bookings.actions.promotions import promote
from baiye.bookings.models import Booking
from baiye.bookings.telling import tell
from baiye.bookings.tests.factories import pressed, published, pupil_of
from baiye.bookings.tests.people import teacher_of
from baiye.core import clock, jobs
from baiye.core.models import Message
from baiye.schools.tests.factories import GuardianshipFactory
from baiye.visits.actions import cancel_visit, give_up_seat

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def told(booking: Booking) -> list[tuple[str, str]]:
    """Kind and subject's head of what the family read, in order."""
    mine = Message.objects.filter(to__guardianships__pupil=booking.pupil).order_by("pk")
    return [(one.kind, one.subject.split("：")[0]) for one in mine]


def with_guardian(booking: Booking) -> Booking:
    GuardianshipFactory(pupil=booking.pupil)
    return booking


def test_tell_writes_each_state_once():
    (opening,) = published(seats=1)
    held, first, second = (with_guardian(pressed(opening)) for _ in range(3))
    jobs.run_due()
    cancel(booking=held, by=held.pupil.guardianships.get().user, at=clock.now())
    jobs.run_due()
    first.refresh_from_db()
    offers.accept(booking=first, by=first.pupil.guardianships.get().user, at=clock.now())
    jobs.run_due()
    lines.lapse(at=opening.visit.starts_at - 24 * HOUR)
    jobs.run_due()
    for booking in (held, first, second):
        tell(booking_id=booking.pk)

    assert told(held) == [("booking.booked", "约上了")]
    assert told(first) == [("booking.waiting", "候补中"), ("booking.offered", "轮到您了"), ("booking.booked", "约上了")]
    assert told(second) == [("booking.waiting", "候补中"), ("booking.lapsed", "没有轮到")]
    place = Message.objects.get(kind="booking.waiting", to__guardianships__pupil=second.pupil)
    assert place.body.startswith("您排第 2 位。")
    assert place.url.endswith(f"/{second.pk}/")


def test_tell_of_offers_that_are_over_names_what_to_do():
    (opening,) = published(seats=1)
    held, first = (with_guardian(pressed(opening)) for _ in range(2))
    cancel(booking=held, by=held.pupil.guardianships.get().user, at=clock.now())
    promote(opening=opening, at=clock.now())
    first.refresh_from_db()

    offers.expire(at=first.offer_until)
    jobs.run_due()

    assert told(first)[-1] == ("booking.expired", "名额请了下一位")


@pytest.mark.parametrize(("mode", "head"), [("draw", "抽签"), ("ranked", "录取")])
def test_tell_of_a_press_says_when_it_is_decided(mode: str, head: str):
    (opening,) = published(mode=mode, visits=[{"starts_at": clock.now() + timedelta(days=60)}])
    booking = with_guardian(pressed(opening, rank=1 if mode == "ranked" else None))

    tell(booking_id=booking.pk)

    (message,) = Message.objects.filter(kind="booking.pressed")
    assert head in message.body


def test_tell_of_what_is_not_there_or_they_did_themselves_writes_nothing():
    (opening,) = published()
    booking = with_guardian(pressed(opening))
    cancel(booking=booking, by=booking.pupil.guardianships.get().user, at=clock.now())

    assert (tell(booking_id=0), tell(booking_id=booking.pk)) == (0, 0)


def test_the_jobs_of_every_minute_draw_what_is_due_and_tell_who_won():
    now = clock.now()
    (opening,) = published(seats=1, mode="draw", opens_at=now - 3 * HOUR)
    booking = with_guardian(pressed(opening, at=now - 2 * HOUR))

    tasks.settle(timestamp=0)
    jobs.run_due()
    tasks.expire(timestamp=0)

    booking.refresh_from_db()
    assert (booking.state, told(booking)[-1]) == ("booked", ("booking.booked", "约上了"))


def test_who_waited_for_a_visit_that_is_off_is_told_and_who_sat_is_told_once():
    (opening,) = published(seats=1)
    held, waiting = (with_guardian(pressed(opening)) for _ in range(2))
    staff = GrantFactory(role="coordinator", unit=opening.release.unit).user

    cancel_visit(visit=opening.visit, because="台风", by=staff, at=clock.now())
    jobs.run_due()

    assert told(waiting)[-1] == ("booking.closed", "主办方取消了")
    assert told(held)[-1] == ("visit.cancelled", "取消了")


def test_a_seat_that_staff_take_back_has_the_next_in_line_asked():
    (opening,) = published(seats=1)
    held, waiting = (with_guardian(pressed(opening)) for _ in range(2))
    staff = GrantFactory(role="coordinator", unit=opening.release.unit).user

    give_up_seat(seat=held.seat, because="调班", by=staff, at=clock.now())
    jobs.run_due()

    waiting.refresh_from_db()
    assert waiting.state == "offered"


def test_promote_of_an_opening_that_is_gone_does_nothing():
    (opening,) = published()

    tasks.promote(opening_id=0)

    assert pupil_of(opening).bookings.count() == 0


def test_tell_of_a_cancellation_only_where_the_school_did_it_for_the_family():
    (opening,) = published()
    by_family, by_school = (with_guardian(pressed(opening)) for _ in range(2))
    cancel(booking=by_family, by=by_family.pupil.guardianships.get().user, at=clock.now())
    cancel(booking=by_school, by=teacher_of(by_school.pupil), at=clock.now())

    jobs.run_due()

    assert told(by_family) == []
    assert told(by_school) == [("booking.cancelled", "老师替您取消了")]
