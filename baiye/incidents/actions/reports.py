"""A report is sent: once, whole, and whoever must act is told at once, without a name."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import Unit, User
from baiye.core import audit, clock, crypto, files, messages
from baiye.core.refusals import Refused
from baiye.incidents import permissions
from baiye.incidents.models import Concerned, Incident, IncidentPhoto, Step
from baiye.incidents.queries.reports import (
    OLDEST,
    find_report,
    handlers_of,
    nameable_pupils,
    nameable_units,
    nameable_visits,
)
from baiye.schools.models import Pupil
from baiye.visits.models import Visit

AT_ONCE = {"harm", "missing", "injury"}  # the law or a child's safety asks for it
MUST_TELL = {"harm": {"police", "district"}}  # 未成年人保护法 第十一条
MOST_PHOTOS = 6


class ReportRefused(Refused):
    """The report cannot be taken as it is; nothing typed is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What someone says has happened."""

    kind: str
    happened_at: datetime
    what: str
    visit: Visit | None = None
    unit: Unit | None = None
    place: str = ""
    done: str = ""
    told: Sequence[str] = ()
    pupils: Collection[Pupil] = ()
    photos: "Sequence[UploadedFile[bytes]]" = ()


@transaction.atomic
def report_incident(*, report: Report, request: uuid.UUID, by: User, at: datetime) -> Incident:
    """Take a report; sent again under the same ``request`` it is the one that stands.

    Raises
    ------
    PermissionDenied
        ``by`` holds no office in which incidents are reported, or names a visit, unit or pupil beyond their own.
    ReportRefused
        It says nothing, lies in the future, brings too many photos, or the request is somebody else's.
    FileRefused
        A photo is none.
    """
    if standing := find_report(by, request):
        return standing
    _require(report, by, at)
    if not report.what.strip():
        raise ReportRefused(_("请写清楚发生了什么。"))
    if report.happened_at > at:
        raise ReportRefused(_("发生时间不能晚于现在。请改一下。"))
    if len(report.photos) > MOST_PHOTOS:
        raise ReportRefused(_("最多 %(n)d 张照片。请去掉几张。") % {"n": MOST_PHOTOS})
    incident, is_new = _store(report, request, by, at)
    if is_new:
        audit.record("incident.reported", by=by, on=incident, at_unit=incident.unit.path, incident_kind=report.kind)
        _tell_handlers(incident, at)
    elif incident.reported_by_id != by.pk:
        raise ReportRefused(_("这份报告的编号已经有人用过。请重新打开报告页再报。"))
    return incident


def _require(report: Report, by: User, at: datetime) -> None:
    if not permissions.may_report(by):
        raise PermissionDenied("incident.report")
    if report.visit is None:
        if report.unit is None or not nameable_units(by).filter(pk=report.unit.pk).exists():
            raise PermissionDenied("a report needs a visit or a unit of one's own")
        if report.pupils:
            raise PermissionDenied("pupils are named by the visit they were on")
        return
    if not nameable_visits(by, at, days=OLDEST).filter(pk=report.visit.pk).exists():
        raise PermissionDenied("not a visit of one's own")
    wanted = {pupil.pk for pupil in report.pupils}
    if wanted - set(nameable_pupils(by, report.visit).filter(pk__in=wanted).values_list("pk", flat=True)):
        raise PermissionDenied("a pupil who was not on that visit")


def _store(report: Report, request: uuid.UUID, by: User, at: datetime) -> tuple[Incident, bool]:
    """The incident of ``request`` with its pupils and photos, and whether it is new; sent at once, the second waits."""
    host = report.visit.venue.host if report.visit else getattr(report.unit, "host", None)
    unit = report.visit.venue.host.unit if report.visit else report.unit
    assert unit is not None
    said = {
        "kind": report.kind,
        "unit": unit,
        "host": host,
        "visit": report.visit,
        "happened_at": report.happened_at,
        "place": report.place,
        "what_sealed": crypto.encrypt(report.what.strip()),
        "done_sealed": crypto.encrypt(report.done.strip()) if report.done.strip() else b"",
        "told": sorted(set(report.told)),
        "reported_at": at,
        "reported_by": by,
    }
    incident, is_new = Incident.objects.get_or_create(request=request, defaults=said)
    if not is_new:
        return incident, False
    Concerned.objects.bulk_create(Concerned(incident=incident, pupil=pupil) for pupil in report.pupils)
    kept = [files.keep(photo, kinds=files.PHOTOS, by=by) for photo in report.photos]
    IncidentPhoto.objects.bulk_create(IncidentPhoto(incident=incident, file=file) for file in kept)
    return incident, True


def _tell_handlers(incident: Incident, at: datetime) -> None:
    """In the inbox stand the kind and where to look, nothing of what happened; what is urgent wakes people up."""
    urgent = _("【马上处理】") if incident.kind in AT_ONCE else ""
    messages.send(
        to=handlers_of(incident.unit, clock.day_of(at)),
        kind="incident.reported",
        key=f"incident-{incident.pk}",
        at=at,
        needed_by=at if urgent else None,
        subject=urgent + _("有一件事件报告：%(kind)s") % {"kind": incident.get_kind_display()},
        body=_("点开查看和定级。报告里有学生情况，请不要转发。"),
        url=reverse("incidents:incident", args=[incident.pk]),
    )


def still_to_tell(incident: Incident) -> set[str]:
    """Whom the law asks to be told, and nobody has said they were."""
    told = set(incident.told) | {step.text for step in incident.steps.filter(kind="told")}
    return MUST_TELL.get(incident.kind, set()) - told


@transaction.atomic
def say_told(*, incident: Incident, whom: str, by: User, at: datetime) -> Step:
    """Note that someone was told after the report was sent, by who sent it or a handler; said twice, it is one line.

    Raises
    ------
    PermissionDenied
        ``by`` neither reported the incident nor handles it.
    """
    if incident.reported_by_id != by.pk and not permissions.reads(by, incident):
        raise PermissionDenied("incident.handle")
    if whom not in dict(Incident.TOLD):
        raise ReportRefused(_("请选一个已经告知的人或部门。"))
    Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    for step in incident.steps.filter(kind="told"):
        if step.text == whom:
            return step
    step = Step.objects.create(incident=incident, at=at, by=by, kind="told", text_sealed=crypto.encrypt(whom))
    audit.record("incident.told", by=by, on=incident, at_unit=incident.unit.path, whom=whom)
    return step


def record_look(*, incident: Incident, by: User) -> None:
    """Write down that someone read an incident."""
    audit.record("incident.viewed", by=by, on=incident, at_unit=incident.unit.path)
