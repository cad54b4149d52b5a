"""Looking for penalties: by who reviews, once, and before anybody passes; and what is known of a host's conduct."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.registry import conduct
from baiye.registry.actions.decisions import DecisionRefused
from baiye.registry.actions.inspections import sign_inspection
from baiye.registry.actions.penalties import PenaltyCheckRefused
from baiye.registry.conduct import Known, known_of
from baiye.registry.models import Application, Decision, PenaltyCheck, Signature
from baiye.registry.tests.accrediting import AT, TODAY, Case, got, officer_at, sent
from baiye.registry.tests.factories import HostFactory
from tests.rig.promises import refused

pytestmark = pytest.mark.django_db
ASSESSED = "registry:assessment"


@pytest.fixture
def case():
    return Case()


@pytest.fixture
def told(monkeypatch):
    """What a room above knows: two things, whatever the host; and the questions it was asked."""
    asked = []

    def find(hosts, since):
        asked.append((sorted(hosts), since))
        yield Known("投诉属实", "不安全", (date(2026, 6, 1), date(2025, 3, 2)))
        yield Known("事件报告", "食品或过敏", (date(2024, 1, 9),), "较重")

    monkeypatch.setattr(conduct, "FINDERS", [find])
    return asked


def unchecked(case):
    """The signed inspection of an application about which nobody looked anything up."""
    inspection = case.planned()
    case.judge(inspection)
    for person in (case.inspector, case.manager):
        inspection = sign_inspection(inspection=inspection, by=person, at=AT)
    return inspection


def test_note_penalty_check_is_kept_and_on_record(case):
    check = case.looked_up("2025 年因广告罚款")

    assert (check.place, check.found, check.at, check.by) == ("credit_china", "2025 年因广告罚款", AT, case.inspector)
    event = Event.objects.get(kind="penalties.checked")
    assert (event.actor_id, event.facts["clean"]) == (case.inspector.pk, False)
    assert "罚款" not in str(event.facts)


def test_note_penalty_check_sent_twice_is_one(case):
    request = uuid.uuid4()

    first, second = case.looked_up(request=request), case.looked_up("又一次", request=request)

    assert first == second
    assert (PenaltyCheck.objects.count(), Event.objects.filter(kind="penalties.checked").count()) == (1, 1)


def test_note_penalty_check_of_another_applications_request_is_refused(case):
    request = uuid.uuid4()
    Case().looked_up(request=request)

    with pytest.raises(PenaltyCheckRefused, match="另一份申报"):
        case.looked_up(request=request)


@pytest.mark.parametrize(
    ("state", "place", "why"), [("passed", "gsxt", "不用再查"), ("panel", "moon", "请选在哪里查的")]
)
def test_note_penalty_check_that_makes_no_sense_is_refused_and_leaves_nothing(case, state, place, why):
    Application.objects.update(state=state)

    with pytest.raises(PenaltyCheckRefused, match=why):
        case.looked_up(place=place)

    assert not PenaltyCheck.objects.exists()
    assert not Event.objects.filter(kind="penalties.checked").exists()


def test_note_penalty_check_by_somebody_of_the_host_is_refused(case):
    both = officer_at(case.host.unit, "host_instructor")
    GrantFactory(role="agency_officer", unit=case.keeper, user=both)

    with pytest.raises(PenaltyCheckRefused, match="要回避"):
        case.looked_up(by=both)


def test_note_penalty_check_by_who_does_not_review_is_denied(case):
    for person in (case.manager, Case().second):
        with pytest.raises(PermissionDenied):
            case.looked_up(by=person)


def test_propose_a_pass_before_anybody_looked_is_refused(case):
    inspection = unchecked(case)

    with pytest.raises(DecisionRefused, match="还没有查过近三年的行政处罚"):
        case.proposed(inspection=inspection)

    assert not Decision.objects.exists()


def test_a_pass_takes_force_only_after_a_penalty_check_says_the_database(case):
    decision = Decision.objects.create(
        inspection=unchecked(case), outcome="pass", opinion="好", proposed_by=case.inspector, proposed_at=AT
    )
    for person in (case.inspector, case.second):
        Signature.objects.create(decision=decision, by=person, agrees=True, at=AT)

    with refused("decision_passes_only_after_a_penalty_check"):
        Decision.objects.update(in_force_at=AT)


def test_a_penalty_check_stays(case):
    case.looked_up()

    with refused("penalty_check_stays"):
        PenaltyCheck.objects.update(found="改")
    with refused("penalty_check_stays"):
        PenaltyCheck.objects.all().delete()


def test_known_of_asks_about_a_host_and_what_was_merged_into_it_for_three_years(told):
    host = HostFactory()
    merged = HostFactory(merged_into=host, merged_at=AT, merged_by=officer_at(host.unit))
    HostFactory()

    known = known_of(host, TODAY)

    assert told == [(sorted([host.pk, merged.pk]), date(2023, 9, 7))]
    assert [(one.what, one.n) for one in known] == [("投诉属实", 2), ("事件报告", 1)]


def test_the_panel_and_the_inspector_read_what_is_known_and_the_host_does_not(case, told):
    made = case.accredited()
    other = Case(keeper=case.keeper, host=case.host)
    inspection = other.planned(planned_on=clock.today() + timedelta(days=3))
    office = [(ASSESSED, other.application.pk), ("registry:inspection", inspection.pk)]
    office.append(("registry:accreditation", made.pk))

    shown = [got(case.second, name, key).content.decode() for name, key in office]
    to_host = [got(case.manager, name, key).content.decode() for name, key in office[1:]]

    for page in shown:
        assert all(word in page for word in ("投诉属实", "不安全", "2 次", "事件报告", "食品或过敏", "较重"))
    for page in to_host:
        assert "投诉属实" not in page


def test_penalty_check_on_the_desk_is_noted_and_shown(case):
    found = {"place": "gsxt", "clean_record": "no", "found": "2024 年罚款一次", "request": str(uuid.uuid4())}

    answers = [sent(case.second, "registry:penalty-check", case.application.pk, **found) for _n in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    page = got(case.second, ASSESSED, case.application.pk).content.decode()
    assert PenaltyCheck.objects.count() == 1
    assert "2024 年罚款一次" in page


def test_penalty_check_that_contradicts_itself_keeps_what_was_typed(case):
    found = {"place": "gsxt", "clean_record": "yes", "found": "2024 年罚款一次", "request": str(uuid.uuid4())}

    answer = sent(case.second, "registry:penalty-check", case.application.pk, **found)

    assert answer.status_code == 422
    assert "2024 年罚款一次</textarea>" in answer.content.decode()
    assert not PenaltyCheck.objects.exists()


def test_penalty_check_by_the_host_or_another_office_is_not_found(case):
    said = {"place": "gsxt", "clean_record": "yes", "request": str(uuid.uuid4())}

    for person in (case.manager, Case().second):
        assert sent(person, "registry:penalty-check", case.application.pk, **said).status_code == 404
