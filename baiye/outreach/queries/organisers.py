"""Who may keep programmes and plan campaigns."""

from django.db.models import Q, QuerySet

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, paths


def organisers(user: User, permission: Permission) -> QuerySet[Unit]:
    """Districts and agencies where ``user`` holds ``permission``, the district first."""
    scope = Q(pk__in=[])
    for path in paths(user, permission):
        scope |= Q(path__startswith=path)
    return Unit.objects.filter(scope, kind__in=("district", "agency")).order_by("-kind", "pinyin", "pk")
