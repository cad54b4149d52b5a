"""No pupil where something hinders: each path that makes a seat × each reason."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.errors import CheckViolation

from baiye.accounts.models import Unit
from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.core.invariants import findings
from baiye.mentors.models import Appointment
from baiye.mentors.tests.factories import CheckFactory, CounsellorFactory, MentorFactory
from baiye.registry.models import HostDocument, Standard, Venue
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, StandardFactory, VenueFactory
from baiye.schools.tests.factories import PupilFactory
from baiye.visits import actions
from baiye.visits.actions import SeatRefused, VisitRefused
from baiye.visits.models import Assignment, Seat, Visit
from baiye.visits.tests.factories import AssignmentFactory, SeatFactory, VisitFactory
from baiye.visits.tests.people import holder

pytestmark = pytest.mark.django_db

HOST, PAPERS = "seat_only_at_an_accredited_host", "seat_only_with_the_papers_that_are_needed"
VENUE, ADULTS = "seat_only_at_an_open_venue", "seat_only_with_vetted_adults"


def day_of(visit, days=0):
    return clock.day_of(visit.starts_at) + timedelta(days=days)


def paper(visit, **fields):
    """A checked insurance of the visit's host, that holds on its day unless said otherwise."""
    known = {"valid_from": day_of(visit, -99), "valid_until": day_of(visit, 99), "accepted_at": clock.now()}
    known |= {"accepted_by": UserFactory(), "kind": "insurance", "host": visit.venue.host}
    return HostDocument.objects.create(**known | fields)


def ready_visit():
    """A visit that may have pupils: accredited host, its insurance, an open venue, a counsellor who leads."""
    host = HostFactory()
    AccreditationFactory(host=host, standard=StandardFactory(name="要保险的标准", needs=["insurance"]))
    visit = VisitFactory(version__course__host=host, venue=VenueFactory(host=host))
    paper(visit)
    AssignmentFactory(visit=visit, mentor=CounsellorFactory(unit=host.unit))
    return visit


def accreditation(visit):
    return visit.venue.host.accreditations


def end_accreditation(visit):
    accreditation(visit).update(valid_until=day_of(visit, -1))


def suspend(visit):
    accreditation(visit).update(suspended_on=day_of(visit), suspended_by=UserFactory())


def revoke(visit):
    accreditation(visit).update(revoked_on=day_of(visit), revoked_by=UserFactory())


def expire_paper(visit):
    visit.venue.host.documents.update(valid_until=day_of(visit, -1))


def lose_paper(visit):
    visit.venue.host.documents.update(accepted_at=None, accepted_by=None)


def leave_paper_to_another_venue(visit):
    visit.venue.host.documents.update(venue=VenueFactory(host=visit.venue.host))


def close_venue(visit):
    Venue.objects.filter(pk=visit.venue_id).update(closed_on=day_of(visit), closed_by=UserFactory())


def leave_check_behind(visit):
    """The visit is put off until the check is too old; that is no sin while nobody sits on it."""
    far = timedelta(days=366)
    Visit.objects.filter(pk=visit.pk).update(starts_at=visit.starts_at + far, ends_at=visit.ends_at + far)
    visit.refresh_from_db()
    paper(visit)


def fail_check(visit):
    CheckFactory(mentor=visit.assignments.get().mentor, checked_on=clock.today(), result="not_clear")


def end_appointment(visit):
    mine = Appointment.objects.filter(mentor__assignments__visit=visit)
    mine.update(ended_on=day_of(visit), ended_by=UserFactory(), ended_because="调动")


REASONS = {
    "accreditation over": (end_accreditation, HOST),
    "suspended": (suspend, HOST),
    "revoked": (revoke, HOST),
    "paper expired": (expire_paper, PAPERS),
    "paper missing": (lose_paper, PAPERS),
    "paper of another venue": (leave_paper_to_another_venue, PAPERS),
    "venue closed": (close_venue, VENUE),
    "check over 365 days old": (leave_check_behind, ADULTS),
    "adult not cleared": (fail_check, ADULTS),
    "appointment over": (end_appointment, ADULTS),
}
WORDS = {HOST: "不在认定有效期内", PAPERS: "学生意外险与场所责任险", VENUE: "已经停用", ADULTS: "从业查询、聘任或培训"}


def by_placement(visit, pupil):
    units = [visit.venue.host.unit, pupil.school_class.school.unit]
    pairs = [(pupil.pk, visit.pk)]
    actions.place_seats(pairs=pairs, by=holder("coordinator", *units), at=clock.now())


def by_hand(visit, pupil):
    units = [visit.venue.host.unit, pupil.school_class.school.unit]
    actions.assign_seat(visit=visit, pupil=pupil, by=holder("coordinator", *units), at=clock.now())


def by_the_orm(visit, pupil):
    SeatFactory(visit=visit, pupil=pupil)


def by_bulk_create(visit, pupil):
    Seat.objects.bulk_create([SeatFactory.build(visit=visit, pupil=pupil)])


def by_insert(visit, pupil):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visits_seat (pupil_id, visit_id, code, origin, request, given_up_because)"
            " VALUES (%s, %s, 'B', 'booked', gen_random_uuid(), '')",
            [pupil.pk, visit.pk],
        )


def by_copy(visit, pupil):
    columns = "pupil_id, visit_id, code, origin, request, given_up_because"
    with connection.cursor() as cursor, cursor.copy(f"COPY visits_seat ({columns}) FROM STDIN") as copy:
        copy.write_row([pupil.pk, visit.pk, "B", "booked", "6ba7b811-9dad-11d1-80b4-00c04fd430c8", ""])


INSERTS = [by_placement, by_hand, by_the_orm, by_bulk_create, by_insert, by_copy]


@pytest.mark.parametrize("path", INSERTS)
def test_each_path_makes_a_seat_where_nothing_hinders(path):
    visit, pupil = ready_visit(), PupilFactory()

    path(visit, pupil)

    assert Seat.objects.get().pupil == pupil


def test_a_paper_of_the_visits_own_venue_is_enough():
    visit, pupil = ready_visit(), PupilFactory()
    visit.venue.host.documents.update(venue=visit.venue)

    by_the_orm(visit, pupil)

    assert Seat.objects.get().pupil == pupil


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("path", INSERTS)
def test_no_path_makes_a_seat_where_something_hinders(path, reason):
    visit, pupil = ready_visit(), PupilFactory()
    hinder, name = REASONS[reason]
    hinder(visit)

    with pytest.raises((IntegrityError, CheckViolation, SeatRefused)) as caught, transaction.atomic():
        path(visit, pupil)

    told = caught.value
    while not isinstance(told, CheckViolation):
        told = told.__cause__
    assert told.diag.constraint_name == name
    if caught.type is SeatRefused:
        assert WORDS[name] in str(caught.value)
    assert not Seat.objects.exists()


@pytest.mark.parametrize("reason", REASONS)
def test_a_visit_with_seats_is_not_moved_to_where_something_hinders(reason):
    visit = ready_visit()
    SeatFactory(visit=visit)
    moves = {"starts_at": visit.starts_at + timedelta(minutes=5)}
    if reason == "check over 365 days old":
        paper(visit, valid_until=None)
        moves = {"starts_at": visit.starts_at + timedelta(days=366), "ends_at": visit.ends_at + timedelta(days=366)}
    else:
        REASONS[reason][0](visit)

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(**moves)

    assert caught.value.__cause__.diag.constraint_name == REASONS[reason][1]


def test_a_visit_with_seats_is_not_moved_to_a_venue_of_a_host_that_lacks_a_paper():
    visit, host = ready_visit(), HostFactory()
    SeatFactory(visit=visit)
    AccreditationFactory(host=host, standard=Standard.objects.get(name="要保险的标准"))
    elsewhere = VenueFactory(host=host)

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(venue=elsewhere)

    assert caught.value.__cause__.diag.constraint_name == PAPERS


def test_a_venue_with_seats_is_not_given_to_a_host_that_may_not_receive():
    visit = ready_visit()
    SeatFactory(visit=visit)

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Venue.objects.filter(pk=visit.venue_id).update(host=HostFactory())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert caught.value.__cause__.diag.constraint_name == HOST


def test_a_seat_given_up_cannot_be_taken_back_whatever_hinders():
    seat = SeatFactory(visit=ready_visit())
    mine = Seat.objects.filter(pk=seat.pk)
    mine.update(given_up_at=clock.now(), given_up_by=UserFactory())

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        mine.update(given_up_at=None, given_up_by=None)

    assert caught.value.__cause__.diag.constraint_name == "seat_changes_only_by_being_given_up"


@pytest.mark.parametrize("with_seats", [False, True])
def test_an_adult_who_may_not_is_never_assigned(with_seats):
    visit = ready_visit()
    if with_seats:
        SeatFactory(visit=visit)
    unchecked = CheckFactory(result="not_clear").mentor

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        AssignmentFactory(visit=visit, mentor=unchecked, role="assistant")

    assert caught.value.__cause__.diag.constraint_name == ADULTS


def test_an_adult_taken_off_hinders_no_more():
    visit = ready_visit()
    fail_check(visit)

    Assignment.objects.update(ended_at=clock.now(), ended_by=UserFactory())

    assert SeatFactory(visit=visit).pk


@pytest.mark.parametrize("reason", [name for name, (_hinder, kept) in REASONS.items() if kept != ADULTS])
def test_no_visit_is_planned_where_its_place_hinders(reason):
    visit = ready_visit()
    REASONS[reason][0](visit)
    plan = {"version": visit.version, "venue": visit.venue, "seats": 5}
    plan |= {"starts_at": visit.ends_at, "ends_at": visit.ends_at + timedelta(minutes=60)}

    with pytest.raises(VisitRefused, match=WORDS[REASONS[reason][1]]):
        actions.make_visit(**plan, by=holder("coordinator", Unit.objects.get(pk=visit.venue.host.unit_id)))


@pytest.mark.parametrize("reason", [name for name in REASONS if name != "check over 365 days old"])
def test_invariants_find_a_coming_seat_that_a_lapse_endangers(reason):
    seat = SeatFactory(visit=ready_visit())
    name = "no_coming_seat_at_a_host_that_may_not_receive"
    assert {finding.name: finding.rows for finding in findings()}[name] == 0

    REASONS[reason][0](seat.visit)

    found = {finding.name: finding for finding in findings()}[name]
    assert (found.rows, found.examples) == (1, (str(seat.pk),))


# ── assignments ──


def refused_as(name, make):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    assert caught.value.__cause__.diag.constraint_name == name


def test_nobody_is_with_two_visits_at_once_also_when_one_is_moved():
    first = AssignmentFactory()
    beside = VisitFactory(starts_at=first.visit.ends_at - timedelta(minutes=1))
    after = VisitFactory(starts_at=first.visit.ends_at)
    name = "assignment_no_mentor_in_two_places_at_once"

    refused_as(name, lambda: AssignmentFactory(visit=beside, mentor=first.mentor))
    AssignmentFactory(visit=after, mentor=first.mentor)
    refused_as(name, lambda: Visit.objects.filter(pk=after.pk).update(starts_at=beside.starts_at))


def test_a_visit_has_one_lead_and_none_once_it_is_cancelled():
    assignment = AssignmentFactory()
    cancelled = VisitFactory(cancelled_at=clock.now(), cancelled_by=UserFactory())

    refused_as("assignment_one_lead_a_visit", lambda: AssignmentFactory(visit=assignment.visit))
    refused_as("assignment_to_a_visit_that_is_held", lambda: AssignmentFactory(visit=cancelled))
    assert AssignmentFactory(visit=assignment.visit, role="driver").pk


def test_an_assignment_changes_only_by_being_ended_once_and_keeps_its_row():
    assignment, other = AssignmentFactory(), MentorFactory()
    mine = Assignment.objects.filter(pk=assignment.pk)

    refused_as("assignment_changes_only_by_being_ended", lambda: mine.update(mentor=other))
    refused_as("assignment_keeps_its_row", assignment.delete)
    refused_as("assignment_ended_by_whom_and_when", lambda: mine.update(ended_at=clock.now()))
    mine.update(ended_at=clock.now(), ended_by=UserFactory())
    refused_as("assignment_changes_only_by_being_ended", lambda: mine.update(ended_at=None, ended_by=None))
