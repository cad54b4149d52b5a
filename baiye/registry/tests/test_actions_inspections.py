"""An inspection planned, judged on a phone that may be offline, signed by two; and what is refused."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory
from baiye.core.models import File
from baiye.registry.actions import findings, inspections
from baiye.registry.actions.findings import Finding
from baiye.registry.actions.inspections import InspectionRefused
from baiye.registry.models import Inspection, Photo, Score
from baiye.registry.tests.accrediting import AT, TODAY, Case, officer_at
from baiye.registry.tests.applying import upload as photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return Case()


def found(case, n=0, **changed):
    facts = {"indicator": case.indicators[n].pk, "edit": uuid.uuid4(), "verdict": "met", "points": 3, "base": 0}
    return Finding(**{**facts, **changed})


def save(case, inspection, *given, by=None):
    return findings.save_findings(inspection=inspection, findings=given, by=by or case.inspector, at=AT)


def test_plan_inspection_is_done_once_for_a_request(case):
    request = uuid.uuid4()

    first, again = case.planned(request=request), case.planned(request=request)

    assert first == again
    assert (first.kind, first.host, first.inspector) == ("first", case.host, case.inspector)


def test_plan_inspection_beside_an_open_one_is_refused(case):
    case.planned()

    with pytest.raises(InspectionRefused, match="已经安排了一次核查"):
        case.planned()


@pytest.mark.parametrize("state", ["submitted", "panel", "passed"])
def test_plan_inspection_out_of_turn_is_refused(state):
    with pytest.raises(InspectionRefused, match="还不到现场核查"):
        Case(state=state).planned()

    assert not Inspection.objects.exists()


def test_plan_inspection_in_the_past_or_by_somebody_of_the_host_is_refused(case):
    GrantFactory(user=case.inspector, role="host_instructor", unit=case.host.unit)

    with pytest.raises(InspectionRefused, match="今天或以后"):
        case.planned(planned_on=TODAY - timedelta(days=1))
    with pytest.raises(InspectionRefused, match="要回避"):
        case.planned()
    with pytest.raises(InspectionRefused, match="不管这份标准"):
        case.planned(inspector=case.manager)


def test_plan_inspection_under_another_agencys_standard_is_denied(case):
    with pytest.raises(PermissionDenied):
        case.planned(by=Case().second)


def test_save_findings_sent_twice_are_the_same(case):
    inspection, one = case.planned(), found(case, note="灭火器在门口")

    outcomes = [*save(case, inspection, one), *save(case, inspection, one)]

    assert [outcome.status for outcome in outcomes] == ["new", "same"]
    score = Score.objects.get()
    assert (score.points, score.note, score.version, score.saved_by) == (3, "灭火器在门口", 1, case.inspector)


def test_save_findings_from_an_older_version_are_a_conflict_and_change_nothing(case):
    inspection = case.planned()
    save(case, inspection, found(case, points=2))

    (outcome,) = save(case, inspection, found(case, points=1))

    assert (outcome.status, outcome.score.points) == ("conflict", 2)
    assert "另一台设备后来记了「符合」，2 分" in outcome.sentence
    (kept,) = save(case, inspection, found(case, points=1, base=1))
    assert kept.status == "new"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"points": 4}, "要给 0 到 3 分"), ({"points": None}, "要给 0 到 3 分"), ({"verdict": "好"}, "结论只能是")],
)
def test_save_findings_that_make_no_sense_are_refused_each_by_itself(case, changed, sentence):
    inspection = case.planned()

    bad, good = save(case, inspection, found(case, **changed), found(case, 1))

    assert (bad.status, good.status) == ("refused", "new")
    assert sentence in bad.sentence


def test_save_findings_by_anybody_but_the_inspector_is_denied(case):
    inspection = case.planned()

    for person in (case.second, case.manager):
        with pytest.raises(PermissionDenied):
            save(case, inspection, found(case), by=person)


def test_save_findings_once_signed_is_refused_until_the_signature_is_taken_back(case):
    inspection = case.planned()
    case.judge(inspection)
    inspections.sign_inspection(inspection=inspection, by=case.inspector, at=AT)

    with pytest.raises(InspectionRefused, match="先收回签字"):
        save(case, inspection, found(case, base=1))
    inspections.take_back_signature(inspection=inspection, by=case.inspector)

    assert save(case, inspection, found(case, base=1))[0].status == "new"


def add(case, inspection, pk=None, *, no_faces=True, upload=None):
    return findings.add_photo(
        inspection=inspection,
        photo_id=pk or uuid.uuid4(),
        upload=upload or photo(),
        no_faces=no_faces,
        indicator=case.indicators[0],
        by=case.inspector,
        at=AT,
    )


def test_add_photo_sent_twice_is_one(case):
    inspection, pk = case.planned(), uuid.uuid4()

    assert add(case, inspection, pk) == add(case, inspection, pk)
    assert (Photo.objects.count(), File.objects.count()) == (1, 1)


def test_add_photo_that_nobody_looked_at_for_faces_is_refused(case):
    with pytest.raises(InspectionRefused, match="没有人脸"):
        add(case, case.planned(), no_faces=False)

    assert not File.objects.exists()


def test_add_photo_with_an_id_of_another_inspection_is_refused(case):
    other, pk = Case(), uuid.uuid4()
    add(other, other.planned(), pk)

    with pytest.raises(InspectionRefused, match="另一次核查"):
        add(case, case.planned(), pk)


def test_sign_inspection_by_two_hands_it_to_the_panel(case):
    inspection = case.signed()

    case.application.refresh_from_db()
    assert (inspection.signed_at, inspection.second_by) == (AT, case.manager)
    assert case.application.state == "panel"
    assert case.application.steps.get().by == case.manager


def test_sign_inspection_with_an_open_indicator_is_refused(case):
    inspection = case.planned()
    save(case, inspection, found(case), found(case, 1))

    with pytest.raises(InspectionRefused, match="「动手时间不少于 60%」还没有结论"):
        inspections.sign_inspection(inspection=inspection, by=case.inspector, at=AT)


def test_sign_inspection_twice_by_the_inspector_or_before_them_is_refused(case):
    inspection = case.planned()
    case.judge(inspection)

    with pytest.raises(InspectionRefused, match="等核查人先签"):
        inspections.sign_inspection(inspection=inspection, by=case.manager, at=AT)
    inspections.sign_inspection(inspection=inspection, by=case.inspector, at=AT)
    with pytest.raises(InspectionRefused, match="另一位"):
        inspections.sign_inspection(inspection=inspection, by=case.inspector, at=AT)


def test_sign_inspection_by_a_stranger_is_denied(case):
    inspection = case.planned()

    for stranger in (Case().second, officer_at(Case().host.unit, "host_manager")):
        with pytest.raises(PermissionDenied):
            inspections.sign_inspection(inspection=inspection, by=stranger, at=AT)


def test_sign_inspection_of_an_application_that_was_taken_back_is_refused(case):
    inspection = case.planned()
    case.judge(inspection)
    type(case.application).objects.update(state="withdrawn")

    with pytest.raises(InspectionRefused, match="不在核查中"):
        inspections.sign_inspection(inspection=inspection, by=case.inspector, at=AT)


def test_cancel_inspection_makes_room_for_another_until_two_have_signed(case):
    first = case.planned()
    inspections.cancel_inspection(inspection=first, by=case.second, at=AT)

    signed = case.signed()

    with pytest.raises(InspectionRefused, match="不能取消"):
        inspections.cancel_inspection(inspection=signed, by=case.second, at=AT)
    with pytest.raises(InspectionRefused, match="取消了"):
        save(case, first, found(case))


def test_plan_review_is_at_an_accredited_host_one_at_a_time(case):
    accreditation = case.accredited()
    facts = {"accreditation": accreditation, "planned_on": TODAY, "inspector": case.inspector, "on": TODAY}

    review = inspections.plan_review(**facts, by=case.second, request=uuid.uuid4())

    assert (review.kind, review.application) == ("yearly", None)
    with pytest.raises(InspectionRefused, match="已经安排了一次年度复核"):
        inspections.plan_review(**facts, by=case.second, request=uuid.uuid4())
