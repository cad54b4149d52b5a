"""Pledges: made once, handed over, withdrawn with a reason."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.partners import actions
from baiye.partners.actions import PledgeRefused, Promise
from baiye.partners.models import Pledge
from baiye.partners.tests.factories import LongTermFactory, PledgeFactory
from baiye.registry.tests.factories import HostFactory
from baiye.schools.models import Term

pytestmark = pytest.mark.django_db


def manager_of(host):
    return GrantFactory(role="host_manager", unit=host.unit).user


def promise(host, **changed):
    return Promise(**{"host": host, "term": LongTermFactory(), "kind": "places", "quantity": 240} | changed)


def made(host, by, *, request=None, **changed):
    return actions.make_pledge(promise=promise(host, **changed), request=request or uuid.uuid4(), by=by, at=clock.now())


def test_make_pledge_by_the_hosts_manager():
    host = HostFactory()

    pledge = made(host, manager_of(host))

    assert (pledge.host, pledge.quantity) == (host, 240)
    assert Event.objects.get(kind="pledge.made").facts == {"pledge_kind": "places", "quantity": 240}


def test_make_pledge_sent_twice_is_one():
    host, request = HostFactory(), uuid.uuid4()
    by = manager_of(host)

    assert made(host, by, request=request) == made(host, by, request=request)
    assert Pledge.objects.count() == 1


def test_make_pledge_for_another_host_is_denied_and_leaves_nothing():
    with pytest.raises(PermissionDenied):
        made(HostFactory(), manager_of(HostFactory()))

    assert not Pledge.objects.exists()


def test_make_pledge_twice_for_the_same_is_refused():
    host = HostFactory()
    by = manager_of(host)
    made(host, by)

    with pytest.raises(PledgeRefused, match="已经有同样的一条"):
        made(host, by)


def test_make_pledge_of_equipment_without_a_name_is_refused():
    host = HostFactory()

    with pytest.raises(PledgeRefused, match="什么设备"):
        made(host, manager_of(host), kind="equipment", title=" ")


def test_make_pledge_for_a_term_that_is_over_is_refused():
    host = HostFactory()
    over = Term.objects.create(name="旧学期", starts_on=date(1990, 1, 1), ends_on=date(1990, 6, 1))

    with pytest.raises(PledgeRefused, match="已经结束"):
        made(host, manager_of(host), term=over)


def test_hand_over_equipment_stands_with_its_first_day():
    pledge = PledgeFactory(kind="equipment", title="焊台")
    by, today = manager_of(pledge.host), clock.today()

    actions.hand_over(pledge=pledge, on=today - timedelta(days=1), by=by, at=clock.now())
    actions.hand_over(pledge=pledge, on=today, by=by, at=clock.now())

    assert (pledge.handed_over_on, pledge.handed_over_by) == (today - timedelta(days=1), by)


def test_hand_over_places_is_refused():
    pledge = PledgeFactory()

    with pytest.raises(PledgeRefused, match="只有设备"):
        actions.hand_over(pledge=pledge, on=clock.today(), by=manager_of(pledge.host), at=clock.now())


def test_hand_over_tomorrow_is_refused():
    pledge = PledgeFactory(kind="equipment", title="焊台")

    with pytest.raises(PledgeRefused, match="不能晚于今天"):
        actions.hand_over(
            pledge=pledge, on=clock.today() + timedelta(days=1), by=manager_of(pledge.host), at=clock.now()
        )


def test_withdraw_says_why_and_stays_in_the_history():
    pledge = PledgeFactory()
    by = manager_of(pledge.host)

    with pytest.raises(PledgeRefused, match="为什么"):
        actions.withdraw(pledge=pledge, because=" ", by=by, at=clock.now())
    actions.withdraw(pledge=pledge, because="改期装修", by=by, at=clock.now())
    with pytest.raises(PledgeRefused, match="早先"):
        actions.withdraw(pledge=pledge, because="再来", by=by, at=clock.now())

    assert Pledge.objects.get().withdrawn_because == "改期装修"


def test_withdraw_what_was_handed_over_is_refused():
    pledge = PledgeFactory(kind="equipment", title="焊台")
    by = manager_of(pledge.host)
    actions.hand_over(pledge=pledge, on=clock.today(), by=by, at=clock.now())

    with pytest.raises(PledgeRefused, match="已经交付"):
        actions.withdraw(pledge=pledge, because="要回来", by=by, at=clock.now())
