from datetime import timedelta

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.schools.tests.factories import PupilFactory, SchoolClassFactory
from baiye.visits import queries
from baiye.visits.models import Seat
from baiye.visits.tests.factories import SeatFactory, VisitFactory
from baiye.visits.tests.people import holder

pytestmark = pytest.mark.django_db


def test_seats_of_gives_held_seats_soonest_first_in_one_query(django_assert_num_queries):
    pupil = PupilFactory()
    late = SeatFactory(pupil=pupil, visit__starts_at=clock.now() + timedelta(days=9))
    early = SeatFactory(pupil=pupil)
    lost = SeatFactory(pupil=pupil, visit__starts_at=clock.now() + timedelta(days=3))
    Seat.objects.filter(pk=lost.pk).update(given_up_at=clock.now(), given_up_by=UserFactory())
    SeatFactory()

    with django_assert_num_queries(1):
        seats = list(queries.seats_of(pupil))
        assert [str(seat.visit.venue.host.unit) + seat.visit.version.course.slug for seat in seats]

    assert seats == [early, late]


def test_roll_of_is_by_class_and_pinyin_in_one_query(django_assert_num_queries):
    visit = VisitFactory()
    first = SchoolClassFactory(number=1)
    second = SchoolClassFactory(school=first.school, number=2)
    by_name = [
        SeatFactory(visit=visit, pupil=PupilFactory(school_class=school_class, name=name))
        for school_class, name in ((first, "安安"), (first, "周周"), (second, "北北"))
    ]
    SeatFactory(visit__starts_at=visit.starts_at)

    with django_assert_num_queries(1):
        roll = list(queries.roll_of(visit))
        assert {str(seat.pupil.school_class.school.unit) for seat in roll}

    assert roll == by_name


def test_visits_at_gives_the_days_visits_of_ones_own_host():
    noon = clock.now().replace(hour=4, minute=0)  # 12:00 in Shanghai
    visit = VisitFactory(starts_at=noon)
    host = visit.venue.host
    last_minute = VisitFactory(version__course__host=host, starts_at=noon + timedelta(hours=11, minutes=59))
    VisitFactory(version__course__host=host, starts_at=noon + timedelta(hours=12))
    VisitFactory(version__course__host=host, starts_at=noon, cancelled_at=noon, cancelled_by=UserFactory())
    VisitFactory(starts_at=noon)
    instructor = holder("host_instructor", host.unit)

    assert list(queries.visits_at(instructor, clock.day_of(noon))) == [visit, last_minute]
    assert list(queries.visits_at(holder("mentor", host.unit), clock.day_of(noon))) == []


def test_visits_for_gives_visits_where_one_manages_them():
    visit = VisitFactory()
    VisitFactory()

    assert list(queries.visits_for(holder("host_manager", visit.venue.host.unit))) == [visit]
    assert list(queries.visits_for(UserFactory())) == []
