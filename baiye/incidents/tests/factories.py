"""The smallest valid rows of incidents."""

import uuid
from datetime import timedelta

from factory import LazyAttribute, LazyFunction, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, crypto
from baiye.incidents.models import Complaint, Incident
from baiye.incidents.queries.complaints import digest
from baiye.registry.tests.factories import HostFactory


class IncidentFactory(DjangoModelFactory):
    """A fall at a host an hour ago, not yet looked at."""

    class Meta:
        model = Incident

    kind = "injury"
    host = SubFactory(HostFactory)
    unit = LazyAttribute(lambda incident: incident.host.unit)
    happened_at = LazyFunction(lambda: clock.now() - timedelta(hours=1))
    what_sealed = LazyFunction(lambda: crypto.encrypt("一位同学在门口滑倒。"))
    reported_at = LazyFunction(clock.now)
    reported_by = SubFactory(UserFactory)


class ComplaintFactory(DjangoModelFactory):
    """Somebody was sold something; not yet answered. Its link's secret is ``token``."""

    class Meta:
        model = Complaint

    class Params:
        token = LazyFunction(lambda: uuid.uuid4().hex)

    kind = "selling"
    host = SubFactory(HostFactory)
    unit = LazyAttribute(lambda complaint: complaint.host.unit)
    digest = LazyAttribute(lambda complaint: digest(complaint.token))
    text_sealed = LazyFunction(lambda: crypto.encrypt("现场让孩子加群买课。"))
    made_at = LazyFunction(clock.now)
    due_on = LazyFunction(lambda: clock.today() + timedelta(days=21))
