"""What a partner's program reads of the visits of its own part."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from baiye.accounts.actions.api_keys import make_key, revoke_key
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory, UserFactory
from baiye.core import clock
from baiye.registry.tests.factories import AccreditationFactory, StandardFactory
from baiye.visits.models import Visit
from baiye.visits.tests.factories import SeatFactory, VisitFactory

pytestmark = pytest.mark.django_db
VISITS = "/api/v1/partner/visits"


def bearer(unit):
    """Headers of a program of ``unit``, and its key and who made it."""
    admin = GrantFactory(role="system_admin", unit=unit.parent).user
    key, text = make_key(unit=unit, name="小程序", by=admin, at=clock.now())
    return {"Authorization": f"Bearer {text}"}, key, admin


def visit(day, host=None, **fields):
    starts_at = datetime.combine(day, datetime.min.time().replace(hour=9), ZoneInfo("Asia/Shanghai"))
    given = {"version__course__host": host} if host else {}
    return VisitFactory(starts_at=starts_at, **given, **fields)


def test_visits_of_a_host_are_its_own_by_month(client):
    first = visit(date(2027, 3, 1))
    host = first.venue.host
    visit(date(2027, 3, 31), host, seats=20)
    visit(date(2027, 4, 1), host)
    visit(date(2027, 3, 2))  # another's
    SeatFactory(visit=first)

    answer = client.get(VISITS, headers=bearer(host.unit)[0])

    assert answer["Cache-Control"] == "private, no-store"
    assert answer.json() == [
        {"month": "2027-03", "visits": 2, "seats": 50, "taken": 1},
        {"month": "2027-04", "visits": 1, "seats": 30, "taken": 0},
    ]


def test_visits_of_an_agency_are_those_at_hosts_that_its_standards_accredit_today(client):
    league = UnitFactory(kind="agency", parent=DistrictFactory())
    own = StandardFactory(name="少先队员职业体验单位", keeper=league)
    mine, over, others = (visit(date(2027, 3, day)).venue.host for day in (1, 2, 3))
    AccreditationFactory(host=mine, standard=own)
    AccreditationFactory(host=over, standard=own, valid_until=date(2020, 1, 1))
    AccreditationFactory(host=others, standard=StandardFactory(name="另一个标准"))

    answer = client.get(VISITS, headers=bearer(league)[0])

    assert answer.json() == [{"month": "2027-03", "visits": 1, "seats": 30, "taken": 0}]


def test_visits_leave_out_examples_and_what_was_cancelled(client):
    host = visit(date(2027, 3, 1), is_example=True).venue.host
    called_off = visit(date(2027, 3, 2), host)
    Visit.objects.filter(pk=called_off.pk).update(cancelled_at=clock.now(), cancelled_by=UserFactory())

    assert client.get(VISITS, headers=bearer(host.unit)[0]).json() == []


def test_visits_without_a_key_or_with_one_that_is_no_more_are_closed(client):
    headers, key, admin = bearer(visit(date(2027, 3, 1)).venue.host.unit)
    revoke_key(key=key, by=admin, at=clock.now())

    answers = [client.get(VISITS, headers=each) for each in ({}, {"Authorization": "Bearer by_x"}, headers)]

    assert [answer.status_code for answer in answers] == [401] * 3


def test_visits_signed_in_without_a_key_are_closed(client):
    client.force_login(GrantFactory(role="system_admin", unit=DistrictFactory()).user)

    assert client.get(VISITS).status_code == 401


@pytest.mark.parametrize("count", [1, 3])
def test_visits_cost_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    host = visit(date(2027, 1, 1)).venue.host
    for month in range(2, count + 1):
        visit(date(2027, month, 1), host)
    headers = bearer(host.unit)[0]

    with django_assert_num_queries(12):  # the throttle (3), the key and its count (8), the months
        assert len(client.get(VISITS, headers=headers).json()) == count
