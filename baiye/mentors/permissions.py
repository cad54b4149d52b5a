"""Whose mentors are whose: those of a unit that one manages, and those whom one's agency appoints."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, may, within
from baiye.mentors.models import Mentor

APPOINTERS = ("district", "agency")  # kinds of units that appoint counsellors and hold trainings


def scope(user: User, permission: Permission, through: str = "") -> Q:
    """A filter: mentors of units where ``user`` holds ``permission``, or whom such a unit appoints.

    ``through`` is the way to the mentor, for other rows: ``"mentor__"``.
    """
    return within(user, permission, f"{through}unit") | within(user, permission, f"{through}appointed_by")


def may_over(user: User, permission: Permission, mentor: Mentor) -> bool:
    """Whether ``user`` holds ``permission`` over ``mentor``: at their unit, or at the body that appoints them."""
    return any(may(user, permission, unit) for unit in (mentor.unit, mentor.appointed_by) if unit is not None)


def require_over(user: User, permission: Permission, mentor: Mentor) -> None:
    """Raise PermissionDenied unless ``may_over``."""
    if not may_over(user, permission, mentor):
        raise PermissionDenied(f"{permission} over mentor {mentor.pk}")


def is_union(unit: Unit) -> bool:
    """Whether ``unit`` is a trade union (工会): its word confirms a title of honour without a paper."""
    return unit.kind == "agency" and "工会" in unit.name
