"""Reads of standards: those one's own body keeps."""

from django.db.models import Count, QuerySet, Sum

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, within
from baiye.registry.models import Standard


def standards_for(user: User) -> QuerySet[Standard]:
    """Standards kept where ``user`` edits them, by name, newest version first; with counts of indicators and points."""
    found = Standard.objects.filter(within(user, Permission.STANDARD_EDIT, "keeper"))
    found = found.select_related("keeper", "edited_by", "published_by")
    counted = found.annotate(lines=Count("indicators"), most=Sum("indicators__points"))
    return counted.order_by("name", "-version")


def keepers_for(user: User) -> QuerySet[Unit]:
    """Bodies that may keep a standard where ``user`` edits them: the district and its agencies, by kind and name."""
    return Unit.objects.filter(within(user, Permission.STANDARD_EDIT), kind__in=["district", "agency"]).order_by(
        "kind", "pinyin", "pk"
    )
