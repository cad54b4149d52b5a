"""What handlers do about an incident: weigh, follow up, suspend the host, close, reopen. Each is a step that stays."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core import audit, clock, crypto, messages
from baiye.core.refusals import Refused
from baiye.incidents import permissions
from baiye.incidents.actions.reports import still_to_tell
from baiye.incidents.models import Incident, Step
from baiye.incidents.queries.reports import handlers_of
from baiye.registry.actions.measures import take_measure
from baiye.registry.models import Measure
from baiye.registry.queries.accreditations import accreditations_for
from baiye.registry.queries.hosts import accredited_on


class HandlingRefused(Refused):
    """The step may not be taken now."""


@transaction.atomic
def weigh(
    *, incident: Incident, severity: str, owner: User, due_on: date, text: str = "", by: User, at: datetime
) -> Step:
    """Say how heavy an incident is, who sees to it and by when; may be said anew while it is open.

    Raises
    ------
    PermissionDenied
        ``by`` does not handle incidents there.
    HandlingRefused
        It is closed, the day is past, or ``owner`` does not handle incidents there.
    """
    locked = _locked(incident, by)
    if locked.closed_at is not None:
        raise HandlingRefused(_("这件已经结案。要继续处理，先重开。"))
    if due_on < clock.day_of(at):
        raise HandlingRefused(_("办理期限不能早于今天。请改一个日期。"))
    if not handlers_of(incident.unit, clock.day_of(at)).filter(pk=owner.pk).exists():
        raise HandlingRefused(_("%(name)s 没有处理这件事的权限。请换一位。") % {"name": owner.name})
    Incident.objects.filter(pk=locked.pk).update(severity=severity, owner=owner, due_on=due_on)
    incident.refresh_from_db(fields=["severity", "owner", "due_on"])
    said = _("%(severity)s，由 %(owner)s 在 %(day)s 前办结。") % {
        "severity": incident.get_severity_display(),
        "owner": owner.name,
        "day": due_on.isoformat(),
    }
    step = _step(incident, "triage", " ".join(filter(None, [said, text.strip()])), by, at)
    audit.record("incident.weighed", by=by, on=incident, at_unit=incident.unit.path, severity=severity, owner=owner.pk)
    if owner.pk != by.pk:
        _tell(incident, [owner], _("请您办理一件事件报告"), f"incident-{incident.pk}-owner-{owner.pk}-{step.pk}", at)
    return step


@transaction.atomic
def follow_up(*, incident: Incident, text: str, by: User, at: datetime) -> Step:
    """Add what was found out or done."""
    locked = _locked(incident, by)
    if locked.closed_at is not None:
        raise HandlingRefused(_("这件已经结案。要继续处理，先重开。"))
    if not text.strip():
        raise HandlingRefused(_("请写下跟进的内容。"))
    step = _step(incident, "note", text.strip(), by, at)
    audit.record("incident.followed_up", by=by, on=incident, at_unit=incident.unit.path)
    return step


@transaction.atomic
def suspend_host(*, incident: Incident, because: str, by: User, at: datetime) -> list[Measure]:
    """Suspend every accreditation of the incident's host that holds today; ``because`` is read by the host.

    Raises
    ------
    PermissionDenied
        ``by`` does not handle the incident, or does not decide about the host.
    HandlingRefused
        No host is named, nothing holds that could be suspended, or no reason is given.
    """
    _locked(incident, by)
    if incident.host is None:
        raise HandlingRefused(_("这件事没有涉及某一家基地，没有可以暂停的。"))
    if not because.strip():
        raise HandlingRefused(_("请写下给基地的理由，不写学生的情况。"))
    standing = list(accreditations_for(by).filter(accredited_on(clock.day_of(at)), host=incident.host))
    if not standing:
        raise HandlingRefused(_("这家基地今天没有有效的认定，不用再暂停。"))
    measures = [take_measure(accreditation=one, kind="suspension", because=because, by=by, at=at) for one in standing]
    _step(incident, "suspended", because.strip(), by, at)
    audit.record("incident.host_suspended", by=by, on=incident, at_unit=incident.unit.path, host=incident.host.pk)
    return measures


@transaction.atomic
def close(*, incident: Incident, text: str, by: User, at: datetime) -> Step:
    """Close an incident with what was found; one that is more than minor is closed by somebody other than its owner.

    Raises
    ------
    HandlingRefused
        It is not weighed, closed already, owned by ``by`` though more than minor, says nothing, or somebody has not
        been told whom the law asks to be told.
    """
    locked = _locked(incident, by)
    if locked.closed_at is not None:
        raise HandlingRefused(_("这件已经结案了。"))
    if not locked.severity:
        raise HandlingRefused(_("先定级和分派，再结案。"))
    if locked.severity != "minor" and locked.owner_id == by.pk:
        raise HandlingRefused(_("较重和严重的事件要由另一位来结案。请让同事复核后结案。"))
    if missing := still_to_tell(incident):
        names = "、".join(str(dict(Incident.TOLD)[whom]) for whom in sorted(missing))
        raise HandlingRefused(_("依法还要告知：%(names)s。先告知并记下，再结案。") % {"names": names})
    if not text.strip():
        raise HandlingRefused(_("请写下查明的情况和结论。"))
    Incident.objects.filter(pk=locked.pk).update(closed_at=at, closed_by=by)
    incident.refresh_from_db(fields=["closed_at", "closed_by"])
    step = _step(incident, "closed", text.strip(), by, at)
    audit.record("incident.closed", by=by, on=incident, at_unit=incident.unit.path)
    _tell(incident, [incident.reported_by], _("您报告的事件已经办结"), f"incident-{incident.pk}-closed-{step.pk}", at)
    return step


@transaction.atomic
def reopen(*, incident: Incident, text: str, by: User, at: datetime) -> Step:
    """Open a closed incident again, saying why."""
    locked = _locked(incident, by)
    if locked.closed_at is None:
        raise HandlingRefused(_("这件还没有结案。"))
    if not text.strip():
        raise HandlingRefused(_("请写下为什么重开。"))
    Incident.objects.filter(pk=locked.pk).update(closed_at=None, closed_by=None)
    incident.refresh_from_db(fields=["closed_at", "closed_by"])
    step = _step(incident, "reopened", text.strip(), by, at)
    audit.record("incident.reopened", by=by, on=incident, at_unit=incident.unit.path)
    return step


def _locked(incident: Incident, by: User) -> Incident:
    """The incident's row, held until the action ends; for who handles it alone."""
    if not permissions.reads(by, incident):
        raise PermissionDenied("incident.handle")
    return Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)


def _step(incident: Incident, kind: str, text: str, by: User, at: datetime) -> Step:
    return Step.objects.create(incident=incident, at=at, by=by, kind=kind, text_sealed=crypto.encrypt(text))


def _tell(incident: Incident, people: list[User], subject: str, key: str, at: datetime) -> None:
    url = reverse("incidents:incident", args=[incident.pk])
    messages.send(to=people, kind="incident.told", key=key, subject=subject, body=_("点开查看。"), url=url, at=at)
