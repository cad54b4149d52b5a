"""What a host says of itself: details and contact, its venues, who manages it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from baiye.accounts.actions import people
from baiye.accounts.links import Link
from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, clock, crypto, jobs
from baiye.core.refusals import Refused
from baiye.registry import credit_code
from baiye.registry.models import Host, Venue

DETAILS = frozenset({"about", "kind", "address", "street", "lon", "lat", "opening", "occupations", "is_commercial"})
CONTACT = frozenset({"contact", "email"})
VENUE = frozenset(
    {"name", "address", "street", "lon", "lat", "capacity", "area_m2", "area_per_pupil_m2", "access"}
    | {"access_note", "opening", "transport"}
)


class HostRefused(Refused):
    """The host or venue cannot be changed so."""


@transaction.atomic
def edit_host(*, host: Host, fields: Mapping[str, Any], by: User) -> None:
    """Change what a host says of itself; a phone is kept encrypted. Grounds and evidence are not its to change.

    Raises
    ------
    PermissionDenied
        ``by`` does not manage this host.
    HostRefused
        It was merged into another.
    """
    now = _held(host, by)
    changed = sorted(name for name in fields.keys() & (DETAILS | CONTACT) if getattr(now, name) != fields[name])
    for name in changed:
        setattr(now, name, fields[name])
    if fields.get("phone"):
        now.phone_sealed = crypto.encrypt(fields["phone"])
        changed.append("phone_sealed")
    if changed:
        now.save(update_fields=changed)
        audit.record("host.edited", by=by, on=now, at_unit=now.unit.path, fields=changed)


@transaction.atomic
def set_credit_code(*, host: Host, code: str, confirmed: bool, by: User) -> None:
    """Enter the credit code; one whose check fails only when a person of the desk confirms having seen it.

    Raises
    ------
    PermissionDenied
        ``by`` may not accredit here: a host does not confirm its own code.
    HostRefused
        The check fails and nobody confirmed it, or another host has the code.
    """
    now = _held(host, by)
    require(by, Permission.HOST_ACCREDIT, now.unit)
    code = credit_code.tidied(code)
    odd = bool(code) and not credit_code.holds(code)
    if odd and not confirmed:
        raise HostRefused(_("校验位对不上。请对照证照原件；确实如此，勾选「看过原件」再保存"))
    if code and Host.objects.filter(credit_code=code, merged_into=None).exclude(pk=now.pk).exists():
        raise HostRefused(_("另一家基地用着这个代码。如果是同一家，请合并"))
    now.credit_code, now.credit_confirmed_by = code, by if odd else None
    now.save(update_fields=["credit_code", "credit_confirmed_by"])
    audit.record("host.credit_code_set", by=by, on=now, at_unit=now.unit.path, odd=odd)


@transaction.atomic
def save_venue(*, host: Host, fields: Mapping[str, Any], venue: Venue | None = None, by: User) -> Venue:
    """Enter a venue of ``host``, or change one.

    Raises
    ------
    PermissionDenied
        ``by`` does not manage this host.
    HostRefused
        Its name is taken, its area holds fewer pupils, or the host was merged.
    """
    now = _held(host, by)
    made = venue or Venue(host=now, is_example=now.unit.is_example)
    if made.host_id != now.pk:
        raise HostRefused(_("这个场地不是这家基地的"))
    for name in fields.keys() & VENUE:
        setattr(made, name, fields[name])
    if made.area_m2 is not None and made.area_m2 < made.capacity * made.area_per_pupil_m2:
        most = int(made.area_m2 / made.area_per_pupil_m2)
        raise HostRefused(_("%(area)s 平方米最多容纳 %(most)s 人") % {"area": made.area_m2, "most": most})
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise HostRefused(_("这家基地已有同名的场地，请换个名字")) from error
    audit.record("venue.edited" if venue else "venue.made", by=by, on=made, at_unit=now.unit.path)
    return made


@transaction.atomic
def close_venue(*, venue: Venue, from_on: date, by: User, at: datetime) -> None:
    """Close a venue from a day on: nobody can be seated there any more. Seats that are given stay; they are listed.

    Raises
    ------
    HostRefused
        The day is over.
    """
    _held(venue.host, by)
    if from_on < clock.day_of(at):
        raise HostRefused(_("关闭的日子不能在今天以前"))
    Venue.objects.filter(pk=venue.pk).update(closed_on=from_on, closed_by=by)
    audit.record("venue.closed", by=by, on=venue, at_unit=venue.host.unit.path, on_day=from_on.isoformat())
    jobs.later("visits.tell_lapses")


@transaction.atomic
def reopen_venue(*, venue: Venue, by: User) -> None:
    """Open a closed venue again."""
    _held(venue.host, by)
    if Venue.objects.filter(pk=venue.pk, closed_on__isnull=False).update(closed_on=None, closed_by=None):
        audit.record("venue.reopened", by=by, on=venue, at_unit=venue.host.unit.path)


@transaction.atomic
def note_phone_look(*, host: Host, by: User) -> str:
    """The contact's phone in clear, for who manages the host; that they looked is noted."""
    now = _held(host, by)
    audit.record("host.phone_viewed", by=by, on=now, at_unit=now.unit.path)
    return now.phone


@transaction.atomic
def invite_manager(*, host: Host, newcomer: people.Newcomer, by: User, at: datetime) -> Link:
    """Make the account of who will manage ``host``; the link sets its password and is shown once.

    Raises
    ------
    PermissionDenied
        ``by`` may not give that role here.
    PersonRefused
        The username is taken.
    """
    _held(host, by)
    return people.invite_person(
        newcomer=newcomer, role="host_manager", unit=host.unit, from_on=clock.day_of(at), by=by, at=at
    )


def _held(host: Host, by: User) -> Host:
    """The row, locked, if ``by`` manages it."""
    now = Host.objects.select_for_update(of=("self",)).select_related("unit").get(pk=host.pk)
    require(by, Permission.HOST_MANAGE, now.unit)
    if now.merged_into_id is not None:
        raise HostRefused(_("这家基地已并入别家，请到那边修改"))
    return now
