"""What is done about an accreditation: review, warning, suspension, resumption, hearing, revocation, dormancy."""

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core import audit, clock, jobs
from baiye.core.refusals import Refused
from baiye.registry import dormancy
from baiye.registry.models import Accreditation, Measure, Proposal
from baiye.registry.permissions import require_review, serves
from baiye.registry.queries.accreditations import awake, hearing_held

BY_ONE = ("review", "warning", "suspension", "resumption", "hearing")  # what one signature is enough for


class MeasureRefused(Refused):
    """The measure cannot be taken now."""


@transaction.atomic
def take_measure(
    *,
    accreditation: Accreditation,
    kind: str,
    because: str,
    by: User,
    at: datetime,
    on: date | None = None,
    request: uuid.UUID | None = None,
) -> Measure:
    """Take a measure that needs one signature; ``on`` is the day of a hearing, all others hold from today.

    Raises
    ------
    MeasureRefused
        It does not fit what the accreditation is now, says no reason, or the hearing is not on a coming day.
    """
    now = _locked(accreditation, by)
    if request and (found := now.measures.filter(request=request).first()):
        return found
    today = clock.day_of(at)
    if kind not in BY_ONE:
        raise MeasureRefused(_("这一步要走听证和两个人签字。"))
    if not because.strip():
        raise MeasureRefused(_("请写明理由，基地会看到，也可以申诉。"))
    if now.revoked_on is not None:
        raise MeasureRefused(_("这份认定已经撤销，不能再做别的处理。"))
    if check := CHECKS.get(kind):
        check(now, today, on)
    day = on if kind == "hearing" and on else today
    measure = _write(now, kind, because, day, by, request=request, at=at)
    if kind == "suspension":
        _suspend(now, today, because, by)
    elif kind == "resumption":
        lift(now)
    return measure


@transaction.atomic
def propose_revocation(*, accreditation: Accreditation, because: str, by: User, at: datetime) -> Proposal:
    """Ask for a revocation once the hearing's day has come; another person signs it.

    Raises
    ------
    MeasureRefused
        No hearing was held, it is revoked already, or no reason is given.
    """
    now = _locked(accreditation, by)
    if now.revoked_on is not None:
        raise MeasureRefused(_("这份认定早先已经撤销了。"))
    if not because.strip():
        raise MeasureRefused(_("请写明撤销的理由，基地会看到，也可以申诉。"))
    if not hearing_held(now, clock.day_of(at)):
        raise MeasureRefused(_("撤销前要先告知听证，并等到听证那天以后。"))
    if found := now.proposals.filter(measure=None, withdrawn_at=None).first():
        return found
    proposal = Proposal.objects.create(accreditation=now, because=because, proposed_at=at, proposed_by=by)
    _record("revocation.proposed", now, by)
    jobs.later("registry.tell_proposal", proposal_id=proposal.pk)
    return proposal


@transaction.atomic
def sign_revocation(*, proposal: Proposal, by: User, at: datetime) -> Measure:
    """The second signature: the accreditation is revoked from today on.

    Raises
    ------
    MeasureRefused
        ``by`` proposed it, or it was taken back.
    """
    now = _locked(proposal.accreditation, by)
    locked = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if locked.measure is not None:
        return locked.measure
    if locked.withdrawn_at is not None:
        raise MeasureRefused(_("提请已经收回，不用签字。"))
    if locked.proposed_by_id == by.pk:
        raise MeasureRefused(_("撤销是您提请的，第二个签字要请另一位同事。"))
    today = clock.day_of(at)
    locked.measure = _write(now, "revocation", locked.because, today, locked.proposed_by, second_by=by, at=at)
    locked.save(update_fields=["measure"])
    now.revoked_on, now.revoked_by = today, by
    now.save(update_fields=["revoked_on", "revoked_by"])
    return locked.measure


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: User, at: datetime) -> None:
    """Take a proposed revocation back before it is signed; whoever may sign it may."""
    now = _locked(proposal.accreditation, by)
    locked = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if locked.measure is not None or locked.withdrawn_at is not None:
        raise MeasureRefused(_("提请早先已经签字或收回了。"))
    locked.withdrawn_at, locked.withdrawn_by = at, by
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _record("revocation.withdrawn", now, by)


@transaction.atomic
def let_sleep(*, on: date) -> list[Measure]:
    """Suspend every accreditation under which no visit was held for as long as its standard says; run twice, once.

    What was suspended by hand, revoked, or has begun or been resumed later than that is left alone.
    """
    rows = list(awake(on))
    last = dormancy.last_visits({row.host_id for row in rows})
    over = [row.pk for row in rows if dormancy.is_over(row, last.get(row.host_id), on)]
    still = awake(on).filter(pk__in=over).select_for_update(of=("self",))  # resumed or suspended meanwhile: not again
    slept = [_put_to_sleep(row, on) for row in still if dormancy.is_over(row, last.get(row.host_id), on)]
    if slept:
        jobs.later("visits.tell_lapses")  # once for all of them
    return slept


def _put_to_sleep(accreditation: Accreditation, on: date) -> Measure:
    because = _("%(n)d 个月没有接待学生，自动休眠。要恢复，请联系协调中心。") % {
        "n": accreditation.standard.dormant_months
    }
    accreditation.suspended_on = accreditation.dormant_on = on
    accreditation.reason = because[:200]
    accreditation.save(update_fields=["suspended_on", "dormant_on", "reason"])
    return _write(accreditation, "dormancy", because, on, None)


def lift(accreditation: Accreditation) -> None:
    """The accreditation holds again; its measures stay on record. In the caller's transaction."""
    none = {"suspended_on": None, "suspended_by": None, "dormant_on": None, "revoked_on": None, "revoked_by": None}
    Accreditation.objects.filter(pk=accreditation.pk).update(reason="", **none)
    accreditation.refresh_from_db()


def write_resumption(accreditation: Accreditation, because: str, by: User, at: datetime) -> Measure:
    """Lift what was done, as the answer to an appeal; in the caller's transaction."""
    lift(accreditation)
    return _write(accreditation, "resumption", because, clock.day_of(at), by, at=at)


def _suspend(accreditation: Accreditation, on: date, because: str, by: User) -> None:
    accreditation.suspended_on, accreditation.suspended_by, accreditation.dormant_on = on, by, None
    accreditation.reason = because[:200]
    accreditation.save(update_fields=["suspended_on", "suspended_by", "dormant_on", "reason"])


def _may_suspend(accreditation: Accreditation, _today: date, _on: date | None) -> None:
    if accreditation.suspended_on is not None and accreditation.dormant_on is None:
        raise MeasureRefused(_("这份认定已经暂停着。"))


def _may_resume(accreditation: Accreditation, today: date, _on: date | None) -> None:
    if accreditation.suspended_on is None:
        raise MeasureRefused(_("这份认定没有暂停，不用恢复。"))
    if accreditation.valid_until < today:
        raise MeasureRefused(_("认定已经到期，恢复也不能接待。请走到期复评。"))


def _may_hear(_accreditation: Accreditation, today: date, on: date | None) -> None:
    if on is None or on <= today:
        raise MeasureRefused(_("听证的日子要在今天以后，让基地来得及准备。"))


CHECKS: dict[str, Callable[[Accreditation, date, date | None], None]] = {
    "suspension": _may_suspend,
    "resumption": _may_resume,
    "hearing": _may_hear,
}


def _write(
    accreditation: Accreditation,
    kind: str,
    because: str,
    on: date,
    by: User | None,
    *,
    second_by: User | None = None,
    request: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Measure:
    facts: dict[str, Any] = {"by": by, "second_by": second_by, "request": request or uuid.uuid4()}
    if at is not None:  # without one the database's own clock says when
        facts["at"] = at
    measure = Measure.objects.create(accreditation=accreditation, kind=kind, on=on, because=because[:400], **facts)
    where = accreditation.host.unit.path
    audit.record("measure.taken", by=second_by or by, on=measure, at_unit=where, kind_of_measure=kind)
    jobs.later("registry.tell_measure", measure_id=measure.pk)
    if kind in {"suspension", "revocation"}:
        jobs.later("visits.tell_lapses")
    return measure


def _locked(accreditation: Accreditation, by: User) -> Accreditation:
    require_review(by, accreditation.standard)
    rows = Accreditation.objects.select_for_update(of=("self",)).select_related("standard__keeper", "host__unit")
    locked = rows.get(pk=accreditation.pk)
    if serves(by, locked.host):
        raise MeasureRefused(_("您在这家基地任职，要回避，请另一位来签。"))
    return locked


def _record(kind: str, accreditation: Accreditation, by: User) -> None:
    audit.record(kind, by=by, on=accreditation, at_unit=accreditation.host.unit.path)
