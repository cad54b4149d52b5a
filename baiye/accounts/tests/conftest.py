"""People of one district, for every test of the room."""

import pytest

from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory


@pytest.fixture
def district():
    return DistrictFactory()


@pytest.fixture
def security(client, district):
    user = GrantFactory(role="security_admin", unit=district).user
    client.force_login(user)
    return user


@pytest.fixture
def school(district):
    return UnitFactory(parent=district)


@pytest.fixture
def coordinator(client, school):
    """Signed in; one of two coordinators of the school."""
    GrantFactory(unit=school)
    user = GrantFactory(unit=school).user
    client.force_login(user)
    return user


@pytest.fixture
def auditor(client, district):
    user = GrantFactory(role="audit_admin", unit=district).user
    client.force_login(user)
    return user
