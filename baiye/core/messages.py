"""The inbox: what a person was told, once, whatever else carries a copy of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import Truncator

from baiye.core import crypto, jobs
from baiye.core.models import Delivery, Message

LONGEST_SUBJECT = 120


class Recipient(Protocol):
    """Someone with an inbox, and perhaps a mail address."""

    @property
    def pk(self) -> int: ...

    @property
    def email(self) -> str: ...


def send(*, to: Iterable[Recipient], kind: str, key: str, subject: str, body: str = "", url: str = "") -> int:
    """Put one message into each inbox; whoever has one with this ``key`` gets no second. Who has mail gets a copy.

    A subject is cut at 120 characters, since a name in it may be as long. One statement for the inboxes (2,000 people
    each), one for the job that mails. Gives how many people were meant.
    """
    people = list(to)
    told = {"kind": kind, "key": key, "subject": Truncator(subject).chars(LONGEST_SUBJECT), "body": body, "url": url}
    rows = [Message(to_id=user.pk, **told) for user in people]
    Message.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    if any(user.email for user in people):
        jobs.later("core.mail_copies", key=key)
    return len(rows)


@transaction.atomic
def mail_copies(key: str) -> int:
    """Hand a copy of each message with this ``key`` to the mail of who has one; how many. Run twice, it sends once."""
    waiting = Message.objects.filter(key=key, deliveries=None).exclude(to__email="").select_related("to")
    copies = [_copy(message) for message in waiting]
    Delivery.objects.bulk_create(copies, batch_size=2000, ignore_conflicts=True)
    made = Delivery.objects.filter(pk__in=[copy.pk for copy in copies]).values_list("pk", flat=True)
    jobs.later_many("core.deliver", [{"delivery_id": str(pk)} for pk in made])
    return len(made)


def _copy(message: Message) -> Delivery:
    body = "\n\n".join(part for part in (message.body, message.url and settings.BAIYE_SITE_URL + message.url) if part)
    sealed = crypto.encrypt(message.to.email)
    return Delivery(message=message, channel="mail", address=sealed, subject=message.subject, body=body)


def inbox(user: AbstractBaseUser) -> QuerySet[Message]:
    """What ``user`` was told, newest first."""
    return Message.objects.filter(to_id=user.pk).order_by("-sent_at", "-pk")


def unread(user: AbstractBaseUser) -> int:
    """How many messages ``user`` has not read yet."""
    return Message.objects.filter(to_id=user.pk, read_at=None).count()


def mark_read(user: AbstractBaseUser, *, at: datetime, pk: int | None = None) -> int:
    """Note that ``user`` has read one message, or all; how many that changed."""
    mine = Message.objects.filter(to_id=user.pk, read_at=None)
    return (mine if pk is None else mine.filter(pk=pk)).update(read_at=at)
