"""The public pages of stations and what one keeps of them: found, filtered, saved."""

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock
from baiye.outreach.models import Station
from baiye.outreach.tests.streets import (
    ProjectFactory,
    StationFactory,
    StationHostFactory,
)
from baiye.registry.tests.factories import HostFactory, VenueFactory

pytestmark = pytest.mark.django_db


def test_station_list_groups_proven_ones_by_street_and_keeps_leads_apart(client):
    here, there = StationFactory(), StationFactory(host__street="甘泉路街道")
    lead = HostFactory(kind="就业服务", evidence="lead")

    response = client.get(reverse("outreach:station-list"))

    assert dict(response.context["groups"]) == {
        "长寿路街道": [here.host],
        "甘泉路街道": [there.host],
    }
    assert response.context["others"] == [lead]
    found = client.get(reverse("outreach:station-list"), {"q": here.host.unit.name})
    assert [hosts for _street, hosts in found.context["groups"]] == [[here.host]]


def test_station_shows_services_hours_and_what_is_on_there(client):
    station = StationFactory(notice="装修", notice_until=clock.today())
    VenueFactory(host=station.host, opening="周一至周五 9:00–17:00")
    project = ProjectFactory(visit__version__course__host=station.host, visit__venue=VenueFactory(host=station.host))
    ProjectFactory()

    response = client.get(reverse("outreach:station", args=[station.host_id]))

    body = response.content.decode()
    assert [row.project for row in response.context["rows"]] == [project]
    for said in ("职业指导", "招聘会", "周一至周五 9:00–17:00", "021-12345678", "装修"):
        assert said in body, said


def test_station_that_is_a_lead_or_no_station(client):
    lead, museum = HostFactory(kind="就业服务", evidence="lead"), HostFactory()

    assert "还没有证实" in client.get(reverse("outreach:station", args=[lead.pk])).content.decode()
    assert client.get(reverse("outreach:station", args=[museum.pk])).status_code == 404


def test_station_form_is_found_by_who_manages_it_alone_and_saves(client):
    host, other = StationHostFactory(), StationHostFactory()
    venue = VenueFactory(host=host, name="大厅")
    client.force_login(GrantFactory(role="host_manager", unit=host.unit).user)
    typed = {"services": ["guidance"], "telephone": "021-12345678", f"opening_{venue.pk}": "每天 9–17 点"}

    refused = client.post(reverse("outreach:station-form", args=[host.pk]), typed | {"telephone": "打给我"})
    client.post(reverse("outreach:station-form", args=[host.pk]), typed)

    assert refused.status_code == 422
    assert "打给我" in refused.content.decode()
    assert Station.objects.get().host == host
    venue.refresh_from_db()
    assert venue.opening == "每天 9–17 点"
    assert client.get(reverse("outreach:station-form", args=[other.pk])).status_code == 404
