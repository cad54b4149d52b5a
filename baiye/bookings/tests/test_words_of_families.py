"""How a booking stands, what a release promises, and what is said of who did not come."""

from datetime import timedelta

import pytest
from django.db.models import F

from baiye.attendance.models import Confirmation
from baiye.attendance.tests.factories import MarkFactory
from baiye.bookings import lines, rules
from baiye.bookings.models import Booking
from baiye.bookings.queries.absences import kindness
from baiye.bookings.queries.mine import loaded, standing
from baiye.bookings.tests.factories import ask, pressed, published, pupil_of
from baiye.bookings.tests.people import coordinator
from baiye.bookings.todos import offers
from baiye.core import clock
from baiye.schools.tests.factories import GuardianshipFactory
from baiye.visits.actions import cancel_visit
from baiye.visits.models import Visit

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def stands(booking, at=None):
    return standing(loaded(Booking.objects.filter(pk=booking.pk)).get(), at or clock.now())


def offered(opening, pupil):
    """A booking in line of a full visit, to whom one more seat is offered for six hours."""
    booking, now = pressed(opening, pupil), clock.now()
    Visit.objects.filter(pk=opening.visit_id).update(seats=F("seats") + 1)
    Booking.objects.filter(pk=booking.pk).update(offered_at=now, offer_until=now + 6 * HOUR)
    return booking


def test_standing_in_line_tells_the_place_and_how_many_offers_are_out():
    (opening,) = published(seats=2)
    for _n in range(2):
        pressed(opening)
    for _n in range(2):
        offered(opening, pupil_of(opening))
    ahead, own = pressed(opening), pressed(opening)

    assert stands(ahead).place == 1
    assert stands(own).sentence == "您排第 2 位；现在有 2 个名额正等别人答复。"


@pytest.mark.parametrize(
    ("because", "said"),
    [
        ("expired", "到时没有收到答复，名额请了下一位。想去可以再报名。"),
        ("declined", "没有要这个名额，它请了下一位。"),
        ("lapsed", "候补到截止还没有轮到。下一次放号还可以报名。"),
        ("closed", "工作人员收回了这个名额，原因写在消息里。"),
    ],
)
def test_standing_of_what_ended_says_why(because, said):
    (opening,) = published(seats=1)
    pressed(opening)
    booking = pressed(opening)
    Booking.objects.filter(pk=booking.pk).update(ended_at=clock.now(), because=because)

    found = stands(booking)

    assert (found.sentence, found.may_cancel, found.steps()) == (said, False, [])


def test_standing_of_a_visit_that_was_cancelled_says_whose_doing_it_was():
    (opening,) = published(seats=1)
    booking = pressed(opening)
    cancel_visit(visit=opening.visit, because="老师病了", by=coordinator(opening), at=clock.now())

    assert stands(booking).sentence == "这一场取消了，不是您的原因。"


def test_standing_after_the_deadline_may_still_be_cancelled_until_it_begins():
    (opening,) = published()
    booking = pressed(opening)

    late = stands(booking, opening.visit.starts_at - HOUR)
    begun = stands(booking, opening.visit.starts_at)

    assert late.may_cancel
    assert "说了就算取消，不算没来" in late.cancel_consequence
    assert not begun.may_cancel


def test_standing_of_a_choice_says_which():
    (opening,) = published(mode="ranked", visits=[{"starts_at": clock.now() + 40 * DAY}])
    pupil = pupil_of(opening)
    ask(opening, pupil, rank=2)

    found = stands(Booking.objects.get())

    assert (found.state, found.sentence.startswith("第 2 志愿；")) == ("ranked", True)


@pytest.mark.parametrize(
    ("mode", "hours", "state"),
    [
        ("first", -1, "soon"),
        ("first", 1, "open"),
        ("draw", 1, "open"),
        ("draw", 3, "drawing"),
        ("first", 24 * 31, "closed"),
        ("ranked", 24 * 31, "placing"),
    ],
)
def test_state_of_a_release_at_a_moment(mode, hours, state):
    (opening,) = published(mode=mode, visits=[{"starts_at": clock.now() + 40 * DAY}])

    assert rules.state_of(opening.release, opening.release.opens_at + hours * HOUR) == state


@pytest.mark.parametrize(
    ("grades", "said"),
    [
        ([], "各年级都能来"),
        ([7], "七年级"),
        ([6, 7, 8], "六到八年级"),
        ([6, 9], "六、九年级"),
        ([10, 11], "高一到高二年级"),
    ],
)
def test_grades_in_words(grades, said):
    assert rules.grades_words(grades) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, ""), (59, "还有 1 分钟"), (90, "还有 2 分钟"), (7200, "还有 2 小时"), (3 * 86400 + 5, "还有 3 天")],
)
def test_time_left_in_words(seconds, said):
    assert lines.in_words(seconds) == said


def test_seconds_until_are_rounded_up_and_never_below_nothing():
    now = clock.now()

    assert lines.seconds_until(now + timedelta(seconds=1.2), now) == 2
    assert lines.seconds_until(now - HOUR, now) == 0


def missed(opening, booking):
    """The visit is over, and the host has said who was there."""
    visit = opening.visit
    Confirmation.objects.create(
        visit=visit, side="host", unit=visit.venue.host.unit, by=opening.release.made_by, at=clock.now(), present=0,
        marks_seen=0,
    )  # fmt: skip
    return booking


def test_kindness_after_one_absence_says_that_nothing_follows_and_after_two_what_does():
    openings = published(most_open=5, visits=[{"starts_at": clock.now() + n * DAY} for n in (2, 3, 4)])
    pupil = pupil_of(openings[0])
    for opening in openings[:2]:
        missed(opening, pressed(opening, pupil))
    last = pressed(openings[2], pupil)

    assert kindness(pupil, clock.now()) == ""
    assert kindness(pupil, openings[0].visit.ends_at).startswith("上一次约了没来。什么都不影响")
    assert "同时只能有 1 个预约" in kindness(pupil, openings[1].visit.ends_at)
    MarkFactory(seat=last.seat)
    assert kindness(pupil, openings[2].visit.ends_at) == ""


def test_todos_of_a_family_name_each_offer_and_until_when():
    (opening,) = published(seats=1)
    pressed(opening)
    pupil = pupil_of(opening)
    guardian = GuardianshipFactory(pupil=pupil).user
    booking = offered(opening, pupil)

    (todo,) = offers(pupil.pk, guardian, clock.now())

    assert todo.url == f"/bookings/{booking.pk}/"
    assert (todo.is_due, todo.badge) == (True, "5 时")
    assert opening.visit.version.title in todo.title
    assert offers(pupil.pk, opening.release.made_by, clock.now()) == []
