"""Papers of a host on its desk page: who is offered to judge which, and a paper of one venue."""

import uuid

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory
from baiye.registry.actions.documents import hand_in, hand_in_with
from baiye.registry.models import Application, HostDocument
from baiye.registry.tests.accrediting import Case, got, sent
from baiye.registry.tests.applying import LAST_YEAR, paper, upload
from baiye.registry.tests.factories import VenueFactory

pytestmark = pytest.mark.django_db
PAPERS, NEW, VERDICT = "registry:host-papers", "registry:paper-new", "registry:paper-verdict"


@pytest.fixture
def case():
    return Case()


def paper_with(case, kind):
    """A paper handed in with the case's application, which is back under review."""
    Application.objects.filter(pk=case.application.pk).update(state="draft")
    case.application.refresh_from_db()
    made = hand_in_with(application=case.application, paper=paper(kind), request=uuid.uuid4())
    Application.objects.filter(pk=case.application.pk).update(state="inspection")
    return made


def offered(person, host):
    """The papers that ``person`` is offered to accept, and to refuse, on the host's page."""
    page = got(person, PAPERS, host.pk).content.decode()
    return {paper.kind for paper in HostDocument.objects.filter(host=host) if page.count(verdict_url(paper)) > 0}


def verdict_url(paper):
    return reverse(VERDICT, args=[paper.pk])


def test_a_reviewer_is_offered_the_papers_under_their_own_standard_alone(case):
    other = Case(host=case.host)
    ours, theirs = paper_with(case, "fire"), paper_with(other, "licence")

    assert offered(case.second, case.host) == {"fire"}
    assert offered(other.second, case.host) == {"licence"}
    assert sent(case.second, VERDICT, ours.pk, verdict="accept").status_code == 302
    assert sent(case.second, VERDICT, theirs.pk, verdict="accept").status_code == 403


def test_a_paper_that_the_host_handed_in_by_itself_is_offered_to_all_who_review_it_and_not_to_the_host(case):
    other = Case(host=case.host)
    hand_in(host=case.host, paper=paper("fire"), request=uuid.uuid4(), by=case.manager)

    assert [offered(person, case.host) for person in (case.second, other.second)] == [{"fire"}] * 2
    assert offered(case.manager, case.host) == set()


def test_who_handed_a_file_in_is_not_offered_to_accept_it(case):
    coordinator = GrantFactory(role="coordinator", unit=case.host.unit.parent).user
    own = hand_in(host=case.host, paper=paper("fire"), request=uuid.uuid4(), by=coordinator)

    page = got(coordinator, PAPERS, case.host.pk).content.decode()

    assert "您自己交的，请同事核对" in page
    assert page.count(verdict_url(own)) == 1  # to refuse it


@pytest.mark.parametrize("count", [1, 3])
def test_papers_cost_as_many_queries_for_three_as_for_one(case, django_assert_num_queries, client, count):
    for kind in ("fire", "licence", "insurance")[:count]:
        paper_with(case, kind)
    client.force_login(case.second)
    client.get(reverse(PAPERS, args=[case.host.pk]))

    with django_assert_num_queries(9):  # session, user, grants, host, papers, reviews, venues, needs, the inbox
        client.get(reverse(PAPERS, args=[case.host.pk]))


def test_a_paper_of_one_venue_is_handed_in_for_it(case):
    kitchen = VenueFactory(host=case.host, name="面点间")
    closed = VenueFactory(host=case.host, closed_on=LAST_YEAR, closed_by=case.manager)
    form = {"kind": "fire", "valid_from": LAST_YEAR.isoformat(), "request": str(uuid.uuid4())}

    page = got(case.manager, NEW, case.host.pk).content.decode()
    sent(case.manager, NEW, case.host.pk, **form, venue=kitchen.pk, file=upload())

    assert HostDocument.objects.get(host=case.host).venue == kitchen
    assert "整个基地" in page
    assert f'value="{closed.pk}"' not in page
    assert "消防" in got(case.second, PAPERS, case.host.pk).content.decode()


def test_a_paper_of_another_hosts_venue_is_not_taken(case):
    form = {"kind": "fire", "valid_from": LAST_YEAR.isoformat(), "request": str(uuid.uuid4())}

    answer = sent(case.manager, NEW, case.host.pk, **form, venue=VenueFactory().pk, file=upload())

    assert answer.status_code == 422
    assert not HostDocument.objects.filter(host=case.host).exists()
