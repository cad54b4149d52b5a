"""The pages of pledges and statements: own and others', what they cost, and the letter as PDF."""

import io
import uuid
import zipfile

import pytest
from django.urls import reverse
from django.utils.translation import override

from baiye.accounts.tests.factories import GrantFactory
from baiye.attendance.tests.factories import MarkFactory, PastSeatFactory, PastVisitFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.partners import papers, queries
from baiye.partners.models import Pledge
from baiye.partners.tests.factories import LongTermFactory, PledgeFactory
from baiye.registry.tests.factories import HostFactory

pytestmark = pytest.mark.django_db
LIST, NEW, STATEMENTS = (reverse(f"partners:{name}") for name in ("pledge-list", "pledge-new", "statement-list"))


def manager_of(host):
    return GrantFactory(role="host_manager", unit=host.unit).user


def attended_at():
    seat = PastSeatFactory(visit=PastVisitFactory(seats=10))
    MarkFactory(seat=seat)
    return seat.visit.venue.host


def test_a_manager_makes_a_pledge_for_the_own_host_alone(client):
    host, other, term = HostFactory(), HostFactory(), LongTermFactory()
    client.force_login(manager_of(host))
    typed = {"request": str(uuid.uuid4()), "term": term.pk, "kind": "places", "quantity": 120}

    refused = client.post(NEW, typed | {"host": other.pk})
    done = client.post(NEW, typed | {"host": host.pk})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert [pledge.host for pledge in Pledge.objects.all()] == [host]


def test_a_pledge_of_others_is_not_found(client):
    pledge = PledgeFactory(kind="equipment", title="焊台")
    client.force_login(manager_of(HostFactory()))

    for name in ("handover", "withdrawal"):
        assert client.post(reverse(f"partners:{name}", args=[pledge.pk]), {"on": "2026-01-01"}).status_code == 404


@pytest.mark.parametrize("role", ["district_officer", "host_instructor", "agency_officer"])
def test_pledges_are_not_found_for_who_manages_none(client, role):
    host = HostFactory()
    unit = host.unit if role == "host_instructor" else host.unit.parent
    client.force_login(GrantFactory(role=role, unit=unit).user)

    assert [client.get(page).status_code for page in (LIST, NEW, STATEMENTS)] == [404, 404, 404]


def test_pledge_list_asked_for_a_term_that_is_no_number_shows_the_present_one(client):
    pledge = PledgeFactory()
    client.force_login(manager_of(pledge.host))

    assert client.get(LIST, {"term": "²"}).context["term"] == pledge.term


@pytest.mark.parametrize("count", [1, 3])
def test_pledge_list_costs_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    district = HostFactory().unit.parent
    for _ in range(count):
        PledgeFactory(host__unit__parent=district)
    client.force_login(GrantFactory(role="coordinator", unit=district).user)

    with django_assert_num_queries(8):  # session, user, grants, the term, pledges, visits, terms to choose, unread
        response = client.get(LIST)

    assert len(response.context["rows"]) == count


def test_a_pledge_is_withdrawn_with_a_reason(client):
    pledge = PledgeFactory()
    client.force_login(manager_of(pledge.host))
    address = reverse("partners:withdrawal", args=[pledge.pk])

    empty, done = client.post(address, {"because": ""}), client.post(address, {"because": "改期"})

    assert (empty.status_code, done.status_code) == (422, 302)
    assert list(queries.pledges_for(manager_of(pledge.host))) == []


def test_export_holds_what_the_page_holds(client):
    pledge = PledgeFactory()
    client.force_login(manager_of(pledge.host))

    response = client.get(reverse("partners:export"), {"term": pledge.term_id})

    assert response["Content-Type"].endswith("sheet")


def test_statement_is_the_same_pdf_for_the_same_figures_and_is_written_down(client):
    host = attended_at()
    client.force_login(manager_of(host))
    address = reverse("partners:statement", args=[host.pk])

    first, second = client.get(address), client.get(address)

    assert first.content.startswith(b"%PDF")
    assert first.content == second.content
    assert Event.objects.filter(kind="statements.drawn").count() == 2


def test_statement_of_another_host_is_not_found(client):
    client.force_login(manager_of(HostFactory()))

    assert client.get(reverse("partners:statement", args=[attended_at().pk])).status_code == 404


def test_letters_hold_one_file_a_host_with_visits(client):
    host = attended_at()
    HostFactory(unit__parent=host.unit.parent)
    client.force_login(GrantFactory(role="coordinator", unit=host.unit.parent).user)

    packed = zipfile.ZipFile(io.BytesIO(client.get(reverse("partners:letters")).content))

    assert len(packed.namelist()) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_statements_cost_as_many_queries_for_three_hosts_as_for_one(client, django_assert_num_queries, count):
    district = HostFactory().unit.parent
    for _ in range(count):
        PastVisitFactory(version__course__host__unit__parent=district)
    client.force_login(GrantFactory(role="coordinator", unit=district).user)

    with django_assert_num_queries(11):  # session, user, grants, hosts, the account's six, unread messages
        response = client.get(STATEMENTS)

    assert len(response.context["rows"]) == count


def test_statements_of_a_time_that_ends_before_it_begins_say_so(client):
    host = attended_at()
    client.force_login(manager_of(host))

    response = client.get(STATEMENTS, {"first": "2026-09-01", "last": "2026-01-01"})

    assert "结束日期不能早于开始日期" in response.text


def test_letter_says_that_an_example_is_one():
    host = HostFactory(unit__is_example=True)
    today = clock.today()
    wanted = papers.Letter(
        host=host, account=queries.Account(), pledges=[], first=today, last=today, on=today, district="示例区"
    )

    assert papers.letter(wanted).startswith(b"%PDF")
    assert papers._said(wanted)["example"] is True


@pytest.mark.slow
def test_letter_is_the_same_chinese_paper_for_a_reader_in_english():
    pledge = PledgeFactory()
    today = clock.today()
    span = {"first": today, "last": today, "on": today, "district": "示例区"}
    kept = queries.kept([pledge])
    wanted = papers.Letter(host=pledge.host, account=queries.Account(), pledges=kept, **span)
    chinese = papers.letter(wanted)

    with override("en"):
        english = papers.letter(wanted)

    assert pledge.title == ""
    assert english == chinese
