"""Who has to do with an opening: a family, a class teacher, the desk."""

from typing import Any

from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import GrantFactory
from baiye.bookings.models import Opening
from baiye.bookings.tests.factories import pupil_of
from baiye.schools.models import Pupil
from baiye.schools.tests.factories import ClassTeacherFactory, GuardianshipFactory


def district_of(opening: Opening) -> Unit:
    unit = opening.release.unit
    return unit if unit.kind == "district" else unit.parent


def family(opening: Opening, **fields: Any) -> tuple[Pupil, User]:
    """A pupil of the opening's district, and who stands for them."""
    pupil = pupil_of(opening, **fields)
    return pupil, GuardianshipFactory(pupil=pupil).user


def teacher_of(pupil: Pupil) -> User:
    user: User = ClassTeacherFactory(school_class=pupil.school_class).user
    return user


def coordinator(opening: Opening) -> User:
    user: User = GrantFactory(role="coordinator", unit=district_of(opening)).user
    return user


def manager(opening: Opening) -> User:
    """Who manages the host of the opening's visit."""
    user: User = GrantFactory(role="host_manager", unit=opening.visit.venue.host.unit).user
    return user
