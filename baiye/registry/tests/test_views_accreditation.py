"""Accreditations on their pages, and who of all its people sees which page, at what cost."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from baiye.core import clock
from baiye.registry.actions import appeals, measures
from baiye.registry.models import Accreditation, Inspection, Measure, Proposal
from baiye.registry.tests.accrediting import AT, Case, as_, got, sent

pytestmark = pytest.mark.django_db
ASSESSED = "registry:assessment"


@pytest.fixture
def case():
    return Case()


def pages(case):
    """Every page with a key, by who of the case sees it."""
    decision = case.decided("fail")
    made = appeals.make_appeal(against=decision, text="不同意", request=uuid.uuid4(), by=case.manager, at=AT)
    inspection = decision.inspection
    return {
        "office": [
            ("registry:standard", case.standard.pk),
            (ASSESSED, case.application.pk),
            ("registry:appeal", made.pk),
        ],
        "host": [("registry:decision", decision.pk)],
        "both": [("registry:inspection", inspection.pk), ("registry:inspection-checklist", inspection.pk)],
    }


def test_pages_are_seen_by_their_own_people_and_not_found_by_others(case):
    shown, other = pages(case), Case()

    for who, addresses in shown.items():
        for name, key in addresses:
            assert got(case.second, name, key).status_code == (404 if who == "host" else 200), name
            assert got(case.manager, name, key).status_code == (404 if who == "office" else 200), name
            assert got(other.second, name, key).status_code == 404, name
            assert got(other.manager, name, key).status_code == 404, name
            assert Client().get(reverse(name, args=[key])).status_code == 302, name


def test_an_accreditation_is_seen_by_its_office_and_its_host(case):
    made, other = case.accredited(), Case()

    for person in (case.second, case.manager):
        assert got(person, "registry:accreditation", made.pk).status_code == 200
    for person in (other.second, other.manager):
        assert got(person, "registry:accreditation", made.pk).status_code == 404


@pytest.mark.parametrize("name", ["standard-list", "assessment-list", "appeal-list", "standard-new"])
def test_desk_lists_are_not_found_by_who_keeps_nothing(case, name):
    assert got(case.manager, f"registry:{name}").status_code == 404


def one_more(case, name):
    """One more row of a list, of the same office."""
    one = Case(keeper=case.keeper)
    if name == "accreditation-list":
        one.accredited()
    elif name == "appeal-list":
        appeals.make_appeal(against=one.decided("fail"), text="不", request=uuid.uuid4(), by=one.manager, at=AT)
    elif name == "inspection-list":
        one.planned(inspector=case.inspector)


@pytest.mark.parametrize("name", ["standard-list", "accreditation-list", "inspection-list", "appeal-list"])
def test_lists_cost_as_many_queries_for_three_as_for_one(case, name):
    client, counts = as_(case.inspector), []

    for more in (1, 2):
        for _n in range(more):
            one_more(case, name)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"registry:{name}")).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["assessment", "accreditation"])
def test_a_page_costs_as_many_queries_with_a_longer_queue_and_history(case, name):
    key, counts = case.application.pk, []
    if name == "accreditation":
        key = case.accredited().pk
    client = as_(case.second)

    for _n in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"registry:{name}", args=[key])).status_code == 200
        counts.append(len(asked))
        Case(keeper=case.keeper)
        for accreditation in Accreditation.objects.filter(host=case.host):
            measures.take_measure(accreditation=accreditation, kind="warning", because="排队", by=case.second, at=AT)

    assert counts[0] == counts[1]


def measured(case, accreditation, **changed):
    data = {"request": uuid.uuid4(), "kind": "warning", "because": "排队太久"}
    return sent(case.inspector, "registry:measure-new", accreditation.pk, **{**data, **changed})


def test_measures_are_taken_on_the_page_of_an_accreditation(case):
    made = case.accredited()

    assert measured(case, made).status_code == 302
    assert measured(case, made, kind="hearing").status_code == 422
    day = (clock.today() + timedelta(days=5)).isoformat()
    assert measured(case, made, kind="hearing", ground="advertising", on=day).status_code == 302

    assert Measure.objects.get(kind="hearing").because == "借认定做商业宣传或招生广告：排队太久"
    assert sent(case.manager, "registry:measure-new", made.pk, kind="warning").status_code == 404
    assert sent(Case().second, "registry:measure-new", made.pk).status_code == 404


def test_revocation_is_proposed_and_signed_on_the_page(case):
    made = case.accredited()
    measures.take_measure(
        accreditation=made,
        kind="hearing",
        because="广告",
        by=case.inspector,
        at=AT - timedelta(days=9),
        on=(AT - timedelta(days=1)).date(),
    )

    sent(case.inspector, "registry:revocation-proposal", made.pk, because="广告没有撤")
    proposal = Proposal.objects.get()
    assert sent(Case().second, "registry:revocation-signature", proposal.pk).status_code == 404
    sent(case.second, "registry:revocation-signature", proposal.pk)

    made.refresh_from_db()
    assert made.revoked_by == case.second


def test_yearly_review_is_planned_on_the_page(case):
    made = case.accredited()
    data = {"request": uuid.uuid4(), "planned_on": clock.today().isoformat(), "inspector": case.inspector.pk}

    sent(case.second, "registry:review-plan", made.pk, **data)

    assert Inspection.objects.get(kind="yearly").inspector == case.inspector


def test_renewal_is_begun_by_the_host_once_and_only_near_the_end(case):
    made = case.accredited()
    early = sent(case.manager, "registry:renewal", made.pk)
    Accreditation.objects.update(valid_until=clock.today() + timedelta(days=60))

    first, again = (sent(case.manager, "registry:renewal", made.pk) for _n in range(2))

    assert early.url == reverse("registry:accreditation", args=[made.pk])
    assert first.url == again.url
    assert as_(case.manager).get(first.url).status_code == 200
    assert sent(case.second, "registry:renewal", made.pk).status_code == 403
