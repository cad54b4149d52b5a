"""The panel on its desk: proposed, signed, refused; and nobody else's."""

import pytest

from baiye.registry.models import Accreditation, Decision
from baiye.registry.tests.accrediting import Case, got, sent

pytestmark = pytest.mark.django_db
ASSESSED = "registry:assessment"


@pytest.fixture
def case():
    return Case()


def test_decision_is_proposed_and_signed_on_the_desk(case):
    inspection = case.signed()

    sent(case.inspector, "registry:decision-proposal", inspection.pk, outcome="pass", opinion="照方案开课")
    decision = Decision.objects.get()
    sent(case.second, "registry:decision-signature", decision.pk, agrees="1")

    assert Accreditation.objects.get().decision == decision
    assert got(case.second, ASSESSED, case.application.pk).status_code == 200


def test_decision_against_the_points_is_refused_and_keeps_the_opinion(case):
    inspection = case.signed(1, 1, 1)

    response = sent(case.inspector, "registry:decision-proposal", inspection.pk, outcome="pass", opinion="照方案开课")

    assert response.status_code == 422
    assert "不到通过的 6 分" in response.content.decode()
    assert "照方案开课</textarea>" in response.content.decode()


def test_decision_by_the_host_or_another_office_is_not_found(case):
    decision = case.proposed()

    for person in (case.manager, Case().second):
        assert sent(person, "registry:decision-signature", decision.pk, agrees="1").status_code == 404


def test_an_empty_desk_says_so():
    case = Case(state="passed")

    assert "没有单位在等认定" in got(case.second, "registry:assessment-list").content.decode()
