"""Appeals on their pages: of a host, by the secret link, answered at the desk."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.core import clock
from baiye.registry import links
from baiye.registry.actions import measures
from baiye.registry.models import Appeal
from baiye.registry.tests.accrediting import AT, Case, as_, got, officer_at, sent
from baiye.registry.tests.applying import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return Case()


def test_appeal_is_made_by_the_host_and_answered_at_the_desk(case, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=1))
    decision = case.decided("fail")
    data = {"request": uuid.uuid4(), "text": "动手时间够", "file": upload()}

    made = as_(case.manager).post(reverse("registry:decision", args=[decision.pk]), data)
    appeal = Appeal.objects.get()
    third = officer_at(case.keeper)
    assert got(third, "registry:appeal-file", appeal.pk)["Content-Type"] == "image/png"
    sent(third, "registry:appeal", appeal.pk, upheld="1", answer="重新看")

    appeal.refresh_from_db()
    assert (made.status_code, appeal.upheld, appeal.answered_by) == (302, True, third)


def test_appeal_against_a_measure_is_made_by_its_own_host_only(case):
    made = case.accredited()
    measure = measures.take_measure(
        accreditation=made, kind="warning", because="排队", by=case.inspector, at=clock.now()
    )

    assert got(case.manager, "registry:measure", measure.pk).status_code == 200
    assert got(Case().manager, "registry:measure", measure.pk).status_code == 404
    assert got(case.second, "registry:measure", measure.pk).status_code == 404


def test_who_applied_appeals_by_the_secret_link(case, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=1))
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_, **__: True)  # it commits by itself, for good reason
    token = links.token_of(case.application.request)
    address = reverse("registry:apply-appeal", args=[token])
    assert client.get(address).status_code == 404
    case.decided("fail")

    page = client.get(reverse("registry:apply", args=[token])).content.decode()
    made = client.post(address, {"request": uuid.uuid4(), "text": "动手时间够"})
    again = client.post(address, {"request": uuid.uuid4(), "text": "动手时间够"})

    assert address in page
    assert (made.status_code, again.status_code) == (302, 422)
    assert Appeal.objects.get().application == case.application
    assert client.get(reverse("registry:apply-appeal", args=["x" * 40])).status_code == 404
