"""Appeals: made by the host or by the secret link, answered by somebody else; what follows, and what is refused."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import jobs
from baiye.core.models import Message
from baiye.registry.actions import appeals, measures
from baiye.registry.actions.appeals import AppealRefused
from baiye.registry.actions.measures import MeasureRefused
from baiye.registry.models import Accreditation, Appeal
from baiye.registry.queries.decisions import standing
from baiye.registry.tests.accrediting import AT, TODAY, Case, officer_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    case = Case()
    case.third = officer_at(case.keeper)
    return case


def appeal(case, against, **changed):
    facts = {"text": "动手时间已经有 65%", "request": uuid.uuid4(), "by": case.manager, "at": AT}
    return appeals.make_appeal(against=against, **{**facts, **changed})


def answer(case, made, *, upheld=True, by=None, text="重新量过，够了"):
    return appeals.answer_appeal(appeal=made, upheld=upheld, answer=text, by=by or case.third, at=AT)


def measure(case, kind, **changed):
    accreditation = Accreditation.objects.get(host=case.host)
    facts = {"kind": kind, "because": "有人投诉", "by": case.inspector, "at": AT}
    return measures.take_measure(accreditation=accreditation, **{**facts, **changed})


def test_make_appeal_sent_twice_is_one(case):
    decision, request = case.decided("fail"), uuid.uuid4()

    assert appeal(case, decision, request=request) == appeal(case, decision, request=request)


def test_make_appeal_by_the_link_of_its_own_application_only(case):
    decision, other = case.decided("fail"), Case()

    made = appeal(case, decision, by=None, application=case.application)

    assert (made.application, made.made_by) == (case.application, None)
    with pytest.raises(PermissionDenied):
        appeal(case, decision, by=None, application=other.application)
    with pytest.raises(PermissionDenied):
        appeal(case, decision, by=other.manager)
    with pytest.raises(PermissionDenied):
        appeal(case, decision, by=None)


@pytest.mark.parametrize(
    ("outcome", "changed", "sentence"),
    [
        ("pass", {}, "限期整改和不通过可以申诉"),
        ("fail", {"text": " "}, "请写明"),
        ("fail", {"at": AT + timedelta(days=61)}, "60 天内"),
    ],
)
def test_make_appeal_that_cannot_be_is_refused(case, outcome, changed, sentence):
    decision = case.decided(outcome)

    with pytest.raises(AppealRefused, match=sentence):
        appeal(case, decision, **changed)

    assert not Appeal.objects.exists()


def test_make_appeal_again_while_open_or_once_answered_is_refused(case):
    decision = case.decided("fail")
    made = appeal(case, decision)

    with pytest.raises(AppealRefused, match="在等答复"):
        appeal(case, decision)
    answer(case, made, upheld=False)
    with pytest.raises(AppealRefused, match="答复过一次"):
        appeal(case, decision)


def test_answer_appeal_upheld_against_a_decision_leads_to_a_new_inspection(case):
    decision = case.decided("fail")

    answer(case, appeal(case, decision))

    case.application.refresh_from_db()
    assert case.application.state == "inspection"
    assert not standing().exists()
    decision.refresh_from_db()
    assert decision.in_force_at == AT
    assert case.planned().pk != decision.inspection_id


def test_answer_appeal_upheld_against_a_suspension_lifts_it(case):
    case.decided()
    made = appeal(case, measure(case, "suspension"))

    answer(case, made)

    accreditation = Accreditation.objects.get()
    assert accreditation.suspended_on is None
    assert [m.kind for m in accreditation.measures.order_by("pk")] == ["suspension", "resumption"]


def test_answer_appeal_upheld_against_a_revocation_lifts_it(case):
    accreditation, later = case.accredited(), AT + timedelta(days=3)
    measure(case, "hearing", on=TODAY + timedelta(days=2))
    proposal = measures.propose_revocation(accreditation=accreditation, because="广告", by=case.inspector, at=later)
    revoked = measures.sign_revocation(proposal=proposal, by=case.second, at=later)

    answer(case, appeal(case, revoked, at=later))

    assert Accreditation.objects.get().revoked_on is None


def test_a_hearing_whose_appeal_was_upheld_leads_to_no_revocation(case):
    accreditation = case.accredited()
    answer(case, appeal(case, measure(case, "hearing", on=TODAY + timedelta(days=2))))

    with pytest.raises(MeasureRefused, match="先告知听证"):
        measures.propose_revocation(
            accreditation=accreditation, because="广告", by=case.inspector, at=AT + timedelta(days=3)
        )


def test_answer_appeal_not_upheld_changes_nothing(case):
    decision = case.decided("fail")

    answer(case, appeal(case, decision), upheld=False)

    case.application.refresh_from_db()
    assert case.application.state == "failed"
    assert list(standing()) == [decision]


def test_answer_appeal_by_who_signed_is_refused_and_by_others_denied(case):
    made = appeal(case, case.decided("fail"))

    for person in (case.inspector, case.second):
        with pytest.raises(AppealRefused, match="要回避"):
            answer(case, made, by=person)
    for person in (case.manager, Case().second):
        with pytest.raises(PermissionDenied):
            answer(case, made, by=person)
    with pytest.raises(AppealRefused, match="答复和理由"):
        answer(case, made, text="")
    assert Appeal.objects.get().answered_at is None


def test_who_may_answer_and_then_the_host_are_told(case):
    made = appeal(case, case.decided("fail"))
    jobs.run_due()
    asked = set(Message.objects.filter(kind="appeal.made").values_list("to", flat=True))

    answer(case, made)
    jobs.run_due()

    assert asked == {case.third.pk}
    assert Message.objects.get(kind="appeal.answered").to == case.manager


def test_answer_appeal_by_who_belongs_to_the_host_is_refused(case):
    made = appeal(case, case.decided("fail"))
    partial = officer_at(case.keeper)
    GrantFactory(user=partial, role="host_instructor", unit=case.host.unit)

    with pytest.raises(AppealRefused, match="要回避"):
        answer(case, made, by=partial)
