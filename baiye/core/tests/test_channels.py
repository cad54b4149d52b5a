"""Letters leave by an adapter, are tried again, and no address is ever written in clear."""

import logging
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.accounts.tests.factories import UserFactory
from baiye.core import channels, clock, crypto, jobs, messages_kinds
from baiye.core.models import Delivery
from baiye.core.tests.factories import DeliveryFactory, MessageFactory
from baiye.core.tests.stand_ins import gateway

PHONE = "15400000001"


class Closed:
    keeps_body = False

    def send(self, letter: channels.Letter) -> None:
        raise channels.NotSent("closed for the night")


class WrongAddress:
    keeps_body = False

    def send(self, letter: channels.Letter) -> None:
        raise channels.NeverSent("nobody there")


@pytest.fixture
def sms(settings):
    """A district's gateway on this machine: what it was asked."""
    with gateway() as listening:
        settings.SMS_ADAPTER = "baiye.core.channels_sms.Gateway"
        settings.SMS_GATEWAY_URL = f"{listening.url}/texts"
        settings.SMS_GATEWAY_TOKEN = "token"
        yield listening.asked


@pytest.mark.django_db
def test_text_stays_in_the_local_outbox():
    channels.text(PHONE, "验证码 123456")
    jobs.run_due()

    delivery = Delivery.objects.get()
    assert (crypto.decrypt(delivery.address), delivery.body, delivery.channel) == (PHONE, "验证码 123456", "sms")
    assert delivery.delivered_at is not None


@pytest.mark.django_db
def test_text_goes_through_the_districts_gateway_and_is_not_kept(sms):
    delivery = channels.text(PHONE, "验证码 123456")
    jobs.run_due()

    (asked,) = sms
    assert (asked.path, asked.sent) == ("/texts", {"phone": PHONE, "text": "验证码 123456"})
    assert asked.headers["Authorization"] == "Bearer token"
    assert asked.headers["Idempotency-Key"] == str(delivery.pk)
    assert Delivery.objects.get().body == ""


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "error"), [(422, channels.NeverSent), (503, channels.NotSent)])
def test_gateway_that_refuses_an_address_is_not_asked_again_and_one_that_is_busy_is(settings, status, error):
    settings.SMS_ADAPTER = "baiye.core.channels_sms.Gateway"
    delivery = channels.text(PHONE, "验证码 123456")

    with gateway(lambda _: (status, {})) as listening:
        settings.SMS_GATEWAY_URL = listening.url
        jobs.run_due()

    delivery.refresh_from_db()
    assert (delivery.failed_at is not None, delivery.error) == (
        (True, "HTTP 422") if error is channels.NeverSent else (False, "")
    )
    assert ProcrastinateJob.objects.get().status == ("succeeded" if error is channels.NeverSent else "todo")


@pytest.mark.django_db
def test_text_that_is_not_taken_is_tried_again_and_given_up_in_the_end(settings):
    settings.SMS_ADAPTER = "baiye.core.tests.test_channels.Closed"
    delivery = channels.text(PHONE, "验证码 123456")

    for _ in range(channels.MOST_TRIES - 1):
        with pytest.raises(channels.NotSent):
            channels.deliver(delivery, at=clock.now())
    channels.deliver(delivery, at=clock.now())

    delivery.refresh_from_db()
    assert (delivery.tries, delivery.error) == (channels.MOST_TRIES, "closed for the night")
    assert (delivery.delivered_at, delivery.failed_at is None) == (None, False)


@pytest.mark.django_db
def test_text_that_is_not_taken_waits_in_the_queue(settings):
    settings.SMS_ADAPTER = "baiye.core.tests.test_channels.Closed"
    channels.text(PHONE, "验证码 123456")

    jobs.run_due()

    assert ProcrastinateJob.objects.get().status == "todo"


@pytest.mark.django_db
def test_text_without_an_adapter_says_so(settings):
    settings.SMS_ADAPTER = ""
    delivery = channels.text(PHONE, "验证码 123456")

    with pytest.raises(channels.NotSent, match="SMS_ADAPTER is not set"):
        channels.deliver(delivery, at=clock.now())


@pytest.mark.django_db
def test_deliver_run_again_sends_nothing_twice(sms):
    delivery = channels.text(PHONE, "验证码 123456")

    channels.deliver(delivery, at=clock.now())
    channels.deliver(delivery, at=clock.now())

    assert len(sms) == 1


@pytest.mark.django_db
def test_deliver_of_what_is_no_longer_true_withdraws_it(sms, monkeypatch):
    monkeypatch.setitem(messages_kinds.STANDS, "example", lambda message: message.key != "over")
    over, standing = (MessageFactory(to=UserFactory(), key=key) for key in ("over", "standing"))
    first, second = DeliveryFactory(message=over), DeliveryFactory(message=standing)

    channels.deliver(first, at=clock.now())
    channels.deliver(second, at=clock.now())

    assert len(sms) == 1
    first.refresh_from_db()
    assert (first.withdrawn_at is not None, first.delivered_at, first.body) == (True, None, "")


@pytest.mark.django_db
def test_retry_sends_what_failed_and_nothing_else(settings, sms):
    settings.SMS_ADAPTER = "baiye.core.tests.test_channels.WrongAddress"
    failed = channels.text(PHONE, "验证码 123456")
    jobs.run_due()
    settings.SMS_ADAPTER = "baiye.core.channels_sms.Gateway"

    assert channels.retry(failed, at=clock.now()) is True
    jobs.run_due()
    assert channels.retry(failed, at=clock.now()) is False

    failed.refresh_from_db()
    assert (len(sms), failed.failed_at, failed.error, failed.tries) == (1, None, "", 1)


@pytest.mark.django_db
def test_tidy_fails_what_waits_for_ever_and_forgets_old_texts():
    now = clock.now()
    lost = DeliveryFactory(leaves_at=now - timedelta(days=3))
    waiting = DeliveryFactory(leaves_at=now)
    old = DeliveryFactory(failed_at=now - timedelta(days=31), error="HTTP 503")

    assert channels.tidy(at=now) == 1

    for delivery in (lost, waiting, old):
        delivery.refresh_from_db()
    assert (lost.error, waiting.failed_at, old.body) == ("lost", None, "")
    assert channels.retry(old, at=now) is False


@pytest.mark.parametrize(
    ("channel", "address", "shown"),
    [
        ("sms", PHONE, "154****0001"),
        ("mail", "teacher@example.org", "t***@example.org"),
        ("wecom", "WangMing", "W***"),
    ],
)
def test_masked_shows_too_little_to_use(channel, address, shown):
    assert channels.masked(DeliveryFactory.build(channel=channel, address=crypto.encrypt(address))) == shown


@pytest.mark.django_db
def test_no_phone_stands_in_logs_errors_or_the_queue(settings, caplog):
    caplog.set_level(logging.DEBUG)
    settings.SMS_ADAPTER = "baiye.core.channels_sms.Gateway"
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:9/{PHONE}"
    delivery = channels.text(PHONE, "验证码 123456")

    with pytest.raises(channels.NotSent) as refusal:
        channels.deliver(delivery, at=clock.now())

    written = caplog.text + str(refusal.value) + str(list(ProcrastinateJob.objects.values()))
    assert PHONE not in written
    assert PHONE.encode() not in bytes(Delivery.objects.get().address)


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["delivered_at", "withdrawn_at"])
def test_delivery_ends_in_one_way_says_the_database(other):
    name = "delivery_delivered_or_failed" if other == "delivered_at" else "delivery_withdrawn_only_before_it_left"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        DeliveryFactory(failed_at=clock.now(), **{other: clock.now()})
