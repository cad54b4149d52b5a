from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UserFactory
from baiye.registry.examples import EXAMPLE_SCHOOLS, VOCATIONAL_SCHOOLS, make_example_applications, make_example_hosts
from baiye.registry.models import Accreditation, Host, HostDocument
from baiye.registry.queries import hosts as hosts_of
from baiye.registry.queries import register
from baiye.registry.queries.applications import likely_hosts
from baiye.registry.queries.verdicts import verdicts
from baiye.registry.tests.applying import AT
from baiye.registry.tests.factories import HostFactory

pytestmark = pytest.mark.django_db
SPAN = {"valid_from": date(2026, 9, 1), "valid_until": date(2027, 8, 31)}


def district_with_the_three():
    district = DistrictFactory()
    for name in VOCATIONAL_SCHOOLS:
        HostFactory(unit__name=name, unit__parent=district, evidence="lead")
    return district


def test_make_example_hosts_gives_six_schools_with_example_accreditations():
    district = district_with_the_three()

    hosts = make_example_hosts(district=district, by=UserFactory(), **SPAN)

    assert [host.unit.name for host in hosts] == [*VOCATIONAL_SCHOOLS, *EXAMPLE_SCHOOLS]
    assert [host.unit.is_example for host in hosts] == [False] * 3 + [True] * 3
    assert all(host.is_vocational for host in hosts[3:])
    assert set(Accreditation.objects.values_list("is_example", "valid_from", "valid_until")) == {
        (True, SPAN["valid_from"], SPAN["valid_until"])
    }
    assert set(hosts_of.accredited_spans([host.pk for host in hosts])) == {host.pk for host in hosts}


def test_make_example_hosts_twice_makes_nothing_more():
    district = district_with_the_three()

    hosts = make_example_hosts(district=district, by=UserFactory(), **SPAN)

    assert make_example_hosts(district=district, by=UserFactory(), **SPAN) == hosts
    assert (Host.objects.count(), Accreditation.objects.count(), HostDocument.objects.count()) == (6, 6, 24)


def test_make_example_hosts_lets_nothing_hinder_seats_on_the_days_named():
    hosts = make_example_hosts(district=district_with_the_three(), by=UserFactory(), **SPAN)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT registry_hinders(id, %s, %s) FROM registry_host WHERE id = ANY(%s)",
            [SPAN["valid_from"], SPAN["valid_until"], [host.pk for host in hosts]],
        )
        hindered = cursor.fetchall()
    assert hindered == [(None,)]


def test_make_example_applications_twice_makes_two_of_which_one_looks_like_a_host():
    district = district_with_the_three()
    coordinator = GrantFactory(role="coordinator", unit=district).user
    make_example_hosts(district=district, by=coordinator, **SPAN)

    made = make_example_applications(district=district, by=coordinator, at=AT)

    assert make_example_applications(district=district, by=coordinator, at=AT) == made
    assert [one.state for one in made] == ["submitted", "accepted"]
    assert [host.unit.name for host in likely_hosts(made[1])][:1] == ["示例中职校甲"]


def test_make_example_hosts_leaves_the_public_register_as_it_was():
    district = district_with_the_three()
    before = verdicts(register.public_hosts(), SPAN["valid_from"])

    make_example_hosts(district=district, by=UserFactory(), **SPAN)

    after = verdicts(register.public_hosts(), SPAN["valid_from"])
    assert after == before
    assert {said.state for said in after.values()} <= {"confirmed", "lead"}


def test_make_example_hosts_in_production_is_refused(settings):
    settings.PRODUCTION = True

    with pytest.raises(ImproperlyConfigured):
        make_example_hosts(district=DistrictFactory(), by=UserFactory(), **SPAN)
