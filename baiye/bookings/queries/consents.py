"""What an opening asks of a guardian before a child may come, and what was answered."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.bookings.models import Opening
from baiye.catalogue.models import HAZARDS
from baiye.schools.models import Consent, Pupil
from baiye.schools.queries import standing_consents


@dataclass(frozen=True, slots=True)
class Needed:
    """One purpose: whether it is agreed to, and where a guardian answers."""

    title: str
    note: str
    url: str = ""
    is_missing: bool = False


def needed(opening: Opening, pupil: Pupil, by: User) -> list[Needed]:
    """The purposes that must be agreed to, then what the hazards of the visit ask; one query where any is needed."""
    hazards = [str(HAZARDS[key]) for key in opening.visit.version.hazards if key in HAZARDS]
    if not opening.consents and not hazards:
        return []
    answers = standing_consents(pupil)
    url = reverse("schools:consents", args=[pupil.pk]) if by.kind == "guardian" else ""
    found = [_needed(purpose, answers.get(purpose), url) for purpose in opening.consents]
    if hazards and "health" not in opening.consents:
        note = _("有要照顾的，请家长写在健康提醒里；不写也能来。")
        found.append(Needed("；".join(hazards), note, url if "health" not in answers else ""))
    return found


def _needed(purpose: str, answer: Consent | None, url: str) -> Needed:
    name = dict(Consent.PURPOSES)[purpose]
    title = _("要家长同意「{name}」").format(name=name)
    if answer and answer.agreed:
        return Needed(title, _("已经同意"))
    said = _("答复过不同意；改成同意才能约这一场") if answer else _("家长还没有答复；同意以后才能约这一场")
    return Needed(title, said, url, is_missing=True)
