"""Appeals (申诉): made by the host or by who applied, answered by somebody who signed nothing of it."""

import uuid
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, files, jobs
from baiye.core.refusals import Refused
from baiye.registry.actions.measures import write_resumption
from baiye.registry.actions.steps import take_step
from baiye.registry.models import Accreditation, Appeal, Application, Decision, Host, Measure, Standard
from baiye.registry.permissions import require_review, serves
from baiye.registry.queries.appeals import signed_by

DAYS = 60  # as long as the law gives for 行政复议
AGAINST = frozenset({"warning", "suspension", "dormancy", "hearing", "revocation"})


class AppealRefused(Refused):
    """The appeal cannot be made or answered so."""


@transaction.atomic
def make_appeal(
    *,
    against: Decision | Measure,
    text: str,
    request: uuid.UUID,
    at: datetime,
    by: User | None = None,
    application: Application | None = None,
    upload: "UploadedFile[bytes] | None" = None,
) -> Appeal:
    """Disagree with a decision in force or a measure: ``by`` of the host, or ``application`` by its secret link.

    The same request is one appeal.

    Raises
    ------
    PermissionDenied
        ``by`` does not manage the host, or the link is another application's.
    AppealRefused
        It is no longer or not at all to be appealed against, an appeal is open, or nothing is said.
    """
    _require_own(against, by, application)
    locked = _locked(against)
    if found := Appeal.objects.filter(request=request).first():
        return found
    if not text.strip():
        raise AppealRefused(_("请写明哪里不同意、理由是什么。"))
    if because := _hinders(locked, at):
        raise AppealRefused(because)
    of = {"decision": locked} if isinstance(locked, Decision) else {"measure": locked}
    if Appeal.objects.filter(answered_at=None, **of).exists():
        raise AppealRefused(_("已经有一份申诉在等答复。"))
    file = files.keep(upload, by=by) if upload else None
    facts = {"text": text[:1000], "file": file, "made_at": at, "made_by": by, "application": application}
    appeal = Appeal.objects.create(request=request, **of, **facts)
    audit.record("registry_appeal.made", by=by, on=appeal, at_unit=host_of(locked).unit.path)
    jobs.later("registry.tell_appeal", appeal_id=appeal.pk)
    return appeal


@transaction.atomic
def answer_appeal(*, appeal: Appeal, upheld: bool, answer: str, by: User, at: datetime) -> Appeal:
    """Answer an appeal. Upheld against a decision, the host is inspected anew; against a measure, that is lifted.

    Raises
    ------
    AppealRefused
        `hinders_answer` says why, or no reason is given.
    """
    against = against_of(appeal)
    require_review(by, standard_of(against))
    locked = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if because := hinders_answer(locked, by):
        raise AppealRefused(because)
    if not answer.strip():
        raise AppealRefused(_("请写答复和理由，对方会看到。"))
    locked.answered_at, locked.answered_by, locked.upheld, locked.answer = at, by, upheld, answer[:1000]
    locked.save(update_fields=["answered_at", "answered_by", "upheld", "answer"])
    if upheld:
        _follow(_locked(against), answer, by, at)
    audit.record("registry_appeal.answered", by=by, on=locked, at_unit=host_of(against).unit.path, upheld=upheld)
    jobs.later("registry.tell_appeal_answered", appeal_id=locked.pk)
    return locked


def _follow(against: Decision | Measure, answer: str, by: User, at: datetime) -> None:
    """Do what an upheld appeal asks for."""
    because = _("申诉成立：%(answer)s") % {"answer": answer}
    if isinstance(against, Decision):
        application = against.inspection.application
        if application is not None and application.state in {"conditions", "failed"}:
            take_step(application, "inspection", by=by, at=at, note=because)
    elif against.kind in {"suspension", "dormancy", "revocation"}:
        now = Accreditation.objects.select_for_update(of=("self",)).select_related("host__unit")
        write_resumption(now.get(pk=against.accreditation_id), because, by, at)


def hinders_answer(appeal: Appeal, by: User) -> str:
    """Why ``by`` does not answer, as a sentence; empty where they may."""
    against = against_of(appeal)
    if appeal.answered_at is not None:
        return _("这份申诉早先已经答复了。")
    if by.pk in signed_by(against) or by.pk == appeal.made_by_id:
        return _("您签过这件事，要回避。请没有签过字的同事来答复。")
    if serves(by, host_of(against)):
        return _("您在这家基地任职，要回避，请另一位来签。")
    return ""


def against_of(appeal: Appeal) -> Decision | Measure:
    """What an appeal is against."""
    against = appeal.decision or appeal.measure
    assert against is not None  # appeal_against_one_thing
    return against


def host_of(against: Decision | Measure) -> Host:
    """The host that a decision or a measure is about."""
    return against.inspection.host if isinstance(against, Decision) else against.accreditation.host


def standard_of(against: Decision | Measure) -> Standard:
    """The standard by which it was decided."""
    return against.inspection.standard if isinstance(against, Decision) else against.accreditation.standard


def _require_own(against: Decision | Measure, by: User | None, application: Application | None) -> None:
    if application is not None:
        own = isinstance(against, Decision) and against.inspection.application_id == application.pk
        if not own:
            raise PermissionDenied(f"application {application.pk} is not about that")
    elif by is not None:
        require(by, Permission.HOST_MANAGE, host_of(against).unit)
    else:
        raise PermissionDenied("nobody appeals")


def may_appeal(against: Decision | Measure, at: datetime) -> bool:
    """Whether one may appeal now; two queries."""
    return not _hinders(against, at) and not against.appeals.filter(answered_at=None).exists()


def _hinders(against: Decision | Measure, at: datetime) -> str:
    """Why one may not appeal, as a sentence; empty where one may."""
    since = against.in_force_at if isinstance(against, Decision) else against.at
    if since is None or (isinstance(against, Decision) and against.outcome == "pass"):
        return _("只有已经生效的限期整改和不通过可以申诉。")
    if isinstance(against, Measure) and against.kind not in AGAINST:
        return _("这一步不是处理决定，不用申诉。")
    if at > since + timedelta(days=DAYS):
        return _("申诉要在 %(n)d 天内提出，这件事已经过了。") % {"n": DAYS}
    if against.appeals.filter(answered_at__isnull=False).exists():
        return _("这件事已经答复过一次申诉。")
    return ""


def _locked(against: Decision | Measure) -> Decision | Measure:
    """The same for the rest of the transaction, by a lock on what it is about."""
    if isinstance(against, Decision):
        rows = Decision.objects.select_related("inspection__application", "inspection__host__unit")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=against.pk)
    Accreditation.objects.select_for_update(no_key=True).get(pk=against.accreditation_id)
    return Measure.objects.select_related("accreditation__host__unit").get(pk=against.pk)
