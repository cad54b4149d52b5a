"""Roles are given and ended: done, refused, denied, and nothing left behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.actions.grants import GrantRefused, end_grant, give_grant, is_last
from baiye.accounts.models import Grant
from baiye.accounts.permissions import HELD_AT, ROLE_NAMES, ROLES
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory, UserFactory
from baiye.core import clock
from baiye.core.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return DistrictFactory()


@pytest.fixture
def security(district):
    return GrantFactory(role="security_admin", unit=district).user


def give(user, role, unit, by, **dates):
    return give_grant(user=user, role=role, unit=unit, from_on=clock.today(), by=by, at=clock.now(), **dates)


def test_give_grant_lets_someone_hold_a_role(district, security):
    school, teacher = UnitFactory(parent=district), UserFactory()

    grant = give(teacher, "school_coordinator", school, security)

    assert teacher.held == [("school_coordinator", school.path)]
    event = Event.objects.get(kind="grant.given")
    assert (event.actor_id, event.object_id, event.unit_path) == (security.pk, str(grant.pk), school.path)
    assert event.facts == {"user": teacher.pk, "role": "school_coordinator"}


@pytest.mark.parametrize("role", ["coordinator", "security_admin", "district_officer", "host_manager", "auditor"])
def test_give_grant_by_a_school_gives_only_roles_of_a_school(district, role):
    coordinator = GrantFactory(unit=UnitFactory(parent=district)).user

    with pytest.raises(PermissionDenied):
        give(UserFactory(), role, district, coordinator)

    assert not Event.objects.filter(kind="grant.given").exists()


def test_give_grant_by_a_school_ends_at_its_fence(district):
    mine, other = GrantFactory(unit=UnitFactory(parent=district)), UnitFactory(parent=district)

    assert give(UserFactory(), "teacher", mine.unit, mine.user)
    with pytest.raises(PermissionDenied):
        give(UserFactory(), "teacher", other, mine.user)

    assert not Grant.objects.filter(unit=other).exists()


def test_give_grant_never_at_the_wrong_kind_of_unit(district, security):
    with pytest.raises(PermissionDenied):
        give(UserFactory(), "school_coordinator", district, security)


@pytest.mark.parametrize("role", [role for role in ROLES if "grant.manage" not in ROLES[role] and role in HELD_AT])
def test_give_grant_by_who_manages_no_grants_is_denied(district, role):
    unit = district if HELD_AT[role] == "district" else UnitFactory(parent=district, kind=HELD_AT[role])
    holder = GrantFactory(role=role, unit=unit).user

    with pytest.raises(PermissionDenied):
        give(UserFactory(), role, unit, holder)


def test_give_grant_to_oneself_is_refused(district, security):
    with pytest.raises(GrantRefused, match="不能给自己加权限"):
        give(security, "coordinator", district, security)

    assert security.grants.count() == 1


def test_give_grant_refuses_two_of_the_three_admin_roles_and_leaves_nothing_behind(district, security):
    other = GrantFactory(role="audit_admin", unit=district).user

    with pytest.raises(GrantRefused, match="要由三个人分别担任"):
        give(other, "system_admin", district, security)

    assert other.grants.count() == 1
    assert not Event.objects.filter(kind="grant.given").exists()


def test_give_grant_twice_is_refused(district, security):
    teacher = UserFactory()
    give(teacher, "auditor", district, security)

    with pytest.raises(GrantRefused, match="已经有同样的权限"):
        give(teacher, "auditor", district, security)


def test_give_grant_that_ends_before_it_begins_is_refused(district, security):
    with pytest.raises(GrantRefused, match="结束日期要在开始日期之后"):
        give(UserFactory(), "auditor", district, security, to_on=clock.today() - timedelta(days=1))


@pytest.mark.parametrize("user", [{"kind": "guardian"}, {"kind": "pupil"}, {"is_active": False}])
def test_give_grant_to_who_is_no_staff_is_refused(district, security, user):
    with pytest.raises(GrantRefused, match="不是在用的工作人员账号"):
        give(UserFactory(**user), "auditor", district, security)


def test_end_grant_ends_it_at_once(district, security):
    grant = GrantFactory(role="coordinator", unit=district)

    end_grant(grant=grant, by=security, at=clock.now())

    assert grant.user.held == []
    assert Event.objects.get(kind="grant.ended").object_id == str(grant.pk)


def test_end_grant_twice_is_refused(district, security):
    grant = GrantFactory(role="coordinator", unit=district)
    end_grant(grant=grant, by=security, at=clock.now())

    with pytest.raises(GrantRefused, match="已经结束了"):
        end_grant(grant=grant, by=security, at=clock.now())


def test_end_grant_of_the_last_coordinator_of_a_school_needs_a_successor(district, security):
    last = GrantFactory(unit=UnitFactory(parent=district))
    GrantFactory(unit=last.unit, user=UserFactory(is_active=False))
    GrantFactory(unit=last.unit, from_on=clock.today() + timedelta(days=3))

    with pytest.raises(GrantRefused, match="请先指定接任的人"):
        end_grant(grant=last, by=security, at=clock.now())

    assert last.user.held
    assert not Event.objects.filter(kind="grant.ended").exists()
    successor = GrantFactory(unit=last.unit)
    end_grant(grant=last, by=security, at=clock.now())
    assert is_last(successor, on=clock.today())


def test_end_grant_of_oneself_is_refused(district):
    mine = GrantFactory(unit=UnitFactory(parent=district))
    GrantFactory(unit=mine.unit)

    with pytest.raises(GrantRefused, match="不能结束自己的权限"):
        end_grant(grant=mine, by=mine.user, at=clock.now())


def test_end_grant_of_another_school_is_denied(district):
    mine, other = (GrantFactory(unit=UnitFactory(parent=district)) for _ in range(2))

    with pytest.raises(PermissionDenied):
        end_grant(grant=other, by=mine.user, at=clock.now())

    assert other.user.held


def test_every_role_has_a_name():
    assert set(ROLE_NAMES) == set(ROLES)


def test_the_three_admin_roles_share_no_permission_to_change_anything():
    assert ROLES["security_admin"] & ROLES["audit_admin"] == set()
    assert ROLES["system_admin"] & ROLES["security_admin"] == set()


def test_a_pupil_never_consents():
    assert "consent.give" not in ROLES["pupil"]
