"""The inbox: messages are one's own, and read when they are opened."""

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, crypto
from baiye.core.models import Message
from baiye.core.tests.factories import DeliveryFactory, MessageFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("kind", ["staff", "guardian"])
def test_inbox_costs_as_many_queries_for_three_messages_as_for_one(client, kind, count, django_assert_num_queries):
    user = UserFactory(kind=kind)
    MessageFactory.create_batch(count, to=user)
    client.force_login(user)

    with django_assert_num_queries(
        6 if kind == "guardian" else 8
    ):  # session, user, (grants, classes,) count, page, copies, unread
        response = client.get(reverse("accounts:inbox"))

    assert len(response.context["page"].object_list) == count


def test_message_is_read_when_it_is_opened(client):
    message = MessageFactory(to=UserFactory(kind="guardian"), body="志愿还没交。", url="/home/")
    client.force_login(message.to)

    response = client.get(reverse("accounts:message", args=[message.pk]))

    assert "志愿还没交。" in response.content.decode()
    assert Message.objects.get().read_at is not None


def test_message_of_someone_else_is_not_there(client):
    message = MessageFactory(to=UserFactory())
    client.force_login(UserFactory())

    assert client.get(reverse("accounts:message", args=[message.pk])).status_code == 404
    client.post(reverse("accounts:reading-create"))
    assert Message.objects.get().read_at is None


def test_reading_create_reads_all_of_ones_own(client):
    user = UserFactory()
    MessageFactory.create_batch(2, to=user)
    client.force_login(user)

    client.post(reverse("accounts:reading-create"))

    assert not Message.objects.filter(read_at=None).exists()


def test_message_shows_what_became_of_its_copies(client):
    message = MessageFactory(to=UserFactory(kind="guardian"))
    address = crypto.encrypt("family@example.org")
    DeliveryFactory(message=message, channel="mail", address=address, delivered_at=clock.now())
    DeliveryFactory(message=message, channel="wecom", address=address, failed_at=clock.now(), error="WeCom 60111")
    DeliveryFactory(message=message, channel="sms", leaves_at=clock.now())
    client.force_login(message.to)

    shown = client.get(reverse("accounts:message", args=[message.pk])).content.decode()
    listed = client.get(reverse("accounts:inbox")).content.decode()

    assert all(word in shown for word in ("f***@example.org", "已送出", "没送到", "企业微信里没有这个账号", "等着发"))
    assert "family@example.org" not in shown
    assert "邮件已送出" in listed
    assert "企业微信没送到" in listed


def test_message_says_with_which_digest_it_left(client):
    message = MessageFactory(to=UserFactory())
    Message.objects.filter(pk=message.pk).update(in_digest=MessageFactory(to=message.to))
    client.force_login(message.to)

    assert "的汇总送出" in client.get(reverse("accounts:message", args=[message.pk])).content.decode()
