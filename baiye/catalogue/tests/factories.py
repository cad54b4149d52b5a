"""The smallest valid rows of the catalogue: occupations, courses, versions."""

from datetime import date

from factory import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import DistrictFactory, UserFactory
from baiye.catalogue.models import (
    PARTS,
    Author,
    Course,
    CourseVersion,
    Occupation,
    ReportedCourse,
    ReportedEvent,
    Review,
    ReviewPart,
    Series,
    SeriesStep,
    Supply,
)
from baiye.core import clock, crypto
from baiye.core.models import File
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
    """A published version, which passed a review of two strangers."""

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
    hands_on_percent = 70
    access = "full"
    group_min = 8
    group_ideal = 20
    group_max = 30
    published_at = LazyFunction(clock.now)
    published_by = SubFactory(UserFactory)

    @classmethod
    def _create(cls, model_class, *args, published_at=None, published_by=None, **fields):
        version = super()._create(model_class, *args, **fields)
        if published_at is None:
            return version
        passed_review(version)
        version.published_at, version.published_by = published_at, published_by
        version.save(update_fields=["published_at", "published_by"])
        return version


def passed_review(version, proposed_by=None):
    """A review that ``version`` passed, without lines."""
    at, someone = clock.now(), UserFactory()
    review = Review.objects.create(version=version, proposed_at=at, proposed_by=proposed_by or UserFactory())
    decided = {"verdict": "passed", "decided_at": at, "decided_by": someone}
    ReviewPart.objects.bulk_create(ReviewPart(review=review, kind=kind, **decided) for kind, _name in PARTS)
    review.passed_at = at
    review.save(update_fields=["passed_at"])
    return review


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


class ReportedEventFactory(DjangoModelFactory):
    class Meta:
        model = ReportedEvent

    title = Sequence("有记载的活动{}".format)
    kind = "彩虹学院"
    trust = "B"
    source = "https://example.org/"


class SupplyFactory(DjangoModelFactory):
    """One rolling pin for each pupil."""

    class Meta:
        model = Supply

    version = SubFactory(DraftFactory)
    name = Sequence("擀面杖{}".format)
    kind = "equipment"
    quantity = 1
    share = "pupil"


class SeriesFactory(DjangoModelFactory):
    """A series nobody has published yet, without steps."""

    class Meta:
        model = Series

    unit = SubFactory(DistrictFactory)
    slug = Sequence("series-{}".format)
    title = Sequence("系列{}".format)
    glyph = "虹"
    riasec = "S"


class SeriesStepFactory(DjangoModelFactory):
    """A step of a published course."""

    class Meta:
        model = SeriesStep

    series = SubFactory(SeriesFactory)
    place = Sequence(lambda n: n + 1)
    course = LazyAttribute(lambda _step: CourseVersionFactory().course)


class AuthorFactory(DjangoModelFactory):
    class Meta:
        model = Author

    version = SubFactory(DraftFactory)
    user = SubFactory(UserFactory)


class FileFactory(DjangoModelFactory):
    """A paper of a few bytes."""

    class Meta:
        model = File

    name = "任务单.pdf"
    media_type = "application/pdf"
    size = 8
    sha256 = "0" * 64
    sealed = LazyFunction(lambda: crypto.encrypt_bytes(b"%PDF-1.4"))
