"""Who may keep programmes and plan campaigns."""

from django.db.models import QuerySet

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, within


def organisers(user: User, permission: Permission) -> QuerySet[Unit]:
    """Districts and agencies where ``user`` holds ``permission``, the district first."""
    return Unit.objects.filter(within(user, permission), kind__in=("district", "agency")).order_by(
        "-kind", "pinyin", "pk"
    )
