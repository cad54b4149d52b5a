"""The smallest valid rows of visits: a visit next week at an accredited host, a seat on it."""

from datetime import datetime, timedelta

from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.mentors.tests.factories import MentorFactory
from baiye.registry.tests.factories import VenueFactory
from baiye.schools.tests.factories import PupilFactory
from baiye.visits.models import Assignment, Seat, Visit


def _at_nine(at: datetime) -> datetime:
    """On that day, at nine in the morning: a visit must not end on another day because a test runs at night."""
    return clock.local(at).replace(hour=9, minute=0, second=0, microsecond=0)


class VisitFactory(DjangoModelFactory):
    """Thirty seats, a week from today at nine, counting as nothing."""

    class Meta:
        model = Visit

    version = SubFactory(CourseVersionFactory)
    venue = SubFactory(VenueFactory, host=SelfAttribute("..version.course.host"))
    starts_at = LazyFunction(lambda: _at_nine(clock.now() + timedelta(days=7)))
    ends_at = LazyAttribute(lambda visit: visit.starts_at + timedelta(minutes=180))
    seats = 30


class CountingVisitFactory(VisitFactory):
    """A half-day of the round: organised by the district, 160 minutes of 职业体验."""

    organised_by = LazyAttribute(lambda visit: visit.venue.host.unit.parent)
    counts_as = "职业体验"
    credit_minutes = 160


class SeatFactory(DjangoModelFactory):
    """A held seat that the placement gave; ``visit.taken`` is counted by the database: refresh it if you read it."""

    class Meta:
        model = Seat

    visit = SubFactory(VisitFactory)
    pupil = SubFactory(PupilFactory)
    span = LazyAttribute(lambda seat: (seat.visit.starts_at, seat.visit.ends_at))
    origin = "placed"
    code = Sequence("A{:05d}".format)
    given_at = LazyFunction(clock.now)


class AssignmentFactory(DjangoModelFactory):
    """A guide of the host, whom nothing hinders, leads the visit."""

    class Meta:
        model = Assignment

    visit = SubFactory(VisitFactory)
    mentor = SubFactory(MentorFactory, unit=SelfAttribute("..visit.venue.host.unit"))
    role = "lead"
    span = LazyAttribute(lambda assignment: (assignment.visit.starts_at, assignment.visit.ends_at))
