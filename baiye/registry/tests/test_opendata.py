"""Open data: JSON, linked data, the open API."""

import json
from datetime import date

import pytest
from django.urls import reverse

from baiye.accounts.actions.api_keys import make_key, revoke_key
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory
from baiye.core import clock
from baiye.registry.linked import LinkedData
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, StandardFactory

pytestmark = pytest.mark.django_db
HOSTS = "/api/v1/hosts"


def test_host_data_names_licence_moment_and_what_was_asked_for(client):
    AccreditationFactory(host=HostFactory(unit__name="甲馆"), number="PT-1", valid_until=date(2045, 12, 31))
    HostFactory(unit__name="乙馆", evidence="lead")

    data = json.loads(client.get(reverse("registry:host-data"), {"evidence": "accredited"}).getvalue())

    assert (data["licence"], [host["name"] for host in data["hosts"]]) == ("CC BY 4.0", ["甲馆"])
    assert (data["hosts"][0]["number"], data["hosts"][0]["valid_until"]) == ("PT-1", "2045-12-31")


def test_host_data_without_hosts_is_valid_json(client):
    assert json.loads(client.get(reverse("registry:host-data")).getvalue())["hosts"] == []


def test_host_page_tells_machines_its_name_and_credential(client):
    host = AccreditationFactory(host=HostFactory(unit__name="甲馆</script>", lon=121.4, lat=31.2)).host

    page = client.get(reverse("registry:host", args=[host.pk])).text

    block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    said = json.loads(block)
    assert (said["@type"], said["name"]) == ("EducationalOrganization", "甲馆</script>")
    assert said["hasCredential"]["expires"] == "2045-12-31"


def test_linked_data_cannot_end_its_block():
    assert "</script><b>" not in LinkedData({"name": "</script><b>&"}).__html__()


def test_hosts_come_in_pages_by_key_without_examples(client):
    hosts = HostFactory.create_batch(3)
    HostFactory(unit__is_example=True)

    first = client.get(HOSTS, {"limit": 2}).json()
    second = client.get(HOSTS, {"limit": 2, "after": first["next"]}).json()

    assert [each["id"] for each in first["items"] + second["items"]] == sorted(host.pk for host in hosts)
    assert (second["next"], first["licence"]) == (None, "CC BY 4.0")


@pytest.mark.parametrize("count", [1, 3])
def test_hosts_cost_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    HostFactory.create_batch(count)

    with django_assert_num_queries(6):  # the throttle in its own transaction (3), lines, hosts, verdicts
        client.get(HOSTS)


def test_hosts_that_have_not_changed_are_answered_with_304(client):
    HostFactory()
    first = client.get(HOSTS)

    again = client.get(HOSTS, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, "max-age=300" in first["Cache-Control"]) == (304, True)


def test_hosts_asked_with_nonsense_are_refused(client):
    assert [client.get(HOSTS, {name: "x"}).status_code for name in ("limit", "evidence", "keeper")] == [422] * 3
    assert client.post(HOSTS).status_code == 405


def test_hosts_asked_too_often_wait(client, monkeypatch):
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_, **__: False)

    response = client.get(HOSTS)

    assert (response.status_code, response["Retry-After"]) == (429, "600")


def test_accreditations_are_the_real_ones(client):
    given = AccreditationFactory()
    AccreditationFactory(is_example=True)

    assert [each["id"] for each in client.get("/api/v1/accreditations").json()["items"]] == [given.pk]


def test_own_part_is_the_partners_and_counts_each_use(client):
    district = DistrictFactory()
    league = UnitFactory(kind="agency", parent=district)
    AccreditationFactory(standard=StandardFactory(name="少先队员职业体验单位", keeper=league))
    AccreditationFactory()
    admin = GrantFactory(role="system_admin", unit=district).user
    key, text = make_key(unit=league, name="小程序", by=admin, at=clock.now())
    bearer = {"Authorization": f"Bearer {text}"}

    answers = [client.get("/api/v1/partner/own-part", headers=bearer) for _ in range(2)]

    assert answers[0].json() == {"unit": league.name, "applications": {}, "accredited": 1}
    assert (answers[0]["Cache-Control"], key.uses.get().hits) == ("private, no-store", 2)
    revoke_key(key=key, by=admin, at=clock.now())
    assert client.get("/api/v1/partner/own-part", headers=bearer).status_code == 401


def test_own_part_without_a_key_or_with_another_is_closed(client):
    answers = [client.get("/api/v1/partner/own-part", headers=h) for h in ({}, {"Authorization": "Bearer by_x"})]

    assert [answer.status_code for answer in answers] == [401, 401]


def test_guide_and_document_name_every_operation(client):
    guide, document = client.get(reverse("api-guide")).text, client.get("/api/openapi.json").json()

    assert [path for path in document["paths"] if path not in guide] == []
    assert {"/api/v1/hosts", "/api/v1/courses", "/api/v1/partner/visits"} <= set(document["paths"])
