import pytest

from baiye.accounts.permissions import Permission
from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.catalogue import queries
from baiye.catalogue.tests.factories import (
    CourseFactory,
    CourseVersionFactory,
    DraftFactory,
    OccupationFactory,
    ReportedCourseFactory,
)
from baiye.core import clock, pinyin

pytestmark = pytest.mark.django_db


def test_current_versions_are_the_newest_published_ones_of_courses_not_retired():
    course = CourseFactory()
    CourseVersionFactory(course=course)
    second = CourseVersionFactory(course=course, number=2)
    DraftFactory(course=course, number=3)
    DraftFactory()
    CourseVersionFactory(course__retired_at=clock.now(), course__retired_by=UserFactory())

    assert list(queries.current_versions()) == [second]


def test_published_courses_carry_the_version_in_force_in_two_queries(django_assert_num_queries):
    versions = CourseVersionFactory.create_batch(3)
    DraftFactory(course=versions[0].course, number=2)

    with django_assert_num_queries(2):
        courses = list(queries.published_courses())
        assert {str(course.host.unit) for course in courses}

    assert {course.current[0] for course in courses} == set(versions)


@pytest.mark.parametrize("text", ["面点", "sjsdmd", "shejian", "中式", "zsmds", "曹杨", "cyzx", "一屉"])
def test_find_versions_by_title_occupation_host_summary_sound_or_first_letters(text):
    title = "舌尖上的面点"
    occupation = OccupationFactory(name="中式面点师", pinyin=pinyin.key("中式面点师"))
    noodle = CourseVersionFactory(
        title=title,
        pinyin=pinyin.key(title),
        occupation=occupation,
        course__host__unit__name="曹杨中学",
        summary="做一屉点心",
    )
    CourseVersionFactory(title="别的", pinyin=pinyin.key("别的"))

    assert list(queries.find_versions(q=text)) == [noodle]


def test_find_versions_by_interest_and_host():
    version = CourseVersionFactory(riasec="I")
    CourseVersionFactory(riasec="I")

    assert list(queries.find_versions(riasec="I", host=version.course.host)) == [version]
    assert list(queries.find_versions(riasec="A")) == []


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
