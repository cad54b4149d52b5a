"""The inbox: what a person was told, once, whatever else carries a copy of it."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from baiye.core.models import Message


def send(
    *, to: Iterable[AbstractBaseUser], kind: str, key: str, subject: str, body: str = "", url: str = ""
) -> int:
    """Put one message into each inbox, in one statement; whoever has one with this ``key`` gets no second.

    Gives how many people it was written for, those who had it already included.
    """
    rows = [Message(to_id=user.pk, kind=kind, key=key, subject=subject, body=body, url=url) for user in to]
    Message.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    return len(rows)


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
