"""The panel: one proposes, others sign, and what follows; and what is refused."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import jobs
from baiye.core.models import Event, Message
from baiye.registry.actions import decisions
from baiye.registry.actions.decisions import DecisionRefused
from baiye.registry.models import Accreditation, Decision, Inspection, Step
from baiye.registry.queries.decisions import hinders_pass, tally
from baiye.registry.tests.accrediting import AT, TODAY, Case, got, officer_at
from baiye.registry.tests.factories import AccreditationFactory, HostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return Case()


def sign(decision, by, *, agrees=True, note=""):
    return decisions.sign_decision(decision=decision, agrees=agrees, note=note, by=by, at=AT)


def test_sign_decision_to_pass_by_the_second_makes_the_accreditation(case):
    decision = case.decided()

    made = Accreditation.objects.get()
    case.application.refresh_from_db()
    assert (made.decision, made.number, made.is_example) == (decision, "普职体〔2026〕1号", False)
    assert (made.valid_from, made.valid_until) == (TODAY, date(2029, 9, 6))
    assert case.application.state == "passed"
    assert [(step.state, step.at) for step in Step.objects.order_by("pk")] == [("panel", AT), ("passed", AT)]
    assert set(Event.objects.values_list("kind", flat=True)) >= {"decision.taken", "accreditation.made"}


def test_proposed_decision_is_not_in_force_before_the_second_signature(case):
    decision = case.proposed()

    assert decision.in_force_at is None
    assert not Accreditation.objects.exists()


def test_a_pass_with_conditions_leaves_them_on_the_accreditation_for_everybody_to_read(case):
    decision = case.decided(conditions=" 烤箱旁要有一位成年人 ")

    made = Accreditation.objects.get(decision=decision)
    page = Client().get(reverse("registry:host", args=[case.host.pk])).content.decode()
    own = got(case.manager, "registry:accreditation", made.pk).content.decode()
    told = got(case.manager, "registry:decision", decision.pk).content.decode()
    jobs.run_due()
    assert made.conditions == "烤箱旁要有一位成年人"
    assert "附带条件：烤箱旁要有一位成年人" in page
    assert all("烤箱旁要有一位成年人" in shown for shown in (own, told))
    message = Message.objects.get(to=case.manager, kind="decision.taken")
    assert message.body == "照方案开课\n附带条件：烤箱旁要有一位成年人"


def test_a_decision_to_fail_carries_no_conditions(case):
    assert case.decided("fail", conditions="没有用的话").conditions == ""


def test_sign_decision_twice_by_the_same_person_counts_once(case):
    decision = case.proposed()

    sign(decision, case.inspector)

    assert decision.signatures.count() == 1
    assert not Accreditation.objects.exists()


def test_numbers_go_on_within_a_year(case):
    case.accredited()

    assert Case().accredited().number == "普职体〔2026〕2号"


def test_a_lead_that_passes_is_confirmed_by_its_inspection():
    Case(host=HostFactory(evidence="lead")).accredited()

    host = Accreditation.objects.get().host
    assert (host.evidence, host.grounds) == ("confirmed", "accredited")


def test_an_example_host_gets_an_example_accreditation():
    made = Case(host=HostFactory(unit__is_example=True)).accredited()

    assert (made.is_example, made.number) == (True, "示例〔2026〕1号")


def test_a_renewal_follows_the_accreditation_that_still_holds():
    case = Case(kind="renewal")
    AccreditationFactory(
        host=case.host, standard=case.standard, valid_from=date(2023, 10, 1), valid_until=date(2026, 9, 30)
    )

    assert case.accredited().valid_from == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("points", "sentence"), [((1, 2, 2), "不到通过的 6 分"), ((0, 3, 3), "低于最低分，不能通过：场地消防验收合格")]
)
def test_propose_decision_to_pass_against_the_points_is_refused(case, points, sentence):
    inspection = case.signed(*points)

    with pytest.raises(DecisionRefused, match=sentence):
        case.proposed(inspection=inspection)

    assert not Decision.objects.exists()


def test_propose_decision_to_fail_is_free_of_the_points(case):
    decision = case.decided("fail")

    case.application.refresh_from_db()
    assert (decision.in_force_at, case.application.state) == (AT, "failed")
    assert not Accreditation.objects.exists()


def test_conditions_plan_a_recheck_which_leads_to_the_panel_again(case):
    case.decided("conditions")

    case.application.refresh_from_db()
    recheck = Inspection.objects.get(kind="recheck")
    assert (case.application.state, case.application.due_on) == ("conditions", TODAY + timedelta(days=15))
    assert (recheck.planned_on, recheck.inspector) == (TODAY + timedelta(days=15), case.inspector)
    case.decided(inspection=case.signed(inspection=recheck))
    assert Accreditation.objects.get().decision.inspection == recheck


def test_a_recheck_is_on_record_and_the_inspector_is_told(case):
    case.decided("conditions")
    recheck = Inspection.objects.get(kind="recheck")

    jobs.run_due()

    assert Event.objects.filter(kind="inspection.planned", object_id=str(recheck.pk)).count() == 1
    assert Message.objects.filter(kind="inspection.planned", to=case.inspector, key=f"inspection-{recheck.pk}").exists()


def test_conditions_without_a_day_or_a_word_are_refused(case):
    inspection = case.signed()

    for changed in ({"due_on": None}, {"conditions": " "}, {"due_on": TODAY}):
        with pytest.raises(DecisionRefused):
            case.proposed("conditions", inspection=inspection, **changed)


def test_a_signature_against_sends_the_decision_back_with_its_reason(case):
    decision = case.proposed()

    with pytest.raises(DecisionRefused, match="写明理由"):
        sign(decision, case.second, agrees=False)
    back = sign(decision, case.second, agrees=False, note="消防意见书没有看到原件")

    assert back.withdrawn_at == AT
    assert case.proposed(inspection=back.inspection, by=case.second).pk != back.pk


def test_propose_decision_beside_an_open_one_is_refused(case):
    decision = case.proposed()

    with pytest.raises(DecisionRefused, match="在等签字"):
        case.proposed(inspection=decision.inspection, by=case.second)


def test_propose_decision_before_two_signed_the_inspection_is_refused(case):
    with pytest.raises(DecisionRefused, match="还没有两个人签字"):
        case.proposed(inspection=case.planned())


def test_decisions_by_the_host_or_another_agency_are_denied(case):
    decision = case.proposed()

    for person in (case.manager, Case().second):
        with pytest.raises(PermissionDenied):
            sign(decision, person)


def test_sign_decision_by_who_belongs_to_the_host_is_refused(case):
    decision = case.proposed()
    partial = officer_at(case.keeper)
    GrantFactory(user=partial, role="host_instructor", unit=case.host.unit)

    with pytest.raises(DecisionRefused, match="要回避"):
        sign(decision, partial)


def test_tally_counts_points_floors_and_what_is_open(case):
    inspection = case.planned()

    before = tally(inspection)
    case.judge(inspection, 0, 3, 3)

    assert (before.points, len(before.open), before.verdicts) == (0, 3, {"pending": 3})
    assert "3 项没有结论" in hinders_pass(before)
    assert tally(inspection).below == ("场地消防验收合格",)


def test_the_panel_and_then_the_host_are_told(case):
    decision = case.proposed()
    jobs.run_due()
    asked = Message.objects.filter(kind="decision.proposed").values_list("to", flat=True)

    sign(decision, case.second)
    jobs.run_due()

    assert list(asked) == [case.second.pk]
    assert Message.objects.get(kind="decision.taken").to == case.manager
