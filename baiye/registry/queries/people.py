"""Whom to tell: the people who hold a permission for a unit."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from baiye.accounts.models import Grant, Unit, User
from baiye.accounts.permissions import ROLES, Permission
from baiye.accounts.queries import running


def people_with(
    permission: Permission, unit: Unit, on: date, *, roles: frozenset[str] = frozenset(ROLES)
) -> QuerySet[User]:
    """Open accounts that hold ``permission`` at ``unit`` or above it on a day, through one of ``roles``."""
    through = [role for role in ROLES if role in roles and permission in ROLES[role]]
    grants = Grant.objects.filter(running(on), user=OuterRef("pk"), role__in=through, unit__path__in=unit.lineage())
    return User.objects.filter(Exists(grants), is_active=True).order_by("pk")
