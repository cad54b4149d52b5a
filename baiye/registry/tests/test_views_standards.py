"""The desk of standards: written and published by two, what was typed is kept, another body's is not changed."""

import pytest
from django.urls import reverse

from baiye.core import clock
from baiye.registry.models import Standard
from baiye.registry.tests.accrediting import Case, sent, standard_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return Case()


def lines(**changed):
    facts = {
        "line-TOTAL_FORMS": "2",
        "line-INITIAL_FORMS": "0",
        "line-0-area": "安全",
        "line-0-title": "消防",
        "line-0-points": "3",
        "line-0-floor": "1",
        "line-1-title": "",
        "pass_points": "2",
        "panel": "2",
        "valid_months": "36",
        "dormant_months": "12",
    }
    return {**facts, **changed}


def test_standard_is_written_and_published_on_its_pages_by_two(case):
    response = sent(case.second, "registry:standard-new", **lines(name="示例新标准", keeper=case.keeper.pk))
    draft = Standard.objects.get(name="示例新标准")
    assert response.url == reverse("registry:standard", args=[draft.pk])

    sent(case.second, "registry:standard-publication", draft.pk)
    assert Standard.objects.get(pk=draft.pk).published_on is None
    sent(case.inspector, "registry:standard-publication", draft.pk)
    assert Standard.objects.get(pk=draft.pk).published_on == clock.today()
    sent(case.inspector, "registry:standard-revision", draft.pk)
    sent(case.inspector, "registry:standard-withdrawal", draft.pk)

    assert Standard.objects.filter(name="示例新标准").count() == 2


def test_standard_with_a_wrong_line_keeps_what_was_typed(case):
    wrong = lines(name="示例新标准", keeper=case.keeper.pk, **{"line-0-floor": "9"})

    response = sent(case.second, "registry:standard-new", **wrong)

    assert response.status_code == 422
    assert "最低分不能高过分值" in response.content.decode()
    assert 'value="消防"' in response.content.decode()
    assert not Standard.objects.filter(name="示例新标准").exists()


def test_standard_keeper_can_be_ones_own_body_only(case):
    other = Case()

    response = sent(case.second, "registry:standard-new", **lines(name="示例新标准", keeper=other.keeper.pk))

    assert response.status_code == 422


def test_a_standard_of_another_body_is_not_changed(case):
    other = standard_of(Case().keeper, name="别家的标准")

    for name in ("standard-publication", "standard-revision", "standard-withdrawal", "standard"):
        assert sent(case.second, f"registry:{name}", other.pk).status_code == 404
