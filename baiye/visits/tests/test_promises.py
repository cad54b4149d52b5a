"""Each promise of the database about seats and visits, broken once."""

from datetime import date, timedelta

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.core.invariants import findings
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, VenueFactory
from baiye.schools.tests.factories import PupilFactory
from baiye.visits.models import Seat, Visit
from baiye.visits.tests.factories import CountingVisitFactory, SeatFactory, VisitFactory
from tests.rig.promises import refused

pytestmark = pytest.mark.django_db


def visit_with(host, **fields):
    return VisitFactory(version__course__host=host, **fields)


def give_up(seat):
    Seat.objects.filter(pk=seat.pk).update(given_up_at=clock.now(), given_up_by=UserFactory(), given_up_because="病了")


def test_a_seat_at_a_host_without_accreditation_is_refused():
    visit = visit_with(HostFactory())

    with refused("seat_only_at_an_accredited_host"):
        SeatFactory(visit=visit)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "suspended_on", "may"),
    [
        (-1, 1, None, True),
        (0, 0, None, True),
        (1, 9, None, False),
        (-9, -1, None, False),
        (-9, 9, 1, True),
        (-9, 9, 0, False),
    ],
)
def test_a_seat_needs_an_accreditation_that_holds_on_the_visits_day(valid_from, valid_until, suspended_on, may):
    visit = visit_with(HostFactory())
    day = clock.day_of(visit.starts_at)
    AccreditationFactory(
        host=visit.venue.host,
        valid_from=day + timedelta(days=valid_from),
        valid_until=day + timedelta(days=valid_until),
        suspended_on=None if suspended_on is None else day + timedelta(days=suspended_on),
        suspended_by=None if suspended_on is None else UserFactory(),
    )

    if may:
        assert SeatFactory(visit=visit).pk
    else:
        with refused("seat_only_at_an_accredited_host"):
            SeatFactory(visit=visit)


def test_the_day_of_a_visit_is_the_day_in_shanghai():
    at_one_in_the_morning = clock.now().replace(hour=17, minute=0) + timedelta(days=3)  # 01:00 the next day there
    visit = visit_with(HostFactory(), starts_at=at_one_in_the_morning)
    utc_day = at_one_in_the_morning.date()
    AccreditationFactory(host=visit.venue.host, valid_from=date(2020, 1, 1), valid_until=utc_day)

    with refused("seat_only_at_an_accredited_host"):
        SeatFactory(visit=visit)


def test_a_visit_with_seats_moves_only_to_where_the_host_may_receive():
    visit = visit_with(HostFactory())
    day = clock.day_of(visit.starts_at)
    AccreditationFactory(host=visit.venue.host, valid_from=day, valid_until=day)
    SeatFactory(visit=visit)
    week = timedelta(days=7)

    with refused("seat_only_at_an_accredited_host"):
        Visit.objects.filter(pk=visit.pk).update(starts_at=visit.starts_at + week, ends_at=visit.ends_at + week)
    with refused("seat_only_at_an_accredited_host"):
        Visit.objects.filter(pk=visit.pk).update(venue=VenueFactory(host=HostFactory()))


def test_the_span_of_a_seat_is_the_visits_whatever_was_written():
    visit = VisitFactory()

    seat = SeatFactory(visit=visit, span=(visit.starts_at - timedelta(days=9), visit.ends_at))

    seat.refresh_from_db()
    assert (seat.span.lower, seat.span.upper) == (visit.starts_at, visit.ends_at)


def test_the_span_of_a_seat_follows_when_the_visit_is_moved():
    seat = SeatFactory()
    later = seat.visit.ends_at + timedelta(hours=1)

    Visit.objects.filter(pk=seat.visit_id).update(ends_at=later)

    seat.refresh_from_db()
    assert seat.span.upper == later


def test_a_visit_is_not_moved_over_another_one_of_its_pupils():
    early, late = VisitFactory(), VisitFactory(starts_at=clock.now() + timedelta(days=8))
    pupil = SeatFactory(visit=early).pupil
    SeatFactory(visit=late, pupil=pupil)

    with refused("seat_no_pupil_in_two_places_at_once"):
        Visit.objects.filter(pk=early.pk).update(starts_at=late.starts_at, ends_at=late.ends_at)


def test_no_pupil_sits_in_two_places_at_once():
    visit = VisitFactory()
    pupil = SeatFactory(visit=visit).pupil
    overlapping = VisitFactory(starts_at=visit.ends_at - timedelta(minutes=1))

    with refused("seat_no_pupil_in_two_places_at_once"):
        SeatFactory(visit=overlapping, pupil=pupil)
    assert SeatFactory(visit=VisitFactory(starts_at=visit.ends_at), pupil=pupil).pk


def test_a_seat_given_up_stands_in_nobodys_way():
    seat = SeatFactory()
    give_up(seat)

    assert SeatFactory(visit=seat.visit, pupil=seat.pupil, code="B").pk


def test_a_visit_is_never_oversold_by_whatever_path():
    visit = VisitFactory(seats=2)
    SeatFactory.create_batch(2, visit=visit)

    with refused("visit_never_oversold"):
        SeatFactory(visit=visit)
    with refused("visit_never_oversold"):
        Visit.objects.filter(pk=visit.pk).update(seats=1)


def test_a_visit_counts_its_held_seats_itself():
    visit, other = VisitFactory(), VisitFactory(starts_at=clock.now() + timedelta(days=9))
    seats = SeatFactory.create_batch(3, visit=visit)
    Seat.objects.bulk_create(
        [SeatFactory.build(visit=other, pupil=seats[0].pupil), SeatFactory.build(visit=other, pupil=seats[1].pupil)]
    )

    give_up(seats[0])

    visit.refresh_from_db()
    other.refresh_from_db()
    assert (visit.taken, other.taken) == (2, 2)


def test_a_pupil_has_one_seat_on_a_visit_and_a_code_is_used_once_there():
    seat = SeatFactory()

    with refused("seat_one_a_pupil_and_visit"):
        SeatFactory(visit=seat.visit, pupil=seat.pupil, code="B")
    with refused("seat_code_once_a_visit"):
        SeatFactory(visit=seat.visit, pupil=PupilFactory(), code=seat.code)


def test_a_cancelled_visit_holds_no_seat():
    cancelled = {"cancelled_at": clock.now(), "cancelled_by": UserFactory()}
    visit, seat = VisitFactory(**cancelled), SeatFactory()

    with refused("visit_cancelled_holds_no_seat"):
        SeatFactory(visit=visit)
    with refused("visit_cancelled_holds_no_seat"):
        Visit.objects.filter(pk=seat.visit_id).update(**cancelled)


def test_a_seat_changes_only_by_being_given_up_and_only_once():
    seat = SeatFactory()
    mine = Seat.objects.filter(pk=seat.pk)

    for change in ({"pupil": PupilFactory()}, {"visit": VisitFactory()}, {"code": "C"}, {"origin": "booked"}):
        with refused("seat_changes_only_by_being_given_up"):
            mine.update(**change)
    give_up(seat)
    with refused("seat_changes_only_by_being_given_up"):
        mine.update(given_up_at=None, given_up_by=None)
    with refused("seat_changes_only_by_being_given_up"):
        mine.update(given_up_because="别的原因")


def test_a_seat_keeps_its_row():
    seat = SeatFactory()

    with refused("seat_keeps_its_row"):
        seat.delete()


def test_a_visit_keeps_its_version_and_what_it_counts_as():
    visit = CountingVisitFactory()
    mine = Visit.objects.filter(pk=visit.pk)

    mine.update(credit_minutes=120)
    SeatFactory(visit=visit)

    with refused("visit_keeps_its_version"):
        mine.update(version=CourseVersionFactory())
    with refused("visit_counts_as_fixed_before_it_opens"):
        mine.update(credit_minutes=160)


def test_a_visit_counts_only_when_a_school_or_the_district_organises_it():
    with refused("visit_counts_only_when_a_school_or_the_district_organises_it"):
        CountingVisitFactory(organised_by=None)


def test_a_visit_ends_after_it_begins():
    with refused("visit_ends_after_it_begins"):
        VisitFactory(ends_at=clock.now())


def test_a_visit_is_cancelled_by_someone_and_a_seat_given_up_by_someone():
    with refused("visit_cancelled_by_whom_and_when"):
        VisitFactory(cancelled_at=clock.now())
    with refused("seat_given_up_by_whom_and_when"):
        SeatFactory(given_up_at=clock.now())


def test_invariants_find_a_coming_seat_whose_host_was_suspended_since():
    seat = SeatFactory()
    name = "no_coming_seat_at_a_host_that_may_not_receive"
    assert {finding.name: finding.rows for finding in findings()}[name] == 0

    seat.visit.venue.host.accreditations.update(suspended_on=clock.today(), suspended_by=UserFactory())

    found = {finding.name: finding for finding in findings()}[name]
    assert (found.rows, found.examples) == (1, (str(seat.pk),))
