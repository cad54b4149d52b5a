"""Staff sign in by password and second factor; everyone finds their door; leaving leaves nothing behind."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from baiye.accounts import adapters
from baiye.accounts.actions.people import renew_link
from baiye.accounts.tests.factories import PASSWORD, DistrictFactory, GrantFactory, UnitFactory, UserFactory
from baiye.core import clock
from baiye.core.models import Event, Message

pytestmark = pytest.mark.django_db
STAFF = "/sign-in/staff/"


@pytest.fixture
def coordinator():
    return GrantFactory(role="coordinator", unit=DistrictFactory()).user


@pytest.fixture(autouse=True)
def used_codes():
    """Codes are remembered as used in the cache, which a test must not inherit."""
    cache.clear()


def type_password(client, user, password=PASSWORD, **more):
    return client.post(STAFF, {"login": user.username, "password": password, **more})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_totp(user) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def test_sign_in_shows_each_their_door(client):
    page = client.get(reverse("accounts:sign-in"))

    doors = [reverse(f"schools:sign-in-{who}") for who in ("pupil", "guardian")]
    assert page.status_code == 200
    for door in (*doors, STAFF):
        assert f'"{door}"' in page.content.decode()


def test_sign_in_sends_who_is_in_already_home(client, coordinator):
    client.force_login(coordinator)

    assert client.get(reverse("accounts:sign-in")).headers["Location"] == "/"


def test_buttons_of_outside_accounts_appear_only_where_configured(client, settings):
    before = client.get(reverse("accounts:sign-in")).content.decode()

    assert "统一身份认证" not in before
    assert "微信" not in before
    assert "随申办" not in before


def test_staff_sign_in_lets_in_by_password_and_goes_on(client, coordinator):
    response = type_password(client, coordinator, next="/messages/")

    assert response.headers["Location"] == "/messages/"
    assert client.get("/messages/").status_code == 200
    event = Event.objects.get(kind="session.begun")
    assert (event.actor_id, event.unit_path, event.facts) == (
        coordinator.pk,
        coordinator.held[0][1],
        {"by_ways": ["password"]},
    )


def test_staff_sign_in_never_leads_to_another_site(client, coordinator):
    assert type_password(client, coordinator, next="https://elsewhere.example/").headers["Location"] == "/"


@pytest.mark.parametrize("who", ["wrong password", "nobody", "pupil"])
def test_staff_sign_in_refuses_with_the_same_sentence_whoever_it_is(client, coordinator, who):
    username = {"wrong password": coordinator.username, "nobody": "nobody", "pupil": UserFactory(kind="pupil").username}

    response = client.post(STAFF, {"login": username[who], "password": "not-the-password"})

    assert response.context["form"].non_field_errors() == ["用户名或密码不对。再看一眼大小写，或请管理员发一个新链接"]
    event = Event.objects.get(kind="session.refused")
    assert username[who] not in str(event.facts)
    assert "_auth_user_id" not in client.session


def test_staff_sign_in_of_a_closed_account_is_refused(client):
    user = UserFactory(is_active=False)

    assert type_password(client, user).headers["Location"] == "/sign-in/closed/"
    assert "_auth_user_id" not in client.session


def test_staff_sign_in_is_throttled_by_account_even_with_the_right_password(client, coordinator):
    for _ in range(adapters.TRIES_AN_ACCOUNT):
        type_password(client, coordinator, "not-the-password")

    response = type_password(client, coordinator)

    assert response.context["form"].non_field_errors() == [
        "试的次数太多了，请过 10 分钟再试。急用可以请管理员发一个新链接"
    ]
    assert Event.objects.filter(kind="session.throttled").count() == 1
    assert type_password(client, UserFactory()).status_code == 302  # others are not hindered


def test_staff_sign_in_is_throttled_by_address(client, coordinator, monkeypatch):
    monkeypatch.setattr(adapters, "TRIES_AN_ADDRESS", 3)
    for n in range(3):
        client.post(STAFF, {"login": f"nobody{n}", "password": "not-the-password"})

    assert "试的次数太多了" in str(type_password(client, coordinator).context["form"].errors)
    elsewhere = client.post(STAFF, {"login": coordinator.username, "password": PASSWORD}, REMOTE_ADDR="192.0.2.9")
    assert elsewhere.status_code == 302


def test_staff_sign_in_that_succeeds_forgets_the_mistakes_before(client, coordinator):
    for _ in range(2):
        for _ in range(adapters.TRIES_AN_ACCOUNT - 1):
            type_password(client, coordinator, "not-the-password")
        assert type_password(client, coordinator).status_code == 302
        client.post("/sign-out/")


def test_staff_sign_in_with_a_second_factor_asks_for_its_code(client, coordinator):
    secret = with_totp(coordinator)

    assert type_password(client, coordinator).headers["Location"].startswith("/second-factor/code/")
    assert "_auth_user_id" not in client.session
    response = client.post("/second-factor/code/", {"code": code_of(secret)})

    assert response.headers["Location"] == "/"
    assert Event.objects.get(kind="session.begun").facts == {"by_ways": ["password", "totp"]}


def test_a_code_works_once(client, coordinator):
    secret = with_totp(coordinator)
    type_password(client, coordinator)
    code = code_of(secret)
    client.post("/second-factor/code/", {"code": code})
    client.post("/sign-out/")
    type_password(client, coordinator)

    response = client.post("/second-factor/code/", {"code": code})

    assert response.context["form"].errors == {"code": ["这个码不对，或已经用过。请等下一个码再填"]}


def test_codes_are_throttled(client, coordinator):
    secret = with_totp(coordinator)
    type_password(client, coordinator)
    for _ in range(adapters.TRIES_AN_ACCOUNT):
        client.post("/second-factor/code/", {"code": "000000"})

    response = client.post("/second-factor/code/", {"code": code_of(secret)})

    assert response.context["form"].errors == {"code": ["试的次数太多了，请过 10 分钟再试"]}
    assert "_auth_user_id" not in client.session


def test_secrets_of_second_factors_are_encrypted_at_rest(coordinator):
    secret = with_totp(coordinator)

    assert secret not in str(Authenticator.objects.values())


def test_staff_without_a_second_factor_are_led_to_set_one_up(
    client, coordinator, settings, django_capture_on_commit_callbacks
):
    settings.BAIYE_REQUIRE_SECOND_FACTOR = True
    type_password(client, coordinator)

    assert client.get("/messages/").headers["Location"] == "/second-factor/"
    page = client.get("/second-factor/app/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/second-factor/app/", {"code": code_of(page.context["form"].secret)})

    assert client.get("/messages/").status_code == 200
    assert Event.objects.filter(kind="second_factor.added", actor_id=coordinator.pk).count() == 1
    assert Message.objects.filter(to=coordinator, subject="动态码已经启用").count() == 1


def test_staff_who_have_a_second_factor_but_did_not_show_it_are_asked_for_it(client, coordinator, settings):
    settings.BAIYE_REQUIRE_SECOND_FACTOR = True
    secret = with_totp(coordinator)
    client.force_login(coordinator)

    assert client.get("/messages/").headers["Location"] == "/second-factor/again/?next=%2Fmessages%2F"
    response = client.post("/second-factor/again/?next=/messages/", {"code": code_of(secret)})

    assert response.headers["Location"] == "/messages/"
    assert client.get("/messages/").status_code == 200


@pytest.mark.parametrize("kind", ["pupil", "guardian"])
def test_families_need_no_second_factor(client, settings, kind):
    settings.BAIYE_REQUIRE_SECOND_FACTOR = True
    client.force_login(UserFactory(kind=kind))

    assert client.get("/messages/").status_code == 200
    assert client.get("/second-factor/").status_code == 404
    assert client.get("/password/").status_code == 404


def test_the_last_second_factor_stays_where_one_is_required(client, coordinator, settings):
    settings.BAIYE_REQUIRE_SECOND_FACTOR = True
    secret = with_totp(coordinator)
    type_password(client, coordinator)
    client.post("/second-factor/code/", {"code": code_of(secret)})

    client.post("/second-factor/app/removal/")

    assert Authenticator.objects.filter(user=coordinator, type="totp").exists()


def test_a_change_to_how_one_signs_in_asks_again_after_five_minutes(client, coordinator):
    type_password(client, coordinator)
    assert client.get("/second-factor/app/").status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()

    assert client.get("/second-factor/app/").headers["Location"].startswith("/sign-in/again/?")


def test_staff_are_signed_out_after_half_an_hour_of_silence(client, coordinator):
    type_password(client, coordinator)
    session = client.session
    session["seen_at"] = (clock.now() - timedelta(minutes=31)).timestamp()
    session.save()

    response = client.get("/messages/")

    assert response.headers["Location"] == "/sign-in/staff/?next=%2Fmessages%2F"
    assert "_auth_user_id" not in client.session
    assert Event.objects.filter(kind="session.timed_out", actor_id=coordinator.pk).count() == 1


def test_a_session_in_use_goes_on_and_is_written_once_a_minute(client, coordinator):
    type_password(client, coordinator)
    session = client.session
    session["seen_at"] = (clock.now() - timedelta(minutes=29)).timestamp()
    session.save()

    client.get("/messages/")
    seen = client.session["seen_at"]
    client.get("/messages/")

    assert clock.now().timestamp() - seen < 5
    assert client.session["seen_at"] == seen


def test_families_are_not_signed_out_by_silence(client):
    guardian = UserFactory(kind="guardian")
    client.force_login(guardian)
    guardian.last_login = clock.now() - timedelta(hours=2)
    guardian.save(update_fields=["last_login"])

    assert client.get("/messages/").status_code == 200


def test_a_closed_account_is_out_with_the_next_request(client, coordinator):
    type_password(client, coordinator)
    coordinator.is_active = False
    coordinator.save(update_fields=["is_active"])

    assert client.get("/messages/").headers["Location"] == "/sign-in/?next=/messages/"


def test_sign_out_leaves_nothing_in_the_browser(client, coordinator):
    type_password(client, coordinator)

    response = client.post("/sign-out/")

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in client.session
    assert Event.objects.get(kind="session.ended").actor_id == coordinator.pk


def test_sign_out_at_the_door_keeps_the_marks_that_wait(client):
    instructor = GrantFactory(role="host_instructor", unit=UnitFactory(kind="host")).user
    client.force_login(instructor)

    assert client.post("/sign-out/").headers["Clear-Site-Data"] == '"cache"'


def test_sign_out_by_a_link_asks_first(client, coordinator):
    client.force_login(coordinator)

    assert "要退出吗" in client.get("/sign-out/").content.decode()
    assert "_auth_user_id" in client.session


def test_a_change_of_password_ends_the_other_sessions(client, coordinator):
    other = Client()
    type_password(other, coordinator)
    type_password(client, coordinator)
    words = {"oldpassword": PASSWORD, "password1": "a-bench-a-plane-a-saw", "password2": "a-bench-a-plane-a-saw"}

    client.post("/password/", words)

    assert client.get("/messages/").status_code == 200
    assert other.get("/messages/").status_code == 302
    assert Message.objects.filter(to=coordinator, subject="密码改好了").exists()


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "密码短了，至少要 10 个字"),
        ("qwertyuiop", "这个密码用的人太多"),
        ("lin.xiaoman1", "和用户名或邮箱太像"),
    ],
)
def test_a_weak_password_is_refused(client, coordinator, password, sentence):
    coordinator.username = "lin.xiaoman"
    coordinator.save(update_fields=["username"])
    type_password(client, coordinator)

    response = client.post("/password/", {"oldpassword": PASSWORD, "password1": password, "password2": password})

    assert sentence in str(response.context["form"].errors)


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_pages_of_allauth_that_nobody_needs_are_not_there(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_an_invitation_sets_a_password_and_leads_to_signing_in(client):
    user = GrantFactory(unit=UnitFactory(), user=UserFactory(password=None)).user
    link = renew_link(person=user, by=None, at=clock.now())
    words = {"password1": "a-bench-a-plane-a-saw", "password2": "a-bench-a-plane-a-saw"}

    assert client.get(link.path).status_code == 200
    assert client.post(link.path, words).headers["Location"] == STAFF
    assert type_password(client, user, words["password1"]).status_code == 302
    assert client.get(link.path).status_code == 404


def test_an_invitation_refuses_two_different_passwords(client):
    link = renew_link(person=UserFactory(password=None), by=None, at=clock.now())

    response = client.post(link.path, {"password1": "a-bench-a-plane-a-saw", "password2": "a-bench-and-a-saw"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["password2"]
