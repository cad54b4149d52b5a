"""The smallest valid rows of portfolios: a visit one came to, and what one wrote of it."""

from factory import LazyFunction, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.tests.factories import MarkFactory
from baiye.core import clock
from baiye.portfolio.models import Reflection, StepRecord
from baiye.schools.tests.factories import PupilFactory


def visited_seat(**fields):
    """A seat of a pupil who signs in, and came."""
    pupil = fields.pop("pupil", None) or PupilFactory(user=UserFactory(kind="pupil"))
    return MarkFactory(seat__pupil=pupil, **fields).seat


class ReflectionFactory(DjangoModelFactory):
    class Meta:
        model = Reflection

    seat = LazyFunction(visited_seat)
    text = "水温总是掌握不好，老师让我听水声，第三次成功了。"
    written_at = LazyFunction(clock.now)


class StepRecordFactory(DjangoModelFactory):
    class Meta:
        model = StepRecord

    seat = SubFactory("baiye.attendance.tests.factories.PastSeatFactory")
    step = "project"
    text = "揉了三次面团"
    written_at = LazyFunction(clock.now)
