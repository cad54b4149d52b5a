"""Inspections: planned, judged on a phone, signed by the inspector and by a second person; never changed after that."""

import uuid
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, may
from baiye.core import audit, jobs
from baiye.core.refusals import Refused
from baiye.registry.actions.steps import take_step
from baiye.registry.models import Accreditation, Application, Indicator, Inspection
from baiye.registry.permissions import may_review, require_review, serves


class InspectionRefused(Refused):
    """The inspection cannot be planned, written or signed so."""


@transaction.atomic
def plan_inspection(
    *, application: Application, planned_on: date, inspector: User, by: User, on: date, request: uuid.UUID
) -> Inspection:
    """Plan the inspection that ``application`` waits for; the same request plans it once.

    Raises
    ------
    InspectionRefused
        It waits for no inspection, one is planned already, the day is over, or the inspector may not inspect here.
    """
    require_review(by, application.standard)
    now = Application.objects.select_for_update(of=("self",)).select_related("host__unit").get(pk=application.pk)
    if found := now.inspections.filter(request=request).first():
        return found
    if now.state not in {"inspection", "conditions"} or now.host is None:
        said = _("这份申报现在是「%(state)s」，还不到现场核查。") % {"state": now.get_state_display()}
        raise InspectionRefused(said)
    if now.inspections.filter(second_at=None, cancelled_at=None).exists():
        raise InspectionRefused(_("已经安排了一次核查。要改日子或换人，先取消那一次。"))
    _require_inspector(inspector, now, planned_on, on)
    kind = "recheck" if now.state == "conditions" else "renewal" if now.kind == "renewal" else "first"
    when = {"planned_on": planned_on, "planned_by": by, "inspector": inspector, "is_example": now.is_example}
    what = {"host": now.host, "standard": application.standard, "application": now, "kind": kind}
    return write_plan(Inspection(request=request, **what, **when), by)


@transaction.atomic
def plan_review(
    *, accreditation: Accreditation, planned_on: date, inspector: User, by: User, on: date, request: uuid.UUID
) -> Inspection:
    """Plan the yearly review (年度复核) of an accredited host, at its place and by its standard."""
    require_review(by, accreditation.standard)
    Accreditation.objects.select_for_update(of=("self",)).get(pk=accreditation.pk)
    if found := Inspection.objects.filter(request=request, host=accreditation.host_id).first():
        return found
    open_ones = Inspection.objects.filter(
        host=accreditation.host_id, standard=accreditation.standard_id, kind="yearly", second_at=None, cancelled_at=None
    )
    if open_ones.exists():
        raise InspectionRefused(_("已经安排了一次年度复核。要改日子或换人，先取消那一次。"))
    _require_inspector(inspector, accreditation, planned_on, on)
    when = {"planned_on": planned_on, "planned_by": by, "inspector": inspector, "is_example": accreditation.is_example}
    what = {"host": accreditation.host, "standard": accreditation.standard, "kind": "yearly"}
    return write_plan(Inspection(request=request, **what, **when), by)


def write_plan(planned: Inspection, by: User) -> Inspection:
    """Keep a planned inspection, on record and told; in the caller's transaction."""
    planned.save(force_insert=True)
    record_inspection("inspection.planned", planned, by)
    jobs.later("registry.tell_inspection", inspection_id=planned.pk)
    return planned


def _require_inspector(inspector: User, of: Application | Accreditation, planned_on: date, on: date) -> None:
    if planned_on < on:
        raise InspectionRefused(_("核查的日子要在今天或以后。"))
    if not may_review(inspector, of.standard):
        raise InspectionRefused(_("%(name)s 不管这份标准，请换一位核查人。") % {"name": inspector.name})
    assert of.host is not None
    if serves(inspector, of.host):
        raise InspectionRefused(_("%(name)s 在这家基地任职，要回避。请换一位核查人。") % {"name": inspector.name})


@transaction.atomic
def cancel_inspection(*, inspection: Inspection, by: User, at: datetime) -> None:
    """Call off an inspection that two people have not signed; another can be planned."""
    require_review(by, inspection.standard)
    locked = locked_inspection(inspection)
    if locked.second_at is not None:
        raise InspectionRefused(_("两个人都签过字了，不能取消。"))
    if locked.cancelled_at is not None:
        raise InspectionRefused(_("这次核查早先已经取消了。"))
    locked.cancelled_at, locked.cancelled_by = at, by
    locked.save(update_fields=["cancelled_at", "cancelled_by"])
    record_inspection("inspection.cancelled", locked, by)


@transaction.atomic
def sign_inspection(*, inspection: Inspection, by: User, at: datetime) -> Inspection:
    """The inspector signs once all is judged; then a second person, of the host or the office, does.

    With the second signature the application waits for the panel.

    Raises
    ------
    PermissionDenied
        ``by`` is neither the inspector nor somebody of the host or of the office.
    InspectionRefused
        An indicator is not judged, the inspector has not signed yet, or two people have already.
    """
    may_sign_second = may_sign(inspection, by)
    locked = locked_inspection(inspection)
    if by.pk != locked.inspector_id and not may_sign_second:
        raise PermissionDenied(f"signing inspection {inspection.pk}")
    if locked.cancelled_at is not None:
        raise InspectionRefused(_("这次核查取消了，不用签字。"))
    if locked.second_at is not None:
        raise InspectionRefused(_("两个人都签过字了。"))
    if locked.application is not None and locked.application.state not in {"inspection", "conditions"}:
        raise InspectionRefused(_("这份申报已经不在核查中，不用签字。"))
    if locked.signed_at is None:
        return _sign_first(locked, by, at)
    if by.pk == locked.inspector_id:
        raise InspectionRefused(_("您已经签过。第二个签字要请基地或办公室的另一位。"))
    locked.second_at, locked.second_by = at, by
    locked.save(update_fields=["second_at", "second_by"])
    record_inspection("inspection.signed", locked, by, signature=2)
    if locked.application is not None:
        take_step(locked.application, "panel", by=by, at=at)
    jobs.later("registry.tell_inspection_signed", inspection_id=locked.pk)
    return locked


def _sign_first(locked: Inspection, by: User, at: datetime) -> Inspection:
    if by.pk != locked.inspector_id:
        raise InspectionRefused(_("核查人还没有签字。请等核查人先签。"))
    judged = locked.scores.exclude(verdict="pending").values_list("indicator_id", flat=True)
    if missing := Indicator.objects.filter(standard=locked.standard).exclude(pk__in=judged).order_by("number").first():
        raise InspectionRefused(_("「%(title)s」还没有结论，判完再签。") % {"title": missing.title})
    locked.signed_at = at
    locked.save(update_fields=["signed_at"])
    record_inspection("inspection.signed", locked, by, signature=1)
    return locked


@transaction.atomic
def take_back_signature(*, inspection: Inspection, by: User) -> Inspection:
    """The inspector takes the first signature back, to change a finding before the second person signs."""
    locked = locked_inspection(inspection)
    if by.pk != locked.inspector_id:
        raise PermissionDenied(f"inspection {inspection.pk} is not theirs")
    if locked.second_at is not None or locked.signed_at is None:
        raise InspectionRefused(_("现在没有可以收回的签字。"))
    locked.signed_at = None
    locked.save(update_fields=["signed_at"])
    record_inspection("inspection.signature_taken_back", locked, by)
    return locked


def may_sign(inspection: Inspection, by: User) -> bool:
    """Whether ``by`` may be the second to sign: of the host, or of the office that keeps the standard."""
    at_host = may(by, Permission.HOST_MANAGE, inspection.host.unit)
    return by.pk != inspection.inspector_id and (at_host or may_review(by, inspection.standard))


def locked_inspection(inspection: Inspection) -> Inspection:
    """The inspection for the rest of the transaction, with what its rules look at."""
    rows = Inspection.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("standard__keeper", "host__unit", "application").get(pk=inspection.pk)


def record_inspection(kind: str, inspection: Inspection, by: User, **facts: object) -> None:
    """Write an event about an inspection, where its host is."""
    audit.record(kind, by=by, on=inspection, at_unit=inspection.host.unit.path, **facts)
