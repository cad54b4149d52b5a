"""The smallest valid rows of the registry: hosts, venues, accreditations."""

from datetime import date

from factory import LazyAttribute, RelatedFactory, Sequence, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import UnitFactory
from baiye.registry.models import Accreditation, Host, MapShape, Standard, Venue


class HostFactory(DjangoModelFactory):
    """A confirmed host without an accreditation; ``evidence="lead"`` for a lead."""

    class Meta:
        model = Host

    unit = SubFactory(UnitFactory, kind="host", name=Sequence("基地{}".format))
    kind = "博物馆"
    evidence = "confirmed"


class StandardFactory(DjangoModelFactory):
    class Meta:
        model = Standard
        django_get_or_create = ("name", "version")

    name = "职业体验基地认定标准"
    version = 1
    published_on = date(2020, 1, 1)


class AccreditationFactory(DjangoModelFactory):
    """Valid for thirty years, so that tests need not think of it."""

    class Meta:
        model = Accreditation

    host = SubFactory(HostFactory)
    standard = SubFactory(StandardFactory)
    valid_from = date(2015, 1, 1)
    valid_until = date(2045, 12, 31)


class AccreditedHostFactory(HostFactory):
    """A host that may receive pupils on any day a test may think of."""

    class Meta:
        skip_postgeneration_save = True

    accreditation = RelatedFactory(AccreditationFactory, factory_related_name="host")


class VenueFactory(DjangoModelFactory):
    """A workshop for thirty at an accredited host."""

    class Meta:
        model = Venue

    host = SubFactory(AccreditedHostFactory)
    name = Sequence("工坊{}".format)
    capacity = 30


class MapShapeFactory(DjangoModelFactory):
    """A square street."""

    class Meta:
        model = MapShape

    kind = "street"
    code = Sequence("31010700{}".format)
    name = Sequence("示例街道{}".format)
    lines = LazyAttribute(lambda _shape: [[[121.36, 31.22], [121.40, 31.22], [121.40, 31.26], [121.36, 31.22]]])
    label_lon = 121.38
    label_lat = 31.24
