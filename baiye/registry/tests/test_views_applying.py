"""Applying without an account, page by page."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.core.models import Delivery
from baiye.registry import links
from baiye.registry.models import Application, HostDocument
from baiye.registry.tests.applying import (
    FILLED,
    LAST_YEAR,
    NEXT_YEAR,
    ODD_CODE,
    TODAY,
    ApplicationFactory,
    KeptStandardFactory,
    filled,
    handed_in,
    reviewer_of,
    upload,
)

pytestmark = pytest.mark.django_db
BODY = {"name": "示例面点", "credit_code": "", "host_kind": "企业", "address": "示例路 1 号", "street": ""}


@pytest.fixture(autouse=True)
def no_throttle(monkeypatch):
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_, **__: True)  # it commits by itself, for good reason


def page(application, step=""):
    token = links.token_of(application.request)
    return reverse("registry:apply-step", args=[token, step]) if step else reverse("registry:apply", args=[token])


def paper_form(**given):
    return {
        "kind": "insurance",
        "file": upload(),
        "valid_from": LAST_YEAR.isoformat(),
        "valid_until": NEXT_YEAR.isoformat(),
        "request": str(uuid.uuid4()),
    } | given


def test_begin_twice_by_the_same_form_leads_to_one_application(client):
    standard = KeptStandardFactory()
    form = {"standard": standard.pk, "request": str(uuid.uuid4())}

    first = client.post(reverse("registry:apply-begin"), form)
    again = client.post(reverse("registry:apply-begin"), form)

    assert first["Location"] == again["Location"] == page(Application.objects.get()) + "?new=1"


def test_begin_too_often_from_one_address_is_refused(client, monkeypatch):
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_, **__: False)
    form = {"standard": KeptStandardFactory().pk, "request": str(uuid.uuid4())}

    response = client.post(reverse("registry:apply-begin"), form)

    assert response.status_code == 422
    assert "太多" in response.content.decode()
    assert not Application.objects.exists()


def test_a_link_that_does_not_exist_is_not_found(client):
    ApplicationFactory()

    assert client.get(reverse("registry:apply", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("name", ["apply", "apply-papers", "apply-appeal"])
def test_too_many_links_that_do_not_exist_are_refused(client, monkeypatch, name):
    application = ApplicationFactory()
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_, **__: False)

    assert client.get(reverse(f"registry:{name}", args=["nothing"])).status_code == 403
    assert client.get(reverse("registry:apply", args=[links.token_of(application.request)])).status_code == 200


def test_each_page_keeps_what_was_filled_in_and_leads_to_the_next(client):
    application = ApplicationFactory()

    response = client.post(page(application, "body"), BODY)

    application.refresh_from_db()
    assert response["Location"] == page(application, "contact")
    assert (application.name, application.host_kind) == ("示例面点", "企业")


def test_a_page_left_half_filled_is_kept_when_asked_to(client):
    application = ApplicationFactory()

    refused = client.post(page(application, "body"), BODY | {"address": ""})
    kept = client.post(page(application, "body"), BODY | {"address": "", "later": "1"})

    application.refresh_from_db()
    assert refused.status_code == 422
    assert kept["Location"] == page(application)
    assert application.name == "示例面点"


def test_an_odd_credit_code_asks_once_more_and_loses_nothing(client):
    application = ApplicationFactory()

    first = client.post(page(application, "body"), BODY | {"credit_code": ODD_CODE})
    second = client.post(page(application, "body"), BODY | {"credit_code": ODD_CODE, "credit_insisted": "on"})

    application.refresh_from_db()
    assert first.status_code == 422
    assert "校验位对不上" in first.content.decode()
    assert f'value="{ODD_CODE}"' in first.content.decode()
    assert second.status_code == 302
    assert (application.credit_code, application.credit_insisted) == (ODD_CODE, True)


def test_a_blocked_trade_is_refused_with_what_was_typed_still_there(client):
    application = ApplicationFactory()

    response = client.post(page(application, "body"), BODY | {"name": "示例网吧"})

    assert response.status_code == 422
    assert "示例网吧" in response.content.decode()
    application.refresh_from_db()
    assert application.name == ""


def test_a_venue_holds_no_more_than_its_area(client):
    application = ApplicationFactory()

    response = client.post(page(application, "venue"), {"venue_name": "工坊", "capacity": 21, "area_m2": 60})

    assert "60 平方米最多容纳 20 人" in response.content.decode()


def test_the_phone_is_never_shown_again(client):
    application = filled()

    shown = client.get(page(application, "contact")).content.decode()
    client.post(
        page(application, "contact"),
        {"contact": "另一位", "phone": "", "occupations": "中式面点师、咖啡师", "email": ""},
    )

    application.refresh_from_db()
    assert FILLED["phone"] not in shown
    assert application.phone == FILLED["phone"]
    assert application.occupations == ["中式面点师", "咖啡师"]


def test_a_paper_sent_twice_is_one(client):
    application = ApplicationFactory()
    address = reverse("registry:apply-papers", args=[links.token_of(application.request)])
    form = paper_form()

    client.post(address, form)
    client.post(address, form | {"file": upload()})

    assert HostDocument.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"file": ""},
        {"valid_until": (TODAY - timedelta(days=1)).isoformat()},
        {"valid_until": (LAST_YEAR - timedelta(days=1)).isoformat()},
        {"kind": "gossip"},
    ],
)
def test_a_paper_that_will_not_do_is_refused(client, wrong):
    application = ApplicationFactory()
    address = reverse("registry:apply-papers", args=[links.token_of(application.request)])

    assert client.post(address, paper_form(**wrong)).status_code == 422
    assert not HostDocument.objects.exists()


def test_a_paper_is_seen_and_taken_back_by_its_own_link_alone(client):
    application, other = filled(), ApplicationFactory()
    paper = application.documents.first()

    def address(name, of):
        return reverse(f"registry:{name}", args=[links.token_of(of.request), paper.pk])

    assert client.get(address("apply-paper", other)).status_code == 404
    assert client.post(address("apply-paper-removal", other)).status_code == 404
    seen = client.get(address("apply-paper", application))
    client.post(address("apply-paper-removal", application))
    assert seen["Cache-Control"] == "no-store"
    assert not HostDocument.objects.filter(pk=paper.pk).exists()


def test_submission_shows_the_first_step_and_withdrawal_ends_it(client):
    application = filled()
    token = links.token_of(application.request)

    shown = client.post(reverse("registry:apply-submission", args=[token]), follow=True).content.decode()
    client.post(reverse("registry:apply-withdrawal", args=[token]), {"because": "换了地方"})

    application.refresh_from_db()
    assert "待受理" in shown
    assert application.state == "withdrawn"
    assert client.get(page(application, "body")).status_code == 302


def test_submission_of_a_draft_says_what_is_missing(client):
    application = ApplicationFactory()

    shown = client.post(
        reverse("registry:apply-submission", args=[links.token_of(application.request)]), follow=True
    ).content.decode()

    assert "还差：单位名称" in shown


def test_letter_goes_to_the_address_of_the_application(client):
    application = filled()

    client.post(reverse("registry:apply-letter", args=[links.token_of(application.request)]))

    assert Delivery.objects.count() == 1


def test_what_the_desk_enters_from_paper_is_noted_as_theirs(client):
    standard = KeptStandardFactory()
    officer = reviewer_of(standard)
    client.force_login(officer)

    response = client.post(
        reverse("registry:application-on-paper"), {"standard": standard.pk, "request": str(uuid.uuid4())}
    )
    application = Application.objects.get()
    papers = reverse("registry:apply-papers", args=[links.token_of(application.request)])
    client.post(papers, paper_form(file=""))

    assert response["Location"] == page(application)
    assert application.on_paper_by == officer
    assert application.documents.get().handed_in_by == officer


@pytest.mark.parametrize("count", [1, 3])
def test_status_costs_the_same_for_three_papers_as_for_one(client, django_assert_num_queries, count):
    application = handed_in(standard=KeptStandardFactory(needs=["licence", "fire", "insurance"][:count]))

    with django_assert_num_queries(3):
        response = client.get(page(application))

    assert len(response.context["papers"]) == count


def test_too_many_files_from_one_address_are_refused(client, monkeypatch):
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_, **__: False)
    application = ApplicationFactory()

    response = client.post(reverse("registry:apply-papers", args=[links.token_of(application.request)]), paper_form())

    assert response.status_code == 422
    assert not HostDocument.objects.exists()
