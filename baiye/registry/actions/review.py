"""Applications at the desk: taken up, returned, their host found or made, let through to the inspection."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from baiye.accounts.actions.units import make_unit
from baiye.accounts.models import Unit, User
from baiye.core import audit, channels, clock
from baiye.registry import credit_code
from baiye.registry.actions.applications import ApplicationRefused, lacking, link_address
from baiye.registry.actions.filling import fill_in
from baiye.registry.actions.steps import take_step
from baiye.registry.kinds import is_vocational
from baiye.registry.models import DOCUMENTS, Application, Host, HostDocument, Venue
from baiye.registry.permissions import require_review
from baiye.registry.queries.applications import papers_counted_for


@transaction.atomic
def take_application(*, application: Application, by: User) -> Application:
    """Begin to check what was handed in; who takes it up handles it. Asked twice, it is taken up once.

    Raises
    ------
    ApplicationRefused
        A colleague was quicker, or it does not wait for anybody.
    """
    now = _held(application, by)
    if now.state == "accepted" and now.handled_by_id == by.pk:
        return now
    _require_state(now, "submitted")
    now.handled_by = by
    now.save(update_fields=["handled_by"])
    take_step(now, "accepted", by=by)
    _record("application.taken", now, by)
    return now


@transaction.atomic
def return_application(*, application: Application, because: str, due_on: date, by: User, at: datetime) -> None:
    """Give it back to be completed by a day; who applied reads why, and is written to.

    Raises
    ------
    ApplicationRefused
        No reason, a day that is over, or it is not being checked.
    """
    now = _held(application, by)
    _require_state(now, "submitted", "accepted")
    if not because.strip():
        raise ApplicationRefused(_("请写明要补充什么，申报单位会看到"))
    if due_on <= clock.day_of(at):
        raise ApplicationRefused(_("补充的期限要在今天以后"))
    now.handled_by = now.handled_by or by
    now.save(update_fields=["handled_by"])
    take_step(now, "returned", by=by, at=at, note=because, due_on=due_on)
    _record("application.returned", now, by)
    if now.email:
        body = _("需要补充：%(because)s\n请在 %(day)s 前补好，再交一次：") % {"because": because, "day": due_on}
        text, path = f"{body}\n\n{link_address(now)}", now.standard.keeper.path if now.standard.keeper else ""
        channels.mail(now.email, _("百业：申报材料请补充"), text, unit_path=path)


@transaction.atomic
def confirm_credit_code(*, application: Application, by: User) -> None:
    """Note that a person at the desk has seen the certificate: the code is right although its check fails."""
    now = _held(application, by)
    if credit_code.holds(now.credit_code) or not now.credit_code:
        raise ApplicationRefused(_("这个代码的校验位是对的，不用再确认"))
    if now.on_paper_by_id == by.pk:
        raise ApplicationRefused(_("这份表是您录入的，请另一位同事来确认代码"))
    now.credit_confirmed_by = by
    now.save(update_fields=["credit_confirmed_by"])
    _record("application.credit_code_confirmed", now, by)


@transaction.atomic
def note_phone_look(*, application: Application, by: User) -> str:
    """The contact's phone in clear, for who reviews; that they looked is noted."""
    now = _held(application, by)
    _record("application.phone_viewed", now, by)
    return now.phone


@transaction.atomic
def make_host_of(*, application: Application, by: User) -> Host:
    """Enter a new host with its first venue for ``application``; asked twice, it is one. It is a lead until accredited.

    Raises
    ------
    ApplicationRefused
        A host has this name or this credit code already.
    """
    now = _held(application, by)
    if now.host is not None:
        return now.host
    _require_state(now, "accepted")
    _require_confirmed_code(now)
    district = Unit.objects.get(path=_keeper(now).lineage()[0])
    if Unit.objects.filter(kind="host", name=now.name).exists():
        raise ApplicationRefused(_("名单里已有同名的基地。请在「可能是同一家」里选它"))
    if now.credit_code and Host.objects.filter(credit_code=now.credit_code, merged_into=None).exists():
        raise ApplicationRefused(_("已有基地用这个统一社会信用代码。请在「可能是同一家」里选它"))
    try:
        with transaction.atomic():
            source = _("申报 %(number)s 号") % {"number": now.pk}
            unit = make_unit(
                parent=district, kind="host", name=now.name, by=by, is_example=now.is_example, source=source
            )
            host = Host.objects.create(unit=unit, **_facts(now))
    except IntegrityError as error:  # another desk was quicker
        raise ApplicationRefused(_("刚刚有人录入了这家基地。请刷新后在「可能是同一家」里选它")) from error
    audit.record("host.made", by=by, on=host, at_unit=unit.path, application=now.pk)
    _bind(now, host, by)
    return host


@transaction.atomic
def attach_host(*, application: Application, host: Host, by: User) -> Host:
    """Say that ``application`` is of a host that is there already; what the host lacks is filled in.

    Raises
    ------
    ApplicationRefused
        It belongs to another host already, the host was merged, or its code is another.
    """
    now = _held(application, by)
    if now.host_id == host.pk:
        return host
    if now.host_id is not None:
        raise ApplicationRefused(_("这份申报已经归到另一家基地"))
    _require_state(now, "accepted")
    _require_confirmed_code(now)
    found = Host.objects.select_for_update(of=("self",)).select_related("unit").get(pk=host.pk)
    if found.merged_into_id is not None or found.unit.is_example != now.is_example:
        raise ApplicationRefused(_("这家基地不能选：它已并入别家，或与申报不同属示例"))
    if now.credit_code and found.credit_code and now.credit_code != found.credit_code:
        raise ApplicationRefused(_("两边的统一社会信用代码不同。请先核对，改好一边再选"))
    _complete(found, now)
    _bind(now, found, by)
    return found


@transaction.atomic
def let_through(*, application: Application, by: User, at: datetime) -> Application:
    """Pass the check of papers: next comes the inspection. Asked twice, it is passed once.

    Raises
    ------
    ApplicationRefused
        Something is missing, a needed paper is not accepted, or nobody said which host it is.
    """
    now = _held(application, by)
    if now.state == "inspection":
        return now
    _require_state(now, "accepted")
    _require_confirmed_code(now)
    if now.host is None:
        raise ApplicationRefused(_("请先定下这是哪一家基地：选已有的，或录入新的"))
    papers, on = papers_counted_for(now), clock.day_of(at)
    if lacks := lacking(now, papers, on):
        raise ApplicationRefused(_("还差：%(what)s") % {"what": "、".join(lack.text for lack in lacks)})
    accepted = {one.kind for one in papers if one.accepted_at is not None and not one.is_over(on)}
    if waiting := [str(name) for kind, name in DOCUMENTS if kind in now.standard.needs and kind not in accepted]:
        raise ApplicationRefused(_("这些材料还没有核对通过：%(what)s") % {"what": "、".join(waiting)})
    take_step(now, "inspection", by=by, at=at)
    _record("application.let_through", now, by)
    return now


def _facts(application: Application) -> dict[str, object]:
    copied = ("credit_code", "credit_confirmed_by", "occupations", "address", "street", "lon", "lat", "about")
    more = ("is_commercial", "contact", "phone_sealed", "email")
    facts = {name: getattr(application, name) for name in (*copied, *more)}
    kind = application.host_kind
    return facts | {"kind": kind, "is_vocational": is_vocational(kind), "evidence": "lead", "grounds": "applied"}


def _complete(host: Host, application: Application) -> None:
    fill_in(host, application)
    taken = Host.objects.filter(credit_code=host.credit_code, merged_into=None).exclude(pk=host.pk)
    if host.credit_code and taken.exists():
        raise ApplicationRefused(_("另一家基地用着这个统一社会信用代码。请先合并重复的基地"))
    host.save()


def _bind(application: Application, host: Host, by: User) -> None:
    """Application, papers and the venue it names now belong to ``host``."""
    application.host = host
    application.save(update_fields=["host"])
    HostDocument.objects.filter(application=application).update(host=host)
    if application.venue_name and application.capacity:
        place = {"address": application.address, "street": application.street, "lon": application.lon}
        place |= {"lat": application.lat, "capacity": application.capacity, "area_m2": application.area_m2}
        Venue.objects.get_or_create(
            host=host, name=application.venue_name, defaults={**place, "is_example": application.is_example}
        )
    _record("application.host_named", application, by, host=host.pk)


def _require_confirmed_code(application: Application) -> None:
    code = application.credit_code
    if code and not credit_code.holds(code) and application.credit_confirmed_by_id is None:
        raise ApplicationRefused(_("统一社会信用代码的校验位对不上。请先看过证照原件，再确认代码"))


def _require_state(application: Application, *states: str) -> None:
    if application.state not in states:
        said = _("这份申报现在是「%(state)s」，不能这样做") % {"state": application.get_state_display()}
        raise ApplicationRefused(said)


def _held(application: Application, by: User) -> Application:
    require_review(by, application.standard)
    rows = Application.objects.select_for_update(of=("self",)).select_related("standard__keeper", "host__unit")
    return rows.get(pk=application.pk)


def _keeper(application: Application) -> Unit:
    keeper = application.standard.keeper
    assert keeper is not None  # nobody reviews without one
    return keeper


def _record(kind: str, application: Application, by: User, **facts: object) -> None:
    audit.record(kind, by=by, on=application, at_unit=_keeper(application).path, **facts)
