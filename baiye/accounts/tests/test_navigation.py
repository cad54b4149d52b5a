"""Where each person starts, and that every place in their navigation opens for them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from baiye.accounts import navigation
from baiye.accounts.permissions import HELD_AT
from baiye.accounts.tests.factories import GrantFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "start"),
    [
        ("coordinator", "rounds:round-list"),
        ("district_officer", "rounds:round-list"),
        ("school_coordinator", "schools:roster-list"),
        ("host_manager", "attendance:day"),
        ("host_instructor", "attendance:day"),
        ("auditor", "accounts:audit"),
        ("audit_admin", "accounts:audit"),
        ("security_admin", "accounts:grant-list"),
        ("agency_officer", "registry:assessment-list"),
        ("system_admin", "rounds:round-list"),
        ("teacher", "accounts:inbox"),
        ("mentor", "accounts:inbox"),
    ],
)
def test_home_sends_staff_to_their_page(client, district, role, start):
    unit = district if HELD_AT[role] == "district" else UnitFactory(parent=district, kind=HELD_AT[role])
    client.force_login(GrantFactory(role=role, unit=unit).user)

    assert client.get("/").headers["Location"] == reverse(start)


@pytest.mark.parametrize("kind", ["pupil", "guardian"])
def test_home_sends_families_to_theirs(client, kind):
    client.force_login(UserFactory(kind=kind))

    assert client.get("/").headers["Location"] == reverse("rounds:home")


def test_home_sends_visitors_to_the_public_page(client):
    assert client.get("/").headers["Location"] == reverse("registry:landing")


def test_every_place_of_the_navigation_is_there():
    for place in navigation.PLACES:
        try:
            assert reverse(place.url_name)
        except NoReverseMatch as missing:
            pytest.fail(str(missing))


@pytest.mark.parametrize("role", list(HELD_AT))
def test_every_place_in_someones_navigation_opens_for_them(client, district, role):
    unit = district if HELD_AT[role] == "district" else UnitFactory(parent=district, kind=HELD_AT[role])
    client.force_login(GrantFactory(role=role, unit=unit).user)

    places = client.get(reverse("mfa_index")).context["nav"]

    answers = {item.url: client.get(item.url) for item in places}
    assert {url: answer.status_code for url, answer in answers.items()} == dict.fromkeys(answers, 200)
    for url, answer in answers.items():
        assert [item.url for item in answer.context["nav"] if item.current] == [url]


def test_navigation_asks_the_database_for_roles_and_messages_alone(client, coordinator):
    client.get(reverse("accounts:grant-list"))

    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("accounts:grant-list"))

    labels = [item.label for item in response.context["nav"]]
    assert "账号与权限" in labels
    assert len(queries) <= 8
