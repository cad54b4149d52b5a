"""The desk's list of versions: each with its state."""

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from baiye.accounts.models import User
from baiye.catalogue.models import Review
from baiye.catalogue.queries.courses import versions_for
from baiye.catalogue.using import idle


def desk_versions(user: User, *, at: datetime) -> QuerySet[Any]:
    """Versions where ``user`` drafts, each with ``state`` and ``is_idle``.

    One query for all of it. A course is idle when it was published over a year ago and nobody visited it since.
    """
    standing = Review.objects.filter(version=OuterRef("pk"), returned_at=None, withdrawn_at=None)
    returned = Review.objects.filter(version=OuterRef("pk"), returned_at__isnull=False)
    state = Case(
        When(course__retired_at__isnull=False, then=Value("retired")),
        When(published_at__isnull=False, then=Value("published")),
        When(Exists(standing.filter(passed_at=None)), then=Value("review")),
        When(Exists(standing), then=Value("passed")),
        When(Exists(returned), then=Value("returned")),
        default=Value("draft"),
        output_field=CharField(),
    )
    is_idle = Case(When(idle(at), then=Value(True)), default=Value(False))
    return versions_for(user).annotate(state=state, is_idle=is_idle)


def filtered(versions: QuerySet[Any], *, q: str = "", state: str = "") -> QuerySet[Any]:
    """Those by title or host, and by state; ``idle`` is a state, too."""
    if q:
        versions = versions.filter(Q(title__icontains=q) | Q(course__host__unit__name__icontains=q))
    if state == "idle":
        return versions.filter(is_idle=True)
    return versions.filter(state=state) if state else versions
