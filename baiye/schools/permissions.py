"""Scope over pupils: the union of grants by unit, class teacherships, guardianships and being that pupil."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from baiye.accounts.models import User
from baiye.accounts.permissions import ROLES, Permission, within
from baiye.core import clock
from baiye.schools.models import ClassTeacher, Guardianship, Pupil, SchoolClass


def pupil_scope(user: User, permission: Permission = Permission.PUPIL_VIEW, prefix: str = "") -> Q:
    """A filter: rows whose pupil (reached by ``prefix``, e.g. ``"pupil__"``) ``user`` may reach with ``permission``.

    One query for the user's grants (cached on the user); teacherships and guardianships join in the query itself.
    """
    today = clock.today()
    scope = within(user, permission, f"{prefix}school_class__school__unit")
    if permission in ROLES["class_teacher"]:
        path = f"{prefix}school_class__in"
        scope |= Q(**{path: SchoolClass.objects.filter(_now("teachers", user, today)).values("pk")})
    if permission in ROLES["guardian"]:
        path = f"{prefix}pk__in" if prefix == "" else f"{prefix.removesuffix('__')}__in"
        scope |= Q(**{path: Pupil.objects.filter(_now("guardianships", user, today)).values("pk")})
    if permission in ROLES["pupil"]:
        scope |= Q(**{f"{prefix}user": user})
    return scope


def class_scope(user: User, permission: Permission = Permission.PUPIL_VIEW, prefix: str = "") -> Q:
    """A filter: rows whose class (reached by ``prefix``) ``user`` may reach by grant or as its class teacher."""
    scope = within(user, permission, f"{prefix}school__unit")
    if permission in ROLES["class_teacher"]:
        path = "pk__in" if prefix == "" else f"{prefix.removesuffix('__')}__in"
        scope |= Q(**{path: SchoolClass.objects.filter(_now("teachers", user, clock.today())).values("pk")})
    return scope


def require_for_pupil(user: User, permission: Permission, pupil: Pupil) -> None:
    """Raise PermissionDenied unless ``pupil`` lies where ``user`` holds ``permission``; one query."""
    if not Pupil.objects.filter(pupil_scope(user, permission), pk=pupil.pk).exists():
        raise PermissionDenied(f"{permission} for a pupil")


def require_for_class(user: User, permission: Permission, school_class: SchoolClass) -> None:
    """Raise PermissionDenied unless ``school_class`` lies where ``user`` holds ``permission``; one query."""
    if not SchoolClass.objects.filter(class_scope(user, permission), pk=school_class.pk).exists():
        raise PermissionDenied(f"{permission} for a class")


def held_on(on: date, prefix: str = "") -> Q:
    """A filter: rows with ``from_on`` and ``to_on`` that hold on a day, both ends included, and were not ended."""
    begun = Q(**{f"{prefix}from_on__lte": on, f"{prefix}ended_at": None})
    return begun & (Q(**{f"{prefix}to_on": None}) | Q(**{f"{prefix}to_on__gte": on}))


def families_cared_for(user: User) -> Q:
    """A filter over people: the pupils whose messages ``user`` looks after, and who stands for them today."""
    pupils = Pupil.objects.filter(pupil_scope(user, Permission.DELIVERY_VIEW))
    guardians = Guardianship.objects.filter(held_on(clock.today()), pupil__in=pupils.values("pk"))
    return Q(pk__in=pupils.values("user")) | Q(pk__in=guardians.values("user"))


def roles_by_class(user: User) -> list[str]:
    """``["class_teacher"]`` for who has a class today; one query."""
    teaches = ClassTeacher.objects.filter(held_on(clock.today()), user=user).exists()
    return ["class_teacher"] if teaches else []


def holds_in_office(user: User, permission: Permission) -> bool:
    """Whether a member of staff holds ``permission`` anywhere; pupils and guardians never do."""
    return user.kind == "staff" and any(permission in ROLES.get(role, frozenset()) for role in user.roles)


def _now(relation: str, user: User, today: date) -> Q:
    return held_on(today, f"{relation}__") & Q(**{f"{relation}__user": user})
