"""Message settings: what one prefers, and addresses that are one's own only once a code came there."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from baiye.accounts.actions import addresses
from baiye.accounts.actions.addresses import AddressRefused
from baiye.accounts.actions.preferences import preference_of, save_preference
from baiye.accounts.models import AddressCode, User
from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.core import clock, crypto
from baiye.core.models import Delivery, Event, Preference

pytestmark = pytest.mark.django_db
PAGE = "accounts:preferences"
NEW = "new@example.org"


@pytest.fixture(autouse=True)
def wecom(settings):
    """WeCom is open here, and keeps what it is handed."""
    settings.WECOM_ADAPTER = "baiye.core.channels_sms.LocalOutbox"


def code_sent():
    return Delivery.objects.latest("made_at").body.split("验证码 ")[1][:6]


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def asked(user, channel="mail", address=NEW, at=None):
    """The code that was sent to an address."""
    addresses.ask_address(channel=channel, address=address, by=user, at=at or clock.now())
    return code_sent()


def test_who_never_said_anything_gets_everything_but_at_night():
    user = UserFactory()

    wanted = preference_of(user)

    assert (wanted.mail, wanted.wecom, wanted.sms, wanted.digest) == (True, True, True, True)
    assert (wanted.quiet_from, wanted.quiet_to) == (time(21), time(7))
    assert not Preference.objects.exists()


def test_save_preference_writes_it_down_once():
    user = UserFactory()
    wanted = {"mail": False, "wecom": True, "sms": True, "quiet_from": time(22), "quiet_to": time(6), "digest": True}

    save_preference(**wanted, by=user)
    save_preference(**wanted, by=user)

    assert preference_of(user).mail is False
    assert kinds() == ["preferences.saved"]


@pytest.mark.parametrize(("channel", "address", "field"), [("mail", NEW, "email"), ("wecom", "WangMing", "wecom_id")])
def test_an_address_is_ones_own_once_the_code_that_came_there_is_typed(channel, address, field):
    user = UserFactory()

    code = asked(user, channel, address)
    assert getattr(User.objects.get(pk=user.pk), field) == ""
    addresses.prove_address(channel=channel, code=f" {code[:3]} {code[3:]}", by=user, at=clock.now())

    assert getattr(User.objects.get(pk=user.pk), field) == address
    assert kinds() == ["address.proved"]
    sent = Delivery.objects.get()
    assert (sent.channel, crypto.decrypt(bytes(sent.address))) == (channel, address)
    assert code not in AddressCode.objects.get().digest


def test_a_code_works_once_for_ten_minutes_and_five_tries():
    user, now = UserFactory(), clock.now()
    code = asked(user, at=now)
    wrong = "000000" if code != "000000" else "111111"

    with pytest.raises(AddressRefused, match="已过期"):
        addresses.prove_address(channel="mail", code=code, by=user, at=now + timedelta(minutes=10))
    for _ in range(5):
        with pytest.raises(AddressRefused):
            addresses.prove_address(channel="mail", code=wrong, by=user, at=now)
    with pytest.raises(AddressRefused):
        addresses.prove_address(channel="mail", code=code, by=user, at=now)

    code = asked(user, at=now)
    addresses.prove_address(channel="mail", code=code, by=user, at=now)
    with pytest.raises(AddressRefused):
        addresses.prove_address(channel="mail", code=code, by=user, at=now)
    assert User.objects.get(pk=user.pk).email == NEW


def test_a_code_of_somebody_else_or_for_another_channel_is_wrong():
    user, other = UserFactory(), UserFactory()
    code = asked(user)
    asked(other, address="other@example.org")

    for channel, by in (("mail", other), ("wecom", user)):
        with pytest.raises(AddressRefused):
            addresses.prove_address(channel=channel, code=code, by=by, at=clock.now())

    assert not User.objects.exclude(email="").exists()


def test_the_old_mailbox_is_told_of_the_new_one():
    user = UserFactory(email="old@example.org")

    addresses.prove_address(channel="mail", code=asked(user), by=user, at=clock.now())

    told = Delivery.objects.order_by("made_at").last()
    assert crypto.decrypt(bytes(told.address)) == "old@example.org"
    assert "不再发到这里" in told.body


def test_a_mailbox_proved_again_is_not_said_to_be_left():
    user = UserFactory(email=NEW)

    addresses.prove_address(channel="mail", code=asked(user), by=user, at=clock.now())

    assert User.objects.get(pk=user.pk).email == NEW
    assert [sent.subject for sent in Delivery.objects.all()] == ["百业：验证码"]


@pytest.mark.parametrize(
    ("channel", "address", "sentence"),
    [
        ("mail", "not a mailbox", "不像一个邮箱地址"),
        ("wecom", "王明", "由字母、数字"),
        ("sms", "15400000001", "没有开通"),
    ],
)
def test_ask_address_is_refused_in_words(channel, address, sentence):
    with pytest.raises(AddressRefused, match=sentence):
        asked(UserFactory(), channel, address)

    assert (AddressCode.objects.count(), Delivery.objects.count()) == (0, 0)


def test_ask_address_of_a_closed_channel_or_too_often_is_refused(settings, own_database):
    user = UserFactory()
    settings.WECOM_ADAPTER = ""
    with pytest.raises(AddressRefused, match="没有开通"):
        asked(user, "wecom", "WangMing")

    for n in range(addresses.ASKED_AN_HOUR):
        asked(user, address=f"a{n}@example.org")
    with pytest.raises(AddressRefused, match="一小时后"):
        asked(user)


def test_a_pupil_has_an_inbox_alone(client):
    pupil = UserFactory(kind="pupil")
    with pytest.raises(PermissionDenied):
        asked(pupil)

    client.force_login(pupil)

    assert client.get(reverse("accounts:address", args=["mail"])).status_code == 404
    assert "同学的消息只放在站内" in client.get(reverse(PAGE)).content.decode()


def test_drop_address_forgets_it():
    user = UserFactory(wecom_id="WangMing")

    addresses.drop_address(channel="wecom", by=user)
    addresses.drop_address(channel="wecom", by=user)

    assert User.objects.get(pk=user.pk).wecom_id == ""
    assert kinds() == ["address.dropped"]


def test_tidy_forgets_codes_that_are_over():
    user, now = UserFactory(), clock.now()
    asked(user, at=now - timedelta(minutes=11))
    asked(user, "wecom", "WangMing", at=now)

    assert addresses.tidy(at=now) == 1
    assert AddressCode.objects.get().channel == "wecom"


@pytest.mark.parametrize(("field", "value"), [("tries", 6), ("used_at", None)])
def test_five_tries_and_one_open_code_says_the_database(field, value):
    user = UserFactory()
    asked(user)
    name = "address_code_five_tries" if field == "tries" else "address_code_one_open_each"
    row = {"channel": "mail" if field == "used_at" else "wecom", "address": b"", "digest": "", field: value}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        AddressCode.objects.create(user=user, made_at=clock.now(), expires_at=clock.now(), **row)


# ── pages ──


def test_the_page_saves_what_was_asked_and_leaves_the_rest(client, settings):
    settings.WECOM_ADAPTER = ""
    user = UserFactory(kind="guardian", email="family@example.org")
    Preference.objects.create(user=user, wecom=False, digest=False)
    client.force_login(user)

    page = client.get(reverse(PAGE))
    saved = client.post(reverse(PAGE), {"sms": "on", "quiet_from": "20:30", "quiet_to": "06:30"})

    assert set(page.context["form"].fields) == {"mail", "sms", "quiet_from", "quiet_to"}
    assert saved["Location"] == reverse(PAGE)
    now = Preference.objects.get()
    assert (now.mail, now.wecom, now.sms, now.digest) == (False, False, True, False)
    assert (now.quiet_from, now.quiet_to) == (time(20, 30), time(6, 30))


def test_the_page_refuses_a_time_that_is_none_and_keeps_what_was_typed(client):
    client.force_login(UserFactory())

    refused = client.post(reverse(PAGE), {"quiet_from": "nine", "quiet_to": "06:30"})

    assert refused.status_code == 422
    assert 'value="06:30"' in refused.content.decode()
    assert not Preference.objects.exists()


def test_a_school_coordinator_is_offered_a_digest(client):
    client.force_login(GrantFactory(role="school_coordinator").user)

    assert "digest" in client.get(reverse(PAGE)).context["form"].fields


def test_the_page_shows_addresses_masked_and_every_kind_of_message(client):
    user = UserFactory(email="teacher@example.org", wecom_id="WangMing")
    client.force_login(user)

    shown = client.get(reverse(PAGE)).content.decode()

    assert "t***@example.org" in shown
    assert "teacher@example.org" not in shown
    assert "场次提醒：三天、一天、两小时前" in shown


def test_an_address_is_changed_page_by_page(client):
    user = UserFactory()
    client.force_login(user)
    address = reverse("accounts:address", args=["mail"])

    malformed = client.post(address, {"address": "nonsense"})
    client.post(address, {"address": NEW})
    page = client.get(address)
    wrong = client.post(address, {"code": "12"})
    done = client.post(address, {"code": code_sent()})

    assert (malformed.status_code, wrong.status_code, done["Location"]) == (422, 422, reverse(PAGE))
    assert "nonsense" in malformed.content.decode()
    assert "n***@example.org" in page.content.decode()
    assert User.objects.get(pk=user.pk).email == NEW

    client.post(reverse("accounts:address-dropping", args=["mail"]))
    assert User.objects.get(pk=user.pk).email == ""


def test_a_code_typed_too_late_is_refused_in_words(client):
    client.force_login(UserFactory())

    late = client.post(reverse("accounts:address", args=["mail"]), {"code": "123456"})

    assert late.status_code == 422
    assert "验证码不对或已过期" in late.content.decode()


@pytest.mark.parametrize("channel", ["sms", "pigeon"])
def test_there_is_no_page_for_an_address_that_nobody_types(client, channel):
    client.force_login(UserFactory())

    assert client.get(reverse("accounts:address", args=[channel])).status_code == 404
