"""A problem survives its folder, and its hash does not depend on the order of rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from baiye_placement import (
    Apart,
    Cap,
    Lock,
    Policy,
    Problem,
    ProblemError,
    Pupil,
    Session,
    Trip,
    problem_sha256,
    read_problem,
    write_problem,
)
from baiye_placement.verify_rows import rows_in, rows_sha256
from hypothesis import given

from engines.placement.tests.tiny import tiny_problems

ROUND = Problem(
    sessions=(Session("S1", "面点", "V1", 1, 2), Session("S2", "drones", "V2", 2, 2, 1, frozenset({"b", "a"}), (3,))),
    pupils=(Pupil('od"d, id', "7A", ("面点", "drones"), 2, 3, None, "a", (1, 1)), Pupil("bo", "7A", ())),
    group_slots={"7A": (1, 2, 3)},
    points=(10, 5),
    seed=b'a "seed" of 2026\\5',
    trips=(Trip("7A", (2, 3), "V2"),),
)


def test_write_problem_then_read_problem_gives_it_back(tmp_path: Path):
    write_problem(ROUND, tmp_path)

    assert read_problem(tmp_path) == ROUND


@given(tiny_problems())
def test_any_problem_survives_its_folder(tmp_path_factory: pytest.TempPathFactory, problem: Problem):
    folder = tmp_path_factory.mktemp("problem")

    write_problem(problem, folder)

    assert problem_sha256(read_problem(folder)) == problem_sha256(problem)


@given(tiny_problems())
def test_hash_does_not_depend_on_the_order_of_rows(problem: Problem):
    turned = replace(
        problem,
        sessions=problem.sessions[::-1],
        pupils=problem.pupils[::-1],
        group_slots=dict(reversed(problem.group_slots.items())),
    )

    assert problem_sha256(turned) == problem_sha256(problem)


@pytest.mark.parametrize(
    "changes",
    [
        {"sessions": (replace(ROUND.sessions[0], capacity=3), ROUND.sessions[1])},
        {"sessions": (replace(ROUND.sessions[0], venue="V3"), ROUND.sessions[1])},
        {"pupils": (replace(ROUND.pupils[0], wishes=("drones", "面点"), ranks=()), ROUND.pupils[1])},
        {"pupils": (ROUND.pupils[0], replace(ROUND.pupils[1], need=3))},
        {"pupils": (ROUND.pupils[0], replace(ROUND.pupils[1], multiplier=2))},
        {"group_slots": {"7A": (1, 2, 3, 4)}},
        {"points": (10, 6)},
        {"trips": ()},
    ],
)
def test_hash_changes_with_every_row(changes: dict[str, object]):
    assert problem_sha256(replace(ROUND, **changes)) != problem_sha256(ROUND)  # type: ignore[arg-type]


def test_hash_leaves_out_the_seed_which_is_drawn_after_it_is_published():
    assert problem_sha256(replace(ROUND, seed=b"drawn later")) == problem_sha256(ROUND)


def test_read_problem_names_file_and_line_of_what_it_cannot_read(tmp_path: Path):
    write_problem(ROUND, tmp_path)
    (tmp_path / "sessions.csv").write_text("id,project,venue,slot,capacity\nS1,baking,V1,,2\nS2,drones,V1,1,two\n")
    (tmp_path / "wishes.csv").write_text("pupil,rank,project\ncy,1,baking\n")
    (tmp_path / "policy.toml").unlink()

    with pytest.raises(ProblemError) as error:
        read_problem(tmp_path)

    sessions, capacity, wish, policy = error.value.messages
    assert sessions == "sessions.csv, line 2: no number where one is needed"
    assert capacity == "sessions.csv, line 3: invalid literal for int() with base 10: 'two'"
    assert wish == "wishes.csv: pupil 'cy' is not in pupils.csv"
    assert policy.startswith("policy.toml: FileNotFoundError")


def test_read_problem_accepts_a_spreadsheet_s_byte_order_mark_and_empty_lines(tmp_path: Path):
    write_problem(ROUND, tmp_path)
    groups = tmp_path / "groups.csv"
    groups.write_text("\ufeff" + groups.read_text().replace("\n", "\r\n") + "\r\n,\r\n", encoding="utf-8")

    assert read_problem(tmp_path) == ROUND


def test_read_problem_that_names_no_policy_takes_the_floor_and_hashes_as_such(tmp_path: Path):
    write_problem(replace(ROUND, policy=Policy("floor")), tmp_path)
    policy = tmp_path / "policy.toml"
    policy.write_text(policy.read_text().replace('policy = "floor"\n', ""))

    assert read_problem(tmp_path) == replace(ROUND, policy=Policy("floor"))
    assert rows_sha256(rows_in(tmp_path)) == problem_sha256(read_problem(tmp_path))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("sessions.csv", "S1,面点,V1,1,2", "S1,面点,V1,1,3"),
        ("sessions.csv", "2;3,2,1,a;b", "2;3,2,0,a;b"),
        ("sessions.csv", "2;3,2,1,a;b", "2;3,2,1,a"),
        ("groups.csv", "7A,3", "7A,3\n7A,4"),
        ("pupils.csv", "bo,7A,4,1", "bo,7A,3,1"),
        ("pupils.csv", "bo,7A,4,1", "bo,7A,4,2"),
        ("pupils.csv", "bo,7A,4,1,,,0", "bo,7A,4,1,,b,0"),
        ("pupils.csv", "bo,7A,4,1,,,0", "bo,7A,4,1,,,7"),
        ("wishes.csv", "cy,2,面点", "cy,1,面点"),
        ("wishes.csv", "cy,2,面点", "bo,1,面点"),
        ("trips.csv", "7A,2;3,V2", "7A,2,V2"),
        ("locks.csv", "cy,S1", "bo,S1"),
        ("apart.csv", "bo,cy", '"od""d, id",cy'),
        ("caps.csv", "bo,面点,1", "bo,面点,2"),
        ("caps.csv", "bo,面点,1", ",面点,1"),
        ("policy.toml", '"points"', '"floor"'),
        ("policy.toml", "[10, 5]", "[10, 6]"),
        ("policy.toml", "minute_cost = 2", "minute_cost = 3"),
    ],
)
def test_hash_changes_with_any_field_of_any_file_and_the_checker_s_is_the_same(
    tmp_path: Path, file: str, old: str, new: str
):
    cy = Pupil("cy", "7A", ("drones", "面点"), 3, memory=5)
    more = {"locks": (Lock("cy", "S1"),), "apart": (Apart("bo", "cy"),), "caps": (Cap("bo", ("面点",), 1),)}
    problem = replace(ROUND, pupils=(*ROUND.pupils, cy), policy=Policy("points"), minute_cost=2, **more)
    write_problem(problem, tmp_path)
    before = (tmp_path / file).read_text(encoding="utf-8")
    assert rows_sha256(rows_in(tmp_path)) == problem_sha256(problem)

    (tmp_path / file).write_text(before.replace(old, new), encoding="utf-8")

    assert old in before
    assert rows_sha256(rows_in(tmp_path)) == problem_sha256(read_problem(tmp_path)) != problem_sha256(problem)
