"""What an inspector finds: scores and photos, from a phone that may be offline; the same thing sent twice is one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core import files
from baiye.registry.actions.inspections import InspectionRefused, locked_inspection, record_inspection
from baiye.registry.models import Indicator, Inspection, Photo, Score
from baiye.registry.permissions import require_review

MOST_PHOTOS = 60
VERDICTS = dict(Score.VERDICTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a phone says about one indicator: ``base`` is the version of the score that it was changed from."""

    indicator: int
    edit: uuid.UUID
    verdict: str
    points: int | None = None
    note: str = ""
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a finding: kept now or earlier, in conflict with a later one (``score``), or refused."""

    finding: Finding
    status: Literal["new", "same", "conflict", "refused"]
    score: Score | None = None
    sentence: str = ""


@transaction.atomic
def save_findings(*, inspection: Inspection, findings: Sequence[Finding], by: User, at: datetime) -> list[Outcome]:
    """Keep what the inspector's phone found; an edit that came before is the same one.

    A finding made from an older version of a score than there is now is not kept: the outcome holds the score there is,
    and who holds the phone decides between the two.

    Raises
    ------
    PermissionDenied
        ``by`` is not the inspector.
    InspectionRefused
        The inspection is signed or cancelled.
    """
    locked = _writable(inspection, by)
    indicators = {row.pk: row for row in Indicator.objects.filter(standard=locked.standard)}
    scores = {row.indicator_id: row for row in locked.scores.select_related("saved_by")}
    outcomes = [_judge(locked, finding, indicators, scores, by, at) for finding in findings]
    if new := sum(outcome.status == "new" for outcome in outcomes):
        record_inspection("findings.saved", locked, by, findings=new)
    return outcomes


def _judge(
    inspection: Inspection,
    finding: Finding,
    indicators: dict[int, Indicator],
    scores: dict[int, Score],
    by: User,
    at: datetime,
) -> Outcome:
    indicator, score = indicators.get(finding.indicator), scores.get(finding.indicator)
    if indicator is None:
        return Outcome(finding, "refused", sentence=_("这份标准里没有这一项。"))
    if finding.verdict not in VERDICTS:
        return Outcome(finding, "refused", score, _("结论只能是符合、限期、不符合或待核。"))
    if finding.verdict != "pending" and (finding.points is None or not 0 <= finding.points <= indicator.points):
        said = _("「%(title)s」要给 0 到 %(most)d 分。") % {"title": indicator.title, "most": indicator.points}
        return Outcome(finding, "refused", score, said)
    if score is not None and score.edit == finding.edit:
        return Outcome(finding, "same", score)
    if score is not None and finding.base is not None and finding.base != score.version:
        return Outcome(finding, "conflict", score, _conflict(score))
    facts: dict[str, object] = {
        "verdict": finding.verdict,
        "points": finding.points,
        "note": finding.note[:400],
        "edit": finding.edit,
    }
    facts |= {"version": (score.version if score else 0) + 1, "saved_at": at, "saved_by": by}
    kept, _made = Score.objects.update_or_create(inspection=inspection, indicator=indicator, defaults=facts)
    scores[indicator.pk] = kept
    return Outcome(finding, "new", kept)


def _conflict(score: Score) -> str:
    points = "" if score.points is None else _("，%(n)d 分") % {"n": score.points}
    facts = {"verdict": score.get_verdict_display(), "points": points}
    return _("另一台设备后来记了「%(verdict)s」%(points)s。请选留哪一个。") % facts


@transaction.atomic
def add_photo(
    *,
    inspection: Inspection,
    photo_id: uuid.UUID,
    upload: "UploadedFile[bytes]",
    no_faces: bool,
    indicator: Indicator | None,
    by: User,
    at: datetime,
) -> Photo:
    """Keep a photo of the inspection, made anew without place and camera; the same id is one photo.

    Raises
    ------
    InspectionRefused
        Nobody said that no face shows, there are too many, or the inspection is signed.
    FileRefused
        It is no photo, or too large.
    """
    locked = _writable(inspection, by)
    if found := Photo.objects.filter(pk=photo_id).first():
        if found.inspection_id != locked.pk:
            raise InspectionRefused(_("这张照片的编号已经用在另一次核查里。请重新拍。"))
        return found
    if not no_faces:
        raise InspectionRefused(_("请先看一眼：照片里没有人脸才能交，看过后打勾。"))
    if indicator is not None and indicator.standard_id != locked.standard_id:
        raise InspectionRefused(_("这份标准里没有这一项。"))
    if locked.photos.count() >= MOST_PHOTOS:
        raise InspectionRefused(_("照片已有 %(n)d 张，够了。") % {"n": MOST_PHOTOS})
    file = files.keep(upload, kinds=files.PHOTOS, by=by)
    facts = {"file": file, "no_faces": True, "taken_at": at, "taken_by": by}
    photo = Photo.objects.create(pk=photo_id, inspection=locked, indicator=indicator, **facts)
    record_inspection("inspection.photo_added", locked, by)
    return photo


@transaction.atomic
def empty_photo(*, photo: Photo, by: User, at: datetime) -> None:
    """Take away for good what a photo shows, since a face does; that there was one stays. Asked twice, it is done once.

    Raises
    ------
    PermissionDenied
        ``by`` does not review by the inspection's standard.
    """
    require_review(by, photo.inspection.standard)
    if files.empty(photo.file, at=at):
        record_inspection("inspection.photo_emptied", photo.inspection, by)


def _writable(inspection: Inspection, by: User) -> Inspection:
    locked = locked_inspection(inspection)
    if by.pk != locked.inspector_id:
        raise PermissionDenied(f"inspection {inspection.pk} is not theirs")
    if locked.cancelled_at is not None:
        raise InspectionRefused(_("这次核查取消了，记录没有存。"))
    if locked.signed_at is not None:
        raise InspectionRefused(_("已经签过字，不能再改。要改，先收回签字。"))
    return locked
