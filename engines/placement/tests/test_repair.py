"""Whole repairs: who keeps their seats, who is named, and what must hold for every one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from baiye_placement import Placement, place, verify, verify_folder, write_placement, write_problem
from baiye_placement.cli import main
from baiye_placement.generate import generate
from baiye_placement.placement import certificate_json
from baiye_placement.problem import Apart, Lock, Policy, Problem, ProblemError, Pupil, Session, Trip
from baiye_placement.repair import Repaired, repair
from baiye_placement.repair_changes import Changes
from baiye_placement.repair_report import report


def room(name: str, capacity: int, slot: int = 1, project: str | None = None, **more: object) -> Session:
    return Session(name, project or name, "V", slot, capacity, **more)  # type: ignore[arg-type]


def class_of(wishes: dict[str, tuple[str, ...]], need: int = 1) -> tuple[Pupil, ...]:
    return tuple(Pupil(name, "7A", wanted, need) for name, wanted in wishes.items())


def made(problem: Problem, changes: Changes) -> tuple[Placement, Repaired]:
    placement = place(problem, gap_target=0.0)
    repaired = repair(problem, placement, changes)
    assert verify(repaired.problem, repaired.placement) == []
    return placement, repaired


def test_repair_when_a_seat_is_free_changes_nobody_else():
    wishes = {"anna": ("baking",), "bo": ("welding",), "cai": ("welding",)}
    problem = Problem((room("baking", 1), room("welding", 2), room("print", 1)), class_of(wishes), {"7A": (1,)})

    placement, repaired = made(problem, Changes(cancelled=("baking",)))

    assert repaired.placement.seats == {**placement.seats, "anna": ("print",)}
    assert repaired.hit == repaired.disturbed == ("anna",)
    assert repaired.bound == 1
    assert repaired.proved


def test_repair_when_a_chain_is_needed_disturbs_one_more_and_proves_it():
    a, b = Pupil("anna", "7A", ("baking",), 1, stage="a"), Pupil("bo", "7A", ("welding",), 1)
    sessions = (
        room("baking", 1),
        room("welding", 1, stages=frozenset("a")),
        room("print", 1, stages=frozenset("b")),
    )
    problem = Problem(sessions, (a, b), {"7A": (1,)})

    _, repaired = made(problem, Changes(cancelled=("baking",)))

    assert repaired.placement.seats == {"anna": ("welding",), "bo": ("print",)}
    assert (repaired.hit, repaired.disturbed, repaired.bound) == (("anna",), ("anna", "bo"), 2)
    assert repaired.points == (200, 0)
    assert [(one.pupil, one.points, one.memory) for one in repaired.losers] == [
        ("anna", (100, 0), 100),
        ("bo", (100, 0), 100),
    ]


@pytest.mark.parametrize(("second", "closed", "moved"), [(("baking",), "welding", "bo"), ((), "baking", "dan")])
def test_repair_of_a_session_under_its_minimum_closes_it_or_fills_it(second: tuple[str, ...], closed: str, moved: str):
    wishes = {"anna": ("welding",), "bo": ("welding", *second), "cai": ("print",), "dan": ("print", "baking")}
    pupils = class_of(wishes)
    sessions = (room("welding", 2, minimum=2), room("print", 1), room("baking", 2), room("golf", 1, slot=2))
    problem = Problem(sessions, pupils, {"7A": (1,), "7B": (2,)}, locks=(Lock("cai", "print"),))

    _, repaired = made(problem, Changes(moved={"anna": "7B"}))

    assert repaired.closed == (closed,)
    assert repaired.placement.seats["anna"] == ("golf",)
    assert repaired.disturbed == ("anna", moved)


def test_repair_keeps_a_session_under_its_minimum_that_a_lock_opens():
    pupils = class_of({"anna": ("welding",), "bo": ("welding",)})
    sessions = (room("welding", 2, minimum=2), room("golf", 1, slot=2), room("print", 1))
    problem = Problem(sessions, pupils, {"7A": (1,), "7B": (2,)}, locks=(Lock("bo", "welding"),))

    _, repaired = made(problem, Changes(moved={"anna": "7B"}))

    assert repaired.placement.seats == {"anna": ("golf",), "bo": ("welding",)}
    assert repaired.disturbed == ("anna",)


def test_repair_of_a_lost_bus_takes_the_half_days_and_names_who_lacks_them():
    sessions = (room("a", 2, 1), room("b", 2, 2), room("c", 2, 3))
    pupils = (Pupil("anna", "7A", ("a",), 3), Pupil("bo", "7B", ("c",), 1))
    trips = (Trip("7A", (1, 2), "V"),)
    problem = Problem(sessions, pupils, {"7A": (1, 2, 3), "7B": (3,)}, trips=trips)

    _, repaired = made(problem, Changes(lost={"7A": (2, 3)}))

    assert repaired.problem.group_slots == {"7A": (1,), "7B": (3,)}
    assert repaired.problem.trips == (Trip("7A", (1,), "V"),)
    assert repaired.placement.unfilled == {"anna": "half_days"}
    assert [(one.pupil, one.half_days, one.memory) for one in repaired.losers] == [("anna", (3, 1), 66)]


def test_repair_of_a_class_that_loses_every_half_day_lets_it_stay_home():
    problem = Problem((room("a", 2),), class_of({"anna": ("a",), "bo": ("a",)}), {"7A": (1,)})

    _, repaired = made(problem, Changes(lost={"7A": (1,)}))

    assert repaired.stay_home == repaired.hit == ("anna", "bo")
    assert repaired.placement.seats == {"anna": (), "bo": ()}
    assert repaired.half_days == (2, 0)


def test_repair_drops_the_lock_of_a_cancelled_session_and_says_so():
    problem = Problem(
        (room("a", 1), room("b", 1)), class_of({"anna": ("a",)}), {"7A": (1,)}, locks=(Lock("anna", "a"),)
    )

    _, repaired = made(problem, Changes(cancelled=("a",)))

    assert repaired.dropped_locks == (Lock("anna", "a"),)
    assert repaired.placement.seats == {"anna": ("b",)}


def test_repair_keeps_ties_and_apartness():
    pupils = (
        Pupil("anna", "7A", ("a",), 1),
        Pupil("bo", "7A", ("a",), 1, tied_to="anna"),
        Pupil("cai", "7A", ("b",), 1),
        Pupil("dan", "7A", ("c",), 1),
    )
    sessions = (room("a", 2), room("b", 3), room("c", 3))
    problem = Problem(sessions, pupils, {"7A": (1,)}, apart=(Apart("bo", "cai"),))

    _, repaired = made(problem, Changes(cancelled=("a",)))

    assert repaired.placement.seats == {"anna": ("c",), "bo": ("c",), "cai": ("b",), "dan": ("c",)}
    assert repaired.disturbed == ("anna", "bo")


def test_repair_under_another_policy_keeps_to_points():
    problem = Problem((room("a", 1), room("b", 1)), class_of({"anna": ("a",)}), {"7A": (1,)}, policy=Policy("points"))

    _, repaired = made(problem, Changes(cancelled=("a",)))

    assert repaired.problem.policy == Policy("points")


@pytest.fixture(scope="module")
def school() -> tuple[Problem, Placement]:
    problem = generate(pupils=240, seed=5, shape="trips")
    return problem, place(problem, gap_target=0.003)


def popular(placement: Placement) -> str:
    held = [s for sessions in placement.seats.values() for s in sessions]
    return max(sorted(set(held)), key=held.count)


@pytest.mark.slow
def test_repair_twice_changes_nothing_more(school: tuple[Problem, Placement]):
    problem, placement = school
    once = repair(problem, placement, Changes(cancelled=(popular(placement),)))

    again = repair(once.problem, once.placement, Changes())

    assert again.placement.seats == once.placement.seats
    assert again.disturbed == again.hit == ()
    assert again.bound == 0


@pytest.mark.slow
def test_repair_does_not_depend_on_the_order_of_rows(school: tuple[Problem, Placement]):
    problem, placement = school
    turned = Problem(
        problem.sessions[::-1], problem.pupils[::-1], problem.group_slots, problem.points, problem.policy,
        problem.seed, problem.trips[::-1],
    )  # fmt: skip
    changes = Changes(cancelled=(popular(placement),))

    one, other = repair(problem, placement, changes), repair(turned, placement, changes)

    assert report(one) == report(other)
    assert certificate_json(one.placement) == certificate_json(other.placement)


@pytest.mark.slow
def test_repair_of_a_school_writes_a_folder_that_verify_believes(school: tuple[Problem, Placement], tmp_path: Path):
    problem, placement = school
    write_problem(problem, tmp_path / "in")
    write_placement(placement, tmp_path / "out")
    gone, new = popular(placement), tmp_path / "new"

    code = main(["repair", str(tmp_path / "in"), str(tmp_path / "out"), "--cancel", gone, "-o", str(new), "--json"])

    body = json.loads((new / "repair.json").read_text())
    assert code in (0, 4)
    assert verify_folder(new, new) == []
    assert body["figures"]["disturbed"] == body["figures"]["disturbed_at_least"] == len(body["disturbed"])
    assert body["hit"] == sorted(p for p, held in placement.seats.items() if gone in held)


def test_repair_command_with_an_unknown_session_pupil_or_group_exits_2_and_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    problem = Problem((room("a", 1),), class_of({"anna": ("a",)}), {"7A": (1,)})
    write_problem(problem, tmp_path / "in")
    write_placement(place(problem), tmp_path / "out")
    call = ["repair", str(tmp_path / "in"), str(tmp_path / "out"), "-o", str(tmp_path / "new")]

    assert main([*call, "--cancel", "golf"]) == 2
    assert main([*call, "--move", "zoe=7A"]) == 2
    assert main([*call, "--move", "anna=9Z"]) == 2
    assert main([*call, "--lost", "7A=9"]) == 2
    assert main([*call, "--move", "anna"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "cancelled session 'golf' is unknown",
        "moved pupil 'zoe' is unknown",
        "pupil 'anna' moves to unknown group '9Z'",
        "half-day 9 lost by group '7A' is none of its half-days",
        "ValueError: 'anna' is not of the form NAME=VALUE",
    ]


def test_repair_of_a_placement_of_another_problem_is_refused():
    problem = Problem((room("a", 1),), class_of({"anna": ("a",)}), {"7A": (1,)})
    other = Problem((room("a", 2),), class_of({"anna": ("a",)}), {"7A": (1,)})

    with pytest.raises(ProblemError, match="another problem"):
        repair(other, place(problem), Changes())


def test_repair_keeps_the_lottery_that_the_placement_was_drawn_with():
    problem = Problem((room("a", 1), room("b", 1)), class_of({"anna": ("a",)}), {"7A": (1,)}, seed=b"old")

    repaired = repair(problem, place(problem, seed="drawn in public"), Changes(cancelled=("a",)))

    assert repaired.problem.seed == b"drawn in public"
    assert verify(repaired.problem, repaired.placement) == []
