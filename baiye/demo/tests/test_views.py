"""The demonstration's own pages, and that neither they nor its command come near a real district."""

import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from baiye.accounts.models import User
from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.core import channels
from baiye.schools.models import Pupil
from baiye.schools.tests.factories import ClassTeacherFactory, PupilFactory

pytestmark = pytest.mark.django_db


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_roles_page_lists_the_named_accounts_that_are_there_in_the_order_of_the_story(client):
    guardian = UserFactory(username="guardian", kind="guardian")
    coordinator = UserFactory(username="coordinator")
    UserFactory(username="somebody")

    response = client.get(reverse("demo:roles"))

    assert [role.username for role in response.context["roles"]] == ["coordinator", "guardian"]
    page = response.content.decode()
    assert all(user.name in page for user in (guardian, coordinator))
    assert page.count('name="username"') == 2


def test_roles_page_lists_the_people_round_the_named_child(client):
    pupil = PupilFactory(user=UserFactory(username="pupil7", kind="pupil"))
    teacher = ClassTeacherFactory(school_class=pupil.school_class).user
    coordinator = GrantFactory(role="school_coordinator", unit=pupil.school_class.school.unit).user
    GrantFactory(role="school_coordinator")  # of another school

    response = client.get(reverse("demo:roles"))

    assert [role.username for role in response.context["roles"]] == ["pupil7", teacher.username, coordinator.username]


def test_roles_page_without_data_says_how_to_make_them(client):
    page = client.get(reverse("demo:roles")).content.decode()

    assert "还没有演示数据" in page
    assert 'name="username"' not in page


def test_roles_page_costs_as_many_queries_for_three_accounts_as_for_one(client, django_assert_num_queries):
    UserFactory(username="coordinator")
    client.get(reverse("demo:roles"))  # whatever is loaded once

    with django_assert_num_queries(QUERIES_ROLES):
        client.get(reverse("demo:roles"))
    UserFactory(username="officer")
    UserFactory(username="auditor")
    with django_assert_num_queries(QUERIES_ROLES):
        client.get(reverse("demo:roles"))


QUERIES_ROLES = 2  # the named child (none), the accounts


def test_enter_signs_in_as_the_named_account(client):
    user = UserFactory(username="coordinator")

    response = client.post(reverse("demo:enter"), {"username": "coordinator"})

    assert (response.status_code, response.url) == (302, reverse("home"))
    assert signed_in(client) == str(user.pk)


def test_enter_counts_as_a_second_factor(client):
    UserFactory(username="coordinator")

    client.post(reverse("demo:enter"), {"username": "coordinator"})

    assert [each["method"] for each in client.session["account_authentication_methods"]] == ["mfa"]


@pytest.mark.parametrize("username", ["nobody", "", "somebody"])
def test_enter_as_anyone_else_is_404_and_signs_nobody_in(client, username):
    UserFactory(username="somebody")  # exists, but is none of the story's people

    response = client.post(reverse("demo:enter"), {"username": username})

    assert response.status_code == 404
    assert signed_in(client) is None


def test_enter_is_no_link(client):
    UserFactory(username="coordinator")

    assert client.get(reverse("demo:enter"), {"username": "coordinator"}).status_code == 405
    assert signed_in(client) is None


def test_outbox_shows_a_text_with_its_number_masked(client):
    channels.text("15400000123", "验证码 246810")

    page = client.get(reverse("demo:outbox")).content.decode()

    assert "验证码 246810" in page
    assert "15400000123" not in page
    assert "0123" in page


def test_outbox_shows_the_last_twenty_texts_and_no_mail(client):
    for n in range(22):
        channels.text("15400000123", f"第 {n} 条")
    channels.mail("a@example.org", "题", "信")

    texts = client.get(reverse("demo:outbox")).context["texts"]

    assert len(texts) == 20
    assert "信" not in {text.body for text in texts}


def test_outbox_without_texts_says_when_one_appears(client):
    assert "还没有短信" in client.get(reverse("demo:outbox")).content.decode()


def test_command_refuses_in_production_and_leaves_nothing_behind(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="演示数据不进正式环境"):
        call_command("demo")

    assert not User.objects.exists()
    assert not Pupil.objects.exists()


@pytest.mark.slow
def test_pages_are_not_routed_in_production(settings):
    routes = "from baiye.config.urls import urlpatterns as u; print('baiye.demo.urls' in str(u))"
    script = f"import django; from django.conf import settings; django.setup(); settings.BAIYE_MODE = MODE; {routes}"

    shown = [
        subprocess.run(
            [sys.executable, "-c", f"MODE = {mode!r}; {script}"],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "baiye.config.settings", "BAIYE_MODE": "development"},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for mode in ("production", "development")
    ]

    assert shown == ["False", "True"]
