"""What a press would come to, for several pupils at once: asked of the function that takes presses, and undone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.bookings import words
from baiye.bookings.actions.presses import Pressing, press_many
from baiye.bookings.models import Opening
from baiye.schools.models import Pupil

NOT_PERSONAL = {"not_yet", "closed", "cancelled", "begun", "hindered", "full", "unknown"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pupil, and why they cannot come, in a sentence; empty where they can."""

    pupil: Pupil
    why: str = ""


@transaction.atomic
def rehearse(*, opening: Opening, pupils: Sequence[Pupil], by: User, at: datetime) -> list[Candidate]:
    """Each of ``pupils`` with what keeps them, and them alone, from ``opening``; nothing is left of it.

    The very function that takes presses is asked, so this and the booking never differ; before it opens it is asked
    for the minute in which it will.
    """
    moment = max(at, opening.release.opens_at)
    presses = [Pressing(opening.pk, pupil.pk, uuid.uuid4(), None, by.pk) for pupil in pupils]
    answers = press_many(presses, at=moment) if presses else []
    transaction.set_rollback(True)
    return [Candidate(pupil, _why(answer.reason)) for pupil, answer in zip(pupils, answers, strict=True)]


def _why(reason: str) -> str:
    if reason == words.ALREADY:
        return _("已经约了或在候补这一场。")
    return "" if reason in {words.NEW, *NOT_PERSONAL} else words.reason(reason)
