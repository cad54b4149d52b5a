"""Seats that are given stay when the host of their visit is merged into another."""

import pytest
from django.db import connection

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock
from baiye.registry.actions.merging import merge_hosts
from baiye.registry.tests.factories import HostFactory
from baiye.visits.tests.factories import SeatFactory, VisitFactory

pytestmark = pytest.mark.django_db


def test_merge_hosts_with_coming_seats_loses_none_and_gives_more():
    seat = SeatFactory()
    visit, old = seat.visit, seat.visit.venue.host
    new = HostFactory(unit__parent=old.unit.parent)
    coordinator = GrantFactory(role="coordinator", unit=old.unit.parent).user

    merge_hosts(old=old, new=new, by=coordinator, at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is looked at once the transaction ends
    SeatFactory(visit=visit)

    visit.refresh_from_db()
    assert (visit.taken, visit.venue.host, visit.version.course.host) == (2, new, new)
    assert VisitFactory(version=visit.version, venue=visit.venue).venue.host == new
