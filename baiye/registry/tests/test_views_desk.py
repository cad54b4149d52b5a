"""The desk of hosts, their venues and papers: own, other's, none; what is typed wrong; how much a page costs."""

import io
import uuid
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.core import clock, crypto
from baiye.core.models import Event
from baiye.core.tests.factories import DeliveryFactory, MessageFactory
from baiye.registry.actions.merging import merge_hosts
from baiye.registry.models import Venue
from baiye.registry.tests.applying import (
    AT,
    LAST_YEAR,
    NEXT_YEAR,
    ODD_CODE,
    TODAY,
    DocumentFactory,
    checked,
    upload,
)
from baiye.registry.tests.factories import HostFactory, VenueFactory

pytestmark = pytest.mark.django_db


def sign_in(client, role, unit):
    user = GrantFactory(role=role, unit=unit).user
    client.force_login(user)
    return user


def coordinator(client, host):
    return sign_in(client, "coordinator", host.unit.parent)


def manager(client, host):
    return sign_in(client, "host_manager", host.unit)


@pytest.mark.parametrize("count", [2, 4])
def test_host_desk_costs_the_same_for_four_as_for_two(client, django_assert_num_queries, count):
    host = HostFactory()
    for _number in range(count - 1):
        HostFactory(unit__parent=host.unit.parent)
    coordinator(client, host)
    client.get(reverse("registry:host-desk"))

    with django_assert_num_queries(7):
        response = client.get(reverse("registry:host-desk"))

    assert len(response.context["page"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_host_file_costs_the_same_for_three_venues_and_papers_as_for_one(client, django_assert_num_queries, count):
    host = VenueFactory().host
    for number in range(count - 1):
        VenueFactory(host=host)
        DocumentFactory(host=host, kind=["fire", "food"][number])
    manager(client, host)
    client.get(reverse("registry:host-file", args=[host.pk]))

    with django_assert_num_queries(11):
        response = client.get(reverse("registry:host-file", args=[host.pk]))

    assert len(response.context["venues"]) == count


PAGES = ["host-file", "host-details", "venue-new", "host-papers", "paper-new"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_a_host_are_for_its_manager_and_the_coordinator(client, name):
    host, other = HostFactory(), HostFactory()
    address = reverse(f"registry:{name}", args=[host.pk])

    statuses = []
    for enter in (manager, coordinator):
        for of in (host, other):
            enter(client, of)
            statuses.append(client.get(address).status_code)
    sign_in(client, "teacher", host.unit)
    statuses.append(client.get(address).status_code)

    assert statuses == [200, 404, 200, 404, 404]


def test_who_manages_one_host_goes_straight_to_it(client):
    host = HostFactory()
    manager(client, host)

    assert client.get(reverse("registry:host-desk"))["Location"] == reverse("registry:host-file", args=[host.pk])


def test_host_details_are_saved_and_wrong_ones_kept_on_the_page(client):
    host = HostFactory()
    manager(client, host)
    address = reverse("registry:host-details", args=[host.pk])

    wrong = client.post(address, {"kind": "博物馆", "about": "揉面", "phone": "123"})
    right = client.post(
        address, {"kind": "博物馆", "about": "揉面", "phone": "138 0000 0000", "lon": "121.4", "lat": "31.2"}
    )

    host.refresh_from_db()
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "揉面" in wrong.content.decode()
    assert (host.about, host.phone, host.lon) == ("揉面", "13800000000", 121.4)


def test_credit_code_is_the_coordinators_to_change(client):
    host = HostFactory()
    address = reverse("registry:host-credit-code", args=[host.pk])

    manager(client, host)
    denied = client.get(address).status_code
    coordinator(client, host)
    warned = client.post(address, {"code": ODD_CODE})
    done = client.post(address, {"code": ODD_CODE, "confirmed": "on"})

    assert (denied, warned.status_code, done.status_code) == (404, 422, 302)


def test_a_venue_is_made_changed_closed_and_opened(client):
    host = HostFactory()
    manager(client, host)
    form = {"name": "工坊", "capacity": 20, "area_m2": 60, "area_per_pupil_m2": "3.0", "access": ["lift"]}

    client.post(reverse("registry:venue-new", args=[host.pk]), form)
    venue = Venue.objects.get()
    crowded = client.post(reverse("registry:venue", args=[venue.pk]), form | {"capacity": 21})
    closed = client.post(reverse("registry:venue-closure", args=[venue.pk]), {"from_on": TODAY.isoformat()})
    venue.refresh_from_db()
    day = venue.closed_on
    client.post(reverse("registry:venue-closure", args=[venue.pk]))

    venue.refresh_from_db()
    assert (crowded.status_code, closed.status_code, day, venue.closed_on) == (422, 302, TODAY, None)
    assert venue.access == ["lift"]


def test_venue_of_another_host_is_not_found(client):
    venue = VenueFactory()
    manager(client, HostFactory())

    assert client.get(reverse("registry:venue", args=[venue.pk])).status_code == 404
    assert client.post(reverse("registry:venue-closure", args=[venue.pk])).status_code == 404


def test_a_paper_is_handed_in_by_the_host_looked_at_and_judged_by_the_desk(client):
    host = HostFactory()
    manager(client, host)
    form = {"kind": "fire", "file": upload(), "valid_from": LAST_YEAR.isoformat(), "request": str(uuid.uuid4())}

    client.post(reverse("registry:paper-new", args=[host.pk]), form | {"valid_until": NEXT_YEAR.isoformat()})
    paper = host.documents.get()
    by_itself = client.post(reverse("registry:paper-verdict", args=[paper.pk]), {"verdict": "accept"})
    coordinator(client, host)
    file = client.get(reverse("registry:paper-file", args=[paper.pk]))
    client.post(reverse("registry:paper-verdict", args=[paper.pk]), {"verdict": "accept"})

    paper.refresh_from_db()
    assert by_itself.status_code == 403
    assert file["Content-Type"] == "image/png"
    assert Event.objects.filter(kind="host_document.viewed").count() == 1
    assert paper.accepted_at is not None


def test_paper_file_of_another_host_is_not_found(client):
    paper = DocumentFactory()
    manager(client, HostFactory())

    assert client.get(reverse("registry:paper-file", args=[paper.pk])).status_code == 404
    assert client.post(reverse("registry:paper-verdict", args=[paper.pk]), {"verdict": "accept"}).status_code == 404


def test_invitation_of_a_manager_shows_its_link_once(client):
    host = HostFactory()
    coordinator(client, host)
    address = reverse("registry:host-manager-new", args=[host.pk])

    shown = client.post(address, {"name": "示例师傅", "username": "shifu-1"})
    again = client.post(address, {"name": "示例师傅", "username": "shifu-1"})

    assert "/invitations/" in shown.content.decode() or "invitation" in shown.content.decode()
    assert again.status_code == 422
    assert "已经有人用了" in again.content.decode()


def test_ending_list_and_its_export_hold_the_same(client):
    paper = DocumentFactory(valid_until=TODAY + timedelta(days=5))
    DocumentFactory(valid_until=TODAY + timedelta(days=5))
    manager(client, paper.host)

    shown = client.get(reverse("registry:ending-list"), {"days": "7"})
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("registry:ending-export"), {"days": "7"}).content)
    ).active

    assert [one.host for one in shown.context["page"]] == [paper.host]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [paper.host.unit.name]
    client.force_login(UserFactory())
    assert client.get(reverse("registry:ending-list")).status_code == 404


def test_merger_asks_for_the_name_and_then_leads_to_the_other(client):
    old = HostFactory()
    new = HostFactory(unit__parent=old.unit.parent)
    coordinator(client, old)
    address = reverse("registry:merger", args=[old.pk, new.pk])

    asked = client.post(address, {"typed": "别的"})
    done = client.post(address, {"typed": old.unit.name})
    after = client.get(reverse("registry:host-file", args=[old.pk]))

    assert asked.status_code == 422
    assert done["Location"] == after["Location"] == reverse("registry:host-file", args=[new.pk])


def test_duplicates_and_mergers_are_for_who_both_manages_and_accredits(client):
    old = HostFactory()
    new = HostFactory(unit__parent=old.unit.parent)
    addresses = [reverse("registry:duplicate-list"), reverse("registry:merger", args=[old.pk, new.pk])]

    for role, unit in (("host_manager", old.unit), ("district_officer", old.unit.parent)):
        sign_in(client, role, unit)
        assert [client.get(address).status_code for address in addresses] == [404, 404]
    coordinator(client, old)
    assert [client.get(address).status_code for address in addresses] == [200, 200]


def test_the_phone_is_shown_in_clear_once_and_noted(client):
    application, officer = checked()
    host = HostFactory(contact="示例", phone_sealed=crypto.encrypt("13900000000"))
    client.force_login(officer)
    seen = client.post(reverse("registry:application-phone", args=[application.pk])).content.decode()
    coordinator(client, host)
    seen_of_host = client.post(reverse("registry:host-phone", args=[host.pk])).content.decode()

    assert "13800000000" in seen
    assert "13900000000" in seen_of_host
    assert "13900000000" not in client.get(reverse("registry:host-file", args=[host.pk])).content.decode()
    assert Event.objects.filter(kind__endswith="phone_viewed").count() == 2


def test_the_public_page_of_a_merged_host_leads_to_the_other(client):
    old = HostFactory()
    new = HostFactory(unit__parent=old.unit.parent)
    merge_hosts(old=old, new=new, by=coordinator(client, old), at=AT)

    response = client.get(reverse("registry:host", args=[old.pk]))

    assert response.status_code == 301
    assert response["Location"] == reverse("registry:host", args=[new.pk])


def test_the_desk_says_how_much_did_not_reach_hosts(client):
    host = HostFactory()
    manager = GrantFactory(role="host_manager", unit=host.unit).user
    DeliveryFactory(message=MessageFactory(to=manager), failed_at=clock.now(), error="SMTP 550")
    DeliveryFactory(unit_path=host.unit.parent.path, failed_at=clock.now(), error="SMTP 550")
    sign_in(client, "coordinator", host.unit.parent)

    page = client.get(reverse("registry:host-desk"), {"q": "无"})

    assert page.context["lost"] == 2
    assert f"{reverse('accounts:delivery-list')}?show=hosts" in page.content.decode()
