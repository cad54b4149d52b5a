"""Applications by who applies: begun, filled in, handed in, taken back. Whoever has the secret link may."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.accounts.queries import people_with
from baiye.core import audit, channels, clock, crypto, messages
from baiye.core.refusals import Refused
from baiye.registry import credit_code, links, trades
from baiye.registry.actions.steps import take_step
from baiye.registry.models import DOCUMENTS, Application, HostDocument, Standard, Venue
from baiye.registry.permissions import require_review
from baiye.registry.queries.applications import open_standards

OPEN = frozenset({"draft", "returned"})  # what may still be changed by who applies
BACK = frozenset({"draft", "submitted", "accepted", "returned", "inspection"})  # what may still be taken back
WRITTEN = frozenset(
    {"name", "credit_code", "credit_insisted", "host_kind", "address", "street", "lon", "lat", "contact", "email"}
    | {"occupations", "about", "venue_name", "capacity", "area_m2", "is_commercial", "interests", "penalties"}
)


class ApplicationRefused(Refused):
    """The application cannot be changed so, or not now."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing before an application can be handed in, and on which page it is asked."""

    step: str
    text: str


@transaction.atomic
def start_application(*, standard: Standard, request: UUID, on: date, by: User | None = None) -> Application:
    """Begin an application under ``standard``; ``by`` enters a paper form. The same request gives the same one.

    Raises
    ------
    PermissionDenied
        ``by`` does not review under this standard.
    ApplicationRefused
        One cannot apply by this standard now.
    """
    if by is not None:
        require_review(by, standard)
    if not open_standards(on).filter(pk=standard.pk).exists():
        raise ApplicationRefused(_("这份标准现在不收申报。请回到开头，换一份"))
    facts = {"on_paper_by": by, "is_example": standard.is_example}
    return begin(standard=standard, request=request, by=by, at_unit=_keeper_path(standard), **facts)


def begin(*, standard: Standard, request: UUID, by: User | None, at_unit: str, **facts: object) -> Application:
    """The draft that ``request`` begins with ``facts``, or began before, and its link; in the caller's transaction."""
    link = links.digest(links.token_of(request))
    given = {"standard": standard, "digest": link, **facts}
    application, made = Application.objects.get_or_create(request=request, defaults=given)
    if made:
        take_step(application, "draft", by=by)
        audit.record("application.begun", by=by, on=application, at_unit=at_unit)
    return application


@transaction.atomic
def save_application(*, application: Application, fields: Mapping[str, Any], by: User | None = None) -> Application:
    """Keep what was filled in so far; ``fields`` are some of `WRITTEN` and ``phone``.

    Raises
    ------
    ApplicationRefused
        It was handed in already, or the trade is one at which no pupil is received.
    """
    now = _held(application, by)
    if now.state not in OPEN:
        raise ApplicationRefused(_("这份申报已经交上去了，现在不能改。要改，请先联系受理的人退回"))
    seen = now.credit_code
    for name in fields.keys() & WRITTEN:
        setattr(now, name, fields[name])
    if "phone" in fields:
        now.phone_sealed = crypto.encrypt(fields["phone"]) if fields["phone"] else b""
    now.credit_code = credit_code.tidied(now.credit_code)
    if now.credit_code != seen:
        now.credit_confirmed_by = None  # the desk confirmed another one
    _refuse_blocked(now)
    now.save()
    return now


def _refuse_blocked(application: Application) -> None:
    trade = trades.blocked_in(application.name, application.host_kind, *application.occupations)
    if trade:
        said = _(
            "「%(trade)s」不在可接待学生的行业里（未成年人保护法等有规定），不能申报。如果是误会，请打电话告诉我们"
        )
        raise ApplicationRefused(said % {"trade": trade})


def lacking(application: Application, papers: Iterable[HostDocument], on: date) -> list[Lack]:
    """What is missing before ``application`` can be handed in, in the order of the pages."""
    code = application.credit_code
    asked = [
        (
            "body",
            not code or application.credit_insisted or credit_code.holds(code),
            _("统一社会信用代码的校验位对不上，请核对或勾选确认"),
        ),
        ("body", application.name, _("单位名称")),
        ("body", application.host_kind, _("单位类型")),
        ("body", application.address, _("地址")),
        ("contact", application.contact, _("联系人")),
        ("contact", application.phone_sealed, _("联系电话")),
        ("contact", application.occupations, _("能体验的职业")),
        ("venue", application.venue_name, _("场地名称")),
        ("venue", application.capacity, _("同时容纳人数")),
        ("venue", _venue_fits(application), _("场地的面积容不下这么多人，请核对人数或面积")),
        ("declaration", application.declared_at, _("声明")),
    ]
    lacks = [Lack(step, str(label)) for step, given, label in asked if not given]
    return lacks + [Lack("papers", name) for name in _missing_papers(application, papers, on)]


def _venue_fits(application: Application) -> bool:
    """Whether the venue can be entered as it was described; a host that is known has its venues already."""
    area, capacity = application.area_m2, application.capacity
    if application.host_id is not None or area is None or capacity is None:
        return True
    return area >= capacity * Venue.LEAST_M2


def _missing_papers(application: Application, papers: Iterable[HostDocument], on: date) -> list[str]:
    good = {one.kind for one in papers if one.refused_at is None and not one.is_over(on)}
    names = dict(DOCUMENTS)
    return [str(names[kind]) for kind in application.standard.needs if kind not in good]


@transaction.atomic
def declare(*, application: Application, fields: Mapping[str, Any], at: datetime, by: User | None = None) -> None:
    """Keep the declaration: no advertising, no selling, no pay; ties of interest and penalties as they were told."""
    saved = save_application(application=application, fields=fields, by=by)
    Application.objects.filter(pk=saved.pk).update(declared_at=at)


@transaction.atomic
def submit_application(*, application: Application, at: datetime, by: User | None = None) -> Application:
    """Hand in, for the first time or again after it was returned; handed in twice, it is handed in once.

    Raises
    ------
    ApplicationRefused
        Something is missing (its sentence names it), or it is not open any more.
    """
    now = _held(application, by)
    if now.state == "submitted":
        return now
    if now.state not in OPEN:
        raise ApplicationRefused(_("这份申报现在不能再交。请看它走到了哪一步"))
    lacks = lacking(now, now.documents.all(), clock.day_of(at))
    if lacks:
        raise ApplicationRefused(_("还差：%(what)s") % {"what": "、".join(lack.text for lack in lacks)})
    _refuse_blocked(now)
    again = now.state == "returned"
    now.submitted_at = now.submitted_at or at
    now.save(update_fields=["submitted_at"])
    take_step(now, "submitted", by=by, at=at, note=_("补充后再次提交") if again else "")
    audit.record("application.submitted", by=by, on=now, at_unit=_keeper_path(now.standard), again=again)
    _tell_reviewers(now, at)
    return now


@transaction.atomic
def withdraw_application(*, application: Application, because: str = "", by: User | None = None) -> None:
    """Take back what was not decided yet; taken back twice, it is taken back once.

    Raises
    ------
    ApplicationRefused
        It is before the panel, or decided.
    """
    now = _held(application, by)
    if now.state == "withdrawn":
        return
    if now.state not in BACK:
        raise ApplicationRefused(_("这份申报已经进入评审或有了结论，不能撤回"))
    take_step(now, "withdrawn", by=by, note=because)
    audit.record("application.withdrawn", by=by, on=now, at_unit=_keeper_path(now.standard))


@transaction.atomic
def mail_link(*, application: Application) -> None:
    """Mail the secret link to the address of the application."""
    body = _("用这个链接可以继续填写、查看进度。有链接的人都能看到这份申报，请只给该看的人：")
    text, path = f"{body}\n\n{link_address(application)}", _keeper_path(application.standard)
    channels.mail(application.email, _("百业：申报的链接"), text, unit_path=path)


def link_of(application: Application) -> str:
    """The path of the secret link."""
    return reverse("registry:apply", args=[links.token_of(application.request)])


def link_address(application: Application) -> str:
    """The whole secret link, as it stands in a letter."""
    return f"{settings.BAIYE_SITE_URL}{link_of(application)}"


def _held(application: Application, by: User | None) -> Application:
    """The row, locked; ``by`` is empty for who has the link."""
    if by is not None:
        require_review(by, application.standard)
    rows = Application.objects.select_for_update(of=("self",)).select_related("standard__keeper")
    return rows.get(pk=application.pk)


def _keeper_path(standard: Standard) -> str:
    return standard.keeper.path if standard.keeper else ""


def _tell_reviewers(application: Application, at: datetime) -> None:
    keeper = application.standard.keeper
    assert keeper is not None
    number = application.steps.count()
    messages.send(
        to=people_with(Permission.HOST_ACCREDIT, keeper, clock.day_of(at)),
        kind="application.submitted",
        key=f"application-{application.pk}-submitted-{number}",
        at=at,
        subject=_("新的申报：%(name)s") % {"name": application.name},
        body=_("按《%(standard)s》申报，等待受理。") % {"standard": application.standard},
        url=reverse("registry:application", args=[application.pk]),
    )
