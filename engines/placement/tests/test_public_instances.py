"""Rounds of real people from public sources: the placement is the best there is."""

from __future__ import annotations

from pathlib import Path

import highspy
import numpy as np
import pytest
from baiye_placement import Problem, place, read_problem, verify
from highspy import HighsVarType, ObjSense

INSTANCES = Path(__file__).parent / "instances"
BEST = {"ariel-5783": (130, 6496), "umass-2024": (28, 2372), "students2courses": (20, 20)}  # half-days, points


def best_by_integer_programme(problem: Problem) -> tuple[int, int]:
    """(half-days, points) of the best placement: x[pupil, session], written down from the rules alone."""
    pairs = [(p, s) for p in problem.pupils for s in problem.sessions if problem.may_sit(p, s)]
    points = [
        problem.points[p.wish_ranks[p.wishes.index(s.project)] - 1] * p.multiplier if s.project in p.wishes else 0
        for p, s in pairs
    ]
    rows: dict[object, tuple[int, list[int]]] = {}
    for i, (p, s) in enumerate(pairs):
        rows.setdefault(("seats", s.id), (s.capacity, []))[1].append(i)
        rows.setdefault(("half-day", p.id, s.slot), (1, []))[1].append(i)
        rows.setdefault(("project", p.id, s.project), (1, []))[1].append(i)
        rows.setdefault(("need", p.id), (p.need, []))[1].append(i)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.addVars(len(pairs), np.zeros(len(pairs)), np.ones(len(pairs)))
    every = np.arange(len(pairs), dtype=np.int32)
    solver.changeColsIntegrality(len(pairs), every, np.array([HighsVarType.kInteger] * len(pairs)))
    for most, columns in rows.values():
        solver.addRow(0.0, float(most), len(columns), np.array(columns, dtype=np.int32), np.ones(len(columns)))
    solver.changeObjectiveSense(ObjSense.kMaximize)
    solver.changeColsCost(len(pairs), every, np.ones(len(pairs)))
    solver.run()
    filled = round(solver.getInfo().objective_function_value)
    solver.addRow(float(filled), float(filled), len(pairs), every, np.ones(len(pairs)))
    solver.changeColsCost(len(pairs), every, np.array(points, dtype=np.float64))
    solver.run()
    return filled, round(solver.getInfo().objective_function_value)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BEST))
def test_best_placement_of_a_public_round_is_what_is_said_here(name: str):
    assert best_by_integer_programme(read_problem(INSTANCES / name)) == BEST[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BEST))
def test_place_of_a_public_round_finds_the_best_and_is_believed(name: str):
    problem = read_problem(INSTANCES / name)

    placement = place(problem, gap_target=0.0)

    assert (sum(placement.rank_vector), placement.points) == BEST[name]
    assert verify(problem, placement) == []


def test_every_student_of_the_manual_s_example_gets_a_course_they_named():
    placement = place(read_problem(INSTANCES / "students2courses"))

    assert placement.rank_vector == (0, 20)
