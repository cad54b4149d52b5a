"""Whether courses take place: rooms above say which were held (AppConfig.ready puts their finder in)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from baiye.catalogue.models import CourseVersion

HELD: list[Callable[[datetime], QuerySet[Any]]] = []  # since → keys of courses with a visit that starts after it
YEAR = timedelta(days=365)


def idle(at: datetime) -> Q:
    """A filter over versions: of courses published over a year ago, without a visit since."""
    since = at - YEAR
    old = CourseVersion.objects.filter(course=OuterRef("course"), published_at__lte=since)
    held = Q(pk__in=[])
    for find in HELD:
        held |= Q(course__in=find(since))
    return Q(Exists(old), course__retired_at=None, published_at__isnull=False) & ~held
