"""What everyone may see: the calendar of releases, one release, and the draw that anybody can check."""

from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from baiye.bookings import drawing
from baiye.bookings.models import Opening, Release, ReleaseFiles
from baiye.bookings.queries.openings import LOADED, PLACE, published


def releases() -> QuerySet[Release]:
    """Published releases; unit and term loaded."""
    return Release.objects.filter(published_at__isnull=False).select_related("unit", "term")


def calendar(at: datetime, *, past: bool = False) -> QuerySet[Release]:
    """What opens next and is open, by the minute of opening; or (``past``) what is closed, the newest first.

    Each with ``shown`` (its openings that are not cancelled, by day), ``n`` and ``seats``; two queries.
    """
    openings = Opening.objects.filter(visit__cancelled_at=None).select_related(*LOADED, *PLACE)
    standing = Q(openings__visit__cancelled_at=None)
    found = releases().annotate(
        n=Count("openings", filter=standing), seats=Sum("openings__visit__seats", filter=standing, default=0)
    )
    found = found.prefetch_related(Prefetch("openings", openings.order_by("visit__starts_at", "pk"), to_attr="shown"))
    if past:
        return found.filter(closes_at__lte=at).order_by("-opens_at", "-pk")
    return found.filter(closes_at__gt=at).order_by("opens_at", "pk")


def openings_of(release: Release) -> QuerySet[Opening]:
    """The openings of a published release by day; all of the visit loaded."""
    return published().filter(release=release).order_by("visit__starts_at", "pk")


def drawn() -> QuerySet[Release]:
    """Releases whose seats were drawn or placed, as anybody may check; unit and term loaded."""
    return releases().filter(drawn_at__isnull=False)


def lines_of(files: ReleaseFiles, opening: int, alias: str = "") -> list[drawing.Line]:
    """The lines of a draw's result for one opening, in their order; those whose alias begins so."""
    _sha256, _seed, lines = drawing.read_result(bytes(files.result or b""))
    return [line for line in lines if line.opening == opening and line.alias.startswith(alias)]


def files_of(release: Release) -> ReleaseFiles | None:
    """The public files of a draw; none before it."""
    return ReleaseFiles.objects.filter(release=release, result__isnull=False).first()
