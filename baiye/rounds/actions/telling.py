"""Who is told what of a round, in their inbox."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, messages
from baiye.core.refusals import Refused
from baiye.rounds.models import Publication, Run, RunSeat
from baiye.schools.models import Pupil
from baiye.schools.queries import people_behind


class MessageRefused(Refused):
    """There is nothing to send, or nobody to send it to."""


def tell_families(*, publication: Publication) -> int:
    """One message to each pupil who signs in and each guardian of a published round; how many people."""
    pupils = RunSeat.objects.filter(run=publication.run_id).values_list("pupil", flat=True).distinct()
    people = people_behind(list(pupils))
    messages.send(
        to=people,
        kind="round.published",
        key=f"round-{publication.round_id}-published",
        subject=_("录取结果出来了"),
        body=_("%s 的结果已公布，点开看去哪几场，以及为什么。") % publication.round.name,
        url="/home/",
    )
    return len(people)


@transaction.atomic
def write_to(*, run: Run, pupils: Iterable[Pupil], text: str, by: User) -> int:
    """Write ``text`` to the families of ``pupils``; the same text goes out once. How many people.

    Raises
    ------
    MessageRefused
        No text, or nobody ticked.
    """
    require(by, Permission.SEAT_ASSIGN, run.round.unit)
    text, ids = text.strip(), [pupil.pk for pupil in pupils]
    if not text:
        raise MessageRefused(_("写下要通知的话，再发。"))
    if not ids:
        raise MessageRefused(_("先在名单里勾选要通知的同学。"))
    people = people_behind(ids)
    key = f"run-{run.pk}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    messages.send(to=people, kind="placement.note", key=key, subject=_("关于 %s") % run.round.name, body=text[:500])
    audit.record("families.written_to", by=by, on=run, at_unit=run.round.unit.path, pupils=len(ids), people=len(people))
    return len(people)
