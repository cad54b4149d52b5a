"""The pages of people and their roles: who sees whom, what is done, refused and forbidden."""

import pytest
from django.urls import reverse

from baiye.accounts.models import Grant, User
from baiye.accounts.permissions import HELD_AT
from baiye.accounts.tests.factories import GrantFactory, UnitFactory, UserFactory
from baiye.core import clock
from baiye.core.models import Event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_grant_list_costs_as_many_queries_for_three_people_as_for_one(
    client, district, security, count, django_assert_num_queries
):
    GrantFactory.create_batch(count, unit=UnitFactory(parent=district))

    with django_assert_num_queries(7):  # session, user, grants, count, people, their grants, unread
        response = client.get(reverse("accounts:grant-list"))

    assert len(response.context["people"]) == count + 1


def test_grant_list_shows_a_school_its_own_people_alone(client, coordinator, district):
    GrantFactory(unit=UnitFactory(parent=district))
    GrantFactory(role="coordinator", unit=district)

    shown = {person for person, _ in client.get(reverse("accounts:grant-list")).context["people"]}

    assert shown == set(User.objects.filter(grants__unit=coordinator.grants.get().unit))


def test_grant_list_finds_by_name_and_role(client, security, school):
    GrantFactory(unit=school, user=UserFactory(name="林老师"))
    GrantFactory(unit=school, role="teacher", user=UserFactory(name="林老师"))

    page = client.get(reverse("accounts:grant-list"), {"q": "林", "role": "teacher"}).context["people"]

    assert [[role for role, _ in grants] for _, grants in page] == [["老师"]]


@pytest.mark.parametrize("role", [role for role in HELD_AT if role not in {"security_admin", "school_coordinator"}])
def test_pages_of_people_are_not_there_for_others(client, district, role):
    unit = district if HELD_AT[role] == "district" else UnitFactory(parent=district, kind=HELD_AT[role])
    grant = GrantFactory(role=role, unit=unit)
    client.force_login(grant.user)

    for address in (
        reverse("accounts:grant-list"),
        reverse("accounts:person-create"),
        reverse("accounts:person", args=[grant.user.pk]),
        reverse("accounts:grant-ending", args=[grant.pk]),
    ):
        assert client.get(address).status_code == 404


def test_person_create_shows_the_link_once_and_makes_the_account(client, security, school):
    words = {"name": "林老师", "username": "lin", "role": "teacher", "unit": school.pk, "from_on": clock.today()}

    response = client.post(reverse("accounts:person-create"), words)

    user = User.objects.get(username="lin")
    link = response.context["link"]
    assert f"http://testserver/invitations/{link.token}/" in response.content.decode()
    assert user.held == [("teacher", school.path)]
    assert link.token not in client.get(reverse("accounts:person", args=[user.pk])).content.decode()


def test_person_create_says_what_is_wrong_and_makes_nothing(client, security, school):
    words = {"name": "林老师", "username": "林", "role": "teacher", "unit": school.pk, "from_on": clock.today()}

    response = client.post(reverse("accounts:person-create"), words)

    assert response.status_code == 422
    assert response.context["form"].errors == {"username": ["用户名至少 3 个字，只用字母、数字、点、短横和下划线"]}
    assert not User.objects.filter(name="林老师").exists()


def test_person_create_offers_a_school_its_own_unit_and_roles_alone(client, coordinator, school):
    form = client.get(reverse("accounts:person-create")).context["form"]

    assert [role for role, _ in form.fields["role"].choices] == ["school_coordinator", "teacher"]
    assert list(form.fields["unit"].queryset) == [school]


def test_person_of_another_school_is_not_there(client, coordinator, district):
    other = GrantFactory(unit=UnitFactory(parent=district)).user

    assert client.get(reverse("accounts:person", args=[other.pk])).status_code == 404
    assert client.post(reverse("accounts:link-create", args=[other.pk])).status_code == 404


def test_grant_create_gives_a_role(client, coordinator, school):
    person = GrantFactory(unit=school, role="teacher").user
    words = {"role": "school_coordinator", "unit": school.pk, "from_on": clock.today()}

    response = client.post(reverse("accounts:grant-create", args=[person.pk]), words)

    assert response.headers["Location"] == reverse("accounts:person", args=[person.pk])
    assert [role for role, _ in person.held] == ["teacher", "school_coordinator"]


def test_grant_create_that_is_refused_says_why(client, coordinator, school):
    person = GrantFactory(unit=school, role="teacher").user
    words = {"role": "teacher", "unit": school.pk, "from_on": clock.today()}

    response = client.post(reverse("accounts:grant-create", args=[person.pk]), words)

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["这段时间里已经有同样的权限"]


def test_grant_ending_asks_and_ends(client, coordinator, school):
    grant = GrantFactory(unit=school, role="teacher")
    address = reverse("accounts:grant-ending", args=[grant.pk])

    assert client.get(address).status_code == 200
    client.post(address)

    assert Grant.objects.get(pk=grant.pk).ended_by == coordinator
    assert client.get(address).status_code == 404


def test_grant_ending_of_the_last_coordinator_warns_and_refuses(client, security, school):
    grant = GrantFactory(unit=school)
    address = reverse("accounts:grant-ending", args=[grant.pk])

    assert "请先指定接任的人" in client.get(address).content.decode()
    response = client.post(address, follow=True)

    assert "这里只剩这一位" in response.content.decode()
    assert Grant.objects.get(pk=grant.pk).ended_at is None


def test_closure_closes_and_opens(client, security, school):
    GrantFactory(unit=school)
    person = GrantFactory(unit=school).user
    address = reverse("accounts:closure", args=[person.pk])

    assert client.get(address).status_code == 200
    client.post(address)
    assert not User.objects.get(pk=person.pk).is_active
    client.post(address)
    assert User.objects.get(pk=person.pk).is_active


def test_closure_of_an_account_beyond_ones_office_is_forbidden_and_recorded(client, coordinator, school, district):
    person = GrantFactory(unit=school, role="teacher").user
    GrantFactory(user=person, role="coordinator", unit=district)

    response = client.post(reverse("accounts:closure", args=[person.pk]))

    assert response.status_code == 403
    assert User.objects.get(pk=person.pk).is_active
    assert Event.objects.get(kind="access.refused").actor_id == coordinator.pk
