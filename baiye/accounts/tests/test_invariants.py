"""The invariants of accounts find what no constraint stopped."""

import pytest
from django.db import connection

from baiye.accounts.models import Unit
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, InvitationFactory, UnitFactory, UserFactory
from baiye.core import invariants

pytestmark = pytest.mark.django_db
OURS = {
    "grant_held_by_staff_only",
    "admin_roles_held_by_three_people",
    "unit_lies_under_its_parent",
    "invitation_of_staff_only",
}


def broken() -> set[str]:
    return {finding.name for finding in invariants.findings() if finding.rows} & OURS


def test_nothing_is_broken_where_nothing_was():
    GrantFactory(role="security_admin", unit=DistrictFactory())
    InvitationFactory()

    assert broken() == set()
    assert {finding.name for finding in invariants.findings()} >= OURS


def test_each_is_found_once_its_guard_is_put_aside():
    first = GrantFactory(role="security_admin", unit=DistrictFactory())
    Unit.objects.filter(pk=UnitFactory().pk).update(path="/elsewhere/")
    InvitationFactory(user=UserFactory(kind="guardian"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_grant DISABLE TRIGGER grant_held_by_staff_only")
        cursor.execute("ALTER TABLE accounts_grant DROP CONSTRAINT grant_admin_roles_exclude_each_other")
    GrantFactory(user=UserFactory(kind="guardian"))
    GrantFactory(user=first.user, role="audit_admin", unit=first.unit)

    assert broken() == OURS
