"""Releases by the desk: made, furnished with visits, published; what is published keeps its rules (triggers)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, require
from baiye.bookings.models import Opening, Release
from baiye.core import audit
from baiye.core.refusals import Refused
from baiye.core.templatetags.text import han_date
from baiye.visits import claims
from baiye.visits.models import Visit

RULES = ("title", "term", "mode", "opens_at", "draw_until", "closes_at", "most_a_term", "most_open")
SETTINGS = (
    *("grades", "consents", "reserved", "reserved_from_grade", "reserved_until"),
    *("offer_hours", "cancel_until", "waiting_most"),
)


@transaction.atomic
def make_release(*, unit: Unit, rules: Mapping[str, Any], request: uuid.UUID, by: User, at: datetime) -> Release:
    """A draft of ``unit``; ``rules`` are the fields of RULES. A form that is sent twice makes one."""
    require(by, Permission.VISIT_MANAGE, unit)
    release, is_new = Release.objects.get_or_create(
        request=request,
        defaults={name: rules[name] for name in RULES}
        | {"unit": unit, "made_by": by, "made_at": at, "is_example": unit.is_example},
    )
    if is_new:
        audit.record("release.made", by=by, on=release, at_unit=unit.path)
    return release


@transaction.atomic
def change_release(*, release: Release, rules: Mapping[str, Any], by: User) -> Release:
    """Other rules for a draft."""
    locked = _draft(release, by)
    for name in RULES:
        setattr(locked, name, rules[name])
    early = (
        Opening.objects.filter(release=locked, visit__starts_at__lte=locked.opens_at).select_related("visit").first()
    )
    if early:
        raise Refused(
            _("{at} 有一场在开放以前就开始了。先把它移出，或把开放时间提前。").format(
                at=han_date(early.visit.starts_at)
            )
        )
    locked.save(update_fields=RULES)
    audit.record("release.changed", by=by, on=locked, at_unit=locked.unit.path)
    return locked


@transaction.atomic
def discard_release(*, release: Release, by: User) -> None:
    """Throw a draft away, with its openings; the visits stay."""
    locked = _draft(release, by)
    audit.record("release.discarded", by=by, on=locked, at_unit=locked.unit.path)
    locked.openings.all().delete()
    locked.delete()


@transaction.atomic
def add_openings(*, release: Release, visits: Sequence[Visit], settings: Mapping[str, Any], by: User) -> int:
    """Put ``visits`` into a draft, all with the same ``settings`` (the fields of SETTINGS); how many are new."""
    locked = _draft(release, by)
    if not visits:
        raise Refused(_("先勾选要放号的场次。"))
    known = set(Opening.objects.filter(release=locked, visit__in=visits).values_list("visit", flat=True))
    new = [visit for visit in visits if visit.pk not in known]
    for visit in new:
        require(by, Permission.VISIT_MANAGE, visit.venue.host.unit)
        _refuse_unfit(locked, visit, settings)
    Opening.objects.bulk_create([Opening(release=locked, visit=visit, **_chosen(settings)) for visit in new])
    if new:
        audit.record("openings.added", by=by, on=locked, at_unit=locked.unit.path, visits=[visit.pk for visit in new])
    return len(new)


def _refuse_unfit(release: Release, visit: Visit, settings: Mapping[str, Any]) -> None:
    """Say which visit cannot be in the release, and why."""
    name = _("{at} 的「{title}」").format(at=han_date(visit.starts_at), title=visit.version.title)
    if visit.cancelled_at is not None:
        raise Refused(_("{visit}已经取消了。").format(visit=name))
    if visit.starts_at <= release.opens_at:
        raise Refused(_("{visit}在开放以前就开始了。").format(visit=name))
    if Opening.objects.filter(visit=visit).exists():
        raise Refused(_("{visit}已经在另一次放号里。").format(visit=name))
    if Visit.objects.filter(claims.kept(), pk=visit.pk).exists():
        raise Refused(_("{visit}留给还没有公布的轮次；公布以后余下的名额才能放号。").format(visit=name))
    if settings["reserved"] > visit.seats:
        raise Refused(_("{visit}只有 {n} 个名额，预留不能更多。").format(visit=name, n=visit.seats))


def _chosen(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name in SETTINGS}


@transaction.atomic
def change_opening(*, opening: Opening, settings: Mapping[str, Any], by: User) -> Opening:
    """Other settings for an opening of a draft."""
    _draft(opening.release, by)
    if settings["reserved"] > opening.visit.seats:
        raise Refused(_("这一场只有 {n} 个名额，预留不能更多。").format(n=opening.visit.seats))
    for name, value in _chosen(settings).items():
        setattr(opening, name, value)
    opening.save(update_fields=SETTINGS)
    audit.record("opening.changed", by=by, on=opening, at_unit=opening.release.unit.path)
    return opening


@transaction.atomic
def take_out(*, opening: Opening, by: User) -> None:
    """Take an opening out of a draft; its visit stays."""
    release = _draft(opening.release, by)
    audit.record("opening.taken_out", by=by, on=release, at_unit=release.unit.path, visit=opening.visit_id)
    opening.delete()


@transaction.atomic
def publish(*, release: Release, by: User, at: datetime) -> Release:
    """Publish a draft: from now on families see it and nobody changes its rules. A second call does nothing.

    It is an example (示例) when one of its visits is.

    Raises
    ------
    Refused
        It has no visit, it would be open already, or one of its visits was cancelled or begins before.
    """
    require(by, Permission.VISIT_MANAGE, release.unit)
    locked = Release.objects.select_for_update(of=("self",)).select_related("unit").get(pk=release.pk)
    if locked.published_at is not None:
        return locked
    hindrances = why_not_published(locked, at)
    if hindrances:
        raise Refused(" ".join(hindrances))
    locked.published_at, locked.published_by = at, by
    locked.is_example = locked.is_example or locked.openings.filter(visit__is_example=True).exists()
    locked.save(update_fields=["published_at", "published_by", "is_example"])
    audit.record("release.published", by=by, on=locked, at_unit=locked.unit.path, openings=locked.openings.count())
    return locked


def why_not_published(release: Release, at: datetime) -> list[str]:
    """What keeps a draft from being published, in sentences; two queries."""
    found = []
    if not release.openings.exists():
        found.append(_("还没有场次。先加至少一场。"))
    if release.opens_at <= at:
        found.append(_("开放时间已经过了。改到以后，让家长有时间看到。"))
    gone = release.openings.filter(visit__cancelled_at__isnull=False).count()
    if gone:
        said = ngettext("有 %(n)d 场已经取消了，先移出。", "有 %(n)d 场已经取消了，先移出。", gone)
        found.append(said % {"n": gone})
    return found


def _draft(release: Release, by: User) -> Release:
    """The locked draft; refused once it is published."""
    require(by, Permission.VISIT_MANAGE, release.unit)
    locked = Release.objects.select_for_update(of=("self",)).select_related("unit").get(pk=release.pk)
    if locked.published_at is not None:
        raise Refused(_("这次放号公布了，规矩不能再改。某一场办不了，就取消那一场，家长会收到消息。"))
    return locked
