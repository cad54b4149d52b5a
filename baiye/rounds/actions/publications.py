"""Two people publish: one proposes a run's result, another approves it, and only then are seats given."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, jobs
from baiye.core.refusals import Refused
from baiye.rounds.models import Publication, Run, RunSeat
from baiye.visits.actions import place_seats


class PublicationRefused(Refused):
    """The result may not be proposed, approved or withdrawn now."""


@transaction.atomic
def propose(*, run: Run, by: User, at: datetime) -> Publication:
    """Ask that a run's result be published; asking twice changes nothing.

    Raises
    ------
    PermissionDenied
        ``by`` may not publish in the round's district.
    PublicationRefused
        The run has not ended, did not pass the independent check, was discarded, or another result stands.
    """
    require(by, Permission.PLACEMENT_PUBLISH, run.round.unit)
    run = Run.objects.select_for_update().get(pk=run.pk)
    if not run.finished_at or run.discarded_at or not run.figures["verified"]:
        raise PublicationRefused(_("只有算完、没作废、并通过独立核对的结果才能提请公布。"))
    if Publication.objects.filter(round=run.round, withdrawn_at=None).exclude(run=run).exists():
        raise PublicationRefused(_("这一轮已有一份结果在等复核或已公布。"))
    publication, is_new = Publication.objects.get_or_create(
        run=run, defaults={"round": run.round, "proposed_by": by, "proposed_at": at}
    )
    if publication.withdrawn_at:
        publication.proposed_by, publication.proposed_at, publication.withdrawn_at = by, at, None
        publication.save()
        is_new = True
    if is_new:
        audit.record("publication.proposed", by=by, on=publication, at_unit=run.round.unit.path, run=str(run.pk))
    return publication


@transaction.atomic
def approve(*, publication: Publication, by: User, at: datetime) -> int:
    """Publish: give every seat of the run, tell every family; how many seats were given (0 when already done).

    Raises
    ------
    PermissionDenied
        ``by`` may not publish in the round's district.
    PublicationRefused
        ``by`` is who proposed it, or the proposal was withdrawn.
    SeatRefused
        A host or a visit changed meanwhile, so that a seat cannot be given; nothing was changed.
    """
    publication = (
        Publication.objects.select_for_update(of=("self",)).select_related("round__unit").get(pk=publication.pk)
    )
    require(by, Permission.PLACEMENT_PUBLISH, publication.round.unit)
    if publication.approved_at:
        return 0
    if publication.withdrawn_at:
        raise PublicationRefused(_("提请已撤回，没有可公布的结果。"))
    if publication.proposed_by_id == by.pk:
        raise PublicationRefused(_("公布要两个人：请另一位有权限的同事来复核。"))
    pairs = list(RunSeat.objects.filter(run=publication.run_id).order_by("pk").values_list("pupil", "visit"))
    given = place_seats(pairs=pairs, by=by, at=at)
    publication.approved_by, publication.approved_at = by, at
    publication.save(update_fields=["approved_by", "approved_at"])
    audit.record("publication.approved", by=by, on=publication, at_unit=publication.round.unit.path, seats=given)
    jobs.later("rounds.tell_families", publication_id=publication.pk)
    return given


@transaction.atomic
def withdraw(*, publication: Publication, by: User, at: datetime) -> None:
    """Take a proposal back before anyone approved it."""
    require(by, Permission.PLACEMENT_PUBLISH, publication.round.unit)
    if not Publication.objects.filter(pk=publication.pk, approved_at=None, withdrawn_at=None).update(withdrawn_at=at):
        raise PublicationRefused(_("结果已经公布，不能撤回提请。"))
    audit.record("publication.withdrawn", by=by, on=publication, at_unit=publication.round.unit.path)
