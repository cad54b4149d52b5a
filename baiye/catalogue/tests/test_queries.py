import pytest

from baiye.accounts.permissions import Permission
from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.catalogue.queries import courses as queries
from baiye.catalogue.tests.factories import (
    CourseFactory,
    CourseVersionFactory,
    DraftFactory,
    ReportedCourseFactory,
)
from baiye.core import clock

pytestmark = pytest.mark.django_db


def test_current_versions_are_the_newest_published_ones_of_courses_not_retired():
    course = CourseFactory()
    CourseVersionFactory(course=course)
    second = CourseVersionFactory(course=course, number=2)
    DraftFactory(course=course, number=3)
    DraftFactory()
    CourseVersionFactory(course__retired_at=clock.now(), course__retired_by=UserFactory())

    assert list(queries.current_versions()) == [second]


def test_hosts_with_courses_are_those_with_a_published_one():
    version = CourseVersionFactory()
    DraftFactory()
    CourseVersionFactory(course__retired_at=clock.now(), course__retired_by=UserFactory())

    assert list(queries.hosts_with_courses()) == [version.course.host]


def test_course_counts_tell_real_ones_examples_and_reports_apart():
    CourseVersionFactory()
    CourseVersionFactory.create_batch(2, course__is_example=True)
    ReportedCourseFactory.create_batch(3)

    assert queries.course_counts() == {"real": 1, "example": 2, "reported": 3}


def test_versions_for_are_those_of_ones_own_hosts_drafts_too():
    draft = DraftFactory()
    DraftFactory()
    manager = GrantFactory(role="host_manager", unit=draft.course.host.unit).user

    assert list(queries.versions_for(manager)) == [draft]
    assert list(queries.versions_for(manager, Permission.COURSE_PUBLISH)) == []
    assert list(queries.current_versions_for(manager, Permission.VISIT_MANAGE)) == []
