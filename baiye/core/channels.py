"""The ways out: text messages, mail, WeCom. A row is written in the caller's transaction, a task carries it out.

Each channel has one adapter, a class that its setting names (``SMS_ADAPTER``, ``MAIL_ADAPTER``, ``WECOM_ADAPTER``);
none: the channel is closed. Addresses are encrypted at rest and stand in no log: an error names its kind alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from baiye.core import crypto, jobs, messages_kinds
from baiye.core.models import Delivery
from baiye.core.templatetags.text import mask_phone

MOST_TRIES = 5
LOST_AFTER = timedelta(days=2)  # a job that broke otherwise leaves its delivery waiting for ever
FAILED_KEPT = timedelta(days=30)


class NotSent(Exception):
    """The channel did not take it now; ``str()`` says why without naming anyone."""


class NeverSent(NotSent):
    """The channel will never take it: the address is wrong. It is not tried again."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What an adapter carries; ``key`` is the same each time it is tried, so that the other side may see a repeat."""

    key: str
    address: str
    subject: str
    body: str


class Adapter(Protocol):
    """Hands one letter to whoever carries it, or raises ``NotSent``."""

    keeps_body: bool  # whether the text may stay in our table after delivery

    def send(self, letter: Letter) -> None: ...


def is_open(channel: str) -> bool:
    """Whether something carries this channel here."""
    return bool(_adapter_name(channel))


def text(phone: str, body: str) -> Delivery:
    """Hand ``body`` to the text-message channel once the caller's transaction commits."""
    return hand_over("sms", phone, body=body)


def mail(address: str, subject: str, body: str, *, unit_path: str = "") -> Delivery:
    """Hand a letter to the mail channel once the caller's transaction commits; at ``unit_path`` it is seen to fail."""
    return hand_over("mail", address, subject=subject, body=body, unit_path=unit_path)


def hand_over(channel: str, address: str, *, body: str, subject: str = "", unit_path: str = "") -> Delivery:
    """Hand a letter that is no copy of a message to ``channel`` once the caller's transaction commits."""
    sealed = crypto.encrypt(address)
    delivery = Delivery.objects.create(channel=channel, address=sealed, subject=subject, body=body, unit_path=unit_path)
    jobs.later("core.deliver", delivery_id=str(delivery.pk))
    return delivery


def find_delivery(delivery_id: str) -> Delivery | None:
    """The delivery of this number with its message, unless it was removed meanwhile."""
    return Delivery.objects.filter(pk=delivery_id).select_related("message").first()


def deliver(delivery: Delivery, *, at: datetime) -> None:
    """Carry one delivery out, unless what it says is no longer true: then it is withdrawn.

    Run again after a crash it may arrive twice, never not at all.

    Raises
    ------
    NotSent
        The channel did not take it; there are tries left.
    """
    waiting = Delivery.objects.filter(pk=delivery.pk, delivered_at=None, failed_at=None, withdrawn_at=None)
    if delivery.message and not messages_kinds.stands(delivery.message):
        waiting.update(withdrawn_at=at, body="")
        return
    if not waiting.update(tries=F("tries") + 1):
        return
    try:
        keeps_body = _send(delivery)
    except NotSent as reason:
        last = waiting if isinstance(reason, NeverSent) else waiting.filter(tries__gte=MOST_TRIES)
        if last.update(failed_at=at, error=str(reason)[:200]):
            return
        raise
    waiting.update(delivered_at=at, **({} if keeps_body else {"body": ""}))


@transaction.atomic
def retry(delivery: Delivery, *, at: datetime) -> bool:
    """Try a delivery that failed anew, at once; False when it did not fail, or its text is no longer kept."""
    failed = Delivery.objects.filter(pk=delivery.pk, failed_at__isnull=False).exclude(body="")
    if not failed.update(failed_at=None, error="", tries=0, leaves_at=at):
        return False
    jobs.later("core.deliver", delivery_id=str(delivery.pk))
    return True


def masked(delivery: Delivery) -> str:
    """The address as staff may see it."""
    return mask(delivery.channel, crypto.decrypt(bytes(delivery.address)))


def mask(channel: str, address: str) -> str:
    """Enough of an address to tell a mistyped one, too little to use it."""
    if channel == "sms":
        return str(mask_phone(address))
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}" if address else ""


def tidy(*, at: datetime) -> int:
    """Fail what waits without a job, and forget texts that failed long ago; how many were failed."""
    old: QuerySet[Delivery] = Delivery.objects.filter(failed_at__lt=at - FAILED_KEPT).exclude(body="")
    old.update(body="")
    lost = Delivery.objects.filter(delivered_at=None, failed_at=None, withdrawn_at=None)
    return lost.filter(leaves_at__lt=at - LOST_AFTER).update(failed_at=at, error="lost")


def _send(delivery: Delivery) -> bool:
    """Whether the text may be kept afterwards."""
    name = _adapter_name(delivery.channel)
    if not name:
        raise NotSent(f"{delivery.channel.upper()}_ADAPTER is not set")
    adapter: Adapter = import_string(name)()
    address = crypto.decrypt(bytes(delivery.address))
    adapter.send(Letter(str(delivery.pk), address, delivery.subject, delivery.body))
    return adapter.keeps_body


def _adapter_name(channel: str) -> str:
    return str(getattr(settings, f"{channel.upper()}_ADAPTER"))
