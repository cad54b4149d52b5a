"""The order in which a family wants the openings of a ranked release, until it is frozen."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.bookings.models import Booking, Release
from baiye.bookings.queries.ranks import ranks_of
from baiye.core import audit
from baiye.core.refusals import Refused
from baiye.schools.models import Pupil
from baiye.schools.permissions import require_for_pupil

LOCK = "SELECT pg_advisory_xact_lock_shared(26660, %s)"  # as every press: whoever freezes the release waits for it


class RanksMoved(Refused):
    """The ranking was changed elsewhere meanwhile; nothing was overwritten."""


def version_of(ranked: Sequence[Booking]) -> str:
    """What a ranking is known by: its openings in their order."""
    return ",".join(str(one.opening_id) for one in ranked)


@transaction.atomic
def set_order(
    *, release: Release, pupil: Pupil, openings: Sequence[int], version: str, by: User, at: datetime
) -> list[Booking]:
    """Rank the pupil's openings of ``release`` as ``openings`` has them, from 1; the new ranking.

    Raises
    ------
    PermissionDenied
        ``by`` neither is the pupil nor stands for them.
    RanksMoved
        The ranking is no longer ``version``, or ``openings`` are not the ones that are ranked.
    Refused
        The release does not take ranks now.
    """
    require_for_pupil(by, Permission.WISH_GIVE, pupil)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [release.pk])
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    release.refresh_from_db(fields=["frozen_at"])
    if release.mode != "ranked" or release.frozen_at is not None or not release.opens_at <= at < release.closes_at:
        raise Refused(_("这次放号现在不能改志愿。已经排好的照样参加录取。"))
    ranked = list(ranks_of(release, pupil))
    if version_of(ranked) != version or sorted(openings) != sorted(one.opening_id for one in ranked):
        raise RanksMoved(_("志愿刚才在别处改过了，没有覆盖。看看现在的次序，再排一次。"))
    places = {opening: rank for rank, opening in enumerate(openings, start=1)}
    for one in ranked:
        one.rank = places[one.opening_id]
    ranked.sort(key=lambda one: one.rank or 0)
    Booking.objects.bulk_update(ranked, ["rank"])
    audit.record("ranks.set", by=by, on=release, at_unit=pupil.school_class.school.unit.path, pupil=pupil.pk)
    return ranked
