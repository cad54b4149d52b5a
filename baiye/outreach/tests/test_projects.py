"""Community projects: made, opened to sign-up, published; what must not be, and that nothing is left behind."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory, UnitFactory, UserFactory
from baiye.bookings.models import Opening, Release
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.core.refusals import Refused
from baiye.mentors.models import Check
from baiye.mentors.tests.factories import MentorFactory, UncheckedFactory
from baiye.outreach.actions.projects import (
    ProjectRefused,
    make_programme,
    make_project,
    publish_project,
    set_walk_ins,
)
from baiye.outreach.actions.sign_up import SignUp, open_sign_up
from baiye.outreach.models import Programme, Project
from baiye.outreach.tests.streets import (
    ProgrammeFactory,
    ProjectFactory,
    WalkInFactory,
    coordinator_of,
    manager_of,
    noted,
)
from baiye.registry.tests.factories import AccreditedHostFactory, VenueFactory
from baiye.schools.tests.factories import TermFactory
from baiye.visits.models import Visit

pytestmark = pytest.mark.django_db


def wanted(**changes):
    """The arguments of a project at a new host, and who manages it."""
    host = AccreditedHostFactory()
    version = CourseVersionFactory(course__host=host)
    at = clock.now()
    plan = {
        "version": version,
        "venue": VenueFactory(host=host),
        "starts_at": at + timedelta(days=3),
        "ends_at": at + timedelta(days=3, hours=2),
        "seats": 12,
    }
    said = {
        "programme": ProgrammeFactory(unit=host.unit.parent),
        "plan": plan,
        "master": MentorFactory(unit=host.unit, kinds=["craftsman"], name="周师傅"),
        "takes_walk_ins": False,
        "note": "请带围裙",
        "request": uuid.uuid4(),
        "by": GrantFactory(role="host_manager", unit=host.unit).user,
        "at": at,
    }
    return said | changes


def sign_up_of(project, **changes):
    at = clock.now()
    said = {"mode": "first", "opens_at": at + timedelta(hours=1), "closes_at": project.visit.starts_at}
    return SignUp(**(said | changes))


def test_make_project_makes_a_visit_that_counts_as_nothing_led_by_the_master():
    said = wanted()

    project = make_project(**said)

    visit = project.visit
    assert (visit.organised_by, visit.counts_as, visit.credit_minutes) == (None, "", 0)
    assert visit.assignments.get(role="lead").mentor == said["master"]
    assert Visit.objects.get(pk=visit.pk).guide == "周师傅"
    assert project.published_at is None
    assert noted() == ["mentor.assigned", "project.made", "visit.made"]


def test_make_project_never_counts_whatever_the_plan_says():
    said = wanted()
    said["plan"] |= {"organised_by": said["programme"].unit, "counts_as": "职业体验", "credit_minutes": 160}

    project = make_project(**said)

    assert (project.visit.organised_by, project.visit.counts_as) == (None, "")


def test_make_project_by_the_same_request_twice_is_one():
    said = wanted()

    assert make_project(**said) == make_project(**said)
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda said: said["plan"].update(starts_at=said["at"] - timedelta(hours=1)), "已经过了"),
        (lambda said: said.update(programme=ProgrammeFactory(unit=UnitFactory().parent)), "别的区"),
        (lambda said: said.update(master=UncheckedFactory(unit=said["master"].unit)), "不能带教"),
        (lambda said: said["plan"].update(seats=99), "最多"),
    ],
)
def test_make_project_that_cannot_be_is_refused_and_leaves_nothing_behind(spoil, sentence):
    said = wanted()
    spoil(said)

    with pytest.raises(Refused, match=sentence):
        make_project(**said)

    assert not Visit.objects.exists()
    assert not Project.objects.exists()
    assert noted() == []


def test_make_project_of_another_host_is_denied():
    with pytest.raises(PermissionDenied):
        make_project(**wanted(by=GrantFactory(role="host_manager").user))

    assert not Visit.objects.exists()


def test_open_sign_up_opens_the_visit_to_bookings_by_a_published_release_once():
    TermFactory()
    project = ProjectFactory(published_at=None, published_by=None, takes_walk_ins=False)
    key, by, at = uuid.uuid4(), manager_of(project), clock.now()

    for _twice in range(2):
        open_sign_up(project=project, sign_up=sign_up_of(project, mode="draw"), request=key, by=by, at=at)

    opening = Opening.objects.get(visit=project.visit)
    assert opening.release.published_at == at
    assert opening.release.draw_until - opening.release.opens_at == timedelta(minutes=30)
    assert Event.objects.filter(kind="project.opened").count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_at": clock.now() + timedelta(days=30)}, "早于活动开始"),
        ({"opens_at": clock.now() - timedelta(hours=1)}, "已经过了"),
        ({"closes_at": clock.now() + timedelta(minutes=30)}, "晚于报名开始"),
        ({"mode": "draw", "draw_minutes": 20_000}, "抽签不能晚于报名截止"),
    ],
)
def test_open_sign_up_that_cannot_be_is_refused_and_leaves_nothing_behind(changes, sentence):
    TermFactory()
    project = ProjectFactory()

    with pytest.raises(Refused, match=sentence):
        open_sign_up(
            project=project,
            sign_up=sign_up_of(project, **changes),
            request=uuid.uuid4(),
            by=manager_of(project),
            at=clock.now(),
        )

    assert not Release.objects.exists()


def test_open_sign_up_outside_any_term_is_refused():
    project = ProjectFactory()

    with pytest.raises(ProjectRefused, match="学期"):
        open_sign_up(
            project=project, sign_up=sign_up_of(project), request=uuid.uuid4(), by=manager_of(project), at=clock.now()
        )


def test_open_sign_up_a_second_time_by_another_request_is_refused():
    TermFactory()
    project = ProjectFactory()
    said = {"project": project, "sign_up": sign_up_of(project), "by": manager_of(project), "at": clock.now()}
    open_sign_up(**said, request=uuid.uuid4())

    with pytest.raises(Refused, match="另一次放号"):
        open_sign_up(**said, request=uuid.uuid4())


@pytest.mark.parametrize("who", [manager_of, coordinator_of])
def test_publish_project_shows_it_and_a_second_call_does_nothing(who):
    project, at = ProjectFactory(published_at=None, published_by=None), clock.now()
    by = who(project)

    publish_project(project=project, by=by, at=at)
    publish_project(project=project, by=by, at=at + timedelta(hours=1))

    project.refresh_from_db()
    assert (project.published_at, project.published_by) == (at, by)
    assert Event.objects.filter(kind="project.published").count() == 1


def test_publish_project_by_the_agency_that_keeps_the_programme():
    project = ProjectFactory(published_at=None, published_by=None)
    agency = UnitFactory(kind="agency", parent=project.programme.unit, name="区人社局")
    Programme.objects.filter(pk=project.programme_id).update(unit=agency)
    project = Project.objects.get(pk=project.pk)

    publish_project(project=project, by=GrantFactory(role="agency_officer", unit=agency).user, at=clock.now())

    assert Project.objects.get().published_at


def test_publish_project_of_others_is_denied():
    project = ProjectFactory(published_at=None, published_by=None)

    with pytest.raises(PermissionDenied):
        publish_project(project=project, by=GrantFactory(role="host_manager").user, at=clock.now())


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"lead": False}, "师傅"),
        ({"takes_walk_ins": False}, "家长来不了"),
        ({"visit__starts_at": clock.now() - timedelta(days=2), "lead": False}, "结束"),
    ],
)
def test_publish_project_that_nobody_could_come_to_is_refused(fields, sentence):
    project = ProjectFactory(published_at=None, published_by=None, **fields)

    with pytest.raises(ProjectRefused, match=sentence):
        publish_project(project=project, by=manager_of(project), at=clock.now())

    assert noted() == []


def test_set_walk_ins_once_somebody_walked_in_keeps_the_door_open():
    project = WalkInFactory().project

    with pytest.raises(ProjectRefused, match="已经登记"):
        set_walk_ins(project=project, takes_walk_ins=False, note="", by=manager_of(project), at=clock.now())


def test_set_walk_ins_of_a_published_project_without_sign_up_keeps_a_way_in():
    project = ProjectFactory()
    by, at = manager_of(project), clock.now()

    with pytest.raises(ProjectRefused, match="先开放报名"):
        set_walk_ins(project=project, takes_walk_ins=False, note="", by=by, at=at)
    TermFactory()
    open_sign_up(project=project, sign_up=sign_up_of(project), request=uuid.uuid4(), by=by, at=at)
    set_walk_ins(project=project, takes_walk_ins=False, note="带水", by=by, at=at)

    project.refresh_from_db()
    assert (project.takes_walk_ins, project.note) == (False, "带水")


def test_make_programme_of_an_agency_once_by_each_name():
    agency = UnitFactory(kind="agency", name="区人社局")
    by, at, key = GrantFactory(role="agency_officer", unit=agency).user, clock.now(), uuid.uuid4()
    said = {"unit": agency, "title": "技能大师社区公益行", "about": "", "by": by, "at": at}

    made = make_programme(**said, request=key)

    assert make_programme(**said, request=key) == made
    with pytest.raises(ProjectRefused, match="同名"):
        make_programme(**said, request=uuid.uuid4())
    assert Programme.objects.count() == 1


def test_make_programme_of_a_host_or_by_a_stranger_is_refused():
    host = AccreditedHostFactory().unit
    manager = GrantFactory(role="host_manager", unit=host).user
    said = {"title": "系列", "about": "", "request": uuid.uuid4(), "at": clock.now()}

    with pytest.raises(ProjectRefused, match="区里或牵头部门"):
        make_programme(unit=host, by=manager, **said)
    with pytest.raises(PermissionDenied):
        make_programme(unit=host.parent, by=UserFactory(), **said)


def test_a_master_whose_check_fails_afterwards_can_guide_nobody_there():
    project = make_project(**wanted())
    mentor = project.visit.assignments.get().mentor
    Check.objects.create(mentor=mentor, result="not_clear", checked_on=clock.today(), method="police")

    said = wanted(master=mentor, by=coordinator_of(project))

    with pytest.raises((Refused, PermissionDenied)):
        make_project(**said)
