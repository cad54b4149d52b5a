"""Reads of the jobs: the opening or release of an id, the releases whose draw or placement is due."""

from datetime import datetime

from django.db.models import Q, QuerySet

from baiye.bookings.models import Opening, Release


def find_opening(opening_id: int) -> Opening | None:
    """The opening with release and visit, or None."""
    return Opening.objects.select_related("release__unit", "visit").filter(pk=opening_id).first()


def find_release(release_id: int) -> Release | None:
    """The release with its unit, or None."""
    return Release.objects.select_related("unit").filter(pk=release_id).first()


def releases_due(at: datetime) -> QuerySet[Release]:
    """Published releases whose draw, or ranked placement, is to be made now and was not."""
    due = Q(mode="draw", draw_until__lte=at) | Q(mode="ranked", closes_at__lte=at)
    return Release.objects.filter(due, published_at__isnull=False, drawn_at=None).order_by("pk")
