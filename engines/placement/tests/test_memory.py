"""What earlier rounds owe: the published formula, the column, the command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from baiye_placement import (
    Placement,
    Policy,
    Problem,
    Pupil,
    Session,
    memory_after,
    place,
    problem_sha256,
    read_problem,
    verify,
    write_placement,
    write_problem,
)
from baiye_placement.cli import main
from baiye_placement.lottery import lottery_order
from baiye_placement.memory import shares


@pytest.fixture
def problem() -> Problem:
    """One seat of the first wish for four pupils; everyone else has the second, which counts half."""
    sessions = (Session("A", "a", "V", 1, 1), Session("B", "b", "V", 1, 9))
    pupils = tuple(Pupil(f"p{i}", "7A", ("a", "b"), 1, memory=i) for i in range(4))
    return Problem(sessions, pupils, {"7A": (1,)}, (10, 5), Policy("points"))


def test_lottery_order_takes_most_memory_first_then_the_draw(problem: Problem):
    level = replace(problem, pupils=tuple(replace(p, memory=7 * (p.id == "p1")) for p in problem.pupils))

    assert lottery_order(problem) == ["p3", "p2", "p1", "p0"]
    assert {lottery_order(replace(level, seed=seed))[0] for seed in (b"1", b"2", b"3", b"4")} == {"p1"}
    assert len({tuple(lottery_order(replace(level, seed=seed))) for seed in (b"1", b"2", b"3", b"4")}) > 1


def test_place_gives_a_tie_to_whom_more_is_owed(problem: Problem):
    for policy in ("floor", "rank_maximal", "points", "dictatorship"):
        assert place(replace(problem, policy=Policy(policy))).seats["p3"] == ("A",)


def test_memory_after_halves_the_debt_and_adds_what_is_lacking_to_the_median(problem: Problem):
    placement = place(problem)
    better = replace(problem, sessions=(replace(problem.sessions[0], capacity=3), problem.sessions[1]))

    assert shares(problem, placement) == {"p0": 50, "p1": 50, "p2": 50, "p3": 100}
    assert memory_after(problem, placement) == {"p0": 0, "p1": 0, "p2": 1, "p3": 1}
    assert memory_after(better, place(better)) == {"p0": 50, "p1": 0, "p2": 1, "p3": 1}


def test_memory_after_counts_no_multiplier_and_nothing_where_nothing_could_be_had(problem: Problem):
    pupils = (replace(problem.pupils[0], multiplier=5), replace(problem.pupils[1], wishes=()), *problem.pupils[2:])
    problem = replace(problem, pupils=pupils)

    assert shares(problem, place(problem)) == {"p0": 100, "p1": 100, "p2": 50, "p3": 50}


def test_memory_of_an_empty_problem_is_empty():
    assert memory_after(Problem((), (), {}), place(Problem((), (), {}))) == {}


def test_memory_is_in_the_file_in_the_hash_and_refused_when_negative(problem: Problem, tmp_path: Path):
    write_problem(problem, tmp_path / "in")
    forgotten = replace(problem, pupils=tuple(replace(p, memory=0) for p in problem.pupils))
    placement: Placement = place(problem)

    assert read_problem(tmp_path / "in") == problem
    assert problem_sha256(forgotten) != problem_sha256(problem)
    assert [violation.code for violation in verify(forgotten, placement)] == ["problem"]
    with pytest.raises(ValueError, match="pupil 'p0': memory -1 is negative"):
        replace(problem, pupils=(replace(problem.pupils[0], memory=-1), *problem.pupils[1:]))


def test_remember_prints_what_pupils_are_owed(problem: Problem, tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    write_problem(problem, tmp_path / "in")
    write_placement(place(problem), tmp_path / "out")

    code = main(["remember", str(tmp_path / "in"), str(tmp_path / "out")])

    assert (code, capfd.readouterr().out) == (0, "pupil,memory\np0,0\np1,0\np2,1\np3,1\n")


def test_remember_of_a_placement_that_is_not_believed_exits_1(
    problem: Problem, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    write_problem(problem, tmp_path / "in")
    write_placement(place(problem), tmp_path / "out")
    (tmp_path / "out" / "seats.csv").write_text("pupil,session,rank\n")

    code = main(["remember", str(tmp_path / "in"), str(tmp_path / "out")])

    assert code == 1
    assert capfd.readouterr().out == ""
