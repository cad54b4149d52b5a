"""Walk-ins: counted once, voided at most, never a seat, never class hours; figures keep them apart."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory
from baiye.attendance.tests.factories import PastVisitFactory, confirmed_seat
from baiye.core import clock
from baiye.core.models import Event
from baiye.hours.actions import enter_hours_of
from baiye.hours.models import HourEntry
from baiye.outreach.actions.walk_ins import WalkInRefused, count_walk_in, void_walk_in
from baiye.outreach.models import WalkIn
from baiye.outreach.queries.project_desk import Figures, figures_of
from baiye.outreach.tests.streets import ProjectFactory, WalkInFactory, noted
from baiye.visits.models import Seat
from baiye.visits.tests.factories import SeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    """One that began an hour ago."""
    return ProjectFactory(visit__starts_at=clock.now() - timedelta(hours=1))


def instructor_of(project):
    return GrantFactory(role="host_instructor", unit=project.visit.venue.host.unit).user


def counted(project, **changes):
    said = {"children": 3, "adults": 2, "request": uuid.uuid4(), "by": instructor_of(project), "at": clock.now()}
    return count_walk_in(project=project, **(said | changes))


def test_count_walk_in_sent_twice_is_one_count_and_no_seat_and_no_hours(project):
    key = uuid.uuid4()

    assert counted(project, request=key) == counted(project, request=key, children=99)

    assert WalkIn.objects.values_list("children", "adults").get() == (3, 2)
    assert Event.objects.filter(kind="walk_in.counted").count() == 1
    assert not Seat.objects.exists()
    assert not HourEntry.objects.exists()
    project.visit.refresh_from_db()
    assert (project.visit.taken, project.visit.seats_left) == (0, 30)


def test_count_walk_in_with_the_request_of_another_project_is_refused(project):
    other = WalkInFactory()

    with pytest.raises(WalkInRefused, match="别的活动"):
        counted(project, request=other.request)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"children": 0, "adults": 0}, "至少有一位"),
        ({"children": -1, "adults": 3}, "至少有一位"),
        ({"children": 501}, "最多记 500"),
        ({"at": clock.now() - timedelta(hours=3)}, "还没到时间"),
        ({"at": clock.now() + timedelta(days=3)}, "两天后"),
    ],
)
def test_count_walk_in_that_cannot_be_is_refused_and_leaves_nothing_behind(project, changes, sentence):
    with pytest.raises(WalkInRefused, match=sentence):
        counted(project, **changes)

    assert not WalkIn.objects.exists()
    assert noted() == []


@pytest.mark.parametrize("fields", [{"published_at": None, "published_by": None}, {"takes_walk_ins": False}])
def test_count_walk_in_where_one_may_not_walk_in_is_refused(fields):
    project = ProjectFactory(visit__starts_at=clock.now() - timedelta(hours=1), **fields)

    with pytest.raises(WalkInRefused):
        counted(project)


def test_count_walk_in_by_somebody_elses_instructor_is_denied(project):
    with pytest.raises(PermissionDenied):
        counted(project, by=GrantFactory(role="host_instructor").user)


def test_void_walk_in_strikes_the_count_out_once_and_keeps_it(project):
    walk_in, by, at = counted(project), instructor_of(project), clock.now()

    void_walk_in(walk_in=walk_in, by=by, at=at)
    void_walk_in(walk_in=walk_in, by=by, at=at + timedelta(hours=1))

    walk_in.refresh_from_db()
    assert (walk_in.voided_at, walk_in.voided_by) == (at, by)
    assert figures_of([project])[project.pk] == Figures(0, 0, 0, 0)


def test_void_walk_in_by_a_stranger_is_denied(project):
    with pytest.raises(PermissionDenied):
        void_walk_in(walk_in=counted(project), by=GrantFactory(role="host_instructor").user, at=clock.now())


def test_figures_count_who_signed_up_apart_from_who_walked_in_in_two_queries(project, django_assert_num_queries):
    SeatFactory(visit=project.visit)
    WalkInFactory.create_batch(2, project=project)
    others = [ProjectFactory(), ProjectFactory()]

    with django_assert_num_queries(2):
        found = figures_of([project, *others])

    assert found[project.pk] == Figures(expected=1, arrived=0, children=4, adults=2)
    assert found[others[0].pk] == Figures(0, 0, 0, 0)


def test_whoever_signed_up_and_stayed_to_the_end_earns_no_hours_either():
    visit = PastVisitFactory(organised_by=None, counts_as="", credit_minutes=0)
    ProjectFactory(visit=visit, lead=False)
    confirmed_seat(visit=visit)

    assert enter_hours_of(visit_ids=[visit.pk], at=clock.now()) == 0
    assert not HourEntry.objects.exists()
