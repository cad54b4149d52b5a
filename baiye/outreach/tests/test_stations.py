"""Stations: who edits them, what is shown of them, what becomes of them when hosts are merged."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory, UnitFactory
from baiye.core import clock
from baiye.core.refusals import Refused
from baiye.outreach.actions.stations import StationRefused, save_station
from baiye.outreach.models import Station
from baiye.outreach.queries import stations as queries
from baiye.outreach.tests.streets import StationFactory, StationHostFactory, noted
from baiye.registry.actions.merging import merge_hosts
from baiye.registry.models import Accreditation, Host
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, StandardFactory, VenueFactory

pytestmark = pytest.mark.django_db


def manager_of(host):
    return GrantFactory(role="host_manager", unit=host.unit).user


def saved(host, by, openings=None, **changes):
    said = {"services": ["guidance"], "telephone": "021-1", "for_pupils": "", "notice": "", "notice_until": None}
    return save_station(host=host, fields=said | changes, openings=openings or {}, by=by, at=clock.now())


def test_save_station_keeps_what_is_served_and_when_each_venue_is_open():
    host = StationHostFactory()
    venue, foreign = VenueFactory(host=host, name="服务大厅"), VenueFactory()

    saved(host, manager_of(host), openings={venue.pk: "周一至周五 9:00–17:00", foreign.pk: "从不"})

    station = Station.objects.get()
    assert (station.services, station.service_names) == (["guidance"], ["职业指导"])
    venue.refresh_from_db(), foreign.refresh_from_db()
    assert (venue.opening, foreign.opening) == ("周一至周五 9:00–17:00", "")
    assert noted() == ["station.saved", "venue.edited"]


def test_save_station_again_changes_the_one_there_is():
    station = StationFactory()

    saved(station.host, manager_of(station.host), services=["job_fair", "policy"])

    assert Station.objects.get().services == ["job_fair", "policy"]


def test_save_station_by_the_agency_that_keeps_its_standard_alone():
    host = StationHostFactory()
    agency = UnitFactory(kind="agency", parent=host.unit.parent, name="区人社局")
    other = UnitFactory(kind="agency", parent=host.unit.parent, name="区总工会")
    AccreditationFactory(host=host, standard=StandardFactory(name="就业服务站标准", keeper=agency))

    saved(host, GrantFactory(role="agency_officer", unit=agency).user)

    assert Station.objects.get().host == host
    with pytest.raises(PermissionDenied):
        saved(host, GrantFactory(role="agency_officer", unit=other).user)


@pytest.mark.parametrize("role", ["host_manager", "district_officer", "auditor"])
def test_save_station_of_another_host_or_by_another_role_is_denied(role):
    host = StationHostFactory()
    unit = host.unit.parent if role != "host_manager" else UnitFactory(kind="host", parent=host.unit.parent)

    with pytest.raises(PermissionDenied):
        saved(host, GrantFactory(role=role, unit=unit).user)

    assert not Station.objects.exists()


@pytest.mark.parametrize(
    ("host", "changes", "sentence"),
    [
        ({"kind": "博物馆"}, {}, "不是就业服务站"),
        ({"evidence": "lead", "accreditation": None}, {}, "还是线索"),
        ({}, {"services": []}, "至少选一项"),
        ({}, {"notice": "装修"}, "哪天为止"),
        ({}, {"notice_until": date(2027, 1, 1)}, "哪天为止"),
    ],
)
def test_save_station_that_cannot_be_is_refused_and_leaves_nothing_behind(host, changes, sentence):
    found = StationHostFactory(**host)

    with pytest.raises(StationRefused, match=sentence):
        saved(found, manager_of(found), **changes)

    assert not Station.objects.exists()
    assert noted() == []


def test_stations_hold_proven_ones_and_leads_but_no_other_kind_and_no_example_without_services():
    proven = StationFactory().host
    lead = HostFactory(kind="就业服务", evidence="lead")
    HostFactory(kind="博物馆")
    StationHostFactory(unit__is_example=True)

    found = list(queries.stations())

    assert found == [proven, lead]
    assert [queries.is_proven(host) for host in found] == [True, False]


def test_a_station_that_becomes_a_lead_again_is_no_longer_proven():
    station = StationFactory()
    Accreditation.objects.all().delete()
    Host.objects.filter(pk=station.host_id).update(evidence="lead")

    (host,) = queries.stations()

    assert not queries.is_proven(host)


def test_a_notice_is_shown_until_its_last_day():
    station, today = StationFactory(notice="装修", notice_until=clock.today()), clock.today()

    assert [station.notice_on(today + timedelta(days=n)) for n in (0, 1)] == ["装修", ""]


def keeper_of(host):
    return GrantFactory(role="coordinator", unit=host.unit.parent).user


def test_merged_hosts_keep_the_station_and_what_both_serve():
    old, new = StationFactory(services=["policy"]), StationFactory(services=["guidance"], telephone="")
    old.host.unit.parent = new.host.unit.parent
    district = new.host.unit.parent
    unit = UnitFactory(kind="host", parent=district, name="旧站")
    Host.objects.filter(pk=old.host_id).update(unit=unit)

    merge_hosts(old=Host.objects.get(pk=old.host_id), new=new.host, by=keeper_of(new.host), at=clock.now())

    station = Station.objects.get()
    assert (station.host, station.services) == (new.host, ["guidance", "policy"])
    assert station.telephone == old.telephone


def test_a_station_merged_into_another_kind_of_host_is_refused():
    old = StationFactory()
    new = HostFactory(unit__parent=old.host.unit.parent, kind="博物馆")

    with pytest.raises(Refused, match="就业服务"):
        merge_hosts(old=old.host, new=new, by=keeper_of(new), at=clock.now())

    assert Station.objects.get().host == old.host
