"""The ways out: text messages and mail. A row is written in the caller's transaction, a task carries it out.

An adapter is a class with ``send(address, body)`` named by ``SMS_ADAPTER``; it raises ``NotSent``. Addresses are
encrypted at rest, and stand in no log: an error names its kind alone.
"""

import json
from datetime import datetime
from typing import Protocol
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.utils.module_loading import import_string

from baiye.core import crypto, jobs
from baiye.core.models import Delivery

MOST_TRIES = 5
TIMEOUT_S = 10


class NotSent(Exception):
    """The channel did not take it now; ``str()`` says why without naming anyone."""


class SmsAdapter(Protocol):
    """Hands one text to whoever carries it."""

    keeps_body: bool  # whether the text may stay in our table after delivery

    def send(self, phone: str, body: str) -> None: ...


class LocalOutbox:
    """No text leaves the machine: the row itself is the outbox, which the demonstration shows."""

    keeps_body = True

    def send(self, phone: str, body: str) -> None:
        pass


class Gateway:
    """A gateway of the district's: ``POST SMS_GATEWAY_URL`` with ``{"phone", "text"}`` and a bearer token."""

    keeps_body = False

    def send(self, phone: str, body: str) -> None:
        data = json.dumps({"phone": phone, "text": body}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"}
        request = Request(settings.SMS_GATEWAY_URL, data=data, headers=headers)  # noqa: S310
        try:
            with urlopen(request, timeout=TIMEOUT_S):  # noqa: S310 (the address is the operator's own)
                pass
        except (URLError, OSError) as error:
            raise NotSent(type(error).__name__) from None


def text(phone: str, body: str) -> Delivery:
    """Hand ``body`` to the text-message channel once the caller's transaction commits."""
    return _hand_over(Delivery(channel="sms", address=crypto.encrypt(phone), body=body))


def mail(address: str, subject: str, body: str) -> Delivery:
    """Hand a letter to the mail channel once the caller's transaction commits."""
    return _hand_over(Delivery(channel="mail", address=crypto.encrypt(address), subject=subject, body=body))


def find_delivery(delivery_id: str) -> Delivery | None:
    """The delivery of this number, unless it was removed meanwhile."""
    return Delivery.objects.filter(pk=delivery_id).first()


def deliver(delivery: Delivery, *, at: datetime) -> None:
    """Carry one delivery out. Run again after a crash it may arrive twice, never not at all.

    Raises
    ------
    NotSent
        The channel did not take it; there are tries left.
    """
    waiting = Delivery.objects.filter(pk=delivery.pk, delivered_at=None, failed_at=None)
    if not waiting.update(tries=F("tries") + 1):
        return
    try:
        keeps_body = _send(delivery)
    except NotSent as reason:
        if waiting.filter(tries__gte=MOST_TRIES).update(failed_at=at, error=str(reason)[:200]):
            return
        raise
    waiting.update(delivered_at=at, **({} if keeps_body else {"body": ""}))


def _send(delivery: Delivery) -> bool:
    """Whether the text may be kept afterwards."""
    address = crypto.decrypt(bytes(delivery.address))
    if delivery.channel == "mail":
        try:
            send_mail(delivery.subject, delivery.body, None, [address])
        except OSError as error:  # of the socket, and all that smtplib raises
            raise NotSent(type(error).__name__) from None
        return False
    if not settings.SMS_ADAPTER:
        raise NotSent("SMS_ADAPTER is not set")
    adapter: SmsAdapter = import_string(settings.SMS_ADAPTER)()
    adapter.send(address, delivery.body)
    return adapter.keeps_body


def _hand_over(delivery: Delivery) -> Delivery:
    delivery.save(force_insert=True)
    jobs.later("core.deliver", delivery_id=str(delivery.pk))
    return delivery
