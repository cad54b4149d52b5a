"""Who acts in the tests of visits."""

from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.schools.models import Pupil
from baiye.visits.models import Visit


def holder(role: str, *units: Unit) -> User:
    """Someone who holds ``role`` at each of ``units``."""
    user = UserFactory()
    for unit in units:
        GrantFactory(user=user, role=role, unit=unit)
    return user


def coordinator_of(visit: Visit, *pupils: Pupil) -> User:
    """A coordinator over the host of ``visit`` and the schools of ``pupils``."""
    schools = {pupil.school_class.school.unit for pupil in pupils}
    return holder("coordinator", visit.venue.host.unit, *schools)
