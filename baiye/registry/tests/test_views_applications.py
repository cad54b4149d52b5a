"""The desk of applications: own, other's, none; what is typed wrong; how much the list costs."""

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.registry.actions import documents, review
from baiye.registry.models import Application
from baiye.registry.tests.applying import (
    AT,
    ODD_CODE,
    DocumentFactory,
    KeptStandardFactory,
    checked,
    handed_in,
    reviewer_of,
)
from baiye.registry.tests.factories import HostFactory

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_application_is_found_by_its_keeper_and_the_district_alone(client):
    application = handed_in()
    address = reverse("registry:application", args=[application.pk])

    statuses = []
    for user in (
        reviewer_of(application.standard),
        GrantFactory(role="district_officer", unit=application.standard.keeper.parent).user,
        reviewer_of(KeptStandardFactory()),
        GrantFactory(role="host_manager").user,
        UserFactory(),
    ):
        client.force_login(user)
        statuses.append(client.get(address).status_code)

    assert statuses == [200, 200, 404, 404, 404]


def test_application_list_filters_and_counts(client):
    application, officer = checked()
    handed_in(standard=application.standard, name="别的单位", credit_code="")
    client.force_login(officer)

    response = client.get(reverse("registry:application-list"), {"state": "accepted"})

    assert list(response.context["page"]) == [application]
    assert [(one.label, one.count) for one in response.context["states"]] == [
        ("全部", 2),
        ("待受理", 1),
        ("材料初审", 1),
    ]
    assert client.get(reverse("registry:application-list"), {"q": "没有"}).status_code == 200


def test_the_phone_is_masked_at_the_desk(client):
    application, officer = checked()
    client.force_login(officer)

    shown = client.get(reverse("registry:application", args=[application.pk])).content.decode()

    assert "138****0000" in shown
    assert "13800000000" not in shown


@pytest.mark.slow
def test_an_application_walks_over_the_desk_to_the_inspection(client):
    application = handed_in(credit_code=ODD_CODE, credit_insisted=True)
    client.force_login(reviewer_of(application.standard))

    def post(name, **form):
        return client.post(reverse(f"registry:application-{name}", args=[application.pk]), form, follow=True)

    post("taking")
    post("credit-code")
    post("host", host="new")
    for paper in application.documents.all():
        client.post(reverse("registry:paper-verdict", args=[paper.pk]), {"verdict": "accept"})
    shown = post("passage").content.decode()

    application.refresh_from_db()
    assert application.state == "inspection"
    assert application.host.unit.name in shown


def test_host_choice_of_a_host_that_is_none_of_theirs_is_not_found(client):
    application, officer = checked()
    client.force_login(officer)
    stranger = HostFactory()

    response = client.post(reverse("registry:application-host", args=[application.pk]), {"host": stranger.pk})

    assert response.status_code == 404
    assert Application.objects.get(pk=application.pk).host is None


def test_the_desk_names_as_missing_what_would_stop_the_application_and_nothing_else(client):
    application, officer = checked()
    host = review.make_host_of(application=application, by=officer)
    mine = application.documents.get(kind="insurance")
    documents.refuse_document(document=mine, because="看不清", by=officer, at=AT)
    client.force_login(officer)
    page = reverse("registry:application", args=[application.pk])

    before = [lack.text for lack in client.get(page).context["lacks"]]
    DocumentFactory(host=host, kind="insurance")
    after = client.get(page).context["lacks"]
    review.let_through(application=application, by=officer, at=AT)

    assert (before, after) == (["学生意外险与场所责任险"], [])


def test_return_without_a_day_keeps_what_was_typed(client):
    application, officer = checked()
    client.force_login(officer)

    response = client.post(reverse("registry:application-return", args=[application.pk]), {"because": "请补保险"})

    assert response.status_code == 422
    assert "请补保险" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_application_list_costs_the_same_for_three_as_for_one(client, django_assert_num_queries, count):
    standard = KeptStandardFactory()
    officer = reviewer_of(standard)
    for number in range(count):
        handed_in(standard=standard, name=f"示例{number}", credit_code="")
    client.force_login(officer)
    client.get(reverse("registry:application-list"))

    with django_assert_num_queries(7):
        response = client.get(reverse("registry:application-list"))

    assert len(response.context["page"]) == count


@pytest.mark.parametrize("never", [{"state": "draft"}, {"state": "withdrawn", "submitted_at": None}])
def test_paper_of_what_was_never_handed_in_is_nobodys_at_the_desk(client, never):
    application, officer = checked()
    Application.objects.filter(pk=application.pk).update(**never)
    client.force_login(officer)

    assert client.get(reverse("registry:paper-file", args=[application.documents.first().pk])).status_code == 404
