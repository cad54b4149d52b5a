"""Reads of schools, classes and pupils; people's rows are reached only through what the signed-in person may see."""

from django.db.models import QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.schools.models import Pupil, SchoolClass
from baiye.schools.permissions import class_scope, pupil_scope


def pupils_for(user: User, permission: Permission = Permission.PUPIL_VIEW) -> QuerySet[Pupil]:
    """Pupils whom ``user`` may reach with ``permission``, by class and pinyin; class, school and unit loaded."""
    return (
        Pupil.objects.filter(pupil_scope(user, permission))
        .select_related("school_class__school__unit")
        .order_by("school_class", "pinyin", "pk")
    )


def classes_for(user: User, permission: Permission = Permission.PUPIL_VIEW) -> QuerySet[SchoolClass]:
    """Classes whom ``user`` may reach with ``permission``, with school and unit loaded."""
    return (
        SchoolClass.objects.filter(class_scope(user, permission))
        .select_related("school__unit")
        .order_by("school", "-entry_year", "number")
    )
