"""Roles are given and ended here."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from baiye.accounts import queries
from baiye.accounts.models import Grant, Unit, User
from baiye.accounts.permissions import may_give
from baiye.core import audit, clock
from baiye.core.refusals import Refused

NEED_SUCCESSOR = frozenset({"school_coordinator", "security_admin"})


class GrantRefused(Refused):
    """The role cannot be given or ended now."""


@transaction.atomic
def give_grant(
    *, user: User, role: str, unit: Unit, from_on: date, to_on: date | None = None, by: User | None, at: datetime
) -> Grant:
    """Let ``user`` hold ``role`` at ``unit`` from–to; ``by`` is empty only on the command line.

    Raises
    ------
    PermissionDenied
        ``by`` may not give this role there.
    GrantRefused
        To oneself, to who is no staff, beside another of the three admin roles, or twice.
    """
    if by is not None:
        require_may_give(by, role, unit)
        if by.pk == user.pk:
            raise GrantRefused(_("不能给自己加权限，请让另一位管理员来加"))
    if not user.is_staff or not user.is_active:
        raise GrantRefused(_("这个账号不是在用的工作人员账号，不能加权限"))
    try:
        with transaction.atomic():
            grant = Grant.objects.create(
                user=user, role=role, unit=unit, from_on=from_on, to_on=to_on, made_by=by, made_at=at
            )
    except IntegrityError as error:
        raise GrantRefused(_why(str(error))) from error
    audit.record("grant.given", by=by, on=grant, at_unit=unit.path, user=user.pk, role=role)
    return grant


def _why(error: str) -> str:
    """A broken constraint as a sentence."""
    if "grant_admin_roles_exclude_each_other" in error:
        return _("系统、安全、审计三种管理员要由三个人分别担任，这个人已经担任了其中一种")
    if "grant_held_once" in error:
        return _("这段时间里已经有同样的权限")
    if "grant_ends_after_it_begins" in error:
        return _("结束日期要在开始日期之后")
    raise AssertionError(error)


@transaction.atomic
def end_grant(*, grant: Grant, by: User, at: datetime) -> None:
    """End ``grant`` at once; the last of its kind at a school only when someone else holds it too.

    Raises
    ------
    PermissionDenied
        ``by`` may not give, and so not end, this role there.
    GrantRefused
        It is one's own, has ended, or nobody would be left.
    """
    require_may_give(by, grant.role, grant.unit)
    if by.pk == grant.user_id:
        raise GrantRefused(_("不能结束自己的权限，请让另一位管理员来做"))
    Unit.objects.select_for_update().get(pk=grant.unit_id)  # two who end the last two wait for each other
    if is_last(grant, on=clock.day_of(at)):
        raise GrantRefused(_("这里只剩这一位，请先指定接任的人，再结束这一项"))
    if not Grant.objects.filter(pk=grant.pk, ended_at=None).update(ended_at=at, ended_by=by):
        raise GrantRefused(_("这一项已经结束了"))
    audit.record("grant.ended", by=by, on=grant, at_unit=grant.unit.path, user=grant.user_id, role=grant.role)


def is_last(grant: Grant, *, on: date) -> bool:
    """Whether nobody would be left in an office that must not stand empty; one query for such an office."""
    return grant.role in NEED_SUCCESSOR and not queries.successors(grant, on).exists()


def require_may_give(user: User, role: str, unit: Unit) -> None:
    """Raise PermissionDenied unless ``user`` may give ``role`` at ``unit``."""
    if not may_give(user, role, unit):
        raise PermissionDenied(f"give {role} at {unit.path}")


def require_may_manage(user: User, person: User, *, on: date) -> None:
    """Raise PermissionDenied unless ``user`` may manage this account."""
    if not queries.may_manage(user, person, on):
        raise PermissionDenied(f"manage person {person.pk}")
