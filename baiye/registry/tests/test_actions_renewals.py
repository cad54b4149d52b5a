"""Renewals: begun once near the end, filled in with what the host has said of itself."""

from datetime import timedelta

import pytest

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import crypto
from baiye.core.models import Event
from baiye.registry.actions import renewals
from baiye.registry.actions.renewals import RenewalRefused
from baiye.registry.models import Application, Standard
from baiye.registry.tests.applying import GOOD_CODE, TODAY, KeptStandardFactory
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, VenueFactory

pytestmark = pytest.mark.django_db
SAID = {"kind": "企业", "credit_code": GOOD_CODE, "address": "示例路 12 号", "lon": 121.4, "lat": 31.2}
SAID |= {"contact": "示例联系人", "occupations": ["中式面点师"], "is_commercial": True}


def ending(**of_host):
    """An accreditation that ends in 30 days, and who manages its host."""
    host = HostFactory(phone_sealed=crypto.encrypt("13800000000"), **(SAID | of_host))
    days = {"valid_from": TODAY - timedelta(days=700), "valid_until": TODAY + timedelta(days=30)}
    made = AccreditationFactory(host=host, standard=KeptStandardFactory(), **days)
    return made, GrantFactory(role="host_manager", unit=host.unit).user


def test_begin_renewal_is_filled_in_from_the_host_and_its_first_open_venue():
    held, manager = ending()
    VenueFactory(host=held.host, name="老车间", closed_on=TODAY, closed_by=manager)
    VenueFactory(host=held.host, name="面点工坊", capacity=24, area_m2=120)

    begun = renewals.begin_renewal(accreditation=held, by=manager, on=TODAY)

    said = {name: getattr(begun, name) for name in SAID if name != "kind"}
    assert said == {name: value for name, value in SAID.items() if name != "kind"}
    assert (begun.kind, begun.host, begun.name, begun.host_kind) == ("renewal", held.host, str(held.host.unit), "企业")
    assert (begun.venue_name, begun.capacity, begun.area_m2, begun.phone) == ("面点工坊", 24, 120, "13800000000")
    assert [(step.state, step.by) for step in begun.steps.all()] == [("draft", manager)]
    event = Event.objects.get(kind="application.begun")
    assert (event.actor_id, event.unit_path) == (manager.pk, held.host.unit.path)


def test_begin_renewal_twice_is_one_by_the_newest_version_that_takes_applications():
    held, manager = ending()
    newer = KeptStandardFactory(name=held.standard.name, version=2, keeper=held.standard.keeper)
    KeptStandardFactory(name=held.standard.name, version=3, keeper=newer.keeper, published_on=None)

    first = renewals.begin_renewal(accreditation=held, by=manager, on=TODAY)
    again = renewals.begin_renewal(accreditation=held, by=manager, on=TODAY)

    assert first == again
    assert first.standard == newer


def test_begin_renewal_where_no_version_takes_applications_is_refused_and_leaves_nothing_behind():
    held, manager = ending()
    Standard.objects.filter(pk=held.standard_id).update(withdrawn_on=TODAY)

    with pytest.raises(RenewalRefused, match="不收申报"):
        renewals.begin_renewal(accreditation=held, by=manager, on=TODAY)

    assert not Application.objects.exists()
