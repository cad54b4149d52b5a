"""A school, who may act for it, and a pupil."""

import pytest

from baiye.schools.tests.factories import PupilFactory, SchoolFactory, roll_number
from baiye.schools.tests.people import coordinator_of


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def by(school):
    """Coordinator of the school."""
    return coordinator_of(school)


@pytest.fixture
def pupil():
    return PupilFactory(name="林小满", roll=roll_number(77))
