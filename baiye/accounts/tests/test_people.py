"""Staff accounts: invited, let in again, closed and opened."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied

from baiye.accounts.actions import people
from baiye.accounts.actions.grants import GrantRefused
from baiye.accounts.models import Invitation, User
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory, UserFactory
from baiye.core import clock, jobs
from baiye.core.models import Delivery, Event

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "a-bench-a-plane-a-saw"


@pytest.fixture
def district():
    return DistrictFactory()


@pytest.fixture
def security(district):
    return GrantFactory(role="security_admin", unit=district).user


@pytest.fixture
def colleague(district):
    """Two coordinators of one school, so that neither is the last."""
    grant = GrantFactory(unit=UnitFactory(parent=district))
    GrantFactory(unit=grant.unit)
    return grant.user


def invite(by, unit, **given):
    newcomer = people.Newcomer("Lin.Teacher", "林老师", **given)
    return people.invite_person(
        newcomer=newcomer, role="school_coordinator", unit=unit, from_on=clock.today(), by=by, at=clock.now()
    )


def test_invite_person_makes_an_account_with_a_link_that_sets_the_password(district, security):
    school = UnitFactory(parent=district)

    link = invite(security, school)
    user = people.accept_invitation(token=link.token, password=NEW_PASSWORD, at=clock.now())

    assert (user.username, user.name, user.held) == ("lin.teacher", "林老师", [("school_coordinator", school.path)])
    assert User.objects.get(pk=user.pk).check_password(NEW_PASSWORD)
    kinds = Event.objects.exclude(kind="unit.made").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["person.invited", "grant.given", "password.set"]


def test_invite_person_keeps_no_token(district, security):
    link = invite(security, UnitFactory(parent=district))

    assert link.token not in str(Invitation.objects.values())
    assert not link.user.has_usable_password()


def test_invite_person_mails_the_link_where_there_is_an_address(district, security, settings):
    settings.BAIYE_SITE_URL = "https://baiye.example"

    link = invite(security, UnitFactory(parent=district), email="lin@example.org")
    jobs.run_due()

    (letter,) = mail.outbox
    assert f"https://baiye.example/invitations/{link.token}/" in letter.body
    assert Delivery.objects.get().body == ""


def test_invite_person_mails_nothing_where_mail_is_closed(district, security, settings):
    settings.MAIL_ADAPTER = ""

    link = invite(security, UnitFactory(parent=district), email="lin@example.org")

    assert (link.is_mailed, Delivery.objects.exists()) == (False, False)


def test_invite_person_with_a_taken_username_is_refused_and_leaves_nothing_behind(district, security):
    UserFactory(username="lin.teacher")

    with pytest.raises(people.PersonRefused, match="已经有人用了"):
        invite(security, UnitFactory(parent=district))

    assert not Invitation.objects.exists()
    assert not Event.objects.filter(kind="person.invited").exists()


def test_invite_person_beyond_ones_office_is_denied_and_leaves_nothing_behind(district, colleague):
    with pytest.raises(PermissionDenied):
        invite(colleague, UnitFactory(parent=district))

    assert not User.objects.filter(username="lin.teacher").exists()


def test_accept_invitation_works_once(district, security):
    link = invite(security, UnitFactory(parent=district))
    people.accept_invitation(token=link.token, password=NEW_PASSWORD, at=clock.now())

    with pytest.raises(people.PersonRefused, match="用过了"):
        people.accept_invitation(token=link.token, password="another-password-entirely", at=clock.now())

    link.user.refresh_from_db()
    assert link.user.check_password(NEW_PASSWORD)


def test_accept_invitation_ends_after_a_week(district, security):
    link = invite(security, UnitFactory(parent=district))

    with pytest.raises(people.PersonRefused, match="已过期"):
        people.accept_invitation(token=link.token, password=NEW_PASSWORD, at=clock.now() + timedelta(days=7))


def test_renew_link_ends_the_link_before(security, colleague):
    old = people.renew_link(person=colleague, by=security, at=clock.now())

    new = people.renew_link(person=colleague, by=security, at=clock.now())

    with pytest.raises(people.PersonRefused):
        people.accept_invitation(token=old.token, password=NEW_PASSWORD, at=clock.now())
    assert people.accept_invitation(token=new.token, password=NEW_PASSWORD, at=clock.now()) == colleague


def test_renew_link_to_an_account_that_reaches_further_than_ones_office_is_denied(district, colleague):
    other = GrantFactory(user=UserFactory(), role="coordinator", unit=district).user
    GrantFactory(user=other, role="teacher", unit=colleague.grants.get().unit)

    with pytest.raises(PermissionDenied):
        people.renew_link(person=other, by=colleague, at=clock.now())

    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "action", [people.renew_link, people.close_account, people.reopen_account, people.clear_second_factor]
)
def test_ones_own_account_is_nobodys_to_manage(security, action):
    with pytest.raises(PermissionDenied):
        action(person=security, by=security, at=clock.now())


def test_close_account_lets_nobody_in_and_revokes_links(security, colleague):
    link = people.renew_link(person=colleague, by=security, at=clock.now())

    people.close_account(person=colleague, by=security, at=clock.now())

    assert not User.objects.get(pk=colleague.pk).is_active
    with pytest.raises(people.PersonRefused):
        people.accept_invitation(token=link.token, password=NEW_PASSWORD, at=clock.now())
    with pytest.raises(people.PersonRefused, match="已经停用了"):
        people.close_account(person=colleague, by=security, at=clock.now())


def test_close_account_of_the_last_coordinator_needs_a_successor(district, security):
    last = GrantFactory(unit=UnitFactory(parent=district)).user

    with pytest.raises(GrantRefused, match="请先指定接任的人"):
        people.close_account(person=last, by=security, at=clock.now())

    assert User.objects.get(pk=last.pk).is_active


def test_reopen_account_lets_someone_in_again(security, colleague):
    people.close_account(person=colleague, by=security, at=clock.now())

    people.reopen_account(person=colleague, by=security, at=clock.now())

    assert User.objects.get(pk=colleague.pk).is_active
    with pytest.raises(people.PersonRefused, match="本来就在用"):
        people.reopen_account(person=colleague, by=security, at=clock.now())


def test_renew_link_of_a_closed_account_is_refused(security, colleague):
    people.close_account(person=colleague, by=security, at=clock.now())
    colleague.refresh_from_db()

    with pytest.raises(people.PersonRefused, match="已停用"):
        people.renew_link(person=colleague, by=security, at=clock.now())


def test_clear_second_factor_takes_the_password_with_it(security, colleague):
    Authenticator.objects.create(user=colleague, type="totp", data={"secret": "x"})

    people.clear_second_factor(person=colleague, by=security, at=clock.now())

    assert not Authenticator.objects.exists()
    assert not User.objects.get(pk=colleague.pk).has_usable_password()
    assert Event.objects.get(kind="second_factor.cleared").object_id == str(colleague.pk)


def test_clear_second_factor_by_a_school_is_denied(colleague):
    other = GrantFactory(unit=colleague.grants.get().unit).user

    with pytest.raises(PermissionDenied):
        people.clear_second_factor(person=other, by=colleague, at=clock.now())
