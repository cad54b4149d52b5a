"""Each promise of the database about courses, broken once."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction

from baiye.catalogue.models import CourseVersion
from baiye.catalogue.tests.factories import (
    CourseFactory,
    CourseVersionFactory,
    DraftFactory,
    OccupationFactory,
    ReportedCourseFactory,
)
from baiye.core import clock

pytestmark = pytest.mark.django_db


@contextmanager
def refused(name):
    """The block breaks the promise ``name``, and is undone."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.diag.constraint_name == name


def test_a_published_version_never_changes_and_stays():
    version = CourseVersionFactory()

    with refused("course_version_published_never_changes"):
        CourseVersion.objects.update(title="别的名字")
    with refused("course_version_published_never_changes"):
        CourseVersion.objects.update(published_at=None, published_by=None)
    with refused("course_version_published_never_changes"):
        CourseVersion.objects.filter(pk=version.pk)._raw_delete("default")


def test_a_draft_may_change_and_go():
    draft = DraftFactory()

    CourseVersion.objects.update(title="别的名字")
    draft.delete()

    assert not CourseVersion.objects.exists()


def test_a_course_has_one_draft_and_each_number_once():
    draft = DraftFactory()

    with refused("course_version_one_draft_a_course"):
        DraftFactory(course=draft.course, number=2)
    with refused("course_version_once"):
        CourseVersionFactory(course=draft.course)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"group_min": 0}, "course_version_group_sizes_in_order"),
        ({"group_min": 21}, "course_version_group_sizes_in_order"),
        ({"group_ideal": 31}, "course_version_group_sizes_in_order"),
        ({"grade_from": 0}, "course_version_grades_in_order"),
        ({"grade_from": 9, "grade_to": 8}, "course_version_grades_in_order"),
        ({"grade_to": 13}, "course_version_grades_in_order"),
        ({"minutes": 0}, "course_version_takes_time"),
        ({"task_group": "别的"}, "course_version_belongs_to_a_task_group"),
        ({"published_by": None}, "course_version_published_by_whom_and_when"),
    ],
)
def test_a_version_makes_sense(fields, name):
    with refused(name):
        CourseVersionFactory(**fields)


def test_a_course_is_retired_by_someone():
    with refused("course_retired_by_whom_and_when"):
        CourseFactory(retired_at=clock.now())


def test_a_reported_course_stands_once_and_has_a_usable_source():
    report = ReportedCourseFactory()

    with refused("reported_course_once"):
        ReportedCourseFactory(title=report.title)
    with refused("reported_course_from_a_usable_source"):
        ReportedCourseFactory(trust="U")


def test_an_occupation_code_stands_once():
    with refused("catalogue_occupation_code_key"):
        OccupationFactory(code=OccupationFactory().code)
