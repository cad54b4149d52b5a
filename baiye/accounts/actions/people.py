"""Staff accounts: invited, let in again, closed and opened here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts import links, queries
from baiye.accounts.actions.grants import GrantRefused, give_grant, is_last, require_may_give, require_may_manage
from baiye.accounts.links import Link
from baiye.accounts.models import Invitation, Unit, User
from baiye.core import audit, channels, clock
from baiye.core.refusals import Refused

LINK_LIVES = timedelta(days=7)


class PersonRefused(Refused):
    """The account cannot be made or changed so."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is invited, as they will be called; with mail, the link is sent there too."""

    username: str
    name: str
    email: str = ""


@transaction.atomic
def invite_person(
    *,
    newcomer: Newcomer,
    role: str,
    unit: Unit,
    from_on: date,
    to_on: date | None = None,
    by: User | None,
    at: datetime,
) -> Link:
    """Make a staff account with its first role; the link sets its password. ``by`` is empty on the command line.

    Raises
    ------
    PermissionDenied
        ``by`` may not give this role there.
    PersonRefused
        The username is taken.
    """
    if by is not None:
        require_may_give(by, role, unit)
    if User.objects.filter(username__iexact=newcomer.username).exists():
        raise PersonRefused(_("这个用户名已经有人用了，请换一个"))
    user = User.objects.create_user(newcomer.username.lower(), None, name=newcomer.name, email=newcomer.email)
    audit.record("person.invited", by=by, on=user, at_unit=unit.path)
    give_grant(user=user, role=role, unit=unit, from_on=from_on, to_on=to_on, by=by, at=at)
    return _make_link(user, by, at)


@transaction.atomic
def renew_link(*, person: User, by: User | None, at: datetime) -> Link:
    """Give a new one-time link to who lost the password; earlier links end, the password stays until it is used."""
    if by is not None:
        require_may_manage(by, person, on=clock.day_of(at))
    if not person.is_active:
        raise PersonRefused(_("这个账号已停用，请先重新启用"))
    audit.record("person.link_renewed", by=by, on=person, at_unit=_place(person))
    return _make_link(person, by, at)


def _make_link(user: User, by: User | None, at: datetime) -> Link:
    Invitation.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=at)
    token = links.make_token()
    Invitation.objects.create(user=user, digest=links.digest(token), made_by=by, made_at=at, expires_at=at + LINK_LIVES)
    link = Link(user, token)
    if link.is_mailed:
        body = _("请在 7 天内打开这个链接，设一个自己的密码。链接只能用一次：")
        text = f"{body}\n\n{settings.BAIYE_SITE_URL}{link.path}"
        channels.mail(user.email, _("百业：设密码的链接"), text, unit_path=_place(user))
    return link


@transaction.atomic
def accept_invitation(*, token: str, password: str, at: datetime) -> User:
    """Set the password by a one-time link; all sessions of the account end.

    Raises
    ------
    PersonRefused
        The link was used, is too old, or was replaced.
    """
    invitation = queries.find_invitation(token, at)
    unused = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None) if invitation else None
    if invitation is None or unused is None or not unused.update(used_at=at):
        raise PersonRefused(_("这个链接用过了，或已过期。请让管理员再发一个"))
    user = invitation.user
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record("password.set", by=user, on=user, at_unit=_place(user))
    return user


@transaction.atomic
def clear_second_factor(*, person: User, by: User, at: datetime) -> None:
    """Remove every second factor of who lost theirs; only the security administrator, and never without a new link."""
    require_may_manage(by, person, on=clock.day_of(at))
    if "security_admin" not in by.roles:
        raise PermissionDenied("clear a second factor")
    Authenticator.objects.filter(user=person).delete()
    person.set_unusable_password()  # whoever may have the password does not get in by it alone
    person.save(update_fields=["password"])
    audit.record("second_factor.cleared", by=by, on=person, at_unit=_place(person))


@transaction.atomic
def close_account(*, person: User, by: User, at: datetime) -> None:
    """Let nobody in by this account any more; every session of it ends with its next request."""
    require_may_manage(by, person, on=clock.day_of(at))
    if any(is_last(grant, on=clock.day_of(at)) for grant in queries.grants_now(person, clock.day_of(at))):
        raise GrantRefused(_("这里只剩这一位，请先指定接任的人，再停用账号"))
    if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        raise PersonRefused(_("这个账号已经停用了"))
    Invitation.objects.filter(user=person, used_at=None, revoked_at=None).update(revoked_at=at)
    audit.record("account.closed", by=by, on=person, at_unit=_place(person))


@transaction.atomic
def reopen_account(*, person: User, by: User, at: datetime) -> None:
    """Let someone in again."""
    require_may_manage(by, person, on=clock.day_of(at))
    if not User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        raise PersonRefused(_("这个账号本来就在用"))
    audit.record("account.reopened", by=by, on=person, at_unit=_place(person))


def _place(person: User) -> str:
    """Where a person's events belong: at their first office."""
    return person.held[0][1] if person.held else ""
