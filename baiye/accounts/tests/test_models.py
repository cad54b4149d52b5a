"""The promises of accounts that the database keeps."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from baiye.accounts.actions.units import make_unit
from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import (
    DistrictFactory,
    GrantFactory,
    InvitationFactory,
    NoticeFactory,
    UnitFactory,
    UserFactory,
)
from baiye.core import clock

pytestmark = pytest.mark.django_db


def breaks(promise: str):
    return pytest.raises(IntegrityError, match=promise)


def test_only_staff_have_a_password():
    with breaks("user_only_staff_have_a_password"), transaction.atomic():
        UserFactory(kind="pupil", password="a-password-of-my-own")


def test_a_phone_is_one_persons_of_each_kind():
    UserFactory(kind="guardian", phone_blind="digest")
    UserFactory(phone_blind="digest")  # the same person as a teacher: another account

    with breaks("user_phone_is_one_persons"), transaction.atomic():
        UserFactory(kind="guardian", phone_blind="digest")


@pytest.mark.parametrize("kind", ["pupil", "guardian"])
def test_a_grant_is_held_by_staff_only(kind):
    user = UserFactory(kind=kind)

    with breaks("grant_held_by_staff_only"), transaction.atomic():
        GrantFactory(user=user)


def test_the_kind_of_a_user_never_changes():
    user = UserFactory(kind="guardian")

    with breaks("user_kind_never_changes"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(kind="staff")


def test_the_three_admin_roles_exclude_each_other():
    first = GrantFactory(role="security_admin", unit=DistrictFactory())

    with breaks("grant_admin_roles_exclude_each_other"), transaction.atomic():
        GrantFactory(user=first.user, role="audit_admin", unit=first.unit)


def test_an_admin_role_may_follow_another_that_was_ended():
    first = GrantFactory(role="security_admin", unit=DistrictFactory(), ended_at=clock.now(), ended_by=UserFactory())

    assert GrantFactory(user=first.user, role="audit_admin", unit=first.unit).pk


def test_a_grant_is_held_once():
    first = GrantFactory()

    with breaks("grant_held_once"), transaction.atomic():
        GrantFactory(user=first.user, unit=first.unit)


def test_a_grant_ends_after_it_begins():
    with breaks("grant_ends_after_it_begins"), transaction.atomic():
        GrantFactory(from_on=clock.today(), to_on=clock.today() - timedelta(days=1))


def test_a_grant_says_who_ended_it():
    with breaks("grant_ended_by_whom_and_when"), transaction.atomic():
        GrantFactory(ended_at=clock.now())


def test_a_grant_is_not_made_by_who_holds_it():
    user = UserFactory()

    with breaks("grant_not_made_by_who_holds_it"), transaction.atomic():
        GrantFactory(user=user, made_by=user)


def test_an_invitation_is_open_once_a_person():
    first = InvitationFactory()

    with breaks("invitation_one_open_each"), transaction.atomic():
        InvitationFactory(user=first.user)


def test_an_invitation_is_used_or_revoked():
    with breaks("invitation_used_or_revoked"), transaction.atomic():
        InvitationFactory(used_at=clock.now(), revoked_at=clock.now())


def test_a_notice_has_each_version_once():
    NoticeFactory(version=1)

    with breaks("notice_version_once"), transaction.atomic():
        NoticeFactory(version=1)


def test_only_a_district_has_no_parent():
    with breaks("unit_only_a_district_has_no_parent"), transaction.atomic():
        Unit.objects.create(kind="school", name="示例学校", path="/0/")


def test_a_unit_is_named_once_a_kind():
    first = UnitFactory()

    with breaks("unit_named_once_a_kind"), transaction.atomic():
        Unit.objects.create(kind="school", name=first.name, parent=first.parent, path="/0/")


def test_make_unit_gives_a_path_below_its_parent_and_asks_once():
    district = DistrictFactory()

    school = make_unit(parent=district, kind="school", name="示例中学", by=None)
    again = make_unit(parent=district, kind="school", name="示例中学", by=None)

    assert again == school
    assert school.path == f"/{district.pk}/{school.pk}/"
    assert school.lineage() == [district.path, school.path]
    assert school.pinyin == "shi li zhong xue"


def test_held_counts_todays_grants_alone():
    grant = GrantFactory()
    GrantFactory(user=grant.user, from_on=clock.today() + timedelta(days=1))
    GrantFactory(user=grant.user, to_on=clock.today() - timedelta(days=1))
    GrantFactory(user=grant.user, ended_at=clock.now(), ended_by=UserFactory())
    until_today = GrantFactory(user=grant.user, role="teacher", to_on=clock.today())

    assert grant.user.held == [("school_coordinator", grant.unit.path), ("teacher", until_today.unit.path)]


def test_roles_of_families_are_their_kind():
    assert UserFactory(kind="pupil").roles == {"pupil"}
    assert UserFactory(kind="guardian").roles == {"guardian"}
