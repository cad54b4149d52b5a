"""Papers: handed in with an application or by a host, taken back, accepted, refused."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, may, require
from baiye.core import audit, clock, files, messages
from baiye.core.refusals import Refused
from baiye.registry.actions.applications import OPEN
from baiye.registry.models import Application, Host, HostDocument, Venue
from baiye.registry.permissions import may_judge, require_review
from baiye.registry.queries.hosts import managers_of

MOST_PAPERS = 40  # of one application, so that a link that got about fills no disk


class DocumentRefused(Refused):
    """The paper cannot be handed in or judged so."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it is handed in; without ``file`` it was seen on paper by who enters it."""

    kind: str
    valid_from: date
    valid_until: date | None = None
    number: str = ""
    file: "UploadedFile[bytes] | None" = None


@transaction.atomic
def hand_in_with(*, application: Application, paper: Paper, request: UUID, by: User | None = None) -> HostDocument:
    """Hand in a paper with an application that is still open; the same request is the same paper.

    Raises
    ------
    DocumentRefused
        The application is no longer open, holds too many papers, or the days or the file are missing.
    FileRefused
        It is no PDF and no photo, or too large.
    """
    if by is not None:
        require_review(by, application.standard)
    now = Application.objects.select_for_update(of=("self",)).select_related("host").get(pk=application.pk)
    if found := HostDocument.objects.filter(request=request, application=now).first():
        return found
    if now.state not in OPEN:
        raise DocumentRefused(_("这份申报已经交上去了，现在不能加材料。要补，请先联系受理的人退回"))
    if now.documents.count() >= MOST_PAPERS:
        raise DocumentRefused(_("材料太多了。请先删掉用不着的"))
    return _keep(paper, request, by, application=now, host=now.host, is_example=now.is_example)


@transaction.atomic
def hand_in(*, host: Host, paper: Paper, request: UUID, venue: Venue | None = None, by: User) -> HostDocument:
    """Hand in a paper of a host that is there already, as a new one or in place of one that ends.

    Raises
    ------
    PermissionDenied
        ``by`` manages no such host.
    DocumentRefused
        The host was merged, or the days or the file are missing.
    """
    require(by, Permission.HOST_MANAGE, host.unit)
    if found := HostDocument.objects.filter(request=request, host=host).first():
        return found
    if host.merged_into_id is not None:
        raise DocumentRefused(_("这家基地已并入别家，请到那边交材料"))
    if paper.file is None and not may(by, Permission.HOST_ACCREDIT, host.unit):
        raise DocumentRefused(_("请选一个文件：PDF，或拍一张照片"))
    if venue is not None and venue.host_id != host.pk:
        raise DocumentRefused(_("请选这家基地自己的场地"))
    return _keep(paper, request, by, host=host, venue=venue, is_example=host.unit.is_example)


def _keep(paper: Paper, request: UUID, by: User | None, **whose: object) -> HostDocument:
    if paper.valid_until and paper.valid_until < paper.valid_from:
        raise DocumentRefused(_("到期日要在起始日之后"))
    if paper.file is None and by is None:
        raise DocumentRefused(_("请选一个文件：PDF，或拍一张照片"))
    kept = files.keep(paper.file, by=by) if paper.file else None
    days = {"valid_from": paper.valid_from, "valid_until": paper.valid_until}
    facts = {"kind": paper.kind, "number": paper.number, "file": kept, "handed_in_by": by, **days}
    made = HostDocument.objects.create(request=request, **facts, **whose)
    audit.record("host_document.handed_in", by=by, on=made, at_unit=_place(made), paper=paper.kind)
    return made


@transaction.atomic
def take_back(*, document: HostDocument, by: User | None = None) -> None:
    """Remove a paper from an application that is still open, before anybody accepted it; its bytes go too. Once.

    Raises
    ------
    DocumentRefused
        It was handed in, or accepted.
    """
    application = document.application
    assert application is not None
    if by is not None:
        require_review(by, application.standard)
    state = Application.objects.select_for_update(of=("self",)).get(pk=application.pk).state
    now = HostDocument.objects.select_for_update(of=("self",)).filter(pk=document.pk).first()
    if now is None:
        return
    if state not in OPEN or now.accepted_at is not None:
        raise DocumentRefused(_("这份材料已经交上去或核对过，不能删。可以再交一份新的"))
    audit.record("host_document.taken_back", by=by, on=now, at_unit=_place(now), paper=now.kind)
    file = now.file
    now.delete()
    if file:
        file.delete()


@transaction.atomic
def accept_document(*, document: HostDocument, by: User, at: datetime) -> None:
    """Say that a paper is in order; accepted twice, it is accepted once.

    Raises
    ------
    PermissionDenied
        ``by`` does not review this application or host.
    DocumentRefused
        It was refused already, or ``by`` handed the file in.
    """
    now = _to_judge(document, by)
    if now.accepted_at is not None:
        return
    if now.refused_at is not None:
        raise DocumentRefused(_("这份材料已经退回。请等对方交新的"))
    if now.file_id is not None and now.handed_in_by_id == by.pk:
        raise DocumentRefused(_("这份材料是您自己交的，请另一位同事来核对"))
    now.accepted_at, now.accepted_by = at, by
    now.save(update_fields=["accepted_at", "accepted_by"])
    audit.record("host_document.accepted", by=by, on=now, at_unit=_place(now), paper=now.kind)


@transaction.atomic
def refuse_document(*, document: HostDocument, because: str, by: User, at: datetime) -> None:
    """Say why a paper will not do; an accepted one can be refused later, and then counts no more.

    Raises
    ------
    PermissionDenied
        ``by`` does not review this application or host.
    DocumentRefused
        Without a reason.
    """
    now = _to_judge(document, by)
    if now.refused_at is not None:
        return
    if not because.strip():
        raise DocumentRefused(_("请写明哪里不行，对方会看到"))
    now.accepted_at, now.accepted_by = None, None
    now.refused_at, now.refused_by, now.refused_because = at, by, because
    now.save(update_fields=["accepted_at", "accepted_by", "refused_at", "refused_by", "refused_because"])
    audit.record("host_document.refused", by=by, on=now, at_unit=_place(now), paper=now.kind)
    if now.host is not None:
        _tell_managers(now, at)


def _to_judge(document: HostDocument, by: User) -> HostDocument:
    rows = HostDocument.objects.select_for_update(of=("self",))
    now = rows.select_related("application__standard__keeper", "host__unit").get(pk=document.pk)
    if not may_judge(by, now):
        raise PermissionDenied(f"judging paper {now.pk}")
    return now


def _place(document: HostDocument) -> str:
    if document.host is not None:
        return document.host.unit.path
    keeper = document.application.standard.keeper if document.application else None
    return keeper.path if keeper else ""


def _tell_managers(document: HostDocument, at: datetime) -> None:
    host = document.host
    assert host is not None
    messages.send(
        to=managers_of(host, clock.day_of(at)),
        kind="host_document.refused",
        key=f"document-{document.pk}-refused",
        at=at,
        subject=_("材料要重交：%(paper)s") % {"paper": document.get_kind_display()},
        body=document.refused_because,
        url=reverse("registry:host-papers", args=[host.pk]),
    )


@transaction.atomic
def note_look(*, document: HostDocument, by: User) -> None:
    """Note who looked at a paper's file."""
    audit.record("host_document.viewed", by=by, on=document, at_unit=_place(document))
