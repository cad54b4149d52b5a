"""Two rows of one body become one; nothing is lost, and what was signed stays where it was signed."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import Grant, User
from baiye.core import audit
from baiye.core.refusals import Refused
from baiye.registry.actions.filling import fill_in
from baiye.registry.merges import MERGES
from baiye.registry.models import Accreditation, Application, Host, HostDocument, Inspection, Venue
from baiye.registry.permissions import keeps

OF_HOSTS = ("opening", "evidence_note", "is_vocational")  # what a merged host may know and an application does not


class MergeRefused(Refused):
    """The two cannot be merged."""


@transaction.atomic
def merge_hosts(*, old: Host, new: Host, by: User, at: datetime) -> dict[str, int]:
    """Make ``old`` a part of ``new``: how many rows of each table followed. Asked twice, it is done once.

    Venues, papers, accreditations, applications, unsigned inspections and whatever `MERGES` names go to ``new``, so
    coming seats stay. Signed inspections stay with ``old``, whose page leads to ``new``. Who worked there works here.

    Raises
    ------
    PermissionDenied
        ``by`` does not both manage and accredit at the two.
    MergeRefused
        The same host, one that was merged, an example with a real one, a confirmed one into a lead, or two
        accreditations by one standard from one day that differ.
    """
    held = _held(old, new)
    old, new = held[old.pk], held[new.pk]
    if not (keeps(by, old.unit) and keeps(by, new.unit)):
        raise PermissionDenied(f"merge host {old.pk} into {new.pk}")
    if old.merged_into_id == new.pk:
        return {}
    _require_mergeable(old, new)
    moved = {
        "registry.Venue.host": _move_venues(old, new),
        "registry.Accreditation.host": _move_accreditations(old, new),
    }
    for model in (HostDocument, Application):
        moved[f"registry.{model.__name__}.host"] = model._default_manager.filter(host=old).update(host=new)
    moved["registry.Inspection.host"] = Inspection.objects.filter(host=old, second_at=None).update(host=new)
    moved |= {name: move(old, new) for name, move in sorted(MERGES.items())}
    moved["accounts.Grant.unit"] = _move_grants(old, new, by, at)
    _finish(old, new, by, at)
    counts = {name: count for name, count in moved.items() if count}
    audit.record("host.merged", by=by, on=old, at_unit=old.unit.path, into=new.pk, moved=counts)
    return counts


def _held(old: Host, new: Host) -> dict[int, Host]:
    if old.pk == new.pk:
        raise MergeRefused(_("不能和自己合并"))
    rows = Host.objects.select_for_update(of=("self",)).select_related("unit").order_by("pk")
    return {host.pk: host for host in rows.filter(pk__in=[old.pk, new.pk])}


def _require_mergeable(old: Host, new: Host) -> None:
    if old.merged_into_id is not None or new.merged_into_id is not None:
        raise MergeRefused(_("其中一家已经并入别家，请刷新后再看"))
    if old.unit.is_example != new.unit.is_example:
        raise MergeRefused(_("示例基地和真实基地不能合并"))
    if old.evidence == "confirmed" and new.evidence == "lead":
        raise MergeRefused(_("已证实的基地不能并入线索。请反过来，把线索并入已证实的"))
    if old.credit_code and new.credit_code and old.credit_code != new.credit_code:
        raise MergeRefused(_("两家的统一社会信用代码不同。请先核对；确是一家，先改对代码再合并"))


def _move_venues(old: Host, new: Host) -> int:
    """A venue whose name is taken there gets the old host's name in front."""
    taken = set(new.venues.values_list("name", flat=True))
    venues = list(Venue.objects.filter(host=old).order_by("pk"))
    for venue in venues:
        venue.host, venue.name = new, _free_name(venue.name, str(old.unit), taken)
        taken.add(venue.name)
        venue.save(update_fields=["host", "name"])
    return len(venues)


def _free_name(name: str, prefix: str, taken: set[str]) -> str:
    longer = f"{prefix}·{name}"[:60]
    numbered = (f"{longer[:56]}（{number}）" for number in range(2, 1000))
    return next(free for free in (name, longer, *numbered) if free not in taken)


def _move_accreditations(old: Host, new: Host) -> int:
    moved = 0
    for held in Accreditation.objects.filter(host=old).order_by("pk"):
        twin = Accreditation.objects.filter(host=new, standard=held.standard_id, valid_from=held.valid_from).first()
        if twin is None:
            moved += Accreditation.objects.filter(pk=held.pk).update(host=new)
        elif _end(held) > _end(twin):
            raise MergeRefused(_("两家按同一标准、同一天起认定，期限却不同。请反过来合并，或先处理其中一项认定"))
    return moved


def _end(held: Accreditation) -> date:
    return min(day for day in (held.valid_until, held.suspended_on, held.revoked_on) if day)


def _move_grants(old: Host, new: Host, by: User, at: datetime) -> int:
    """Who may work at ``old`` may work at ``new``; the old grants end."""
    moved = 0
    for grant in Grant.objects.filter(unit=old.unit, ended_at=None).order_by("pk"):
        Grant.objects.filter(pk=grant.pk).update(ended_at=at, ended_by=by)
        there = Grant.objects.filter(unit=new.unit, user=grant.user_id, role=grant.role, ended_at=None)
        if grant.user_id == by.pk or there.exists():
            continue
        days = {"from_on": grant.from_on, "to_on": grant.to_on}
        Grant.objects.create(unit=new.unit, user_id=grant.user_id, role=grant.role, made_by=by, made_at=at, **days)
        moved += 1
    return moved


def _finish(old: Host, new: Host, by: User, at: datetime) -> None:
    """``old`` leads to ``new``, which takes what it lacks."""
    old.merged_into, old.merged_at, old.merged_by = new, at, by
    old.save(update_fields=["merged_into", "merged_at", "merged_by"])
    Host.objects.filter(merged_into=old).update(merged_into=new)
    fill_in(new, old, OF_HOSTS)
    new.save()
