"""Seats are given and given up: done, refused, denied, and nothing left behind."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import DistrictFactory, UserFactory
from baiye.core import clock, jobs
from baiye.core.models import Event, Message
from baiye.core.templatetags.text import han_date
from baiye.core.tests.factories import queued
from baiye.registry.tests.factories import AccreditedHostFactory, HostFactory
from baiye.schools.tests.factories import GuardianshipFactory, PupilFactory, SchoolClassFactory
from baiye.schools.tests.people import events
from baiye.visits import actions
from baiye.visits.actions import SeatRefused
from baiye.visits.models import Seat
from baiye.visits.tests.factories import SeatFactory, VisitFactory
from baiye.visits.tests.people import coordinator_of, holder

pytestmark = pytest.mark.django_db


def town(pupils: int = 2):
    """A district with a host and a class; its coordinator."""
    district = DistrictFactory()
    host = AccreditedHostFactory(unit__parent=district)
    school_class = SchoolClassFactory(school__unit__parent=district)
    return host, PupilFactory.create_batch(pupils, school_class=school_class), holder("coordinator", district)


# ── place_seats ──


def test_place_seats_gives_each_a_seat_once():
    host, (one, two), coordinator = town()
    early = VisitFactory(version__course__host=host)
    late = VisitFactory(version__course__host=host, starts_at=early.ends_at)
    pairs = [(one.pk, early.pk), (one.pk, late.pk), (two.pk, early.pk)]

    given = actions.place_seats(pairs=pairs, by=coordinator, at=clock.now())
    again = actions.place_seats(pairs=[*pairs, (two.pk, late.pk)], by=coordinator, at=clock.now())

    assert (given, again) == (3, 1)
    assert sorted(Seat.objects.values_list("pupil", "visit")) == sorted([*pairs, (two.pk, late.pk)])
    assert set(Seat.objects.values_list("origin", flat=True)) == {"placed"}
    early.refresh_from_db()
    assert early.taken == 2
    first, second = Event.objects.filter(kind="seats.placed").order_by("pk")
    assert (first.facts, first.unit_path) == ({"seats": 3, "visits": 2}, host.unit.path)
    assert second.facts == {"seats": 1, "visits": 2}


def test_place_seats_that_would_oversell_gives_none():
    host, pupils, coordinator = town(3)
    full = VisitFactory(version__course__host=host, version__title="面点", seats=2)
    other = VisitFactory(version__course__host=host)

    with pytest.raises(SeatRefused) as refusal:
        pairs = [(pupils[0].pk, other.pk), *((pupil.pk, full.pk) for pupil in pupils)]
        actions.place_seats(pairs=pairs, by=coordinator, at=clock.now())

    assert str(refusal.value) == (
        f"面点，{han_date(full.starts_at)} 这一场还剩 2 个名额，要放 3 人。请减少人数，或加开一场。"
    )
    assert (Seat.objects.count(), events()) == (0, [])


def test_place_seats_that_overlap_gives_none():
    host, (pupil, other), coordinator = town()
    visits = VisitFactory.create_batch(2, version__course__host=host)

    with pytest.raises(SeatRefused, match="不能同时去两处"):
        pairs = [(other.pk, visits[0].pk), *((pupil.pk, visit.pk) for visit in visits)]
        actions.place_seats(pairs=pairs, by=coordinator, at=clock.now())

    assert (Seat.objects.count(), events()) == (0, [])


def test_place_seats_at_a_host_that_is_not_accredited_gives_none():
    host, (pupil, _other), coordinator = town()
    visit = VisitFactory(version__course__host=HostFactory(unit__parent=host.unit.parent))

    with pytest.raises(SeatRefused, match="不在认定有效期内"):
        actions.place_seats(pairs=[(pupil.pk, visit.pk)], by=coordinator, at=clock.now())


def test_place_seats_on_a_visit_begun_cancelled_or_gone_gives_none():
    host, (pupil, _other), coordinator = town()
    visit = VisitFactory(version__course__host=host)
    pair = (pupil.pk, visit.pk)

    with pytest.raises(SeatRefused, match="有 1 场已经开始"):
        actions.place_seats(pairs=[pair], by=coordinator, at=visit.starts_at)
    with pytest.raises(SeatRefused, match="有 1 场已经不在了"):
        actions.place_seats(pairs=[pair, (pupil.pk, 0)], by=coordinator, at=clock.now())
    actions.cancel_visit(visit=visit, because="停电", by=coordinator, at=clock.now())
    with pytest.raises(SeatRefused, match="已经取消"):
        actions.place_seats(pairs=[pair], by=coordinator, at=clock.now())


def test_place_seats_beyond_the_hosts_or_pupils_of_ones_own_is_denied():
    host, (pupil, _other), coordinator = town()
    visit, stranger = VisitFactory(version__course__host=host), PupilFactory()

    for pair in ((stranger.pk, visit.pk), (pupil.pk, VisitFactory().pk)):
        with pytest.raises(PermissionDenied):
            actions.place_seats(pairs=[pair], by=coordinator, at=clock.now())
    with pytest.raises(PermissionDenied):
        actions.place_seats(pairs=[(pupil.pk, visit.pk)], by=holder("host_manager", host.unit), at=clock.now())

    assert not Seat.objects.exists()


def test_place_seats_gives_a_new_seat_to_who_gave_one_up():
    host, (pupil, _other), coordinator = town()
    visit = VisitFactory(version__course__host=host)
    pairs = [(pupil.pk, visit.pk)]
    actions.place_seats(pairs=pairs, by=coordinator, at=clock.now())
    actions.give_up_seat(seat=Seat.objects.get(), because="病了", by=coordinator, at=clock.now())

    assert actions.place_seats(pairs=pairs, by=coordinator, at=clock.now()) == 1
    assert Seat.objects.count() == 2


# ── assign_seat ──


def test_assign_seat_gives_a_seat_and_tells_the_family():
    pupil = GuardianshipFactory().pupil
    visit, now = VisitFactory(), clock.now()
    coordinator = coordinator_of(visit, pupil)

    seat = actions.assign_seat(visit=visit, pupil=pupil, by=coordinator, at=now)

    assert (seat.visit, seat.pupil, seat.origin, seat.given_at, seat.given_by) == (
        visit,
        pupil,
        "assigned",
        now,
        coordinator,
    )
    assert Event.objects.get(kind="seat.assigned").facts == {"visit": visit.pk, "pupil": pupil.pk}
    assert jobs.run_due() == 1
    assert Message.objects.get().subject.startswith("已安排：")


def test_assign_seat_with_the_same_request_gives_the_same_seat():
    pupil, visit, request = PupilFactory(), VisitFactory(), uuid.uuid4()
    coordinator = coordinator_of(visit, pupil)

    seats = [
        actions.assign_seat(visit=visit, pupil=pupil, by=coordinator, at=clock.now(), request=request) for _ in range(2)
    ]

    assert seats[0] == seats[1]
    assert events() == ["seat.assigned"]


def test_assign_seat_with_the_request_of_another_seat_is_refused():
    seat = SeatFactory()
    other = VisitFactory()
    coordinator = coordinator_of(other, seat.pupil)

    with pytest.raises(SeatRefused, match="请求号"):
        actions.assign_seat(visit=other, pupil=seat.pupil, by=coordinator, at=clock.now(), request=seat.request)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda _pupil: {"seats": 0}, "人满了"),
        (lambda _pupil: {"cancelled_at": clock.now(), "cancelled_by": UserFactory()}, "取消了"),
        (lambda _pupil: {"version__course__host": HostFactory()}, "不在认定有效期内"),
        (lambda _pupil: {"starts_at": clock.now() - timedelta(minutes=1)}, "已经开始"),
        (lambda pupil: {"starts_at": SeatFactory(pupil=pupil).visit.starts_at}, "不能同时去两处"),
    ],
)
def test_assign_seat_is_refused_in_words_and_leaves_nothing_behind(make, sentence):
    pupil = PupilFactory()
    visit = VisitFactory(**make(pupil))
    before = Seat.objects.count()

    with pytest.raises(SeatRefused, match=sentence):
        actions.assign_seat(visit=visit, pupil=pupil, by=coordinator_of(visit, pupil), at=clock.now())

    assert (Seat.objects.count(), events(), queued()) == (before, [], [])


def test_assign_seat_to_who_sits_there_already_is_refused():
    seat = SeatFactory()

    with pytest.raises(SeatRefused, match="不用再安排"):
        by = coordinator_of(seat.visit, seat.pupil)
        actions.assign_seat(visit=seat.visit, pupil=seat.pupil, by=by, at=clock.now())


@pytest.mark.parametrize("role", ["school_coordinator", "district_officer", "host_manager"])
def test_assign_seat_by_who_may_not_is_denied(role):
    visit, pupil = VisitFactory(), PupilFactory()
    someone = holder(role, visit.venue.host.unit, pupil.school_class.school.unit)

    with pytest.raises(PermissionDenied):
        actions.assign_seat(visit=visit, pupil=pupil, by=someone, at=clock.now())

    assert not Seat.objects.exists()


def test_assign_seat_to_a_pupil_of_another_district_is_denied():
    visit = VisitFactory()

    with pytest.raises(PermissionDenied):
        actions.assign_seat(visit=visit, pupil=PupilFactory(), by=coordinator_of(visit), at=clock.now())


# ── give_up_seat ──


def test_give_up_seat_frees_it_keeps_its_row_and_tells_the_family():
    pupil = GuardianshipFactory().pupil
    seat, now = SeatFactory(pupil=pupil), clock.now()
    coordinator = coordinator_of(seat.visit, pupil)

    actions.give_up_seat(seat=seat, because="病了", by=coordinator, at=now)

    row = Seat.objects.get()
    assert (row.given_up_at, row.given_up_by, row.given_up_because) == (now, coordinator, "病了")
    seat.visit.refresh_from_db()
    assert seat.visit.taken == 0
    assert events() == ["seat.given_up"]
    assert jobs.run_due() == 1
    assert Message.objects.get().body == "原因：病了"


@pytest.mark.parametrize(
    ("because", "days_later", "sentence"),
    [
        ("", 0, "请写明原因，学生和家长会看到。"),
        ("病了", 7, "这一场已经开始，名额不能再放弃。没来的话，签到处会记下。"),
    ],
)
def test_give_up_seat_is_refused_in_words(because, days_later, sentence):
    seat = SeatFactory(visit__starts_at=clock.now() + timedelta(days=7, seconds=-1))
    at = clock.now() + timedelta(days=days_later)

    with pytest.raises(SeatRefused) as refusal:
        actions.give_up_seat(seat=seat, because=because, by=coordinator_of(seat.visit, seat.pupil), at=at)

    assert str(refusal.value) == sentence
    assert (Seat.objects.filter(given_up_at=None).count(), events(), queued()) == (1, [], [])


def test_give_up_seat_twice_is_refused():
    seat = SeatFactory()
    coordinator = coordinator_of(seat.visit, seat.pupil)
    actions.give_up_seat(seat=seat, because="病了", by=coordinator, at=clock.now())

    with pytest.raises(SeatRefused, match="早先已经放弃"):
        actions.give_up_seat(seat=Seat.objects.get(), because="病了", by=coordinator, at=clock.now())


def test_give_up_seat_by_who_may_not_is_denied():
    seat = SeatFactory()

    with pytest.raises(PermissionDenied):
        actions.give_up_seat(
            seat=seat, because="病了", by=holder("host_manager", seat.visit.venue.host.unit), at=clock.now()
        )

    assert Seat.objects.get().given_up_at is None


def test_telling_of_a_seat_that_changed_meanwhile_tells_nobody():
    seat = SeatFactory(pupil=GuardianshipFactory().pupil)
    jobs.later("visits.tell_given_up", seat_id=seat.pk)
    jobs.later("visits.tell_cancelled", visit_id=seat.visit_id)
    jobs.later("visits.tell_assigned", seat_id=0)

    assert jobs.run_due() == 3
    assert not Message.objects.exists()


# ── move_seat ──


def test_move_seat_gives_the_new_one_and_keeps_the_old_on_record():
    host, (pupil, _other), coordinator = town()
    old, new = VisitFactory(version__course__host=host), VisitFactory(version__course__host=host)
    seat, now = SeatFactory(visit=old, pupil=pupil), clock.now()

    moved = actions.move_seat(seat=seat, to=new, because="换一天", by=coordinator, at=now)

    assert (moved.visit, moved.pupil, moved.origin, moved.given_at) == (new, pupil, "assigned", now)
    assert Seat.objects.get(pk=seat.pk).given_up_because == "换一天"
    assert events() == ["seat.given_up", "seat.assigned"]


def test_move_seat_by_the_same_request_moves_once():
    host, (pupil, _other), coordinator = town()
    seat, new = SeatFactory(visit__version__course__host=host, pupil=pupil), VisitFactory(version__course__host=host)
    said = {"seat": seat, "to": new, "because": "换一天", "by": coordinator, "at": clock.now(), "request": uuid.uuid4()}

    assert actions.move_seat(**said) == actions.move_seat(**said)
    assert Seat.objects.count() == 2


@pytest.mark.parametrize("full", [True, False])
def test_move_seat_that_is_refused_leaves_the_old_one_and_nothing_behind(full):
    host, (pupil, other), coordinator = town()
    seat = SeatFactory(visit__version__course__host=host, pupil=pupil)
    new = VisitFactory(version__course__host=host, seats=1)
    if full:
        SeatFactory(visit=new, pupil=other)

    with pytest.raises(SeatRefused, match="人满了" if full else "就在这一场"):
        to = new if full else seat.visit
        actions.move_seat(seat=seat, to=to, because="换", by=coordinator, at=clock.now())

    assert Seat.objects.get(pk=seat.pk).given_up_at is None
    assert (events(), queued()) == ([], [])


def test_move_seat_to_a_host_of_another_district_is_denied():
    host, (pupil, _other), coordinator = town()
    seat = SeatFactory(visit__version__course__host=host, pupil=pupil)

    with pytest.raises(PermissionDenied):
        actions.move_seat(seat=seat, to=VisitFactory(), because="换", by=coordinator, at=clock.now())

    assert Seat.objects.get().given_up_at is None
