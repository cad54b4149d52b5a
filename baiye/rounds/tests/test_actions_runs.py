"""Placement runs: frozen, computed once, verified; and nothing left behind where one is refused."""

import pytest
from baiye_placement import verify_folder
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.core import clock, folders, jobs
from baiye.core.models import Event
from baiye.rounds import engine_files
from baiye.rounds.actions import runs
from baiye.rounds.actions.runs import RunRefused, ask_run, discard_run, run_placement
from baiye.rounds.actions.wishes import save_wishes
from baiye.rounds.models import Explanation, Run, RunSeat
from baiye.rounds.tests.factories import district
from baiye.schools.models import SchoolClass

pytestmark = pytest.mark.django_db


def asked(world):
    return ask_run(round=world.round, by=world.coordinator, at=clock.now(), seed="42")


def test_ask_run_freezes_the_input_and_queues_one_job():
    world = district(phase="place")

    run = asked(world)

    with folders.unpacked(run.input_zip) as folder:
        assert sorted(path.name for path in folder.iterdir()) == [
            "groups.csv",
            "policy.toml",
            "pupils.csv",
            "sessions.csv",
            "trips.csv",
            "wishes.csv",
        ]
    assert ProcrastinateJob.objects.get().args == {"run_id": str(run.pk)}
    assert Event.objects.get(kind="run.asked").facts["input_sha256"] == run.input_sha256


def test_the_frozen_files_hold_no_name_and_no_stable_pseudonym():
    world = district(phase="place")

    run = asked(world)

    with folders.unpacked(run.input_zip) as folder:
        text = "".join(path.read_text() for path in folder.iterdir())
    for pupil in world.pupils:
        assert pupil.name not in text
        assert str(pupil.pseudonym) not in text
        assert engine_files.alias(world.round, pupil.pseudonym) in text


def test_ask_run_while_wishes_are_open_is_refused_and_leaves_nothing_behind():
    world = district(phase="wish")

    with pytest.raises(RunRefused, match="志愿还没截止"):
        asked(world)

    assert not Run.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_ask_run_twice_is_refused():
    world = district(phase="place")
    asked(world)

    with pytest.raises(RunRefused, match="已有一次运算在进行"):
        asked(world)

    assert Run.objects.count() == 1


def test_ask_run_by_a_teacher_is_denied():
    world = district(phase="place")

    with pytest.raises(PermissionDenied):
        ask_run(round=world.round, by=world.teacher, at=clock.now())

    assert not Run.objects.exists()


def test_ask_run_without_trips_is_refused():
    world = district(phase="place", trips=False)

    with pytest.raises(RunRefused, match="还没有要安排的学生或场次"):
        asked(world)


def wished_world():
    """Two pupils; the first one's wishes name every course, the second gave none."""
    world = district()
    save_wishes(round=world.round, pupil=world.pupil, courses=world.courses, by=world.pupil_user, at=clock.now())
    for phase in world.round.phases.order_by("-starts_at"):
        if phase.kind == "place":
            at = phase.starts_at
    return world, at


def test_run_placement_places_everyone_with_a_full_set_that_a_stranger_can_verify():
    world, at = wished_world()
    run = ask_run(round=world.round, by=world.coordinator, at=at)

    run_placement(run=run, at=at)

    run.refresh_from_db()
    assert run.figures["placed"] == run.figures["pupils"] == 2
    assert run.figures["verified"]
    assert RunSeat.objects.filter(run=run, pupil=world.pupil, rank__gt=0).count() == 4
    assert RunSeat.objects.filter(run=run).count() == 8
    with folders.unpacked(run.input_zip) as problem, folders.unpacked(run.output_zip) as out:
        assert verify_folder(problem, out) == []


def test_run_placement_again_changes_nothing():
    world, at = wished_world()
    run = ask_run(round=world.round, by=world.coordinator, at=at)
    run_placement(run=run, at=at)
    run.refresh_from_db()
    before = (run.finished_at, RunSeat.objects.count(), Explanation.objects.count(), bytes(run.output_zip))

    stale = Run.objects.get(pk=run.pk)
    stale.finished_at = None
    run_placement(run=stale, at=at)

    run.refresh_from_db()
    assert (run.finished_at, RunSeat.objects.count(), Explanation.objects.count(), bytes(run.output_zip)) == before


def breaks(error):
    def place(*_, **__):
        raise error

    return place


def test_run_placement_of_broken_files_ends_failed_and_another_can_be_asked_for():
    world, at = wished_world()
    run = ask_run(round=world.round, by=world.coordinator, at=at)
    Run.objects.filter(pk=run.pk).update(input_zip=b"broken")
    run.refresh_from_db()

    run_placement(run=run, at=at)

    run.refresh_from_db()
    assert (run.finished_at, run.output_zip) == (None, None)
    assert f"把编号 {str(run.pk)[:8]} 告诉管理员" in run.failed_because
    assert Event.objects.get(kind="run.failed").facts["error"] == "BadZipFile"
    again = ask_run(round=world.round, by=world.coordinator, at=at)
    run_placement(run=again, at=at)
    again.refresh_from_db()
    assert again.finished_at is not None


def test_run_placement_whose_result_cannot_be_kept_ends_failed_and_keeps_nothing():
    world, at = wished_world()
    run = ask_run(round=world.round, by=world.coordinator, at=at)
    SchoolClass.objects.update(stage="senior")  # nobody of the frozen files is found

    run_placement(run=run, at=at)

    run.refresh_from_db()
    assert (run.finished_at, bool(run.failed_because)) == (None, True)
    assert not RunSeat.objects.exists()


def test_an_error_of_the_engine_is_noted_without_what_it_says(monkeypatch, caplog):
    world, at = wished_world()
    run = ask_run(round=world.round, by=world.coordinator, at=at)
    monkeypatch.setattr(runs, "place", breaks(RuntimeError(f"no seat for {world.pupil.name}")))

    run_placement(run=run, at=at)

    run.refresh_from_db()
    event = Event.objects.get(kind="run.failed")
    assert (event.facts["error"], event.facts["at"].partition(":")[0]) == ("RuntimeError", "test_actions_runs.py")
    assert all(said in caplog.text for said in (str(run.pk), "RuntimeError", "in _computed"))
    assert world.pupil.name not in caplog.text + str(event.facts) + run.failed_because


def test_a_failed_run_stays_failed_whatever_another_worker_has_found(monkeypatch):
    world, at = wished_world()
    run = ask_run(round=world.round, by=world.coordinator, at=at)
    stale, another = Run.objects.get(pk=run.pk), Run.objects.get(pk=run.pk)
    with monkeypatch.context() as broken:
        broken.setattr(runs, "place", breaks(RuntimeError()))
        run_placement(run=run, at=at)
        run_placement(run=stale, at=at)

    run_placement(run=another, at=at)

    run.refresh_from_db()
    assert (run.finished_at, bool(run.failed_because)) == (None, True)
    assert Event.objects.filter(kind="run.failed").count() == 1
    assert not Event.objects.filter(kind="run.finished").exists()


@pytest.mark.parametrize("end", [OperationalError("the connection is closed"), SystemExit(1)])
def test_a_run_whose_database_or_worker_goes_away_is_taken_up_again(monkeypatch, end):
    world, at = wished_world()
    run = ask_run(round=world.round, by=world.coordinator, at=at)
    with monkeypatch.context() as broken, pytest.raises(type(end)):
        broken.setattr(runs, "place", breaks(end))
        run_placement(run=run, at=at)
    run.refresh_from_db()
    assert (run.finished_at, run.failed_because) == (None, "")

    run_placement(run=run, at=at)

    run.refresh_from_db()
    assert run.finished_at is not None
    assert run.figures["placed"] == 2


def test_the_same_seed_gives_the_same_files():
    world, at = wished_world()
    first = ask_run(round=world.round, by=world.coordinator, at=at, seed="7")
    run_placement(run=first, at=at)
    discard_run(run=first, by=world.coordinator, at=at)

    second = ask_run(round=world.round, by=world.coordinator, at=at, seed="7")
    run_placement(run=second, at=at)

    first.refresh_from_db()
    second.refresh_from_db()
    assert bytes(first.input_zip) == bytes(second.input_zip)
    assert bytes(first.output_zip) == bytes(second.output_zip)


def test_each_wish_has_a_reason_with_a_sentence():
    from baiye.rounds.reasons import lines

    world, at = wished_world()
    run = ask_run(round=world.round, by=world.coordinator, at=at)
    run_placement(run=run, at=at)

    reasons = list(Explanation.objects.filter(run=run, pupil=world.pupil).order_by("rank"))

    assert [reason.rank for reason in reasons] == [1, 2, 3, 4]
    assert [line.word for line in lines(reasons, world.round)] == ["录取"] * 4


def test_the_queue_runs_it_once(own_database):
    world, at = wished_world()
    run = ask_run(round=world.round, by=world.coordinator, at=at)

    jobs.run_due()

    run.refresh_from_db()
    assert run.finished_at is not None
    assert Event.objects.filter(kind="run.finished").count() == 1


def test_discard_run_by_an_officer_is_denied():
    world = district(phase="place")
    run = asked(world)

    with pytest.raises(PermissionDenied):
        discard_run(run=run, by=world.officer, at=clock.now())

    run.refresh_from_db()
    assert run.discarded_at is None
