"""People for tests who may do something at a school."""

from baiye.accounts.models import User
from baiye.accounts.tests.factories import GrantFactory
from baiye.core.models import Event
from baiye.schools.models import Pupil, School, SchoolClass
from baiye.schools.tests.factories import ClassTeacherFactory, GuardianshipFactory


def coordinator_of(school: School) -> User:
    """学校统筹老师: imports the roster, issues codes, enters consents from paper."""
    return GrantFactory(role="school_coordinator", unit=school.unit).user


def teacher_of(school_class: SchoolClass) -> User:
    """班主任."""
    return ClassTeacherFactory(school_class=school_class).user


def guardian_of(pupil: Pupil) -> User:
    return GuardianshipFactory(pupil=pupil).user


def centre() -> User:
    """协调中心专员, of a whole district: prepares rounds and keeps the calendar."""
    grant = GrantFactory(role="coordinator", unit__kind="district", unit__parent=None)
    return grant.user


def events() -> list[str]:
    """The kinds of what was written down, units being made left out."""
    return list(Event.objects.exclude(kind="unit.made").order_by("pk").values_list("kind", flat=True))
