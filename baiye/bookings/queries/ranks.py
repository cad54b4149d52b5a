"""Reads of ranked releases."""

from django.db.models import QuerySet

from baiye.bookings.models import Booking, Release
from baiye.bookings.queries.openings import district_of
from baiye.schools.models import Pupil


def ranked_releases(pupil: Pupil) -> QuerySet[Release]:
    """Published releases of the pupil's district in which families rank; unit and term loaded."""
    found = Release.objects.filter(mode="ranked", published_at__isnull=False, unit__path__startswith=district_of(pupil))
    return found.select_related("unit", "term")


def ranks_of(release: Release, pupil: Pupil) -> QuerySet[Booking]:
    """The live ranked presses of ``pupil`` in ``release``, the most wanted first."""
    live = Booking.objects.filter(opening__release=release, pupil=pupil, ended_at=None, rank__isnull=False)
    return live.order_by("rank", "pk")
