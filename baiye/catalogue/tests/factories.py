"""The smallest valid rows of the catalogue: occupations, courses, versions."""

from datetime import date

from factory import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import UserFactory
from baiye.catalogue.models import Course, CourseVersion, Occupation, ReportedCourse
from baiye.core import clock
from baiye.registry.tests.factories import AccreditedHostFactory


class OccupationFactory(DjangoModelFactory):
    class Meta:
        model = Occupation

    code = Sequence("9-99-99-{}".format)
    name = Sequence("职业{}".format)
    valid_from = date(2022, 7, 1)


class CourseFactory(DjangoModelFactory):
    """A course at an accredited host, without a version."""

    class Meta:
        model = Course

    host = SubFactory(AccreditedHostFactory)
    slug = Sequence("course-{}".format)


class CourseVersionFactory(DjangoModelFactory):
    """A published version."""

    class Meta:
        model = CourseVersion

    course = SubFactory(CourseFactory)
    number = 1
    title = Sequence("项目{}".format)
    glyph = "面"
    riasec = "R"
    task_group = "烹饪与营养"
    grade_from = 6
    grade_to = 9
    minutes = 160
    group_min = 8
    group_ideal = 20
    group_max = 30
    published_at = LazyFunction(clock.now)
    published_by = SubFactory(UserFactory)


class DraftFactory(CourseVersionFactory):
    """A version nobody has published yet."""

    published_at = None
    published_by = None


class ReportedCourseFactory(DjangoModelFactory):
    class Meta:
        model = ReportedCourse

    title = Sequence("有记载的项目{}".format)
    trust = "B"
    source = "https://example.org/"
