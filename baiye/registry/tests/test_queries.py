from datetime import date, timedelta

import pytest

from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UserFactory
from baiye.registry.queries import hosts as hosts_of
from baiye.registry.queries import register
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, MapShapeFactory, VenueFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 28)


def named(name, **fields):
    return HostFactory(unit__name=name, **fields)


def test_accredited_spans_end_the_day_before_a_suspension():
    one, other = HostFactory(), HostFactory()
    AccreditationFactory(host=one, valid_from=DAY, valid_until=DAY + timedelta(days=9))
    AccreditationFactory(
        host=one,
        valid_from=DAY + timedelta(days=20),
        valid_until=DAY + timedelta(days=30),
        suspended_on=DAY + timedelta(days=25),
        suspended_by=UserFactory(),
    )

    assert hosts_of.accredited_spans([one.pk, other.pk]) == {
        one.pk: [(DAY, DAY + timedelta(days=9)), (DAY + timedelta(days=20), DAY + timedelta(days=24))]
    }


def test_public_hosts_are_real_ones_confirmed_first():
    lead, confirmed = named("安的线索", evidence="lead"), named("周的基地")
    named("示例基地", unit__is_example=True)

    assert list(register.public_hosts()) == [confirmed, lead]
    assert register.public_counts() == {"confirmed": 1, "lead": 1}


def test_hosts_and_venues_for_are_those_of_ones_own_units_examples_too():
    district = DistrictFactory()
    mine = HostFactory(unit__parent=district, unit__is_example=True)
    venue = VenueFactory(host=mine)
    VenueFactory()
    coordinator = GrantFactory(role="coordinator", unit=district).user

    assert list(hosts_of.hosts_for(coordinator)) == [mine]
    assert list(hosts_of.venues_for(coordinator)) == [venue]
    assert list(hosts_of.hosts_for(UserFactory())) == []


def test_map_shapes_and_streets_come_in_order():
    road, street = MapShapeFactory(kind="road"), MapShapeFactory()

    assert list(register.map_shapes()) == [road, street]
    assert list(register.streets()) == [street]
