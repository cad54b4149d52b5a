"""Each promise of the database from the standard to the appeal, broken once."""

import uuid
from datetime import timedelta

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.core.models import File
from baiye.registry.actions import inspections
from baiye.registry.models import (
    Accreditation,
    Appeal,
    Decision,
    Indicator,
    Inspection,
    Measure,
    Photo,
    Proposal,
    Score,
    Signature,
    Standard,
    Step,
)
from baiye.registry.tests.accrediting import AT, TODAY, Case
from tests.rig.promises import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return Case()


def test_a_published_standard_never_changes(case):
    with refused("published_standard_never_changes"):
        Standard.objects.filter(pk=case.standard.pk).update(pass_points=1)
    with refused("published_standard_keeps_its_indicators"):
        Indicator.objects.filter(standard=case.standard).update(floor=0)
    with refused("standard_decided_by_more_than_one"):
        Standard.objects.create(name="一人定", version=1, panel=1)
    with refused("indicator_floor_within_its_points"):
        Indicator.objects.create(standard=Standard.objects.create(name="草", version=1), number=1, points=1, floor=2)


def test_a_standard_is_published_by_another_and_can_be_passed():
    person = UserFactory()
    draft = Standard.objects.create(name="草", version=1, edited_by=person, pass_points=5)

    with refused("standard_published_can_be_passed"):
        Standard.objects.filter(pk=draft.pk).update(published_on=TODAY)
    Indicator.objects.create(standard=draft, number=1, points=5)
    with refused("standard_published_by_another"):
        Standard.objects.filter(pk=draft.pk).update(published_on=TODAY, published_by=person)


def test_an_inspection_is_signed_once_all_is_judged_and_by_two(case):
    inspection = case.planned()
    mine = Inspection.objects.filter(pk=inspection.pk)

    with refused("inspection_signed_once_all_is_judged"):
        mine.update(signed_at=AT)
    case.judge(inspection)
    mine.update(signed_at=AT)
    with refused("inspection_signed_by_two"):
        mine.update(second_at=AT, second_by=case.inspector)
    with refused("inspection_cancelled_by_whom_and_when"):
        mine.update(cancelled_at=AT)
    with refused("inspection_one_open_an_application"):
        Inspection.objects.create(
            host=case.host,
            standard=case.standard,
            application=case.application,
            planned_on=TODAY,
            inspector=case.inspector,
        )


def test_an_inspection_once_signed_keeps_its_findings(case):
    inspection = case.planned()
    case.judge(inspection)
    inspections.sign_inspection(inspection=inspection, by=case.inspector, at=AT)

    with refused("inspection_once_signed_keeps_its_findings"):
        Score.objects.update(points=1)
    inspections.sign_inspection(inspection=inspection, by=case.manager, at=AT)
    with refused("inspection_signed_by_two_stays"):
        Inspection.objects.update(kind="yearly")


def test_a_score_lies_within_its_standard(case):
    inspection, other = case.planned(), Case()

    with refused("score_within_its_standard"):
        Score.objects.create(inspection=inspection, indicator=case.indicators[0], verdict="met", points=4)
    with refused("score_within_its_standard"):
        Score.objects.create(inspection=inspection, indicator=other.indicators[0])
    with refused("score_has_points_once_judged"):
        Score.objects.create(inspection=inspection, indicator=case.indicators[0], verdict="met")


def test_a_photo_shows_no_face(case):
    file = File.objects.create(name="a.jpg", media_type="image/jpeg", size=1, sha256="0" * 64, sealed=b"x")

    with refused("photo_shows_no_face"):
        Photo.objects.create(inspection=case.planned(), file=file, no_faces=False)


def test_a_decision_takes_force_by_its_signatures_and_points(case):
    poor = Case()
    decision = case.proposed()
    failing = Decision.objects.create(
        inspection=poor.signed(1, 1, 1), outcome="pass", opinion="通过", proposed_by=poor.inspector
    )
    for person in (poor.inspector, poor.second):
        Signature.objects.create(decision=failing, by=person, agrees=True)

    with refused("decision_signed_by_its_panel"):
        Decision.objects.filter(pk=decision.pk).update(in_force_at=AT)
    with refused("decision_passes_only_by_the_points"):
        Decision.objects.filter(pk=failing.pk).update(in_force_at=AT)
    with refused("decision_only_of_a_signed_inspection"):
        third = Case()
        Decision.objects.create(
            inspection=third.planned(), outcome="fail", opinion="否", proposed_by=third.inspector, in_force_at=AT
        )


def test_a_decision_in_force_and_its_signatures_stay(case):
    decision = case.decided()

    with refused("decision_in_force_stays"):
        Decision.objects.update(opinion="改")
    with refused("signature_stays"):
        Signature.objects.all().delete()
    with refused("signature_only_while_open"):
        Signature.objects.create(decision=decision, by=UserFactory(), agrees=True)
    with refused("application_step_stays"):
        Step.objects.update(note="改")


def test_an_accreditation_follows_its_decision(case):
    decision = case.decided("fail")

    with refused("accreditation_follows_its_decision"):
        Accreditation.objects.create(
            host=case.host, standard=case.standard, valid_from=TODAY, valid_until=TODAY, decision=decision
        )


def test_a_revocation_follows_its_hearing_and_is_signed_by_two(case):
    accreditation = case.accredited()
    facts = {"accreditation": accreditation, "because": "广告", "on": TODAY}

    with refused("measure_revocation_after_its_hearing"):
        Measure.objects.create(**facts, kind="revocation", by=case.inspector, second_by=case.second)
    Measure.objects.create(**facts, kind="hearing", by=case.inspector)
    with refused("measure_revocation_signed_by_two"):
        Measure.objects.create(**facts, kind="revocation", by=case.inspector, second_by=case.inspector)
    with refused("measure_stays"):
        Measure.objects.update(because="改")
    with refused("measure_says_why"):
        Measure.objects.create(**facts | {"because": ""}, kind="warning")
    with refused("proposal_one_open_an_accreditation"):
        for _n in range(2):
            Proposal.objects.create(accreditation=accreditation, because="广告", proposed_by=case.inspector)


def test_a_dormant_accreditation_is_suspended_since_that_day(case):
    case.accredited()

    with refused("accreditation_suspended_by_whom_and_when"):
        Accreditation.objects.update(suspended_on=TODAY, dormant_on=TODAY + timedelta(days=1))
    with refused("accreditation_suspended_by_whom_and_when"):
        Accreditation.objects.update(suspended_on=TODAY, suspended_by=case.second, dormant_on=TODAY)
    assert Accreditation.objects.update(suspended_on=TODAY, dormant_on=TODAY) == 1


def test_an_appeal_is_answered_by_somebody_else_and_stays(case):
    decision = case.decided("fail")
    appeal = Appeal.objects.create(decision=decision, text="不同意", request=uuid.uuid4())
    answered = {"answered_at": AT, "upheld": False, "answer": "维持"}

    with refused("appeal_answered_by_somebody_else"):
        Appeal.objects.update(**answered, answered_by=case.second)
    with refused("appeal_one_open_a_decision"):
        Appeal.objects.create(decision=decision, text="不同意")
    with refused("appeal_against_one_thing"):
        Appeal.objects.create(text="什么")
    Appeal.objects.filter(pk=appeal.pk).update(**answered, answered_by=UserFactory())
    with refused("appeal_answered_stays"):
        Appeal.objects.update(answer="改", upheld=True)
