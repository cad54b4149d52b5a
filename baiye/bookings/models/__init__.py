"""The tables of open sign-up, one file a noun; Django looks for them here, and so may everyone."""

from baiye.bookings.models.bookings import Booking
from baiye.bookings.models.releases import Opening, Release, ReleaseFiles

__all__ = ["Booking", "Opening", "Release", "ReleaseFiles"]
