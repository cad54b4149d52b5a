"""Visits are made and cancelled: done, refused, denied, and nothing left behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.models import Unit
from baiye.accounts.tests.factories import DistrictFactory, UnitFactory, UserFactory
from baiye.catalogue.tests.factories import CourseVersionFactory, DraftFactory
from baiye.core import clock, jobs
from baiye.core.models import Event, Message
from baiye.core.templatetags.text import han_date
from baiye.core.tests.factories import queued
from baiye.registry.tests.factories import HostFactory, VenueFactory
from baiye.schools.tests.factories import GuardianshipFactory, PupilFactory
from baiye.schools.tests.people import events
from baiye.visits import actions
from baiye.visits.actions import VisitRefused
from baiye.visits.models import Seat, Visit
from baiye.visits.plans import Plan
from baiye.visits.tests.factories import SeatFactory, VisitFactory
from baiye.visits.tests.people import coordinator_of, holder

pytestmark = pytest.mark.django_db


def wanted(version=None, **fields):
    version = version or CourseVersionFactory()
    starts_at = clock.now() + timedelta(days=7)
    return {
        "version": version,
        "venue": VenueFactory(host=version.course.host),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=180),
        "seats": 20,
    } | fields


# ── make_visit, make_visits ──


def test_make_visit_makes_one_dated_sitting():
    plan = wanted(guide="王老师", minimum=8)
    manager = holder("host_manager", plan["venue"].host.unit)

    visit = actions.make_visit(**plan, by=manager)

    assert Visit.objects.get() == visit
    assert (visit.seats, visit.taken, visit.minimum, visit.guide, visit.is_example) == (20, 0, 8, "王老师", False)
    assert events() == ["visit.made"]


def test_make_visit_of_an_example_course_is_an_example():
    plan = wanted(CourseVersionFactory(course__is_example=True))

    assert actions.make_visit(**plan, by=holder("coordinator", plan["venue"].host.unit)).is_example


def test_make_visit_counts_when_the_district_organises_it():
    plan = wanted()
    district = plan["venue"].host.unit.parent
    counting = {"organised_by": district, "counts_as": "职业体验", "credit_minutes": 160}

    visit = actions.make_visit(**plan, **counting, by=holder("coordinator", district))

    assert (visit.organised_by, visit.counts_as, visit.credit_minutes) == (district, "职业体验", 160)


def test_make_visit_by_a_host_manager_cannot_count_for_the_district():
    plan = wanted()
    unit = plan["venue"].host.unit
    counting = {"organised_by": unit.parent, "counts_as": "职业体验", "credit_minutes": 160}

    with pytest.raises(PermissionDenied):
        actions.make_visit(**plan, **counting, by=holder("host_manager", unit))

    assert not Visit.objects.exists()


def test_make_visit_by_another_hosts_manager_is_denied():
    with pytest.raises(PermissionDenied):
        actions.make_visit(**wanted(), by=holder("host_manager", HostFactory().unit))

    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda: {"version": DraftFactory()}, "这个项目还没有发布。先发布，再排场次。"),
        (
            lambda: {"version": CourseVersionFactory(course__retired_at=clock.now(), course__retired_by=UserFactory())},
            "这个项目已经下架。换一个项目。",
        ),
        (lambda: {"venue": VenueFactory()}, "这个场地不是这家基地的。换一个场地。"),
        (lambda: {"ends_at": clock.now()}, "结束时间要晚于开始时间。"),
        (lambda: {"counts_as": "职业体验"}, "要计课时，得由学校或区里组织，并写明计多少分钟；不计课时，这两项都空着。"),
        (lambda: {"seats": 0}, "至少要有 1 个名额。"),
        (lambda: {"minimum": 21}, "开课人数不能比名额多。"),
        (lambda: {"seats": 31}, "这个项目一场最多 30 人。请把名额减到 30 以内。"),
    ],
)
def test_make_visit_is_refused_in_words(change, sentence):
    changed = change()
    plan = wanted(changed.pop("version", None), **changed)
    everywhere = holder("coordinator", *Unit.objects.filter(kind="host"))

    with pytest.raises(VisitRefused) as refusal:
        actions.make_visit(**plan, by=everywhere)

    assert str(refusal.value) == sentence
    assert not Visit.objects.exists()
    assert events() == []


def test_make_visit_at_a_host_that_is_not_accredited_then_is_refused():
    plan = wanted(CourseVersionFactory(course__host=HostFactory()))
    day = han_date(plan["starts_at"], "day")

    with pytest.raises(VisitRefused) as refusal:
        actions.make_visit(**plan, by=holder("coordinator", plan["venue"].host.unit))

    assert str(refusal.value) == f"{day}，这家基地不在认定有效期内。先办好认定，或换一天。"


def test_make_visit_where_another_fills_the_venue_is_refused():
    plan = wanted()
    VisitFactory(venue=plan["venue"], seats=12, starts_at=plan["starts_at"] + timedelta(minutes=90))
    VisitFactory(venue=plan["venue"], seats=30, starts_at=plan["ends_at"])
    VisitFactory(
        venue=plan["venue"],
        seats=30,
        starts_at=plan["starts_at"],
        cancelled_at=clock.now(),
        cancelled_by=UserFactory(),
    )

    with pytest.raises(VisitRefused, match="只剩 18 个位置"):
        actions.make_visit(**plan, by=holder("coordinator", plan["venue"].host.unit))


def test_make_visit_where_the_venue_is_full_is_refused():
    plan = wanted()
    VisitFactory(venue=plan["venue"], seats=30, starts_at=plan["starts_at"])

    with pytest.raises(VisitRefused, match="已经排满了"):
        actions.make_visit(**plan, by=holder("coordinator", plan["venue"].host.unit))


def test_make_visits_makes_all_with_one_event():
    plan = wanted()
    later = {"starts_at": plan["ends_at"], "ends_at": plan["ends_at"] + timedelta(hours=3)}
    coordinator = holder("coordinator", plan["venue"].host.unit.parent)

    visits = actions.make_visits(plans=[Plan(**plan), Plan(**plan | later)], by=coordinator)

    assert list(Visit.objects.order_by("starts_at")) == visits
    event = Event.objects.get(kind="visits.made")
    assert (event.facts, event.unit_path) == ({"visits": 2}, plan["venue"].host.unit.path)


def test_make_visits_counts_the_visits_of_the_same_batch_and_leaves_nothing_behind():
    plan = Plan(**wanted(seats=16))

    with pytest.raises(VisitRefused, match="只剩 14 个位置"):
        actions.make_visits(plans=[plan, plan], by=holder("coordinator", plan.venue.host.unit))

    assert not Visit.objects.exists()
    assert events() == []


def test_make_visits_of_nothing_is_nothing():
    assert actions.make_visits(plans=[], by=UserFactory()) == []


# ── cancel_visit ──


def test_cancel_visit_gives_up_its_seats_and_tells_the_families():
    pupil = PupilFactory(user=UserFactory(kind="pupil"))
    guardian = GuardianshipFactory(pupil=pupil).user
    seat = SeatFactory(pupil=pupil)
    visit, now = seat.visit, clock.now()
    manager = holder("host_manager", visit.venue.host.unit)

    actions.cancel_visit(visit=visit, because=" 设备检修 ", by=manager, at=now)

    seat.refresh_from_db()
    assert (visit.cancelled_at, visit.cancelled_by, visit.cancelled_because, visit.taken) == (
        now,
        manager,
        "设备检修",
        0,
    )
    assert (seat.given_up_at, seat.given_up_by, seat.given_up_because) == (now, manager, "设备检修")
    assert Event.objects.get(kind="visit.cancelled").facts == {"seats": 1}
    jobs.run_due()
    told = Message.objects.filter(kind="visit.cancelled")
    assert set(told.values_list("to", flat=True)) == {pupil.user.pk, guardian.pk}
    assert set(told.values_list("body", flat=True)) == {"原因：设备检修。其他场次不变。"}


@pytest.mark.parametrize(
    ("because", "hours_later", "sentence"),
    [("  ", 0, "请写明原因，学生和家长会看到。"), ("设备检修", 24 * 8, "这一场已经结束，不能再取消。")],
)
def test_cancel_visit_is_refused_in_words(because, hours_later, sentence):
    seat = SeatFactory()
    at = clock.now() + timedelta(hours=hours_later)

    with pytest.raises(VisitRefused) as refusal:
        actions.cancel_visit(visit=seat.visit, because=because, by=coordinator_of(seat.visit), at=at)

    assert str(refusal.value) == sentence
    assert Seat.objects.filter(given_up_at=None).count() == 1
    assert (events(), queued()) == ([], [])


def test_cancel_visit_twice_is_refused():
    visit = VisitFactory()
    coordinator = coordinator_of(visit)
    actions.cancel_visit(visit=visit, because="停电", by=coordinator, at=clock.now())

    with pytest.raises(VisitRefused, match="早先已经取消"):
        actions.cancel_visit(visit=visit, because="停电", by=coordinator, at=clock.now())


def test_cancel_visit_by_who_may_not_manage_it_is_denied():
    visit = VisitFactory()

    with pytest.raises(PermissionDenied):
        actions.cancel_visit(
            visit=visit, because="停电", by=holder("host_instructor", visit.venue.host.unit), at=clock.now()
        )

    visit.refresh_from_db()
    assert visit.cancelled_at is None


# ── a batch of many units ──


def test_units_of_one_batch_are_named_by_what_stands_above_them_all():
    district = DistrictFactory()
    one, two = UnitFactory.create_batch(2, parent=district, kind="host")

    assert actions._common([one, two]) == district.path
    assert actions._common([one]) == one.path
    assert actions._common([one, HostFactory().unit]) == ""
