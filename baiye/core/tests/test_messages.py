"""The inbox tells each person once."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, messages
from baiye.core.models import Message
from baiye.core.tests.factories import MessageFactory

WORDS = {
    "kind": "wish.reminder",
    "key": "round:1:wish",
    "subject": "还有 2 天",
    "body": "志愿还没交。",
    "url": "/home/",
}


@pytest.mark.django_db
def test_send_tells_each_person_once_in_one_statement(django_assert_num_queries):
    people = UserFactory.create_batch(3, kind="guardian")

    with django_assert_num_queries(1):
        assert messages.send(to=people, **WORDS) == 3
    messages.send(to=people[:2], **WORDS)

    assert sorted(Message.objects.values_list("to", flat=True)) == [user.pk for user in people]


@pytest.mark.django_db
def test_send_stands_at_the_time_of_what_was_done():
    at = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)

    messages.send(to=[UserFactory()], at=at, **WORDS)

    assert Message.objects.get().sent_at == at


@pytest.mark.django_db
def test_message_is_sent_once_says_the_database():
    first = MessageFactory(to=UserFactory())

    with pytest.raises(IntegrityError, match="message_sent_once"), transaction.atomic():
        MessageFactory(to=first.to, key=first.key)


@pytest.mark.django_db
def test_inbox_holds_ones_own_messages_newest_first():
    me, other = UserFactory(), UserFactory()
    first, second = MessageFactory(to=me), MessageFactory(to=me)
    MessageFactory(to=other)

    assert list(messages.inbox(me)) == [second, first]


@pytest.mark.django_db
def test_mark_read_marks_ones_own_messages_alone():
    me, other = UserFactory(), UserFactory()
    first = MessageFactory(to=me)
    MessageFactory(to=me)
    theirs = MessageFactory(to=other)

    assert messages.mark_read(me, at=clock.now(), pk=theirs.pk) == 0
    assert messages.mark_read(me, at=clock.now(), pk=first.pk) == 1
    assert messages.unread(me) == 1
    assert messages.mark_read(me, at=clock.now()) == 1
    assert messages.unread(other) == 1
