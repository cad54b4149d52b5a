"""What many at once cannot break; each test commits for real, in a database of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from baiye.accounts.tests.factories import DistrictFactory
from baiye.core import clock
from baiye.core.refusals import Refused
from baiye.mentors.tests.factories import MentorFactory
from baiye.registry.tests.factories import AccreditedHostFactory
from baiye.schools.tests.factories import PupilFactory, SchoolClassFactory
from baiye.visits import actions, assigning
from baiye.visits.models import Assignment, Seat, Visit
from baiye.visits.tests.factories import SeatFactory, VisitFactory
from baiye.visits.tests.people import holder

pytestmark = pytest.mark.slow


def at_once(jobs: Iterable[Callable[[], object]]) -> list[str]:
    """Run ``jobs`` in as many threads, begun together; "" or the refusal of each."""
    jobs = list(jobs)
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> str:
        try:
            barrier.wait()
            job()
        except Refused as refusal:
            return str(refusal)
        else:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def town(pupils: int):
    district = DistrictFactory()
    host = AccreditedHostFactory(unit__parent=district)
    classmates = PupilFactory.create_batch(pupils, school_class=SchoolClassFactory(school__unit__parent=district))
    return host, classmates, holder("coordinator", district)


def test_twenty_callers_of_the_last_five_seats_get_five(own_database):
    host, pupils, coordinator = town(20)
    visit = VisitFactory(version__course__host=host, seats=5)

    answers = at_once(
        lambda pupil=pupil: actions.assign_seat(visit=visit, pupil=pupil, by=coordinator, at=clock.now())
        for pupil in pupils
    )

    visit.refresh_from_db()
    assert (visit.taken, Seat.objects.count()) == (5, 5)
    assert sorted(answers) == [""] * 5 + ["这一场人满了。换一场，或换个时间。"] * 15


def test_one_pupil_pressed_into_twenty_visits_at_once_gets_one(own_database):
    host, (pupil,), coordinator = town(1)
    visits = VisitFactory.create_batch(20, version__course__host=host)

    answers = at_once(
        lambda visit=visit: actions.assign_seat(visit=visit, pupil=pupil, by=coordinator, at=clock.now())
        for visit in visits
    )

    assert (Seat.objects.count(), answers.count("")) == (1, 1)
    assert sum(Visit.objects.values_list("taken", flat=True)) == 1


def test_batches_over_the_same_visits_in_any_order_do_not_wait_for_each_other_for_ever(own_database):
    host, pupils, coordinator = town(12)
    visits = [
        VisitFactory(version__course__host=host, seats=6, starts_at=clock.now() + timedelta(days=7 + n))
        for n in range(3)
    ]
    batches = [
        [(pupil.pk, visit.pk) for pupil in pupils[n::6] for visit in (visits if n % 2 else reversed(visits))]
        for n in range(6)
    ]

    answers = at_once(
        lambda pairs=pairs: actions.place_seats(pairs=pairs, by=coordinator, at=clock.now()) for pairs in batches
    )

    assert answers.count("") == 3
    assert list(Visit.objects.values_list("taken", flat=True)) == [6, 6, 6]


def test_a_visit_cancelled_while_seats_are_given_ends_without_seats(own_database):
    host, pupils, coordinator = town(10)
    visit = VisitFactory(version__course__host=host)
    SeatFactory(visit=visit, pupil=pupils[0])

    at_once(
        [
            *(
                lambda pupil=pupil: actions.assign_seat(visit=visit, pupil=pupil, by=coordinator, at=clock.now())
                for pupil in pupils[1:]
            ),
            lambda: actions.cancel_visit(visit=visit, because="停电", by=coordinator, at=clock.now()),
        ]
    )

    visit.refresh_from_db()
    assert visit.cancelled_at is not None
    assert (visit.taken, Seat.objects.filter(given_up_at=None).count()) == (0, 0)


def test_eight_leads_of_one_visit_at_once_end_in_one_lead_and_seven_sentences(own_database):
    host, _pupils, coordinator = town(0)
    visit = VisitFactory(version__course__host=host)
    mentors = MentorFactory.create_batch(8, unit=host.unit)

    answers = at_once(
        lambda mentor=mentor: assigning.assign_mentor(
            visit=Visit.objects.get(pk=visit.pk), mentor=mentor, role="lead", by=coordinator, at=clock.now()
        )
        for mentor in mentors
    )

    assert sorted(answers) == [""] + ["这一场已经有带教老师了。先取消原来的，或作为协助。"] * 7
    visit.refresh_from_db()
    assert visit.guide == Assignment.objects.get().mentor.name


def test_a_visit_cancelled_while_its_leads_are_taken_off_waits_for_nobody_for_ever(own_database):
    host, _pupils, coordinator = town(0)
    visits = VisitFactory.create_batch(8, version__course__host=host)
    for visit in visits:
        assigning.assign_mentor(
            visit=visit, mentor=MentorFactory(unit=host.unit), role="lead", by=coordinator, at=clock.now()
        )

    def cancel(visit):
        actions.cancel_visit(visit=visit, because="停电", by=coordinator, at=clock.now())

    def take_off(assignment):
        assigning.end_assignment(assignment=assignment, by=coordinator, at=clock.now())

    answers = at_once(
        [
            *(lambda visit=visit: cancel(visit) for visit in visits),
            *(
                lambda held=held: take_off(held)
                for held in Assignment.objects.select_related("visit__venue__host__unit")
            ),
        ]
    )

    assert answers == [""] * 16
    assert not Assignment.objects.filter(ended_at=None).exists()
