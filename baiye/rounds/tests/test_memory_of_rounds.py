"""What a round still owes a pupil: kept with its run, read by the next round of the district, told to the family."""

from datetime import timedelta

import pytest
from baiye_placement import read_placement, read_problem
from baiye_placement.memory import memory_after
from django.urls import reverse

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, folders
from baiye.rounds import engine_files
from baiye.rounds.actions.publications import approve, propose
from baiye.rounds.actions.runs import ask_run, run_placement
from baiye.rounds.actions.wishes import save_wishes
from baiye.rounds.models import Publication, Run, RunPupil
from baiye.rounds.tests.factories import RoundFactory, TripFactory, district, school_day, sittings

pytestmark = pytest.mark.django_db


def owing(round, pupil, owed, *, days_ago=1, published=True):
    """A run of the round that owes the pupil so much."""
    at = clock.now() - timedelta(days=days_ago)
    run = Run.objects.create(
        round=round, asked_by=round.made_by, asked_at=at, input_zip=b"x", policy="points", finished_at=at
    )
    approved = {"approved_by": UserFactory(), "approved_at": at} if published else {}
    Publication.objects.create(run=run, round=round, proposed_by=round.made_by, proposed_at=at, **approved)
    return RunPupil.objects.create(run=run, pupil=pupil, first=0, wished=0, filled=0, owed_after=owed)


def memory_of(problem, world, pupil):
    return next(p.memory for p in problem.pupils if p.id == engine_files.alias(world.round, pupil.pseudonym))


def test_the_next_round_reads_what_the_last_published_one_owes():
    world = district(phase="place")
    owing(RoundFactory(unit=world.unit), world.pupil, 40, days_ago=300)
    owing(RoundFactory(unit=world.unit), world.pupil, 25, days_ago=100)

    problem = engine_files.problem_of(world.round, seed="1")

    assert memory_of(problem, world, world.pupil) == 25
    assert memory_of(problem, world, world.pupils[1]) == 0


def test_a_debt_that_was_paid_is_not_read_again():
    world = district(phase="place")
    owing(RoundFactory(unit=world.unit), world.pupil, 40, days_ago=300)
    owing(RoundFactory(unit=world.unit), world.pupil, 0, days_ago=100)

    assert engine_files.owed_to_pupils(world.round) == {}


@pytest.mark.parametrize("which", ["draft", "its own", "another district's"])
def test_only_published_rounds_of_the_district_count(which):
    world = district(phase="place")
    rounds = {"draft": {"unit": world.unit}, "another district's": {}}
    round = world.round if which == "its own" else RoundFactory(**rounds[which])
    owing(round, world.pupil, 40, published=which != "draft")

    assert engine_files.owed_to_pupils(world.round) == {}


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_problem_costs_as_many_queries_after_three_rounds_as_after_one(rounds, django_assert_num_queries):
    world = district(phase="place")
    for n in range(rounds):
        owing(RoundFactory(unit=world.unit), world.pupil, 10 + n)

    with django_assert_num_queries(5):  # trips, wishes, visits, what is owed, pupils
        engine_files.problem_of(world.round, seed="1")


def scarce():
    """A round in which both pupils want the same two courses, of which each half-day has one seat."""
    world = district(seats=1)
    save_wishes(round=world.round, pupil=world.pupil, courses=world.courses[:1], by=world.pupil_user, at=clock.now())
    guardian = world.pupils[1].guardianships.first()
    by = guardian.user if guardian else world.teacher
    save_wishes(
        round=world.round, pupil=world.pupils[1], courses=world.courses, by=by, at=clock.now(), from_paper=not guardian
    )
    return world, next(phase.starts_at for phase in world.round.phases.all() if phase.kind == "place")


def test_a_run_keeps_what_it_read_and_what_it_owes():
    world, at = scarce()
    owing(RoundFactory(unit=world.unit), world.pupil, 31)
    run = ask_run(round=world.round, by=world.coordinator, at=at, seed="5")
    run_placement(run=run, at=at)
    run.refresh_from_db()

    with folders.unpacked(run.input_zip) as folder, folders.unpacked(run.output_zip) as out:
        owed = memory_after(read_problem(folder), read_placement(out))
    kept = {lot.pupil_id: (lot.owed_before, lot.owed_after) for lot in RunPupil.objects.filter(run=run)}
    names = {pupil.pk: engine_files.alias(world.round, pupil.pseudonym) for pupil in world.pupils}

    assert kept == {
        world.pupil.pk: (31, owed[names[world.pupil.pk]]),
        world.pupils[1].pk: (0, owed[names[world.pupils[1].pk]]),
    }
    assert owed[names[world.pupil.pk]] >= 15  # half of the old debt at least


def test_the_family_reads_what_was_owed_and_what_is(client):
    world = district(phase="place")
    run = ask_run(round=world.round, by=world.coordinator, at=clock.now(), seed="42")
    run_placement(run=run, at=clock.now())
    run.refresh_from_db()
    approve(publication=propose(run=run, by=world.coordinator, at=clock.now()), by=world.officer, at=clock.now())
    client.force_login(world.guardian)
    address = reverse("rounds:result", args=[world.round.pk, world.pupil.pk])
    nothing = client.get(address).content.decode()

    RunPupil.objects.filter(run=run, pupil=world.pupil).update(owed_before=12, owed_after=6)
    page = client.get(address).content.decode()

    assert "给你记下" not in nothing
    assert "前几轮给你记下 12 点，这次条件一样时先轮到你。" in page
    assert "这一轮以后给你记下 6 点。" in page


def test_what_is_owed_goes_before_the_draw_of_the_next_round():
    world = district()
    later = RoundFactory(unit=world.unit, phases="place")
    days = [school_day(44), school_day(51)]
    for host, on in zip(world.hosts, days, strict=True):
        TripFactory(round=later, school_class=world.school_class, host=host, on=on)
        sittings(later, host, on)
    owing(world.round, world.pupils[1], 20)

    problem = engine_files.problem_of(later, seed="1")

    from baiye_placement.lottery import lottery_order

    assert lottery_order(problem)[0] == engine_files.alias(later, world.pupils[1].pseudonym)
