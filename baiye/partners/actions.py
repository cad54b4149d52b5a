"""Pledges are made, changed, handed over and withdrawn; what became of them is counted elsewhere."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, clock
from baiye.core.refusals import Refused
from baiye.partners.models import Pledge
from baiye.registry.models import Host
from baiye.schools.models import Term

MANAGE = Permission.PLEDGE_MANAGE


class PledgeRefused(Refused):
    """The pledge may not be made, changed or withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a host says it will give in a term."""

    host: Host
    term: Term
    kind: str
    quantity: int
    title: str = ""
    note: str = ""


@transaction.atomic
def make_pledge(*, promise: Promise, request: uuid.UUID, by: User, at: datetime) -> Pledge:
    """Write down a promise; asked again under ``request`` it is the one that stands.

    Raises
    ------
    PermissionDenied
        ``by`` does not manage the host's pledges.
    PledgeRefused
        The term is over, equipment has no name, or the same is pledged already.
    """
    require(by, MANAGE, promise.host.unit)
    if promise.term.ends_on < clock.day_of(at):
        raise PledgeRefused(_("这个学期已经结束。请选现在或以后的学期。"))
    is_equipment = promise.kind == "equipment"
    title = promise.title.strip() if is_equipment else ""
    if is_equipment and not title:
        raise PledgeRefused(_("请写清楚是什么设备或材料。"))
    said = {
        "host": promise.host,
        "term": promise.term,
        "kind": promise.kind,
        "title": title,
        "quantity": promise.quantity,
        "note": promise.note.strip(),
        "made_at": at,
        "made_by": by,
    }
    try:
        pledge, is_new = Pledge.objects.get_or_create(request=request, defaults=said)
    except IntegrityError as error:
        if "pledge_once_a_term" not in str(error):
            raise
        raise PledgeRefused(_("这个学期已经有同样的一条承诺。要改数量，先撤回那一条。")) from error
    if is_new:
        facts = {"pledge_kind": pledge.kind, "quantity": pledge.quantity}
        audit.record("pledge.made", by=by, on=pledge, at_unit=promise.host.unit.path, **facts)
    return pledge


@transaction.atomic
def hand_over(*, pledge: Pledge, on: date, by: User, at: datetime) -> Pledge:
    """Note on which day pledged equipment was handed over; noted twice, the first day stands."""
    require(by, MANAGE, pledge.host.unit)
    locked = Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
    if locked.kind != "equipment":
        raise PledgeRefused(_("只有设备和材料要登记交付，其他的由系统按场次计算。"))
    if locked.withdrawn_at is not None:
        raise PledgeRefused(_("这一条已经撤回了。"))
    if on > clock.day_of(at):
        raise PledgeRefused(_("交付日期不能晚于今天。"))
    if locked.handed_over_on is None:
        Pledge.objects.filter(pk=locked.pk).update(handed_over_on=on, handed_over_by=by)
        audit.record("pledge.handed_over", by=by, on=pledge, at_unit=pledge.host.unit.path)
    pledge.refresh_from_db()
    return pledge


@transaction.atomic
def withdraw(*, pledge: Pledge, because: str, by: User, at: datetime) -> Pledge:
    """Take a pledge back, saying why; it stays in the host's history."""
    require(by, MANAGE, pledge.host.unit)
    locked = Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
    if locked.withdrawn_at is not None:
        raise PledgeRefused(_("这一条早先已经撤回了。"))
    if locked.handed_over_on is not None:
        raise PledgeRefused(_("设备已经交付，这一条不能撤回。"))
    if not because.strip():
        raise PledgeRefused(_("请写下为什么撤回。"))
    Pledge.objects.filter(pk=locked.pk).update(withdrawn_at=at, withdrawn_by=by, withdrawn_because=because.strip())
    audit.record("pledge.withdrawn", by=by, on=pledge, at_unit=pledge.host.unit.path)
    pledge.refresh_from_db()
    return pledge


def record_statements(*, hosts: int, first: date, last: date, by: User, at_unit: str) -> None:
    """Write down that letters were drawn up."""
    audit.record(
        "statements.drawn", by=by, at_unit=at_unit, hosts=hosts, first=first.isoformat(), last=last.isoformat()
    )
