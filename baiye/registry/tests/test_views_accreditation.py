"""The pages from the standard to the appeal: own, another's, none; and what one can do on them."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from baiye.core import clock
from baiye.core.models import File
from baiye.registry import links
from baiye.registry.actions import appeals, measures
from baiye.registry.models import Accreditation, Appeal, Decision, Inspection, Measure, Photo, Proposal, Score, Standard
from baiye.registry.tests.accrediting import AT, Case, officer_at, standard_of
from baiye.registry.tests.applying import upload

pytestmark = pytest.mark.django_db
PLANNED, ASSESSED = "registry:inspection-plan", "registry:assessment"


@pytest.fixture
def case():
    return Case()


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def got(user, name, /, *keys):
    return as_(user).get(reverse(name, args=keys))


def sent(user, name, /, *keys, **data):
    return as_(user).post(reverse(name, args=keys), data)


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


def test_inspection_is_planned_on_the_desk(case):
    day = clock.today() + timedelta(days=3)
    data = {"request": uuid.uuid4(), "planned_on": day.isoformat(), "inspector": case.inspector.pk}

    sent(case.second, PLANNED, case.application.pk, **data)
    again = sent(case.second, PLANNED, case.application.pk, **data)

    assert again.status_code == 302
    assert Inspection.objects.get().planned_on == day
    late = {**data, "request": uuid.uuid4(), "planned_on": "2020-01-01"}
    assert sent(case.second, PLANNED, case.application.pk, **late).status_code == 422


def found(case, inspection, *, points="3", verdict="met"):
    pk = case.indicators[0].pk
    return {f"verdict-{pk}": verdict, f"points-{pk}": points, f"note-{pk}": "看过", f"base-{pk}": "0"}


def test_findings_without_a_script_are_kept_and_mistakes_stay_in_the_page(case):
    inspection = case.planned()

    bad = sent(case.inspector, "registry:inspection-findings", inspection.pk, **found(case, inspection, points="9"))
    good = sent(case.inspector, "registry:inspection-findings", inspection.pk, **found(case, inspection))

    assert (bad.status_code, good.status_code) == (422, 302)
    assert "看过" in bad.content.decode()
    assert Score.objects.get().points == 3


def test_findings_as_json_answer_for_each(case):
    inspection, client = case.planned(), as_(case.inspector)
    item = {"indicator": case.indicators[0].pk, "edit": str(uuid.uuid4()), "verdict": "met", "points": 2, "base": 0}
    url = reverse("registry:inspection-findings", args=[inspection.pk])

    first = client.post(url, {"findings": [item]}, content_type="application/json").json()
    again = client.post(url, {"findings": [item]}, content_type="application/json").json()
    broken = client.post(url, {"findings": [{"indicator": "x"}]}, content_type="application/json")

    assert [one["status"] for one in first["outcomes"] + again["outcomes"]] == ["new", "same"]
    assert broken.status_code == 400


def test_findings_of_a_signed_inspection_are_refused_with_a_sentence(case):
    inspection = case.signed()

    response = as_(case.inspector).post(
        reverse("registry:inspection-findings", args=[inspection.pk]), {"findings": []}, content_type="application/json"
    )

    assert (response.status_code, response.json()["sentence"]) == (409, "已经签过字，不能再改。要改，先收回签字。")


def test_photo_is_kept_without_its_marks_and_shown_to_who_sees_the_inspection(case):
    inspection, pk = case.planned(), uuid.uuid4()
    data = {"id": pk, "indicator": case.indicators[0].pk, "no_faces": "1"}

    sent(case.inspector, "registry:inspection-photos", inspection.pk, photo=upload(), **data)
    sent(case.inspector, "registry:inspection-photos", inspection.pk, photo=upload(), **data)

    assert (Photo.objects.get().pk, File.objects.count()) == (pk, 1)
    assert got(case.manager, "registry:inspection-photo", pk)["Content-Type"] == "image/png"
    assert got(Case().second, "registry:inspection-photo", pk).status_code == 404


def test_findings_and_photos_come_from_the_inspector_alone(case):
    inspection = case.planned()

    for person in (case.second, case.manager):
        for name in ("inspection-findings", "inspection-photos"):
            assert sent(person, f"registry:{name}", inspection.pk).status_code == 404


def test_photo_without_the_tick_is_refused_with_a_sentence(case):
    inspection = case.planned()
    url = reverse("registry:inspection-photos", args=[inspection.pk])

    response = as_(case.inspector).post(
        url, {"id": uuid.uuid4(), "photo": upload()}, headers={"Accept": "application/json"}
    )

    assert response.status_code == 422
    assert "没有人脸" in response.json()["sentence"]


def test_inspection_is_signed_taken_back_signed_by_two_on_its_page(case):
    inspection = case.planned()
    case.judge(inspection)

    for name, person in [
        ("inspection-signature", case.inspector),
        ("inspection-signature-removal", case.inspector),
        ("inspection-signature", case.inspector),
        ("inspection-signature", case.manager),
    ]:
        sent(person, f"registry:{name}", inspection.pk)

    inspection.refresh_from_db()
    assert inspection.second_by == case.manager


def test_inspection_is_cancelled_on_its_page_by_the_office_only(case):
    inspection = case.planned()

    assert sent(case.manager, "registry:inspection-cancellation", inspection.pk).status_code == 403
    sent(case.second, "registry:inspection-cancellation", inspection.pk)

    assert Inspection.objects.get().cancelled_by == case.second


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


def test_an_empty_desk_says_so():
    case = Case(state="passed")

    assert "没有单位在等认定" in got(case.second, "registry:assessment-list").content.decode()


def test_a_standard_of_another_body_is_not_changed(case):
    other = standard_of(Case().keeper, name="别家的标准")

    for name in ("standard-publication", "standard-revision", "standard-withdrawal", "standard"):
        assert sent(case.second, f"registry:{name}", other.pk).status_code == 404


def test_the_worker_is_a_script_above_the_pages_it_keeps(client):
    response = client.get(reverse("registry:inspection-worker"))

    assert response["Content-Type"].startswith("text/javascript")
    assert reverse("registry:inspection", args=[1]).startswith(reverse("registry:inspection-list"))


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
