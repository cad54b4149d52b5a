"""Every kind of bad input works, or is named and has a nearest problem that stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from baiye_placement import place, read_problem, verify_folder, write_placement, write_problem
from baiye_placement.cli import main
from baiye_placement.files import read_fields
from baiye_placement.generate import generate
from baiye_placement.problem import Apart, Cap, Lock, Policy, Problem, ProblemError, Pupil, Session, Trip
from baiye_placement.relax import cost_of, relax
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.placement.tests.tiny import tiny_problem

BAKING = Session("S1", "baking", "V1", 1, 2)
DRONES = Session("S2", "drones", "V2", 2, 2)
ANNA = Pupil("anna", "7A", ("baking",), 2)
BO = Pupil("bo", "7A", ("drones", "baking"), 2)


def fields(**changes: object) -> dict[str, object]:
    rows: dict[str, object] = {
        "sessions": (BAKING, DRONES), "pupils": (ANNA, BO), "group_slots": {"7A": (1, 2)}, "points": (10, 5),
        "policy": "points", "seed": b"", "trips": (), "locks": (), "apart": (), "caps": (), "minute_cost": 0,
    }  # fmt: skip
    return {**rows, **changes}


CY = Pupil("cy", "7A", (), 2)
GOLF = Session("S3", "golf", "V1", 1, 1)
ODD = ["a,b", 'say "hi"', "a;b", "陈晓明", "o'neil", "=1+1", "007", "a=b", "-x", "a/b\\c", "🙂"]
CASES: list[tuple[dict[str, object], list[str], dict[str, int]]] = [
    ({"pupils": (replace(ANNA, wishes=("golf", "baking")),)},
     ["pupil 'anna': wish for unknown project 'golf' dropped"], {"wishes": 1}),
    ({"pupils": (replace(ANNA, wishes=("baking", "baking")),)},
     ["pupil 'anna': second wish for 'baking' dropped"], {"wishes": 1}),
    ({"pupils": (replace(ANNA, ranks=(3,)),)},
     ["pupil 'anna': wish of rank 3 dropped: points are published for 2"], {"wishes": 1}),
    ({"pupils": (replace(ANNA, ranks=(0,)),)}, ["pupil 'anna': ranks (0,) become (1,)"], {"numbers": 1}),
    ({"pupils": (replace(ANNA, need=14),)}, ["pupil 'anna': need 14 becomes 12"], {"half_days": 2}),
    ({"pupils": (replace(ANNA, need=-1),)}, ["pupil 'anna': need -1 becomes 0"], {"half_days": 1}),
    ({"group_slots": {"7A": (1, 2), "7B": ()}, "pupils": (ANNA, replace(BO, group="7B"))},
     ["pupil 'bo': need 2 becomes 0"], {"half_days": 2}),
    ({"pupils": (ANNA, replace(BO, group="9Z"))}, ["pupil 'bo' left out: group '9Z' is unknown"], {"half_days": 2}),
    ({"pupils": (ANNA, ANNA)}, ["pupil 'anna' left out: another row has this id"], {"rows": 1}),
    ({"pupils": (replace(ANNA, id="an\u200bna"), replace(BO, tied_to="an\u200bna"))},
     ["pupil id 'an\\u200bna' becomes 'anna'"], {"ids": 1}),
    ({"pupils": (replace(ANNA, multiplier=0, memory=-2),)},
     ["pupil 'anna': multiplier 0 becomes 1", "pupil 'anna': memory -2 becomes 0"], {"numbers": 2}),
    ({"sessions": (replace(BAKING, minimum=5), DRONES)}, ["session 'S1': minimum 5 becomes 2"], {"minimum": 3}),
    ({"sessions": (replace(BAKING, capacity=-3), DRONES)}, ["session 'S1': capacity -3 becomes 0"], {"numbers": 1}),
    ({"points": (5, 10)}, ["points [5, 10] become [5, 5]"], {"numbers": 1}),
    ({"policy": "best"}, ["policy 'best' becomes 'floor'"], {"numbers": 1}),
    ({"group_slots": {"7A": tuple(range(14))}}, ["group '7A': half-days [12, 13] left out"], {"slots": 2}),
    ({"trips": (Trip("7A", (1, 3), "V1"),)}, ["trip of group '7A' to 'V1': only half-days [1]"], {"slots": 1}),
    ({"trips": (Trip("7A", (1,), "V9"),)},
     ["trip of group '7A' to 'V9' left out: the group may choose its venue there"], {"rows": 1}),
    ({"pupils": (replace(ANNA, tied_to="zoe"),)}, ["pupil 'anna': no longer tied to 'zoe'"], {"ties": 1}),
    ({"locks": (Lock("anna", "S9"),)}, ["lock of 'anna' in 'S9' left out"], {"locks": 1}),
    ({"apart": (Apart("anna", "zoe"),)}, ["apart 'anna', 'zoe' left out"], {"apart": 1}),
    ({"caps": (Cap(None, ("golf", "baking"), 1),)}, ["cap of 1 for everyone becomes 1 of baking"], {"numbers": 1}),
    ({"sessions": (BAKING, DRONES, GOLF), "locks": (Lock("anna", "S1"), Lock("anna", "S3"))},
     ["lock of 'anna' in 'S3' dropped: another lock is at the same time"], {"locks": 1}),
    ({"sessions": (replace(BAKING, capacity=1), DRONES), "locks": (Lock("anna", "S1"), Lock("bo", "S1"))},
     ["lock of 'anna' in 'S1' dropped: its 1 seats are locked for earlier lottery numbers"], {"locks": 1}),
    ({"locks": (Lock("anna", "S1"),), "caps": (Cap("anna", ("baking",), 0),)},
     ["lock of 'anna' in 'S1' dropped: it is not open to the pupil"], {"locks": 1}),
    ({"pupils": (ANNA, replace(BO, tied_to="anna"), replace(CY, tied_to="bo"))},
     ["tied pupils divided: 'anna', 'bo' | 'cy'"], {"ties": 1}),
    ({"pupils": (ANNA, replace(BO, tied_to="anna", need=1))}, ["tied pupils divided: 'anna' | 'bo'"], {"ties": 1}),
    ({"pupils": (ANNA, replace(BO, tied_to="anna")), "apart": (Apart("anna", "bo"),)},
     ["tied pupils divided: 'anna' | 'bo'"], {"ties": 1}),
    ({"pupils": (ANNA, replace(BO, tied_to="anna")), "locks": (Lock("bo", "S1"),)},
     ["tied pupils divided: 'anna' | 'bo'"], {"ties": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "sentences", "cost"), CASES)
def test_relax_of_one_wrong_row_changes_that_row_and_says_what_it_costs(
    changes: dict[str, object], sentences: list[str], cost: dict[str, int]
):
    relaxed = relax(fields(**changes))

    assert relaxed.messages
    assert [change.sentence for change in relaxed.changes] == sentences
    assert cost_of(relaxed.changes) == cost
    assert relaxed.problem is not None
    assert place(relaxed.problem).seats.keys() == {p.id for p in relaxed.problem.pupils}


def test_relax_of_a_sound_problem_changes_nothing():
    relaxed = relax(fields())

    assert (relaxed.messages, relaxed.changes) == ((), ())
    assert relaxed.problem == Problem((BAKING, DRONES), (ANNA, BO), {"7A": (1, 2)}, (10, 5), Policy("points"))


def test_relax_tells_of_every_row_at_once_though_they_are_of_different_parts():
    wrong = fields(
        sessions=(replace(BAKING, minimum=5), DRONES),
        pupils=(replace(ANNA, wishes=("golf",)), replace(BO, tied_to="anna", need=1)),
    )

    assert relax(wrong).messages == (
        "session 'S1': minimum 5 is not between 0 and its capacity",
        "pupil 'anna': wish for unknown project 'golf'",
        "tied pupils 'anna', 'bo': needs 2 and 1 differ",
    )


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(st.integers(0, 1 << 32))
def test_relax_of_any_spoiled_tiny_problem_stands_and_stands_still(seed: int):
    random, problem = Random(seed), None
    while problem is None:
        problem = tiny_problem(random)
    names = [p.id for p in problem.pupils] + ["zoe"]
    sessions = [s.id for s in problem.sessions] + ["S99"]
    spoiled = fields(
        sessions=problem.sessions,
        pupils=tuple(
            replace(
                p,
                need=random.randint(-1, 14),
                tied_to=random.choice([None, *names]),
                group=random.choice(["G0", "G1", "G9"]),
            )
            for p in problem.pupils
        ),
        group_slots={**problem.group_slots, "G1": ()},
        points=problem.points,
        trips=(Trip("G0", (random.randint(0, 4),), random.choice(["V0", "V9"])),),
        locks=tuple(Lock(random.choice(names), random.choice(sessions)) for _ in range(4)),
        apart=(Apart(*random.choices(names, k=2)),),
        caps=(Cap(random.choice([None, *names]), ("J0", "J9"), random.randint(-1, 1)),),
    )

    relaxed = relax(spoiled)

    assert relaxed.problem is not None
    again = relax(
        {**spoiled, **{name: getattr(relaxed.problem, name) for name in spoiled}, "policy": relaxed.problem.policy.name}
    )
    assert again.messages == again.changes == ()
    assert again.problem == relaxed.problem


# ── what works as it is ─────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "name", ["a,b", 'say "hi"', "a;b", "陈晓明", "o'neil", "=1+1", "007", "a=b", "-x", "a/b\\c", "🙂"]
)
def test_ids_with_odd_characters_survive_files_placement_and_verify(name: str, tmp_path: Path):
    sessions = (Session(name, "baking", name, 1, 1), Session("S2", f"p{name}".replace(";", ","), "V", 2, 1))
    pupils = (Pupil(name, name, ("baking",), 2), Pupil("bo", name, (), 0, tied_to=None))
    problem = Problem(sessions, pupils, {name: (1, 2)}, locks=(Lock(name, name),), apart=(Apart(name, "bo"),))
    write_problem(problem, tmp_path / "in")
    write_placement(place(problem), tmp_path / "out")

    assert read_problem(tmp_path / "in") == problem
    assert verify_folder(tmp_path / "in", tmp_path / "out") == []


def test_wishes_that_tie_work_and_count_alike():
    tied = Pupil("anna", "7A", ("baking", "golf"), 2, ranks=(1, 1))
    sessions = (BAKING, Session("S3", "golf", "V1", 2, 1))

    placement = place(Problem(sessions, (tied,), {"7A": (1, 2)}, (10, 5)))

    assert (placement.points, placement.ranks["anna"]) == (20, (1, 1))


@pytest.mark.parametrize("need", range(1, 9))
def test_needs_from_1_to_8_work(need: int):
    sessions = tuple(Session(f"S{i}", f"J{i}", "V", i, 1) for i in range(8))
    pupil = Pupil("anna", "7A", ("J3", "J1"), need)

    placement = place(Problem(sessions, (pupil,), {"7A": tuple(range(8))}))

    assert len(placement.seats["anna"]) == need
    assert placement.unfilled == {}


# ── the command ─────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_problem(Problem((BAKING, DRONES), (ANNA, BO), {"7A": (1, 2)}, (10, 5)), tmp_path / "in")
    return tmp_path / "in"


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_check_of_a_sound_folder_exits_0(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["check", str(folder)]) == 0
    assert capsys.readouterr().out == "nothing is wrong, and every pupil can be filled\n"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda d: append(d / "wishes.csv", "anna,2,golf\n"), "pupil 'anna': wish for unknown project 'golf'"),
        (lambda d: append(d / "wishes.csv", "zoe,1,baking\n"), "wishes.csv: pupil 'zoe' is not in pupils.csv"),
        (lambda d: append(d / "pupils.csv", "cy,7A,two,1,\n"),
         "pupils.csv, line 4: invalid literal for int() with base 10: 'two'"),
        (lambda d: append(d / "pupils.csv", "cy,9Z,2,1,\n"), "pupil 'cy': group '9Z' is unknown"),
        (lambda d: append(d / "pupils.csv", "cy,7A,99,1,\n"), "pupil 'cy': need 99 is not between 0 and 12"),
        (lambda d: (d / "locks.csv").write_text("pupil,session\nanna,S9\n"),
         "lock of pupil 'anna' in session 'S9': one of them is unknown"),
    ],
)  # fmt: skip
def test_check_of_a_wrong_row_names_it_and_relax_writes_a_folder_that_stands(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], object], message: str
):
    spoil(folder)

    assert main(["check", str(folder), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["messages"] == [message]
    assert sum(told["cost"].values()) >= 1
    with pytest.raises(ProblemError):
        read_problem(folder)
    assert main(["check", str(folder), "--relax", "-o", str(tmp_path / "new")]) == 0
    assert main(["check", str(tmp_path / "new")]) == 0


def test_check_of_too_few_seats_says_how_many_and_relax_lowers_needs(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    append(folder / "pupils.csv", "cy,7A,2,1,\n")

    assert main(["check", str(folder), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["messages"] == []
    assert [c["short"] for c in told["conflict"]] == [1, 1]
    assert told["cost"] == {"half_days": 2}
    assert main(["check", str(folder), "--relax", "-o", str(tmp_path / "new")]) == 0
    assert place(read_problem(tmp_path / "new")).unfilled == {}


@pytest.mark.slow
def test_check_of_trips_still_offered_tries_the_seats_of_trips_chosen(tmp_path: Path):
    write_problem(generate(pupils=120, seed=3, shape="plan"), tmp_path / "in")

    assert main(["check", str(tmp_path / "in"), "--seconds", "10"]) == 0


def test_check_of_a_folder_without_sessions_needs_a_person(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "sessions.csv").unlink()

    assert main(["check", str(folder)]) == 2
    assert capsys.readouterr().out.splitlines()[-1] == "what is left needs a person"


def test_check_with_relax_but_without_a_folder_is_a_wrong_call(folder: Path):
    assert main(["check", str(folder), "--relax"]) == 2


def test_read_fields_leaves_out_rows_that_cannot_be_read(folder: Path):
    append(folder / "sessions.csv", "S3,golf,V1,x,1,0,\n")

    found, errors = read_fields(folder)

    assert [s.id for s in found["sessions"]] == ["S1", "S2"]
    assert errors == ["sessions.csv, line 4: invalid literal for int() with base 10: 'x'"]
