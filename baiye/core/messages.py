"""The inbox: what a person was told, once, whatever else carries a copy of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Prefetch, QuerySet
from django.utils.text import Truncator

from baiye.core import jobs, messages_kinds
from baiye.core.models import Delivery, Message

LONGEST_SUBJECT = 120


class Recipient(Protocol):
    """Someone with an inbox, and perhaps an address of some channel."""

    @property
    def pk(self) -> int: ...

    @property
    def email(self) -> str: ...

    @property
    def wecom_id(self) -> str: ...

    @property
    def phone_blind(self) -> str: ...


def send(
    *,
    to: Iterable[Recipient],
    kind: str,
    key: str,
    subject: str,
    body: str = "",
    url: str = "",
    at: datetime | None = None,
    needed_by: datetime | None = None,
) -> int:
    """Put one message into each inbox; whoever has one with this ``key`` gets no second. Channels carry copies.

    Copies wait for the end of quiet hours unless that were too late for what happens at ``needed_by``. A subject is
    cut at 120 characters, since a name in it may be as long. One statement for the inboxes (2,000 people each), one
    for the job that copies. ``at`` is the time of the action that sends it; without one the database's own clock says
    when. Gives how many people were meant.
    """
    people = list(to)
    told = {"kind": kind, "key": key, "subject": Truncator(subject).chars(LONGEST_SUBJECT), "body": body, "url": url}
    when = {} if at is None else {"sent_at": at}
    rows = [Message(to_id=user.pk, needed_by=needed_by, **told, **when) for user in people]
    Message.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    by_text = messages_kinds.find(kind).text
    if any(user.email or user.wecom_id or (by_text and user.phone_blind) for user in people):
        jobs.later("core.copy_messages", key=key)
    return len(rows)


def inbox(user: AbstractBaseUser) -> QuerySet[Message]:
    """What ``user`` was told, newest first; what became of its copies in ``deliveries``, one query more."""
    copies = Prefetch("deliveries", Delivery.objects.order_by("channel"))
    return Message.objects.filter(to_id=user.pk).prefetch_related(copies).order_by("-sent_at", "-pk")


def unread(user: AbstractBaseUser) -> int:
    """How many messages ``user`` has not read yet."""
    return Message.objects.filter(to_id=user.pk, read_at=None).count()


def mark_read(user: AbstractBaseUser, *, at: datetime, pk: int | None = None) -> int:
    """Note that ``user`` has read one message, or all; how many that changed."""
    mine = Message.objects.filter(to_id=user.pk, read_at=None)
    return (mine if pk is None else mine.filter(pk=pk)).update(read_at=at)
