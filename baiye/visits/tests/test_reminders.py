"""Reminders: each stage once, the nearest alone for who comes late, none of what is off, copies in quiet hours."""

from datetime import datetime, timedelta

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.core import channels, clock, jobs, messages_copies, messages_kinds
from baiye.core.models import Delivery, Message
from baiye.schools.models import Guardianship
from baiye.schools.tests.factories import PupilFactory
from baiye.schools.tests.people import guardian_of
from baiye.visits import actions, reminders
from baiye.visits.models import Assignment, Reminder, Seat, Visit
from baiye.visits.tests.factories import AssignmentFactory, SeatFactory, VisitFactory
from baiye.visits.tests.people import coordinator_of, holder

pytestmark = pytest.mark.django_db
STARTS = clock.local(clock.now()).replace(hour=8, minute=30, second=0, microsecond=0) + timedelta(days=10)
LONG_AGO = STARTS - timedelta(days=9)


@pytest.fixture
def seat():
    """A pupil with a guardian on a visit in ten days, given long before any reminder."""
    return SeatFactory(visit=VisitFactory(starts_at=STARTS), given_at=LONG_AGO)


def before(**spans):
    return STARTS - timedelta(**spans)


def kinds_of(user):
    return list(Message.objects.filter(to=user).order_by("pk").values_list("key", flat=True))


@pytest.mark.parametrize(
    ("at", "stage"),
    [
        (before(days=3, minutes=1), None),
        (before(days=3), "3d"),
        (before(days=1, minutes=1), "3d"),
        (before(days=1), "1d"),
        (before(hours=2), "2h"),
        (before(minutes=1), "2h"),
        (STARTS, None),
    ],
)
def test_stage_at_is_the_nearest_whose_moment_has_come(at, stage):
    found = reminders.stage_at(STARTS, at)

    assert (found and found[0]) == stage


def test_remind_tells_families_mentors_and_the_host_at_each_stage_once(seat):
    guardian, mentor = guardian_of(seat.pupil), UserFactory()
    instructor = holder("host_instructor", seat.visit.venue.host.unit)
    AssignmentFactory(visit=seat.visit, mentor__user=mentor, assigned_at=LONG_AGO)

    for at in (before(days=3), before(days=2), before(days=1), before(hours=2), before(hours=1)):
        reminders.remind(at=at)
        reminders.remind(at=at)

    keys = [f"visit-{seat.visit_id}-0-{stage}" for stage in ("3d", "1d", "2h")]
    assert [kinds_of(user) for user in (guardian, mentor, instructor)] == [keys, keys, keys]


def test_remind_tells_the_pupil_too_and_names_nobody(seat):
    pupil = PupilFactory(user=UserFactory(kind="pupil"))
    SeatFactory(visit=seat.visit, pupil=pupil, given_at=LONG_AGO)

    reminders.remind(at=before(days=3))

    told = Message.objects.get(to=pupil.user)
    assert told.kind == reminders.FAMILY
    assert pupil.name not in told.subject + told.body
    assert seat.visit.venue.name in told.body


def test_remind_by_a_worker_that_comes_late_sends_the_nearest_alone(seat):
    guardian = guardian_of(seat.pupil)

    reminders.remind(at=before(hours=1))

    assert kinds_of(guardian) == [f"visit-{seat.visit_id}-0-2h"]


def test_remind_leaves_out_who_got_the_seat_after_the_stages_moment(seat):
    guardian = guardian_of(SeatFactory(visit=seat.visit, given_at=before(hours=20)).pupil)

    reminders.remind(at=before(hours=19))
    assert kinds_of(guardian) == []
    reminders.remind(at=before(hours=2))

    assert kinds_of(guardian) == [f"visit-{seat.visit_id}-0-2h"]


def test_remind_of_what_is_cancelled_or_given_up_tells_nobody(seat):
    other = SeatFactory(visit=VisitFactory(starts_at=STARTS), given_at=LONG_AGO)
    guardians = [guardian_of(one.pupil) for one in (seat, other)]
    coordinator = coordinator_of(seat.visit, seat.pupil)
    actions.cancel_visit(visit=seat.visit, because="停电", by=coordinator, at=LONG_AGO)
    coordinator = coordinator_of(other.visit, other.pupil)
    actions.give_up_seat(seat=other, because="不去了", by=coordinator, at=LONG_AGO)

    assert reminders.remind(at=before(days=3)) == 0

    assert [kinds_of(guardian) for guardian in guardians] == [[], []]


def test_remind_of_a_visit_that_was_moved_begins_anew(seat):
    guardian = guardian_of(seat.pupil)
    reminders.remind(at=before(days=3))
    later = STARTS + timedelta(days=20)
    Visit.objects.filter(pk=seat.visit_id).update(starts_at=later, ends_at=later + timedelta(hours=2))

    reminders.remind(at=later - timedelta(days=3))

    assert kinds_of(guardian) == [f"visit-{seat.visit_id}-0-3d", f"visit-{seat.visit_id}-1-3d"]


def test_remind_again_after_a_crash_between_two_visits_sends_what_was_left(seat, monkeypatch):
    second = SeatFactory(visit=VisitFactory(starts_at=STARTS), given_at=LONG_AGO)
    guardians = [guardian_of(one.pupil) for one in (seat, second)]
    real, calls = reminders._for_families, []

    def crash(visit):
        calls.append(visit.pk)
        if len(calls) == 2:
            raise RuntimeError("the power went")
        return real(visit)

    monkeypatch.setattr(reminders, "_for_families", crash)
    with pytest.raises(RuntimeError):
        reminders.remind(at=before(days=3))
    assert Reminder.objects.count() == 1
    reminders.remind(at=before(days=3))

    assert [len(kinds_of(guardian)) for guardian in guardians] == [1, 1]


def test_remind_of_what_was_called_off_since_it_was_found_tells_nobody(seat):
    guardian, found = guardian_of(seat.pupil), Visit.objects.select_related("venue__host__unit").get()
    actions.cancel_visit(visit=found, because="停电", by=coordinator_of(found), at=LONG_AGO)

    sent = reminders._remind_of(found, 0, None, ("3d", before(days=3)), before(days=3))

    assert (sent, kinds_of(guardian), Reminder.objects.count()) == (0, [], 0)


@pytest.mark.parametrize("count", [1, 3])
def test_remind_finds_what_is_due_with_two_queries_however_many_are_done(count, django_assert_num_queries):
    for _ in range(count):
        SeatFactory(visit=VisitFactory(starts_at=STARTS), given_at=LONG_AGO)
    reminders.remind(at=before(days=3))

    with django_assert_num_queries(2):
        assert reminders.remind(at=before(days=2)) == 0


def waiting_copy(seat, at):
    """The copy of a reminder for the guardian of ``seat``, not yet sent."""
    guardian = guardian_of(seat.pupil)
    type(guardian).objects.filter(pk=guardian.pk).update(email="family@example.org")
    reminders.remind(at=at)
    messages_copies.copy(Message.objects.get(to=guardian).key, at=at)
    return Delivery.objects.get(message__to=guardian)


def test_a_reminder_for_half_past_eight_waits_for_seven_and_one_for_half_past_seven_does_not(seat):
    assert waiting_copy(seat, before(hours=2)).leaves_at == STARTS.replace(hour=7, minute=0)

    early = STARTS.replace(hour=7)
    other = SeatFactory(visit=VisitFactory(starts_at=early), given_at=LONG_AGO)
    assert waiting_copy(other, early - timedelta(hours=2)).leaves_at == early - timedelta(hours=2)


def cancel(seat):
    actions.cancel_visit(visit=seat.visit, because="停电", by=coordinator_of(seat.visit, seat.pupil), at=clock.now())


def give_up(seat):
    actions.give_up_seat(seat=seat, because="不去", by=coordinator_of(seat.visit, seat.pupil), at=clock.now())


def move(seat):
    Visit.objects.filter(pk=seat.visit_id).update(ends_at=STARTS + timedelta(hours=5))


def end_guardianship(seat):
    Guardianship.objects.update(ended_at=clock.now(), ended_by=UserFactory())


@pytest.mark.parametrize("off", [cancel, give_up, move, end_guardianship])
def test_a_copy_that_waited_while_the_visit_was_called_off_never_leaves(seat, off):
    copy = waiting_copy(seat, before(hours=2))

    off(seat)
    channels.deliver(Delivery.objects.select_related("message").get(pk=copy.pk), at=clock.now())

    copy.refresh_from_db()
    assert (copy.withdrawn_at is not None, copy.tries) == (True, 0)


def test_a_copy_for_a_mentor_leaves_only_while_they_are_assigned(seat):
    mentor = UserFactory(email="mentor@example.org")
    assignment = AssignmentFactory(visit=seat.visit, mentor__user=mentor, assigned_at=LONG_AGO)
    reminders.remind(at=before(days=1))
    message = Message.objects.get(to=mentor)

    assert messages_kinds.stands(message) is True
    Assignment.objects.filter(pk=assignment.pk).update(ended_at=clock.now(), ended_by=UserFactory())

    assert messages_kinds.stands(message) is False


def test_the_periodic_task_reminds(seat):
    visit = VisitFactory(starts_at=clock.now() + timedelta(hours=20))
    soon = SeatFactory(visit=visit, given_at=clock.now() - timedelta(days=5))
    guardian = guardian_of(soon.pupil)

    jobs.later("visits.remind")
    jobs.run_due()

    assert kinds_of(guardian) == [f"visit-{visit.pk}-0-1d"]
    assert Seat.objects.count() == 2
    assert isinstance(Message.objects.get(to=guardian).needed_by, datetime)
