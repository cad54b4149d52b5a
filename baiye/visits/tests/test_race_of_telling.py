"""Two workers remind, or tell of a move, at the same moment; each test commits for real, in a database of its own."""

from datetime import timedelta

import pytest

from baiye.core import clock
from baiye.core.models import Message
from baiye.schools.tests.people import guardian_of
from baiye.visits import actions, calendar_links, moving, reminders, telling_changes
from baiye.visits.models import CalendarLink, Move, Reminder, Visit
from baiye.visits.tests.factories import SeatFactory
from baiye.visits.tests.people import coordinator_of
from baiye.visits.tests.test_race import at_once

pytestmark = pytest.mark.slow
LONG_AGO = timedelta(days=20)


def seats(count: int):
    """Pupils with guardians on as many visits, a day away."""
    starts = clock.now() + timedelta(hours=20)
    made = [SeatFactory(visit__starts_at=starts, given_at=clock.now() - LONG_AGO) for _ in range(count)]
    return made, [guardian_of(seat.pupil) for seat in made]


def test_four_workers_remind_each_family_once(own_database):
    made, guardians = seats(3)

    answers = at_once([lambda: reminders.remind(at=clock.now())] * 4)

    assert answers == [""] * 4
    assert sorted(Message.objects.values_list("to", flat=True)) == sorted(user.pk for user in guardians)
    assert Reminder.objects.count() == len(made)


def test_a_visit_cancelled_while_it_is_reminded_of_ends_with_the_cancellation(own_database):
    (seat,), (guardian,) = seats(1)
    coordinator = coordinator_of(seat.visit, seat.pupil)

    at_once(
        [
            lambda: reminders.remind(at=clock.now()),
            lambda: actions.cancel_visit(visit=seat.visit, because="停电", by=coordinator, at=clock.now()),
        ]
    )
    telling_changes.tell_cancelled(visit_id=seat.visit_id)

    kinds = list(Message.objects.filter(to=guardian).order_by("pk").values_list("kind", flat=True))
    assert kinds[-1] == "visit.cancelled"
    assert kinds.count("visit.reminded") <= 1


def test_four_workers_tell_of_a_move_once(own_database):
    (seat,), (guardian,) = seats(1)
    Visit.objects.update(starts_at=seat.visit.starts_at + timedelta(hours=1))

    at_once([lambda: telling_changes.tell_all_moved(at=clock.now())] * 4)

    assert Message.objects.filter(to=guardian).count() == 1
    assert Move.objects.filter(told_at=None).count() == 0


def test_two_who_move_a_visit_at_once_end_in_one_place_and_a_row_for_each_move(own_database):
    (seat,), _guardians = seats(1)
    visit, coordinator = seat.visit, coordinator_of(seat.visit, seat.pupil)
    wanted = [visit.starts_at + timedelta(hours=hours) for hours in (24, 48)]

    def move(starts_at):
        moving.move_visit(
            visit=visit,
            venue=visit.venue,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
            because="检修",
            by=coordinator,
            at=clock.now(),
        )

    answers = at_once([lambda at=at: move(at) for at in wanted])

    assert answers == ["", ""]
    assert Move.objects.count() == 2
    assert Visit.objects.get().starts_at in wanted
    assert set(Move.objects.values_list("by", flat=True)) == {coordinator.pk}


def test_eight_renewals_at_once_leave_one_open_link(own_database):
    _seats, (guardian,) = seats(1)

    answers = at_once([lambda: calendar_links.make_link(by=guardian, at=clock.now())] * 8)

    assert answers == [""] * 8
    assert CalendarLink.objects.filter(revoked_at=None).count() == 1
