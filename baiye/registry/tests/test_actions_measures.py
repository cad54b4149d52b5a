"""Warning, suspension, hearing, revocation, dormancy; and what is refused."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import jobs
from baiye.core.models import Message
from baiye.core.tests.factories import queued
from baiye.registry import dormancy
from baiye.registry.actions import measures
from baiye.registry.actions.measures import MeasureRefused
from baiye.registry.models import Accreditation, Measure
from baiye.registry.queries.accreditations import history, state_of
from baiye.registry.tests.accrediting import AT, TODAY, Case, officer_at

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=10)


@pytest.fixture
def case():
    case = Case()
    case.accreditation = case.accredited()
    return case


def take(case, kind, **changed):
    facts = {"kind": kind, "because": "有学生在走廊等了半小时", "by": case.inspector, "at": AT}
    return measures.take_measure(accreditation=case.accreditation, **{**facts, **changed})


def heard(case):
    return take(case, "hearing", on=TODAY + timedelta(days=7))


def propose(case, *, by=None, at=LATER):
    return measures.propose_revocation(
        accreditation=case.accreditation, because="拿认定做招生广告", by=by or case.inspector, at=at
    )


def fresh(case):
    return Accreditation.objects.get(pk=case.accreditation.pk)


def test_take_measure_sent_twice_is_one(case):
    request = uuid.uuid4()

    assert take(case, "warning", request=request) == take(case, "warning", request=request)
    assert fresh(case).suspended_on is None


def test_suspension_stops_at_once_and_resumption_lifts_it(case):
    take(case, "suspension")
    assert (fresh(case).suspended_on, fresh(case).suspended_by) == (TODAY, case.inspector)
    with pytest.raises(MeasureRefused, match="已经暂停着"):
        take(case, "suspension")

    take(case, "resumption")

    assert fresh(case).suspended_on is None
    taken = [(measure.kind, measure.at) for measure in Measure.objects.order_by("pk")]
    assert taken == [("suspension", AT), ("resumption", AT)]


@pytest.mark.parametrize(
    ("kind", "changed", "sentence"),
    [
        ("resumption", {}, "没有暂停"),
        ("warning", {"because": " "}, "请写明理由"),
        ("hearing", {"on": TODAY}, "今天以后"),
        ("revocation", {}, "两个人签字"),
        ("dormancy", {}, "两个人签字"),
    ],
)
def test_take_measure_that_does_not_fit_is_refused(case, kind, changed, sentence):
    with pytest.raises(MeasureRefused, match=sentence):
        take(case, kind, **changed)

    assert not Measure.objects.exists()


def test_take_measure_by_the_host_or_another_agency_is_denied(case):
    for person in (case.manager, Case().second):
        with pytest.raises(PermissionDenied):
            take(case, "warning", by=person)


def test_revocation_takes_a_hearing_whose_day_has_come_and_two_people(case):
    with pytest.raises(MeasureRefused, match="先告知听证"):
        propose(case)
    heard(case)
    with pytest.raises(MeasureRefused, match="先告知听证"):
        propose(case, at=AT)
    proposal = propose(case)
    with pytest.raises(MeasureRefused, match="另一位同事"):
        measures.sign_revocation(proposal=proposal, by=case.inspector, at=LATER)

    measure = measures.sign_revocation(proposal=proposal, by=case.second, at=LATER)

    assert (measure.kind, measure.by, measure.second_by) == ("revocation", case.inspector, case.second)
    assert measure.at == LATER
    assert fresh(case).revoked_on == TODAY + timedelta(days=10)
    assert measures.sign_revocation(proposal=proposal, by=case.second, at=LATER) == measure
    with pytest.raises(MeasureRefused, match="已经撤销"):
        take(case, "warning")


def test_proposed_revocation_is_one_and_can_be_taken_back(case):
    heard(case)
    proposal = propose(case)
    assert propose(case, by=case.second) == proposal

    measures.withdraw_proposal(proposal=proposal, by=case.second, at=LATER)

    with pytest.raises(MeasureRefused, match="已经收回"):
        measures.sign_revocation(proposal=proposal, by=case.second, at=LATER)


@pytest.fixture
def visited(monkeypatch):
    """Says when the last visit was; first none."""
    days: dict[int, date] = {}
    monkeypatch.setattr(dormancy, "LAST_VISITS", [lambda _hosts: days])
    return days


def test_let_sleep_suspends_whom_nobody_visited_and_only_once(case, visited):
    on = date(2027, 9, 8)
    assert measures.let_sleep(on=date(2027, 9, 7)) == []

    (measure,) = measures.let_sleep(on=on)

    assert (measure.kind, measure.by, fresh(case).dormant_on) == ("dormancy", None, on)
    assert measures.let_sleep(on=on) == []
    assert state_of(fresh(case), on) == "suspended"


def test_the_coming_visits_are_looked_at_once_and_only_where_a_host_is_stopped(case, visited):
    other = Case()
    other.accredited()
    jobs.run_due()

    take(case, "warning")
    assert "visits.tell_lapses" not in queued()
    assert len(measures.let_sleep(on=date(2027, 9, 8))) == 2

    assert queued().count("visits.tell_lapses") == 1


def test_let_sleep_counts_from_the_last_visit_and_the_last_resumption(case, visited):
    visited[case.host.pk] = date(2027, 3, 1)
    assert measures.let_sleep(on=date(2028, 3, 1)) == []
    assert len(measures.let_sleep(on=date(2028, 3, 2))) == 1

    take(case, "resumption", at=AT + timedelta(days=600))

    assert measures.let_sleep(on=date(2028, 6, 1)) == []


def test_the_host_is_told_of_each_measure_once(case):
    measure = take(case, "warning")
    jobs.run_due()
    jobs.later("registry.tell_measure", measure_id=measure.pk)

    jobs.run_due()

    told = Message.objects.filter(kind="measure.taken", to=case.manager)
    assert [message.body for message in told] == ["有学生在走廊等了半小时"]


def test_history_holds_every_step_with_day_and_names(case, django_assert_num_queries):
    take(case, "suspension")

    with django_assert_num_queries(9):
        found = history(fresh(case))

    titles = ["首次核查，两人签字", "评审结论：通过", "申报：待评审", "申报：已通过"]
    assert [entry.title for entry in found][:-1] == titles
    assert found[-1].title.startswith("暂停")
    assert all(entry.who for entry in found)


def test_measures_by_who_belongs_to_the_host_are_refused(case):
    heard(case)
    partial = officer_at(case.keeper)
    GrantFactory(user=partial, role="host_instructor", unit=case.host.unit)

    for act in (
        lambda: take(case, "suspension", by=partial),
        lambda: propose(case, by=partial),
        lambda: measures.sign_revocation(proposal=propose(case), by=partial, at=LATER),
    ):
        with pytest.raises(MeasureRefused, match="要回避"):
            act()

    assert (fresh(case).suspended_on, fresh(case).revoked_on) == (None, None)
