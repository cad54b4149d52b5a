"""The smallest valid rows at the door: yesterday's half-day, marks, confirmations, and whole stories of a seat."""

from datetime import timedelta

from factory import LazyAttribute, LazyFunction, SelfAttribute, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.attendance.models import Confirmation, Mark
from baiye.core import clock
from baiye.core.models import Event
from baiye.visits.models import Seat
from baiye.visits.tests.factories import CountingVisitFactory, SeatFactory


class PastVisitFactory(CountingVisitFactory):
    """A counted half-day that ended yesterday, at this time."""

    starts_at = LazyFunction(lambda: clock.now() - timedelta(days=1, minutes=180))


class PastSeatFactory(SeatFactory):
    """A seat on a half-day that is over."""

    visit = SubFactory(PastVisitFactory)


class MarkFactory(DjangoModelFactory):
    """In, on time."""

    class Meta:
        model = Mark

    seat = SubFactory(PastSeatFactory)
    kind = "in"
    at = LazyAttribute(lambda mark: mark.seat.visit.starts_at if mark.kind == "in" else mark.seat.visit.ends_at)
    source = "qr"
    by = SubFactory(UserFactory)


class ConfirmationFactory(DjangoModelFactory):
    """The host's; for a school's give ``side`` and ``unit``."""

    class Meta:
        model = Confirmation

    visit = SubFactory(PastVisitFactory)
    side = "host"
    unit = SelfAttribute("visit.venue.host.unit")
    by = SubFactory(UserFactory)
    at = LazyFunction(clock.now)
    present = 1
    marks_seen = 2


def attended_seat(**fields: object) -> Seat:
    """A seat whose pupil came on time and stayed to the end."""
    seat = PastSeatFactory(**fields)
    MarkFactory(seat=seat, kind="in")
    MarkFactory(seat=seat, kind="out")
    return seat


def confirmed_seat(**fields: object) -> Seat:
    """`attended_seat`, and both sides have signed."""
    seat = attended_seat(**fields)
    sign(seat, "host")
    sign(seat, "school")
    return seat


def sign(seat: Seat, side: str, marks_seen: int = 2) -> Confirmation:
    """One side signs for the visit of ``seat``."""
    school = seat.pupil.school_class.school.unit
    unit = school if side == "school" else seat.visit.venue.host.unit
    return ConfirmationFactory(visit=seat.visit, side=side, unit=unit, marks_seen=marks_seen)


def instructor_of(visit):
    """A signed-up host instructor of the visit's host."""
    return GrantFactory(role="host_instructor", unit=visit.venue.host.unit).user


def coordinator_of(pupil):
    """The school coordinator of the pupil's school."""
    return GrantFactory(role="school_coordinator", unit=pupil.school_class.school.unit).user


def events():
    """What the trail says since the units were made: kinds, oldest first."""
    return list(Event.objects.exclude(kind="unit.made").order_by("pk").values_list("kind", flat=True))
