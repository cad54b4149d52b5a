"""A visit is moved: done, refused, denied; where it was is written down whatever path moves it; all are told once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, jobs
from baiye.core.models import Event, Message
from baiye.core.tests.factories import queued
from baiye.registry.tests.factories import VenueFactory
from baiye.schools.tests.factories import ClassTeacherFactory
from baiye.schools.tests.people import guardian_of
from baiye.visits import actions, moving, telling_changes
from baiye.visits.actions import VisitRefused
from baiye.visits.models import Move, Seat, Visit
from baiye.visits.tests.factories import AssignmentFactory, SeatFactory, VisitFactory
from baiye.visits.tests.people import coordinator_of, holder

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def seat():
    """A pupil on a visit that is led by a guide."""
    seat = SeatFactory()
    AssignmentFactory(visit=seat.visit, mentor__user=UserFactory())
    return seat


def moves_told():
    """How many moves stand in the trail."""
    return Event.objects.filter(kind="visit.moved").count()


def moved(visit, *, by=None, **wanted):
    """Move ``visit`` by two hours, or as wanted."""
    hours = timedelta(hours=2)
    fields = {"venue": visit.venue, "starts_at": visit.starts_at + hours, "ends_at": visit.ends_at + hours}
    by = by or holder("host_manager", visit.venue.host.unit)
    moving.move_visit(visit=visit, **{**fields, "because": "设备检修", "at": clock.now(), **wanted}, by=by)


def test_move_visit_takes_seats_and_adults_along_and_writes_down_where_it_was(seat):
    visit, manager = seat.visit, holder("host_manager", seat.visit.venue.host.unit)

    moved(visit, by=manager)

    now, move = Visit.objects.get(), Move.objects.get()
    assert now.starts_at == visit.starts_at + timedelta(hours=2)
    assert Seat.objects.get().span.lower == now.starts_at
    assert (move.was_starts_at, move.was_venue_id, move.by, move.because) == (
        visit.starts_at,
        visit.venue_id,
        manager,
        "设备检修",
    )
    assert (moves_told(), queued()) == (1, ["visits.tell_moved"])


def test_move_visit_to_where_it_is_changes_nothing(seat):
    moved(seat.visit, starts_at=seat.visit.starts_at, ends_at=seat.visit.ends_at)

    assert (Move.objects.count(), moves_told(), queued()) == (0, 0, [])


def already_elsewhere(visit):
    other = VisitFactory(starts_at=visit.starts_at + timedelta(hours=4))
    SeatFactory(visit=other, pupil=Seat.objects.get(visit=visit).pupil)
    return {"starts_at": visit.starts_at + timedelta(hours=4), "ends_at": visit.ends_at + timedelta(hours=4)}


def guide_is_elsewhere(visit):
    other = VisitFactory(version__course__host=visit.venue.host, starts_at=visit.starts_at + timedelta(hours=4))
    AssignmentFactory(visit=other, mentor=visit.assignments.get().mentor)
    return {"starts_at": visit.starts_at + timedelta(hours=4), "ends_at": visit.ends_at + timedelta(hours=4)}


def place_is_full(visit):
    start = visit.starts_at + timedelta(hours=4)
    seats = visit.venue.capacity
    VisitFactory(version=visit.version, venue=visit.venue, starts_at=start, seats=seats)
    return {"starts_at": start, "ends_at": start + timedelta(hours=2)}


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (lambda visit: {"because": "  "}, "请写明原因"),
        (lambda visit: {"starts_at": clock.now() - WEEK}, "新的时间已经过去了"),
        (lambda visit: {"ends_at": visit.starts_at + timedelta(hours=1)}, "结束时间要晚于开始时间"),
        (lambda visit: {"at": visit.starts_at}, "已经开始"),
        (already_elsewhere, "1 位学生已经有别的场次"),
        (guide_is_elsewhere, "1 位带教老师已经有别的场次"),
        (place_is_full, "已经排满了"),
        (
            lambda visit: {
                "venue": VenueFactory(
                    host=visit.venue.host, closed_on=clock.day_of(visit.starts_at), closed_by=UserFactory()
                ),
            },
            "这个场地已经停用",
        ),
    ],
)
def test_move_visit_is_refused_in_words_and_leaves_nothing_behind(seat, wanted, sentence):
    with pytest.raises(VisitRefused, match=sentence):
        moved(seat.visit, **wanted(seat.visit))

    assert (Move.objects.count(), moves_told(), queued()) == (0, 0, [])


def test_move_visit_that_is_cancelled_is_refused(seat):
    manager = holder("host_manager", seat.visit.venue.host.unit)
    actions.cancel_visit(visit=seat.visit, because="停电", by=manager, at=clock.now())

    with pytest.raises(VisitRefused, match="已经取消了"):
        moved(seat.visit)


def test_move_visit_by_who_may_not_or_to_another_hosts_venue_is_denied(seat):
    with pytest.raises(PermissionDenied):
        moved(seat.visit, by=holder("host_manager", VenueFactory().host.unit))
    with pytest.raises(PermissionDenied):
        moved(seat.visit, venue=VenueFactory())

    assert Move.objects.count() == 0


def test_a_move_is_never_rewritten_says_the_database(seat):
    moved(seat.visit)
    move = Move.objects.all()

    for broken in (
        {"was_starts_at": clock.now()},
        {"was_venue": VenueFactory()},
        {"because": "别的"},
        {"by": UserFactory()},
    ):
        with pytest.raises(IntegrityError, match="is not rewritten"), transaction.atomic():
            move.update(**broken)
    with pytest.raises(IntegrityError, match="is not rewritten"), transaction.atomic():
        move.delete()


def test_those_concerned_are_told_once_where_it_was_and_is(seat):
    guardian, mentor = guardian_of(seat.pupil), seat.visit.assignments.get().mentor.user
    teacher = ClassTeacherFactory(school_class=seat.pupil.school_class).user
    moved(seat.visit)

    jobs.run_due()
    telling_changes.tell_all_moved(at=clock.now())

    told = {message.to: message for message in Message.objects.all()}
    assert {guardian, mentor, teacher} <= set(told)
    assert len(told) == Message.objects.count()
    assert told[guardian].body.startswith("原来：")
    assert "名额和候补都保留" in told[guardian].body
    assert told[guardian].body.endswith("原因：设备检修")
    assert told[teacher].kind == "class.visit_changed"


def test_a_visit_moved_by_another_path_is_told_by_the_sweep_and_one_that_moved_back_is_not(seat):
    guardian, visit = guardian_of(seat.pupil), seat.visit
    Visit.objects.update(starts_at=visit.starts_at + timedelta(hours=1))
    Visit.objects.update(starts_at=visit.starts_at)
    assert telling_changes.tell_all_moved(at=clock.now()) == 0

    Visit.objects.update(starts_at=visit.starts_at + timedelta(hours=1))
    assert telling_changes.tell_all_moved(at=clock.now()) == 1
    assert telling_changes.tell_all_moved(at=clock.now()) == 0

    assert [message.key for message in Message.objects.filter(to=guardian)] == [f"visit-{visit.pk}-3-moved"]


def test_teachers_read_of_tomorrow_at_once_and_of_next_week_in_the_digest():
    seats = [SeatFactory(visit__starts_at=clock.now() + timedelta(days=days)) for days in (1, 7)]
    teachers = [ClassTeacherFactory(school_class=seat.pupil.school_class).user for seat in seats]
    for seat in seats:
        manager = holder("host_manager", seat.visit.venue.host.unit)
        actions.cancel_visit(visit=seat.visit, because="停电", by=manager, at=clock.now())

    jobs.run_due()

    kinds = [Message.objects.get(to=teacher).kind for teacher in teachers]
    assert kinds == ["class.visit_changed_soon", "class.visit_changed"]


def test_adults_are_told_of_a_visit_that_is_cancelled(seat):
    mentor = seat.visit.assignments.get().mentor.user
    before = AssignmentFactory(
        visit=seat.visit, role="assistant", mentor__user=UserFactory(), ended_at=clock.now(), ended_by=UserFactory()
    )
    manager = holder("host_manager", seat.visit.venue.host.unit)
    coordinator = coordinator_of(seat.visit, seat.pupil)

    actions.cancel_visit(visit=seat.visit, because="停电", by=coordinator, at=clock.now() + timedelta(seconds=1))
    jobs.run_due()

    assert set(Message.objects.values_list("to", flat=True)) == {mentor.pk, manager.pk}
    assert before.mentor.user_id not in Message.objects.values_list("to", flat=True)


def test_move_page_is_the_managers_own(client, seat):
    address = reverse("visits:move", args=[seat.visit_id])
    client.force_login(holder("host_manager", VenueFactory().host.unit))
    assert client.get(address).status_code == 404

    client.force_login(holder("host_manager", seat.visit.venue.host.unit))
    page = client.get(address)
    day = clock.day_of(seat.visit.starts_at) + WEEK
    sent = {"venue": seat.visit.venue_id, "on": day, "starts": "13:00", "ends": "15:00"}
    refused = client.post(address, sent)
    done = client.post(address, {**sent, "because": "设备检修"})

    assert (page.status_code, refused.status_code, done.status_code) == (200, 422, 302)
    assert f'value="{clock.day_of(seat.visit.starts_at).isoformat()}"' in page.content.decode()
    assert clock.local(Visit.objects.get().starts_at).date() == day
