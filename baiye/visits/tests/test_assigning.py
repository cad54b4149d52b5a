"""Adults are assigned to visits and taken off: done, refused, denied, and nothing left behind."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.core import clock
from baiye.mentors.refusals import MentorRefused
from baiye.mentors.tests.factories import CheckFactory, MentorFactory, UncheckedFactory
from baiye.schools.tests.factories import TermFactory
from baiye.schools.tests.people import events
from baiye.visits import actions, assigning, queries
from baiye.visits.models import Assignment
from baiye.visits.tests.factories import AssignmentFactory, VisitFactory
from baiye.visits.tests.people import holder

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return VisitFactory()


@pytest.fixture
def manager(visit):
    return holder("host_manager", visit.venue.host.unit)


def guide(visit, **fields):
    return MentorFactory(unit=visit.venue.host.unit, **fields)


def assign(visit, mentor, by, **fields):
    return assigning.assign_mentor(
        **{"visit": visit, "mentor": mentor, "role": "lead", "by": by, "at": clock.now()} | fields
    )


def test_assign_mentor_puts_a_lead_on_the_visit_once_and_shows_the_name_to_families(visit, manager):
    mentor, request = guide(visit, name="周师傅"), uuid.uuid4()

    made = assign(visit, mentor, manager, request=request)
    again = assign(visit, mentor, manager, request=request)

    visit.refresh_from_db()
    assert made == again == Assignment.objects.get()
    assert visit.guide == "周师傅"
    assert events() == ["mentor.assigned"]


def test_assign_mentor_leaves_what_families_read_when_it_stands_and_for_drivers(manager):
    told = VisitFactory(guide="王老师", version__course__host=manager.grants.get().unit.host)
    untold = VisitFactory(version=told.version, venue=told.venue, starts_at=told.ends_at)

    assign(told, guide(told), manager)
    assign(untold, guide(untold, kinds=["driver"]), manager, role="driver")

    told.refresh_from_db()
    untold.refresh_from_db()
    assert (told.guide, untold.guide) == ("王老师", "")


def test_assign_mentor_of_another_host_or_by_one_is_denied(visit, manager):
    with pytest.raises(PermissionDenied):
        assign(visit, MentorFactory(), manager)
    with pytest.raises(PermissionDenied):
        assign(visit, guide(visit), holder("host_manager", VisitFactory().venue.host.unit))
    with pytest.raises(PermissionDenied):
        assign(visit, guide(visit), holder("host_instructor", visit.venue.host.unit))

    assert not Assignment.objects.exists()
    assert events() == []


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda unit: UncheckedFactory(unit=unit), "还没有从业查询结果"),
        (lambda unit: CheckFactory(mentor__unit=unit, checked_on=clock.today() - timedelta(days=359)).mentor, "满一年"),
        (lambda unit: CheckFactory(mentor__unit=unit, result="not_clear").mentor, "没有通过"),
        (lambda unit: MentorFactory(unit=unit, kinds=["counsellor"]), "还没有聘任单位"),
    ],
)
def test_assign_mentor_who_may_not_is_refused_with_the_reason(visit, manager, make, sentence):
    mentor = make(visit.venue.host.unit)

    with pytest.raises(MentorRefused, match=sentence):
        assign(visit, mentor, manager)

    assert not Assignment.objects.exists()
    assert events() == []


def test_assign_mentor_elsewhere_then_or_beside_another_lead_or_after_the_end_is_refused(visit, manager):
    busy = AssignmentFactory(visit__version=visit.version, visit__venue=visit.venue, visit__starts_at=visit.starts_at)
    over = VisitFactory(version=visit.version, venue=visit.venue, starts_at=clock.now() - timedelta(days=2))

    with pytest.raises(MentorRefused, match="那个时段已经有别的场次"):
        assign(visit, busy.mentor, manager)
    with pytest.raises(MentorRefused, match="已经有带教老师了"):
        assign(busy.visit, guide(visit), manager)
    with pytest.raises(MentorRefused, match="已经结束"):
        assign(over, guide(visit), manager)

    assert Assignment.objects.get() == busy


def test_assign_mentor_beyond_what_they_take_a_term_is_refused_and_another_term_counts_for_itself(visit, manager):
    day = clock.day_of(visit.starts_at)
    TermFactory(starts_on=day - timedelta(days=20), ends_on=day + timedelta(days=20))
    mentor = guide(visit, most_a_term=1)
    assign(visit, mentor, manager)
    more = VisitFactory(version=visit.version, venue=visit.venue, starts_at=visit.ends_at)
    later = VisitFactory(version=visit.version, venue=visit.venue, starts_at=visit.ends_at + timedelta(days=60))

    with pytest.raises(MentorRefused, match="会有 2 次，超过自己定的上限 1 次"):
        assign(more, mentor, manager)
    assign(later, mentor, manager)

    assert Assignment.objects.filter(mentor=mentor).count() == 2


def test_end_assignment_takes_somebody_off_once_and_their_name_with_them(visit, manager):
    made = assign(visit, guide(visit), manager)
    made = queries.assignments_for(manager).get()

    assigning.end_assignment(assignment=made, by=manager, at=clock.now())
    assigning.end_assignment(assignment=made, by=manager, at=clock.now())

    visit.refresh_from_db()
    assert visit.guide == ""
    assert list(queries.assignments_of(visit)) == []
    assert events() == ["mentor.assigned", "assignment.ended"]


def test_end_assignment_by_another_host_is_denied_and_of_a_past_visit_refused(visit, manager):
    made = AssignmentFactory(visit=visit)

    with pytest.raises(PermissionDenied):
        assigning.end_assignment(assignment=made, by=holder("host_manager", MentorFactory().unit), at=clock.now())
    with pytest.raises(MentorRefused, match="已经结束"):
        assigning.end_assignment(assignment=made, by=manager, at=visit.ends_at)

    made.refresh_from_db()
    assert made.ended_at is None


def test_cancel_visit_frees_who_was_assigned(visit, manager):
    made = AssignmentFactory(visit=visit)

    actions.cancel_visit(visit=visit, because="设备坏了", by=manager, at=clock.now())

    made.refresh_from_db()
    assert made.ended_by == manager


def test_assignable_are_those_who_may_and_are_free(visit, manager):
    free, busy = guide(visit), guide(visit)
    UncheckedFactory(unit=visit.venue.host.unit)
    MentorFactory()
    other = VisitFactory(version=visit.version, venue=visit.venue, starts_at=visit.starts_at + timedelta(minutes=30))
    AssignmentFactory(visit=other, mentor=busy)

    assert list(queries.assignable(manager, visit)) == [free]


def test_assign_leads_puts_all_on_or_none_at_a_constant_cost(visit, manager, django_assert_num_queries):
    host, later = visit.venue.host, visit.ends_at
    more = [VisitFactory(version=visit.version, venue=visit.venue, starts_at=later + timedelta(days=n)) for n in (1, 2)]
    mentor = guide(visit, name="周师傅")
    loaded = list(queries.visits_for(manager))

    for some in (loaded[:1], loaded[1:]):
        with django_assert_num_queries(11):
            assigning.assign_leads(leads=[(one, mentor) for one in some], by=manager, at=clock.now())

    assert host.venues.get().visits.filter(guide="周师傅").count() == 1 + len(more)
    assert events() == ["mentors.assigned", "mentors.assigned"]


def test_assign_leads_is_refused_as_one_by_one_and_leaves_nothing_behind(visit, manager):
    TermFactory(starts_on=clock.today() - timedelta(days=20), ends_on=clock.today() + timedelta(days=90))
    other = VisitFactory(version=visit.version, venue=visit.venue, starts_at=visit.ends_at)
    busy, unchecked = guide(visit, most_a_term=1), UncheckedFactory(unit=visit.venue.host.unit)

    def refused(*leads, by=manager, at=None):
        with pytest.raises((MentorRefused, PermissionDenied)) as caught:
            assigning.assign_leads(leads=leads, by=by, at=at or clock.now())
        return str(caught.value)

    assert "会有 2 次，超过自己定的上限 1 次" in refused((visit, busy), (other, busy))
    assert "不能带教" in refused((other, busy), (visit, unchecked))
    assert "已经结束" in refused((visit, busy), at=visit.ends_at)
    assert "mentor" in refused((visit, MentorFactory()))

    assert not Assignment.objects.exists()
    assert events() == []
