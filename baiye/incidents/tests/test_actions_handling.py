"""Handling an incident: weigh, follow up, close by another, reopen."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock
from baiye.core.models import Event, Message
from baiye.incidents.actions import handling
from baiye.incidents.actions.handling import HandlingRefused
from baiye.incidents.tests.factories import IncidentFactory
from baiye.registry.tests.factories import AccreditationFactory, StandardFactory

pytestmark = pytest.mark.django_db
SOON = timedelta(days=3)


@pytest.fixture
def incident():
    return IncidentFactory()


def handler_of(incident, role="coordinator"):
    return GrantFactory(role=role, unit=incident.unit.parent).user


def weighed(incident, owner, severity="serious", by=None):
    handling.weigh(
        incident=incident,
        severity=severity,
        owner=owner,
        due_on=clock.today() + SOON,
        by=by or owner,
        at=clock.now(),
    )


def test_weigh_says_how_heavy_who_and_by_when_and_tells_the_owner(incident):
    by, owner = handler_of(incident), handler_of(incident, "district_officer")

    weighed(incident, owner, by=by)

    assert (incident.severity, incident.owner, incident.due_on) == ("serious", owner, clock.today() + SOON)
    assert [step.kind for step in incident.steps.all()] == ["triage"]
    assert Message.objects.filter(to=owner, kind="incident.told").count() == 1


def test_weigh_by_somebody_of_another_district_is_denied_and_leaves_nothing(incident):
    stranger = handler_of(IncidentFactory())

    with pytest.raises(PermissionDenied):
        weighed(incident, stranger)

    assert (incident.steps.count(), Event.objects.filter(kind="incident.weighed").count()) == (0, 0)


def test_weigh_for_an_owner_who_may_not_handle_it_is_refused(incident):
    stranger = handler_of(IncidentFactory())

    with pytest.raises(HandlingRefused, match="没有处理这件事的权限"):
        weighed(incident, stranger, by=handler_of(incident))


def test_weigh_with_a_day_that_is_past_is_refused(incident):
    owner = handler_of(incident)

    with pytest.raises(HandlingRefused, match="不能早于今天"):
        handling.weigh(
            incident=incident,
            severity="minor",
            owner=owner,
            due_on=clock.today() - timedelta(days=1),
            by=owner,
            at=clock.now(),
        )


def test_follow_up_is_added(incident):
    handling.follow_up(incident=incident, text=" 已与家长通话 ", by=handler_of(incident), at=clock.now())

    assert [step.text for step in incident.steps.all()] == ["已与家长通话"]


def test_close_a_serious_one_by_its_owner_is_refused(incident):
    owner = handler_of(incident)
    weighed(incident, owner)

    with pytest.raises(HandlingRefused, match="另一位"):
        handling.close(incident=incident, text="查明", by=owner, at=clock.now())


def test_close_by_another_tells_the_reporter(incident):
    weighed(incident, handler_of(incident))

    handling.close(incident=incident, text="查明", by=handler_of(incident, "district_officer"), at=clock.now())

    assert incident.closed_at is not None
    assert Message.objects.filter(to=incident.reported_by, subject="您报告的事件已经办结").count() == 1


def test_close_a_minor_one_by_its_owner(incident):
    owner = handler_of(incident)
    weighed(incident, owner, "minor")

    handling.close(incident=incident, text="创可贴", by=owner, at=clock.now())

    assert incident.closed_by == owner


def test_close_before_it_is_weighed_is_refused(incident):
    with pytest.raises(HandlingRefused, match="先定级"):
        handling.close(incident=incident, text="查明", by=handler_of(incident), at=clock.now())


def test_close_before_the_police_was_told_is_refused():
    incident = IncidentFactory(kind="harm", told=["district"])
    weighed(incident, handler_of(incident))

    with pytest.raises(HandlingRefused, match="110 公安"):
        handling.close(incident=incident, text="查明", by=handler_of(incident), at=clock.now())


def test_reopen_needs_a_reason_and_lets_it_go_on(incident):
    owner = handler_of(incident)
    weighed(incident, owner, "minor")
    handling.close(incident=incident, text="结", by=owner, at=clock.now())

    with pytest.raises(HandlingRefused, match="为什么"):
        handling.reopen(incident=incident, text=" ", by=owner, at=clock.now())
    handling.reopen(incident=incident, text="家长有新情况", by=owner, at=clock.now())

    assert (incident.closed_at, [step.kind for step in incident.steps.all()][-1]) == (None, "reopened")


@pytest.mark.parametrize("act", [handling.follow_up, handling.close])
def test_a_step_on_a_closed_one_is_refused(incident, act):
    owner = handler_of(incident)
    weighed(incident, owner, "minor")
    handling.close(incident=incident, text="结", by=owner, at=clock.now())

    with pytest.raises(HandlingRefused, match="已经结案"):
        act(incident=incident, text="再写", by=owner, at=clock.now())


def accredited(incident):
    district = incident.unit.parent
    return AccreditationFactory(host=incident.host, standard=StandardFactory(name="示例标准", keeper=district))


def test_suspend_host_suspends_what_holds_today_and_stays_among_the_steps(incident):
    accreditation = accredited(incident)

    handling.suspend_host(incident=incident, because="设备要检修", by=handler_of(incident), at=clock.now())

    accreditation.refresh_from_db()
    assert accreditation.suspended_on == clock.today()
    assert [(step.kind, step.text) for step in incident.steps.all()] == [("suspended", "设备要检修")]
    assert [measure.because for measure in accreditation.measures.all()] == ["设备要检修"]


def test_suspend_host_that_holds_no_accreditation_is_refused(incident):
    with pytest.raises(HandlingRefused, match="没有有效的认定"):
        handling.suspend_host(incident=incident, because="检修", by=handler_of(incident), at=clock.now())


def test_suspend_host_without_a_reason_is_refused_and_leaves_nothing(incident):
    accreditation = accredited(incident)

    with pytest.raises(HandlingRefused, match="理由"):
        handling.suspend_host(incident=incident, because=" ", by=handler_of(incident), at=clock.now())

    accreditation.refresh_from_db()
    assert (accreditation.suspended_on, incident.steps.count()) == (None, 0)


def test_suspend_host_by_somebody_of_another_district_is_denied(incident):
    accredited(incident)

    with pytest.raises(PermissionDenied):
        handling.suspend_host(incident=incident, because="检修", by=handler_of(IncidentFactory()), at=clock.now())
