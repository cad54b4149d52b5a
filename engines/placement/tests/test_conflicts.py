"""Conflicts against brute force: each shortage is real, and each relaxation does what it says."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from baiye_placement import Apart, Cap, Lock, Problem, Pupil, Session, conflicts, place, write_problem
from baiye_placement.cli import main
from baiye_placement.conflict_search import Search
from baiye_placement.conflicts import Conflict, conflict_lines

from engines.placement.tests.tiny import brute_force, tiny_problem


def room(name: str, capacity: int, slot: int = 1, **more: object) -> Session:
    return Session(name, name, "V", slot, capacity, **more)  # type: ignore[arg-type]


def class_of(names: str, need: int = 1) -> tuple[Pupil, ...]:
    return tuple(Pupil(name, "7A", (), need) for name in names.split())


def lacking(problem: Problem) -> int:
    """Half-days that stay empty in the best placement."""
    best = brute_force(problem)
    assert best is not None
    return sum(pupil.need for pupil in problem.pupils) - best[0]


def only(problem: Problem) -> Conflict:
    (found,) = conflicts(problem, place(problem))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 150, 300])
def test_conflicts_of_any_tiny_problem_add_up_and_each_relaxation_is_enough(first: int):
    seen = set()

    for seed in range(first, first + 150):
        problem = tiny_problem(Random(seed))
        if problem is None or not (short := lacking(problem)):
            continue
        found = Search(problem, {}).found()
        seen |= {(c.kind, r.kind) for c in found for r in c.relaxations}
        assert sum(c.short for c in found) == short
        assert all(
            lacking(r.applied(problem)) <= short - min(r.half_days, c.short) for c in found for r in c.relaxations
        )
        less = problem
        for c in found:
            less = next(r for r in c.relaxations if r.kind == "needs").applied(less)
        assert lacking(less) == 0

    assert {("half_days", "needs"), ("seats", "needs"), ("seats", "seats"), ("rules", "needs")} <= seen


@pytest.mark.slow
def test_the_core_of_a_shortage_of_any_tiny_problem_has_none_with_one_pupil_less():
    cores = 0

    for seed in range(400):
        problem = tiny_problem(Random(seed))
        if problem is None or not lacking(problem):
            continue
        search = Search(problem, {})
        for one in search.shortages:
            cores += 1
            sessions = frozenset(one.core_sessions)
            assert one.core_needed > one.core_offered
            for u in one.core:
                assert search.halls.needed([v for v in one.core if v != u], sessions) <= one.core_offered

    assert cores > 20


def test_conflicts_of_a_placement_that_fills_everyone_are_none():
    problem = Problem((room("a", 2),), class_of("anna bo"), {"7A": (1,)})

    assert conflicts(problem, place(problem)) == []


def test_conflicts_of_too_few_seats_name_half_day_group_and_sessions_with_numbers():
    sessions = (room("a", 1), room("b", 1), room("far", 9, 2))
    problem = Problem(sessions, class_of("anna bo cai dan"), {"7A": (1,), "7B": (2,)})

    found = only(problem)

    assert (found.kind, found.slots, found.groups, found.sessions) == ("seats", (1,), ("7A",), ("a", "b"))
    assert (found.needed, found.offered, found.short) == (4, 2, 2)
    assert (len(found.core), found.core_needed, found.core_offered) == (3, 3, 2)
    assert found.sentence == (
        "half-day 1: 4 pupils of group '7A' need 4 half-days in 2 sessions of venue 'V' that offer 2: 2 too few"
    )
    assert [(r.kind, r.cost) for r in found.relaxations] == [("needs", 2), ("seats", 2)]


def test_conflicts_that_have_nothing_to_do_with_each_other_are_told_apart():
    pupils = (*class_of("anna bo"), Pupil("cai", "7B", (), 1), Pupil("dan", "7B", (), 1))
    problem = Problem((room("a", 1), room("b", 1, 2)), pupils, {"7A": (1,), "7B": (2,)})

    found = conflicts(problem, place(problem))

    assert sorted((c.groups, c.slots, c.short) for c in found) == [(("7A",), (1,), 1), (("7B",), (2,), 1)]


def test_conflicts_of_one_pupil_with_too_few_half_days_say_how_many_there_are():
    problem = Problem((room("a", 1), room("b", 1, 2)), class_of("anna", 3), {"7A": (1, 2)})

    found = only(problem)

    assert found.kind == "half_days"
    assert found.sentence == "1 pupil of group '7A' ('anna') needs 3 half-days, but there are only 2 for them"
    assert found.relaxations[0].needs == {"anna": 1}


def test_conflicts_of_one_pupil_with_too_few_projects_say_so():
    sessions = (Session("a1", "a", "V", 1, 1), Session("a2", "a", "V", 2, 1))
    problem = Problem(sessions, class_of("anna", 2), {"7A": (1, 2)})

    assert only(problem).sentence == (
        "1 pupil of group '7A' ('anna') needs 2 half-days, but the sessions open to one alone fill only 1"
    )


def test_conflicts_count_a_cap_that_leaves_one_pupil_too_few():
    problem = Problem(
        (room("a", 1), room("b", 1, 2)), class_of("anna", 2), {"7A": (1, 2)}, caps=(Cap("anna", ("a", "b"), 1),)
    )

    assert (only(problem).kind, only(problem).short) == ("half_days", 1)


def test_conflicts_offer_to_drop_the_lock_that_takes_the_only_seat_of_another():
    pupils = (Pupil("anna", "7A", ("a",), 1), Pupil("bo", "7A", (), 1, stage="b"))
    sessions = (room("a", 1), room("b", 1, stages=frozenset("a")))
    problem = Problem(sessions, pupils, {"7A": (1,)}, locks=(Lock("anna", "a"),))

    found = only(problem)
    lock = next(r for r in found.relaxations if r.kind == "lock")

    assert (lock.locks, lock.half_days, lock.points) == ((Lock("anna", "a"),), 1, -100)
    assert place(lock.applied(problem)).unfilled == {}


def test_conflicts_of_a_minimum_that_cannot_be_reached_offer_to_lower_it():
    problem = Problem((room("a", 3, minimum=2),), class_of("anna"), {"7A": (1,)})

    found = only(problem)

    assert (found.kind, found.short) == ("rules", 1)
    assert (found.relaxations[0].kind, found.relaxations[0].minimum) == ("minimum", {"a": 1})


def test_conflicts_of_pupils_kept_apart_in_the_only_session_are_said_to_be_rules():
    problem = Problem((room("a", 2),), class_of("anna bo"), {"7A": (1,)}, apart=(Apart("anna", "bo"),))

    found = only(problem)

    assert (found.kind, found.short) == ("rules", 1)
    assert [r.kind for r in found.relaxations] == ["needs"]


def test_conflicts_do_not_depend_on_the_order_of_rows():
    problem = Problem((room("a", 1), room("b", 1)), class_of("anna bo cai dan"), {"7A": (1,)})
    turned = Problem(problem.sessions[::-1], problem.pupils[::-1], problem.group_slots)

    assert conflicts(problem, place(problem)) == conflicts(turned, place(turned))


def test_solve_of_too_few_seats_prints_the_conflict_on_stderr_and_in_its_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    problem = Problem((room("a", 1),), class_of("anna bo"), {"7A": (1,)})
    write_problem(problem, tmp_path / "in")

    code = main(["solve", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--json"])

    printed = capsys.readouterr()
    (told,) = json.loads(printed.out)["conflict"]
    assert code == 4
    assert told["sentence"] == only(problem).sentence
    assert (told["short"], told["relaxations"][0]["cost"]) == (1, 1)
    assert conflict_lines([only(problem)]) == [
        line for line in printed.err.splitlines() if "half-day" in line or "else" in line
    ]
