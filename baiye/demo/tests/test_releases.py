"""The demonstration's open sign-up: every state a family can be in, made by the actions that pages call."""

from collections import Counter
from datetime import date

import pytest

from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory
from baiye.bookings.drawing import faults
from baiye.bookings.models import Booking, Release, ReleaseFiles
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.demo.story import releases as story
from baiye.registry.tests.factories import AccreditedHostFactory, VenueFactory
from baiye.schools.tests.factories import GuardianshipFactory, PupilFactory, SchoolClassFactory, TermFactory
from baiye.visits.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def place():
    """A district with two example hosts, a class and its first child's guardian; as the story's arguments."""
    district = DistrictFactory()
    TermFactory()
    offers = {}
    for _n in range(2):
        host = AccreditedHostFactory(unit=UnitFactory(kind="host", parent=district, is_example=True))
        version = CourseVersionFactory(course__host=host, course__is_example=True)
        offers[host.pk] = [(version, VenueFactory(host=host, is_example=True))]
    own = PupilFactory(school_class=SchoolClassFactory(school__unit__parent=district))
    GuardianshipFactory(pupil=own)
    others = PupilFactory.create_batch(story.FAMILIES, school_class=own.school_class)
    by = GrantFactory(role="coordinator", unit=district).user
    return {"district": district, "offers": offers, "own": own, "others": others, "by": by}


def test_releases_show_every_state_and_are_made_once(place):
    made = story.make_releases(**place, moment=clock.now())
    again = story.make_releases(**place, moment=clock.now())

    states = Counter(one.because or one.state for one in Booking.objects.all())
    assert [one.title for one in made] == [story.FIRST, story.DRAWN, story.RANKED, story.SOON]
    assert again == []
    assert set(states) == {"booked", "waiting", "offered", "pressed", "cancelled"}
    assert Booking.objects.get(pupil=place["own"], opening__release=made[0]).state == "offered"
    assert all(one.is_example and one.published_at for one in Release.objects.all())


def test_releases_oversell_nothing_and_the_draw_can_be_checked(place):
    story.make_releases(**place, moment=clock.now())

    assert all(visit.taken + visit.offered <= visit.seats for visit in Visit.objects.all())
    assert faults(bytes(ReleaseFiles.objects.get().result)) == []


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 29)])
def test_saturdays_are_saturdays_to_come(today):
    days = [story._saturday(today, n) for n in (1, 2, 3)]

    assert {day.weekday() for day in days} == {5}
    assert [0 < (day - today).days <= 7 * n for n, day in enumerate(days, start=1)] == [True] * 3


def test_without_a_term_there_are_no_releases(place):
    story.term_on(clock.today()).delete()

    assert story.make_releases(**place, moment=clock.now()) == []
