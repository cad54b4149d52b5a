"""Published rules that change in favour of families: caps go up, a reserve goes down, a visit gets more seats."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.bookings.actions.presses import BookingRefused
from baiye.bookings.models import Opening, Release
from baiye.core import audit, jobs
from baiye.visits.actions import lock_visits
from baiye.visits.models import Visit


@transaction.atomic
def ease_release(*, release: Release, most_a_term: int, most_open: int, by: User) -> Release:
    """Let pupils have more seats a term, or more bookings at once; never fewer once it is published."""
    require(by, Permission.VISIT_MANAGE, release.unit)
    locked = Release.objects.select_for_update(of=("self",)).select_related("unit").get(pk=release.pk)
    if locked.published_at and (most_a_term < locked.most_a_term or most_open < locked.most_open):
        raise BookingRefused(_("公布过的上限只能放宽，不能收紧。"))
    locked.most_a_term, locked.most_open = most_a_term, most_open
    locked.save(update_fields=["most_a_term", "most_open"])
    facts = {"most_a_term": most_a_term, "most_open": most_open}
    audit.record("release.eased", by=by, on=locked, at_unit=locked.unit.path, **facts)
    for opening in locked.openings.values_list("pk", flat=True):
        jobs.later("bookings.promote", opening_id=opening)
    return locked


@transaction.atomic
def ease_opening(
    *, opening: Opening, reserved: int, reserved_until: datetime | None, waiting_most: int | None, by: User
) -> Opening:
    """Keep fewer seats for the last grades, or for a shorter time; let more pupils wait."""
    require(by, Permission.VISIT_MANAGE, opening.release.unit)
    locked = Opening.objects.select_for_update(of=("self",)).select_related("release__unit").get(pk=opening.pk)
    if locked.release.published_at and _is_tighter(locked, reserved, reserved_until, waiting_most):
        raise BookingRefused(_("公布过的规矩只能放宽：预留只能减少或提前结束，候补只能加长。"))
    locked.reserved, locked.reserved_until, locked.waiting_most = reserved, reserved_until, waiting_most
    locked.save(update_fields=["reserved", "reserved_until", "waiting_most"])
    audit.record("opening.eased", by=by, on=locked, at_unit=locked.release.unit.path, reserved=reserved)
    jobs.later("bookings.promote", opening_id=locked.pk)
    return locked


def _is_tighter(opening: Opening, reserved: int, until: datetime | None, waiting_most: int | None) -> bool:
    longer = until is not None and opening.reserved_until is not None and until > opening.reserved_until
    before = opening.waiting_most
    shorter_line = waiting_most is not None and (before is None or waiting_most < before)
    return reserved > opening.reserved or longer or shorter_line


@transaction.atomic
def change_seats(*, opening: Opening, seats: int, by: User) -> Visit:
    """Give the visit more seats, or fewer as long as none is taken or offered that would be lost."""
    require(by, Permission.VISIT_MANAGE, opening.visit.venue.host.unit)
    visit = lock_visits([opening.visit_id])[opening.visit_id]
    if seats < visit.taken + visit.offered:
        raise BookingRefused(
            _("已经有 {n} 个名额给了人或正等人答复，不能减到 {seats} 个。").format(
                n=visit.taken + visit.offered, seats=seats
            )
        )
    before, visit.seats = visit.seats, seats
    visit.save(update_fields=["seats"])
    unit = visit.venue.host.unit
    audit.record("visit.seats_changed", by=by, on=visit, at_unit=unit.path, before=before, seats=seats)
    if seats > before:
        jobs.later("bookings.promote", opening_id=opening.pk)
    return visit
