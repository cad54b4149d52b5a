"""Which courses were held: what the catalogue asks to flag those that nobody visits."""

from datetime import datetime

from django.db.models import QuerySet

from baiye.visits.models import Visit


def courses_held_since(since: datetime) -> QuerySet[Visit, int]:
    """Keys of courses with a visit that was not cancelled and starts after ``since``, those to come included."""
    return Visit.objects.filter(cancelled_at=None, starts_at__gte=since).values_list("version__course", flat=True)
