"""Texts leave by an adapter, are tried again, and no address is ever written in clear."""

import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.core import channels, clock, crypto, jobs
from baiye.core.models import Delivery
from baiye.core.tests.factories import DeliveryFactory

PHONE = "15400000001"


class Closed:
    keeps_body = False

    def send(self, phone: str, body: str) -> None:
        raise channels.NotSent("closed for the night")


@pytest.fixture
def gateway(settings) -> Iterator[list[tuple[str, dict[str, str]]]]:
    """A district's gateway on this machine: what it was handed."""
    taken: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((self.headers["Authorization"], json.loads(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.SMS_ADAPTER = "baiye.core.channels.Gateway"
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/texts"
    settings.SMS_GATEWAY_TOKEN = "token"
    yield taken
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_text_stays_in_the_local_outbox():
    channels.text(PHONE, "验证码 123456")
    jobs.run_due()

    delivery = Delivery.objects.get()
    assert (crypto.decrypt(delivery.address), delivery.body, delivery.channel) == (PHONE, "验证码 123456", "sms")
    assert delivery.delivered_at is not None


@pytest.mark.django_db
def test_text_goes_through_the_districts_gateway_and_is_not_kept(gateway):
    channels.text(PHONE, "验证码 123456")
    jobs.run_due()

    assert gateway == [("Bearer token", {"phone": PHONE, "text": "验证码 123456"})]
    assert Delivery.objects.get().body == ""


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
def test_deliver_run_again_sends_nothing_twice(gateway):
    delivery = channels.text(PHONE, "验证码 123456")

    channels.deliver(delivery, at=clock.now())
    channels.deliver(delivery, at=clock.now())

    assert len(gateway) == 1


@pytest.mark.django_db
def test_no_phone_stands_in_logs_errors_or_the_queue(settings, caplog):
    caplog.set_level(logging.DEBUG)
    settings.SMS_ADAPTER = "baiye.core.channels.Gateway"
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:9/{PHONE}"
    delivery = channels.text(PHONE, "验证码 123456")

    with pytest.raises(channels.NotSent) as refusal:
        channels.deliver(delivery, at=clock.now())

    written = caplog.text + str(refusal.value) + str(list(ProcrastinateJob.objects.values()))
    assert PHONE not in written
    assert PHONE.encode() not in bytes(Delivery.objects.get().address)


@pytest.mark.django_db
def test_delivery_is_delivered_or_failed_says_the_database():
    with pytest.raises(IntegrityError, match="delivery_delivered_or_failed"), transaction.atomic():
        DeliveryFactory(delivered_at=clock.now(), failed_at=clock.now())
