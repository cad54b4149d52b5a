"""Two people publish: nothing is given before, everything after, and never by one alone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock, jobs
from baiye.core.models import Event, Message
from baiye.rounds.actions.appeals import AppealRefused, answer, appeal
from baiye.rounds.actions.publications import PublicationRefused, approve, propose, withdraw
from baiye.rounds.actions.runs import RunRefused, ask_run, discard_run, run_placement
from baiye.rounds.models import Appeal, Publication
from baiye.rounds.queries.results import result_of
from baiye.rounds.tests.factories import district
from baiye.visits import claims
from baiye.visits.actions import SeatRefused, cancel_visit
from baiye.visits.models import Seat, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return district(phase="place")


@pytest.fixture
def run(world):
    asked = ask_run(round=world.round, by=world.coordinator, at=clock.now(), seed="42")
    run_placement(run=asked, at=clock.now())
    asked.refresh_from_db()
    return asked


def test_propose_gives_no_seat_and_shows_nothing(world, run):
    propose(run=run, by=world.coordinator, at=clock.now())

    assert not Seat.objects.exists()
    assert result_of(world.round, world.pupil) is None


def test_propose_twice_is_one_proposal(world, run):
    first = propose(run=run, by=world.coordinator, at=clock.now())

    assert propose(run=run, by=world.coordinator, at=clock.now()) == first
    assert Event.objects.filter(kind="publication.proposed").count() == 1


def test_propose_by_a_teacher_is_denied(world, run):
    with pytest.raises(PermissionDenied):
        propose(run=run, by=world.teacher, at=clock.now())

    assert not Publication.objects.exists()


def test_propose_an_unfinished_run_is_refused(world):
    asked = ask_run(round=world.round, by=world.coordinator, at=clock.now())

    with pytest.raises(PublicationRefused, match="算完"):
        propose(run=asked, by=world.coordinator, at=clock.now())


def test_approve_by_who_proposed_is_refused_and_gives_no_seat(world, run):
    publication = propose(run=run, by=world.coordinator, at=clock.now())

    with pytest.raises(PublicationRefused, match="两个人"):
        approve(publication=publication, by=world.coordinator, at=clock.now())

    assert not Seat.objects.exists()


def test_publication_needs_two_people(world, run):
    publication = propose(run=run, by=world.coordinator, at=clock.now())

    with pytest.raises(IntegrityError, match="publication_needs_two_people"), transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(approved_by=world.coordinator, approved_at=clock.now())


def test_approve_gives_every_seat_and_shows_the_result(world, run):
    publication = propose(run=run, by=world.coordinator, at=clock.now())

    given = approve(publication=publication, by=world.officer, at=clock.now())

    assert given == Seat.objects.filter(origin="placed").count() == 8
    assert len(result_of(world.round, world.pupil).half_days) == 4


def test_a_rounds_visits_are_kept_from_others_until_it_is_published(world, run):
    before = Visit.objects.filter(claims.kept()).count()

    approve(publication=propose(run=run, by=world.coordinator, at=clock.now()), by=world.officer, at=clock.now())

    assert (before, Visit.objects.filter(claims.kept()).count()) == (len(world.visits), 0)


def test_approve_twice_gives_seats_once(world, run):
    publication = propose(run=run, by=world.coordinator, at=clock.now())
    approve(publication=publication, by=world.officer, at=clock.now())

    assert approve(publication=publication, by=world.officer, at=clock.now()) == 0
    assert Seat.objects.count() == 8


def test_approve_after_a_visit_was_cancelled_is_refused_and_leaves_nothing_behind(world, run):
    publication = propose(run=run, by=world.coordinator, at=clock.now())
    taken = run.seats.first().visit
    cancel_visit(visit=taken, because="停电", by=world.coordinator, at=clock.now())

    with pytest.raises(SeatRefused):
        approve(publication=publication, by=world.officer, at=clock.now())

    publication.refresh_from_db()
    assert publication.approved_at is None
    assert not Seat.objects.exists()


def test_withdraw_then_another_run_can_be_asked_for(world, run):
    publication = propose(run=run, by=world.coordinator, at=clock.now())
    with pytest.raises(RunRefused, match="先撤回"):
        discard_run(run=run, by=world.coordinator, at=clock.now())

    withdraw(publication=publication, by=world.coordinator, at=clock.now())
    discard_run(run=run, by=world.coordinator, at=clock.now())

    assert ask_run(round=world.round, by=world.coordinator, at=clock.now()).pk != run.pk


def test_withdraw_after_approval_is_refused(world, run):
    publication = propose(run=run, by=world.coordinator, at=clock.now())
    approve(publication=publication, by=world.officer, at=clock.now())

    with pytest.raises(PublicationRefused, match="已经公布"):
        withdraw(publication=publication, by=world.coordinator, at=clock.now())


def test_families_are_told_once(own_database):
    world = district(phase="place")
    run = ask_run(round=world.round, by=world.coordinator, at=clock.now())
    jobs.run_due()
    run.refresh_from_db()
    approve(publication=propose(run=run, by=world.coordinator, at=clock.now()), by=world.officer, at=clock.now())

    jobs.run_due()

    told = Message.objects.filter(kind="round.published").values_list("to", flat=True)
    assert sorted(told) == sorted([world.pupil_user.pk, world.guardian.pk])


def published(world, run):
    approve(publication=propose(run=run, by=world.coordinator, at=clock.now()), by=world.officer, at=clock.now())
    return run


def test_appeal_by_a_guardian_waits_for_an_answer(world, run):
    made = appeal(
        run=published(world, run), pupil=world.pupil, text="那天要去医院复查", by=world.guardian, at=clock.now()
    )

    answer(appeal=made, text="已改到下午", by=world.coordinator, at=clock.now())

    made.refresh_from_db()
    assert made.answer == "已改到下午"
    assert Message.objects.get(kind="appeal.answered").to == world.guardian


def test_appeal_again_while_one_is_open_is_refused(world, run):
    published(world, run)
    appeal(run=run, pupil=world.pupil, text="那天要去医院复查", by=world.guardian, at=clock.now())

    with pytest.raises(AppealRefused, match="已经有一份"):
        appeal(run=run, pupil=world.pupil, text="还有一件别的事", by=world.guardian, at=clock.now())

    assert Appeal.objects.count() == 1


def test_appeal_by_a_strange_guardian_is_denied(world, run):
    stranger = GrantFactory(role="host_manager", unit=world.hosts[0].unit).user

    with pytest.raises(PermissionDenied):
        appeal(run=published(world, run), pupil=world.pupil, text="那天要去医院复查", by=stranger, at=clock.now())

    assert not Appeal.objects.exists()


def test_answer_by_a_school_is_denied(world, run):
    made = appeal(
        run=published(world, run), pupil=world.pupil, text="那天要去医院复查", by=world.guardian, at=clock.now()
    )

    with pytest.raises(PermissionDenied):
        answer(appeal=made, text="不行", by=GrantFactory(unit=world.school.unit).user, at=clock.now())
