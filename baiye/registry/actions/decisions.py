"""The panel (评审): one proposes, as many as the standard asks sign, then the decision is in force and has effects."""

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core import audit, clock, jobs
from baiye.core.refusals import Refused
from baiye.registry.actions.inspections import write_plan
from baiye.registry.actions.steps import take_step
from baiye.registry.models import Accreditation, Application, Decision, Host, Inspection, Signature
from baiye.registry.months import months_after
from baiye.registry.numbers import next_number
from baiye.registry.permissions import require_review, serves
from baiye.registry.queries.decisions import hinders_pass, hinders_unchecked, tally


class DecisionRefused(Refused):
    """The decision cannot be proposed or signed so."""


@transaction.atomic
def propose_decision(
    *, inspection: Inspection, outcome: str, opinion: str, conditions: str, due_on: date | None, by: User, at: datetime
) -> Decision:
    """Propose what an inspection that two people signed comes to; ``by`` signs it with that.

    A pass may carry ``conditions``, which stand on the accreditation for everybody to read; with the outcome
    "conditions" they are what is to be put right by a day.

    Raises
    ------
    DecisionRefused
        It is not this inspection's turn, the points do not allow a pass, nobody looked for penalties yet, or something
        is not said.
    """
    locked = _locked(inspection, by)
    _require_turn(locked)
    if locked.decisions.filter(withdrawn_at=None).exists():
        raise DecisionRefused(_("已经有一份结论在等签字。不同意，可以在签字时写明理由退回。"))
    if not opinion.strip():
        raise DecisionRefused(_("请写给基地的意见，基地会看到。"))
    if outcome == "pass":
        _require_pass(locked)
    if outcome == "conditions":
        _require_conditions(conditions, due_on, clock.day_of(at))
    said = {"conditions": conditions.strip() if outcome != "fail" else ""}
    decision = Decision.objects.create(
        inspection=locked,
        outcome=outcome,
        opinion=opinion,
        due_on=due_on if outcome == "conditions" else None,
        proposed_at=at,
        proposed_by=by,
        **said,
    )
    _record("decision.proposed", decision, by)
    jobs.later("registry.tell_panel", decision_id=decision.pk)
    _sign(decision, True, "", by, at)
    return decision


@transaction.atomic
def sign_decision(*, decision: Decision, agrees: bool, note: str, by: User, at: datetime) -> Decision:
    """Sign, or say why not: one signature against sends the decision back; the last that was missing puts it in force.

    Raises
    ------
    DecisionRefused
        It is in force or withdrawn, or who is against gives no reason.
    """
    _locked(decision.inspection, by)
    now = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if now.signatures.filter(by=by).exists():
        return now
    if not now.is_open:
        raise DecisionRefused(_("这份结论已经生效或退回，不用再签。"))
    if not agrees and not note.strip():
        raise DecisionRefused(_("不同意请写明理由，提出结论的人会看到。"))
    return _sign(now, agrees, note, by, at)


def _sign(decision: Decision, agrees: bool, note: str, by: User, at: datetime) -> Decision:
    Signature.objects.create(decision=decision, by=by, at=at, agrees=agrees, note=note[:200])
    _record("decision.signed", decision, by, agrees=agrees)
    if not agrees:
        decision.withdrawn_at = at
        decision.save(update_fields=["withdrawn_at"])
        jobs.later("registry.tell_panel", decision_id=decision.pk)
    elif decision.signatures.filter(agrees=True).count() >= decision.inspection.standard.panel:
        _take_force(decision, by, at)
    return decision


def _take_force(decision: Decision, by: User, at: datetime) -> None:
    application = decision.inspection.application
    assert application is not None  # only what was applied for is decided on
    if decision.outcome == "pass":
        _require_pass(decision.inspection)
    decision.in_force_at = at
    decision.save(update_fields=["in_force_at"])
    if decision.outcome == "pass":
        _accredit(decision, application, by, clock.day_of(at))
        take_step(application, "passed", by=by, at=at, note=decision.opinion)
    elif decision.outcome == "conditions":
        take_step(application, "conditions", by=by, at=at, note=decision.conditions, due_on=decision.due_on)
        _plan_recheck(decision, by)
    else:
        take_step(application, "failed", by=by, at=at, note=decision.opinion)
    _record("decision.taken", decision, by, outcome=decision.outcome)
    jobs.later("registry.tell_decision", decision_id=decision.pk)


def _accredit(decision: Decision, application: Application, by: User, on: date) -> None:
    """A first accreditation holds from today, a renewal from the day after the one that still holds."""
    inspection = decision.inspection
    standard, host = inspection.standard, inspection.host
    is_example = inspection.is_example or standard.is_example or host.unit.is_example
    if not is_example:  # an inspection on the spot proves that the host receives pupils
        Host.objects.filter(pk=host.pk).update(evidence="confirmed", grounds="accredited")
    first = on
    if application.kind == "renewal":
        held = host.accreditations.filter(standard__name=standard.name, revoked_on=None, valid_until__gte=on)
        last = held.order_by("-valid_until").values_list("valid_until", flat=True).first()
        first = last + timedelta(days=1) if last else on
    accreditation = Accreditation.objects.create(
        host=host,
        standard=standard,
        valid_from=first,
        valid_until=months_after(first, standard.valid_months) - timedelta(days=1),
        decided_by=by,
        decision=decision,
        conditions=decision.conditions,
        number=next_number(on, is_example=is_example),
        is_example=is_example,
    )
    audit.record("accreditation.made", by=by, on=accreditation, at_unit=host.unit.path, decision=decision.pk)


def _plan_recheck(decision: Decision, by: User) -> None:
    before = decision.inspection
    assert decision.due_on is not None  # decision_with_conditions_has_a_day
    planned = Inspection(
        request=uuid.uuid5(uuid.NAMESPACE_OID, f"recheck after decision {decision.pk}"),
        host=before.host,
        standard=before.standard,
        application=before.application,
        kind="recheck",
        planned_on=decision.due_on,
        planned_by=by,
        inspector=before.inspector,
        is_example=before.is_example,
    )
    write_plan(planned, by)


def _require_turn(inspection: Inspection) -> None:
    application = inspection.application
    if inspection.second_at is None or application is None or application.state != "panel":
        raise DecisionRefused(_("核查还没有两个人签字，或这份申报不在评审中。"))
    if application.inspections.filter(second_at__gt=inspection.second_at).exists():
        raise DecisionRefused(_("后来又有一次核查。请按最近一次的结果评审。"))


def _require_pass(inspection: Inspection) -> None:
    """Refuse a pass that the points do not allow, or before anybody looked for penalties."""
    assert inspection.application is not None  # only what was applied for is decided on
    if because := hinders_pass(tally(inspection)) or hinders_unchecked(inspection.application):
        raise DecisionRefused(because)


def _require_conditions(conditions: str, due_on: date | None, on: date) -> None:
    if not conditions.strip() or due_on is None:
        raise DecisionRefused(_("限期整改请写明要改什么、哪天复核。"))
    if due_on <= on:
        raise DecisionRefused(_("复核的日子要在今天以后。"))


def _locked(inspection: Inspection, by: User) -> Inspection:
    """The inspection and its application for the rest of the transaction; refused to who belongs to the host."""
    require_review(by, inspection.standard)
    rows = Inspection.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("standard", "host__unit").get(pk=inspection.pk)
    if locked.application_id is not None:
        locked.application = Application.objects.select_for_update().get(pk=locked.application_id)
    if serves(by, locked.host):
        raise DecisionRefused(_("您在这家基地任职，要回避，请另一位来签。"))
    return locked


def _record(kind: str, decision: Decision, by: User, **facts: object) -> None:
    audit.record(kind, by=by, on=decision, at_unit=decision.inspection.host.unit.path, **facts)
