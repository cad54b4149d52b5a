"""Whether a body that applies was penalised in the last three years, as the public registers tell it."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core import audit
from baiye.core.refusals import Refused
from baiye.registry.models import Application, PenaltyCheck
from baiye.registry.permissions import require_review, serves

LOOKED_AT = {"submitted", "accepted", "inspection", "panel", "conditions"}


class PenaltyCheckRefused(Refused):
    """The check cannot be noted so."""


@transaction.atomic
def note_penalty_check(
    *, application: Application, place: str, found: str, request: uuid.UUID, by: User, at: datetime
) -> PenaltyCheck:
    """Note what ``by`` found in a public register, nothing where ``found`` is empty; sent twice, it is one check.

    Raises
    ------
    PermissionDenied
        ``by`` does not review under the standard.
    PenaltyCheckRefused
        The application is not under review, no such register, or ``by`` belongs to the host.
    """
    require_review(by, application.standard)
    rows = Application.objects.select_for_update(of=("self",)).select_related("standard__keeper", "host__unit")
    now = rows.get(pk=application.pk)
    if standing := PenaltyCheck.objects.filter(request=request).first():
        if standing.application_id != now.pk:
            raise PenaltyCheckRefused(_("这一条已经记在另一份申报里。请刷新页面再记。"))
        return standing
    if now.state not in LOOKED_AT:
        said = _("这份申报现在是「%(state)s」，不用再查。") % {"state": now.get_state_display()}
        raise PenaltyCheckRefused(said)
    if place not in dict(PenaltyCheck.PLACES):
        raise PenaltyCheckRefused(_("请选在哪里查的。"))
    if now.host is not None and serves(by, now.host):
        raise PenaltyCheckRefused(_("您在这家基地任职，要回避，请另一位来查。"))
    check = PenaltyCheck.objects.create(
        application=now, request=request, place=place, found=found.strip()[:400], at=at, by=by
    )
    assert now.standard.keeper is not None  # nobody reviews without one
    audit.record(
        "penalties.checked", by=by, on=now, at_unit=now.standard.keeper.path, place=place, clean=not check.found
    )
    return check
