"""The smallest valid rows of core."""

from factory import LazyFunction, Sequence
from factory.django import DjangoModelFactory
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.core import crypto
from baiye.core.models import Delivery, Event, Message


class EventFactory(DjangoModelFactory):
    class Meta:
        model = Event

    kind = "example.happened"


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    kind = "example"
    key = Sequence("example:{}".format)
    subject = "示例消息"


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = Delivery

    channel = "sms"
    address = LazyFunction(lambda: crypto.encrypt("15400000001"))
    body = "示例短信"


def queued() -> list[str]:
    """Tasks in the queue, in the order in which they were asked for."""
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", flat=True))
