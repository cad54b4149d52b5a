"""A standard, a host that applied by it, and two officers of the body that keeps it; then on to the accreditation."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import GrantFactory, UnitFactory
from baiye.registry.actions import decisions, findings, inspections, penalties
from baiye.registry.models import (
    Accreditation,
    Application,
    Decision,
    Host,
    Indicator,
    Inspection,
    PenaltyCheck,
    Standard,
)
from baiye.registry.tests.applying import ApplicationFactory
from baiye.registry.tests.factories import HostFactory

AT = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)
TODAY = date(2026, 9, 7)
LINES = (("安全", "场地消防验收合格"), ("安全", "设备防护与急停"), ("课程", "动手时间不少于 60%"))


def standard_of(keeper: Unit, *, name: str = "示例认定标准", pass_points: int = 6) -> Standard:
    """A published standard: three indicators of three points, passed at six, none below one."""
    made = Standard.objects.create(name=name, version=1, keeper=keeper, pass_points=pass_points, needs=["insurance"])
    rows = [Indicator(standard=made, number=n, area=a, title=t, points=3, floor=1) for n, (a, t) in enumerate(LINES, 1)]
    Indicator.objects.bulk_create(rows)
    made.published_on = date(2026, 1, 1)
    made.save(update_fields=["published_on"])
    return made


def officer_at(unit: Unit, role: str = "agency_officer") -> User:
    """Somebody who holds a role at a unit."""
    person: User = GrantFactory(role=role, unit=unit).user
    return person


@dataclass
class Case:
    """One application under review; people fresh each time, since grants are remembered on them."""

    keeper: Unit = field(default_factory=lambda: UnitFactory(kind="agency", name=f"示例部门{uuid.uuid4().hex[:6]}"))
    host: Host = field(default_factory=HostFactory)
    state: str = "inspection"
    kind: str = "new"

    def __post_init__(self) -> None:
        self.standard = standard_of(self.keeper, name=f"示例认定标准{uuid.uuid4().hex[:6]}")
        self.inspector = officer_at(self.keeper)
        self.second = officer_at(self.keeper)
        self.manager = officer_at(self.host.unit, "host_manager")
        self.application: Application = ApplicationFactory(
            standard=self.standard,
            host=self.host,
            state=self.state,
            kind=self.kind,
            name=self.host.unit.name,
            submitted_at=AT,
            declared_at=AT,
        )
        self.indicators = list(self.standard.indicators.order_by("number"))

    def planned(self, **changed: object) -> Inspection:
        """The inspection, planned."""
        facts = {"planned_on": TODAY, "inspector": self.inspector, "by": self.second, "on": TODAY}
        return inspections.plan_inspection(
            **{"application": self.application, "request": uuid.uuid4(), **facts, **changed}
        )

    def judge(self, inspection: Inspection, *points: int) -> None:
        """Judge every indicator as met, with these points or three."""
        given = [*points, *[3] * len(self.indicators)]
        found = [
            findings.Finding(indicator=row.pk, edit=uuid.uuid4(), verdict="met", points=given[n])
            for n, row in enumerate(self.indicators)
        ]
        findings.save_findings(inspection=inspection, findings=found, by=self.inspector, at=AT)

    def looked_up(self, found: str = "", **changed: object) -> PenaltyCheck:
        """A look for penalties; without one nobody passes."""
        facts = {"place": "credit_china", "request": uuid.uuid4(), "by": self.inspector, "at": AT}
        return penalties.note_penalty_check(**{"application": self.application, "found": found, **facts, **changed})

    def signed(self, *points: int, inspection: Inspection | None = None) -> Inspection:
        """The inspection, judged and signed by two; somebody has looked for penalties."""
        self.looked_up()
        inspection = inspection or self.planned()
        self.judge(inspection, *points)
        inspections.sign_inspection(inspection=inspection, by=self.inspector, at=AT)
        return inspections.sign_inspection(inspection=inspection, by=self.manager, at=AT)

    def proposed(self, outcome: str = "pass", *, inspection: Inspection | None = None, **changed: object) -> Decision:
        """A decision proposed by the inspector."""
        said = {"conditions": "", "due_on": None}
        if outcome == "conditions":
            said = {"conditions": "把动手时间提到 60% 以上", "due_on": TODAY + timedelta(days=15)}
        facts = {"outcome": outcome, "opinion": "照方案开课", **said, "by": self.inspector, "at": AT}
        return decisions.propose_decision(**{"inspection": inspection or self.signed(), **facts, **changed})

    def decided(self, outcome: str = "pass", **changed: object) -> Decision:
        """A decision in force."""
        decision = self.proposed(outcome, **changed)
        return decisions.sign_decision(decision=decision, agrees=True, note="", by=self.second, at=AT)

    def accredited(self) -> Accreditation:
        """The accreditation that follows a pass."""
        return Accreditation.objects.get(decision=self.decided())


def as_(user: User) -> Client:
    """A browser in which ``user`` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def got(user: User, name: str, /, *keys: object) -> HttpResponse:
    """What ``user`` sees at an address."""
    return as_(user).get(reverse(name, args=keys))


def sent(user: User, name: str, /, *keys: object, **data: object) -> HttpResponse:
    """What a form of ``user`` is answered."""
    return as_(user).post(reverse(name, args=keys), data)
