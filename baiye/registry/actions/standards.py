"""A standard's life: drafted by its keeper, published by a second person, revised, withdrawn."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit
from baiye.core.refusals import Refused
from baiye.registry.models import Indicator, Standard


class StandardRefused(Refused):
    """The standard may not be written, published or withdrawn now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One indicator of a rubric."""

    area: str
    title: str
    points: int
    floor: int = 0
    guidance: str = ""
    evidence: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a version of a standard says."""

    about: str = ""
    stages: Sequence[str] = ()
    needs: Sequence[str] = ()
    pass_points: int
    panel: int = 2
    valid_months: int = 36
    dormant_months: int = 12
    lines: Sequence[Line] = ()


@transaction.atomic
def draft_standard(*, keeper: Unit, name: str, content: Content, by: User) -> Standard:
    """Begin the first version of a standard that ``keeper`` keeps.

    Raises
    ------
    StandardRefused
        A standard has this name already, or its numbers do not fit together.
    """
    require(by, Permission.STANDARD_EDIT, keeper)
    if Standard.objects.filter(name=name).exists():
        raise StandardRefused(_("已有叫「%(name)s」的标准。要改它，请在它那里起一个新版。") % {"name": name})
    return _write(Standard(name=name, version=1, keeper=keeper), content, by, "standard.drafted")


@transaction.atomic
def edit_standard(*, standard: Standard, content: Content, by: User) -> Standard:
    """Write ``content`` into a draft; a published version never changes."""
    return _write(_draft(standard, by), content, by, "standard.edited")


@transaction.atomic
def revise_standard(*, standard: Standard, by: User) -> Standard:
    """Give the draft of the next version: the one there is, or a new one that says what the last one says."""
    keeper = _require_edit(by, standard)
    Standard.objects.select_for_update().filter(name=standard.name).first()
    last = Standard.objects.filter(name=standard.name).order_by("-version")[0]
    if last.published_on is None:
        return last
    draft = Standard(name=last.name, version=last.version + 1, keeper=keeper, is_example=last.is_example)
    return _write(draft, content_of(last), by, "standard.drafted")


@transaction.atomic
def publish_standard(*, standard: Standard, by: User, on: date) -> Standard:
    """Put a draft in force from ``on``; older versions take no applications any more.

    Raises
    ------
    StandardRefused
        ``by`` wrote the draft, it has no indicators, or its numbers do not fit together.
    """
    draft = _draft(standard, by)
    if draft.edited_by_id == by.pk:
        raise StandardRefused(_("这一稿是您写的。请另一位有权限的同事看过后发布。"))
    _require_fit(content_of(draft), draft.name)
    draft.published_on, draft.published_by = on, by
    draft.save(update_fields=["published_on", "published_by"])
    older = Standard.objects.filter(Q(withdrawn_on=None), name=draft.name, version__lt=draft.version)
    older.filter(published_on__isnull=False).update(withdrawn_on=on)
    _record("standard.published", draft, by)
    return draft


@transaction.atomic
def withdraw_standard(*, standard: Standard, by: User, on: date) -> Standard:
    """Take no applications by ``standard`` any more; accreditations by it stand until they end."""
    _require_edit(by, standard)
    locked = _locked(standard)
    if locked.published_on is None:
        raise StandardRefused(_("这一版还没有发布，不用停用。"))
    if locked.withdrawn_on is not None:
        raise StandardRefused(_("这一版早先已经停用了。"))
    locked.withdrawn_on = on
    locked.save(update_fields=["withdrawn_on"])
    _record("standard.withdrawn", locked, by)
    return locked


def content_of(standard: Standard) -> Content:
    """What a version says; one query for its indicators."""
    rows = standard.indicators.order_by("number").values(*(field.name for field in fields(Line)))
    said = {field.name: getattr(standard, field.name) for field in fields(Content) if field.name != "lines"}
    return Content(**_frozen(said), lines=tuple(Line(**_frozen(row)) for row in rows))


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def misfit(content: Content) -> str:
    """What does not fit together in ``content``, as a sentence; empty where all does."""
    if not content.lines:
        return _("至少要有一项指标。")
    for number, line in enumerate(content.lines, 1):
        if not 1 <= line.points <= 100 or line.floor > line.points:
            return _("第 %(n)d 项的分值要在 1 到 100 之间，最低分不能高过分值。") % {"n": number}
    if sum(line.points for line in content.lines) < max(content.pass_points, 1):
        return _("各项分值加起来还不到通过分，没有单位通得过。请改通过分或分值。")
    return ""


def _write(standard: Standard, content: Content, by: User, kind: str) -> Standard:
    _require_fit(content, standard.name)
    facts = asdict(content)
    lines = facts.pop("lines")
    for name, value in facts.items():
        setattr(standard, name, list(value) if name in {"stages", "needs"} else value)
    standard.edited_by = by
    standard.save()
    standard.indicators.all().delete()
    rows = [
        Indicator(standard=standard, number=number, **{**line, "evidence": list(line["evidence"])})
        for number, line in enumerate(lines, 1)
    ]
    Indicator.objects.bulk_create(rows)
    _record(kind, standard, by)
    return standard


def _require_fit(content: Content, name: str) -> None:
    if not name.strip():
        raise StandardRefused(_("请给标准起个名字。"))
    if content.panel < 2:
        raise StandardRefused(_("评审至少要两个人签字。"))
    if wrong := misfit(content):
        raise StandardRefused(wrong)


def _draft(standard: Standard, by: User) -> Standard:
    _require_edit(by, standard)
    locked = _locked(standard)
    if locked.published_on is not None:
        raise StandardRefused(_("第 %(n)d 版已经发布，不能再改。请另起一版。") % {"n": locked.version})
    return locked


def _locked(standard: Standard) -> Standard:
    return Standard.objects.select_for_update(of=("self",)).select_related("keeper").get(pk=standard.pk)


def _require_edit(by: User, standard: Standard) -> Unit:
    if standard.keeper is None:
        raise PermissionDenied(f"standard {standard.pk} has no keeper")
    require(by, Permission.STANDARD_EDIT, standard.keeper)
    return standard.keeper


def _record(kind: str, standard: Standard, by: User) -> None:
    where = standard.keeper.path if standard.keeper else ""
    audit.record(kind, by=by, on=standard, at_unit=where, version=standard.version)
