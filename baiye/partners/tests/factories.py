"""The smallest valid rows of partners."""

from datetime import date

from factory import Sequence, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import UserFactory
from baiye.partners.models import Pledge
from baiye.registry.tests.factories import HostFactory
from baiye.schools.models import Term


class LongTermFactory(DjangoModelFactory):
    """A term of a hundred years, so that tests need not think of it."""

    class Meta:
        model = Term
        django_get_or_create = ("starts_on",)

    name = Sequence("学期{}".format)
    starts_on = date(2000, 1, 1)
    ends_on = date(2099, 12, 31)


class PledgeFactory(DjangoModelFactory):
    """Two hundred places."""

    class Meta:
        model = Pledge

    host = SubFactory(HostFactory)
    term = SubFactory(LongTermFactory)
    kind = "places"
    quantity = 200
    made_by = SubFactory(UserFactory)
