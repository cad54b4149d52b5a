"""A passkey is made and used in a real browser, with a device that Chromium pretends to have."""

import re

import pytest
from allauth.mfa.models import Authenticator

from baiye.accounts.tests.factories import PASSWORD, GrantFactory
from baiye.core.models import Event
from tests.rig.browser import DESK, barriers

pytestmark = [pytest.mark.journey, pytest.mark.slow]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_device(page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def test_staff_make_a_passkey_and_sign_in_by_it_alone(open_page):
    user = GrantFactory().user
    page = open_page()
    page.set_viewport_size(DESK)
    give_device(page)

    page.goto("/sign-in/staff/?next=/second-factor/")
    assert barriers(page) == []
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("link", name=re.compile(r"添加\s*通行密钥")).click()
    page.get_by_label("给它起个名字").fill("办公室电脑")
    page.get_by_label("以后只用它登录").check()
    page.get_by_role("button", name="按设备提示添加").click()
    page.get_by_role("heading", name="备用码").wait_for()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(re.compile("/welcome/"))
    page.goto("/sign-in/staff/?next=/messages/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.get_by_role("heading", name="消息", exact=True).wait_for()

    key = Authenticator.objects.get(type="webauthn").wrap()
    assert (key.name, key.is_passwordless) == ("办公室电脑", True)
    assert [event.facts for event in Event.objects.filter(kind="session.begun").order_by("pk")] == [
        {"by_ways": ["password"]},
        {"by_ways": ["webauthn"]},
    ]


def test_a_passkey_that_the_device_refuses_says_so_and_changes_nothing(open_page, troubles):
    user = GrantFactory().user
    page = open_page()
    page.set_viewport_size(DESK)
    give_device(page)

    page.goto("/sign-in/staff/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.get_by_text("没有做成。可以再试一次，或用密码登录。").wait_for()

    assert not Event.objects.filter(actor_id=user.pk).exists()
