"""What a pupil writes about a visit; nobody else can, and nobody grades it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.attendance.models import Mark
from baiye.catalogue.models import STEPS
from baiye.core import audit
from baiye.core.refusals import Refused
from baiye.portfolio import screen
from baiye.portfolio.models import FEELINGS, Reflection, StepRecord
from baiye.schools.permissions import require_for_pupil
from baiye.visits.models import Seat


class ReflectionRefused(Refused):
    """It cannot be kept like this; what was written is still in the form."""


@transaction.atomic
def reflect(
    *, seat: Seat, feelings: Collection[str], text: str, steps: Mapping[str, str], by: User, at: datetime
) -> Reflection | None:
    """Keep what the pupil makes of a visit: one reflection, and a sentence for each of the four steps, as they are now.

    Writing again replaces what was there; a step left empty is gone. Without ``text`` only the steps are kept.

    Raises
    ------
    PermissionDenied
        ``by`` is not the pupil of the seat.
    ReflectionRefused
        The pupil was not there, wrote nothing, or what is written holds a number or an address.
    """
    require_for_pupil(by, Permission.REFLECT, seat.pupil)
    text = text.strip()
    written = {key: steps[key].strip() for key, _name in STEPS if steps.get(key, "").strip()}
    if seat.given_up_at is not None or not Mark.objects.filter(seat=seat, kind="in", voided_at=None).exists():
        raise ReflectionRefused(_("去过以后再来写"))
    if not text and not written:
        raise ReflectionRefused(_("写一句也行，想到什么写什么"))
    _refuse_personal([text, *written.values()])
    StepRecord.objects.filter(seat=seat).exclude(step__in=written).delete()
    StepRecord.objects.bulk_create(
        [StepRecord(seat=seat, step=key, text=said[:300], written_at=at) for key, said in written.items()],
        update_conflicts=True,
        unique_fields=["seat", "step"],
        update_fields=["text", "written_at"],
    )
    reflection = None
    if text:
        known = [key for key, _name in FEELINGS if key in feelings]
        row = {"feelings": known, "text": text[:1000], "written_at": at}
        reflection, _is_new = Reflection.objects.update_or_create(seat=seat, defaults=row)
    audit.record("reflection.written", by=by, on=seat, steps=len(written), reflected=bool(text))
    return reflection


def _refuse_personal(texts: Collection[str]) -> None:
    kinds = [kind for kind in screen.NAMES if any(kind in screen.found(text) for text in texts)]
    if kinds:
        names = "、".join(str(screen.NAMES[kind]) for kind in kinds)
        raise ReflectionRefused(
            _("里面好像有%(what)s，先删掉再存，写好的都还在。档案里不放这些，是为了保护你") % {"what": names}
        )
