"""The command ``baiye make-admin``."""

import json

import pytest
from django.core.management import CommandError, call_command

from baiye.accounts.models import Invitation, Unit, User
from baiye.accounts.tests.factories import GrantFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_make_admin_makes_the_district_and_its_first_account(capsys, settings):
    settings.BAIYE_SITE_URL = "https://baiye.example"

    call_command("make-admin", "Lin", name="林老师", json=True)

    said = json.loads(capsys.readouterr().out)
    user = User.objects.get()
    assert (user.username, user.name, user.held) == ("lin", "林老师", [("security_admin", Unit.objects.get().path)])
    assert said["link"].startswith("https://baiye.example/invitations/")
    assert Unit.objects.get().name == settings.BAIYE_DISTRICT


def test_make_admin_again_gives_a_new_link_and_nothing_else(capsys):
    for _ in range(2):
        call_command("make-admin", "lin")

    assert (User.objects.count(), User.objects.get().grants.count(), Unit.objects.count()) == (1, 1, 1)
    assert Invitation.objects.filter(revoked_at=None).count() == 1
    assert "只能用一次" in capsys.readouterr().out


def test_make_admin_says_when_the_roles_exclude_each_other():
    call_command("make-admin", "lin")

    with pytest.raises(CommandError, match="要由三个人分别担任"):
        call_command("make-admin", "lin", role="audit_admin")

    assert User.objects.get().grants.count() == 1


def test_make_admin_of_a_guardian_is_refused_and_leaves_nothing_behind():
    GrantFactory()
    UserFactory(kind="guardian", username="lin")
    units = Unit.objects.count()

    with pytest.raises(CommandError, match="不是在用的工作人员账号"):
        call_command("make-admin", "lin")

    assert Unit.objects.count() == units
