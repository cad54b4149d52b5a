"""What is measured is measured rightly: the judge of answers, the rules without an optimiser, the exact peers."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from baiye_placement import place
from baiye_placement.generate import generate

sys.path.append(str(Path(__file__).parents[1] / "bench"))
from flows import ortools_flow
from model import Model, judge, model_of
from programmes import highs_integer, highs_interior, highs_simplex
from report import growth, result, table
from rules import serial_dictatorship, snake_draft


@pytest.fixture(scope="module")
def school() -> Model:
    return model_of(generate(pupils=200, seed=5))


def test_model_of_a_round_survives_its_file(school: Model, tmp_path: Path):
    school.save(tmp_path / "round.npz")

    again = Model.load(tmp_path / "round.npz")

    assert (again.edge_session == school.edge_session).all()
    assert judge(again, np.array(serial_dictatorship(again))) == judge(school, np.array(serial_dictatorship(school)))


@pytest.mark.parametrize("rule", [serial_dictatorship, snake_draft])
def test_rule_without_an_optimiser_breaks_no_rule_of_the_round(school: Model, rule):
    judged = judge(school, np.array(rule(school)))

    assert judged["broken"] == []
    assert judged["points"] > 0


def test_first_pupil_by_lottery_has_the_first_wish_under_serial_dictatorship(school: Model):
    taken = np.array(serial_dictatorship(school))

    first = school.order[0]

    assert school.wish_ptr[first] in school.wish_of_edge[taken]


def test_judge_names_each_rule_that_is_broken(school: Model):
    every_edge = np.arange(len(school.edge_session))

    assert judge(school, every_edge)["broken"] == ["capacity", "need", "repeat", "clash"]


@pytest.mark.slow
def test_linear_programmes_agree_and_bound_the_integer_one_which_bounds_the_rules(school: Model):
    simplex, interior = highs_simplex(school)["bound"], highs_interior(school)["bound"]
    whole = judge(school, highs_integer(school)["edges"])

    assert simplex == pytest.approx(interior, abs=0.01)
    assert whole["broken"] == []
    assert judge(school, np.array(snake_draft(school)))["points"] <= whole["points"] <= simplex + 0.01


@pytest.mark.slow
def test_flow_and_integer_programme_agree_on_one_half_day_a_pupil():
    single = model_of(generate(pupils=300, seed=2, shape="single"))

    flow, whole = judge(single, ortools_flow(single)), judge(single, highs_integer(single)["edges"])

    assert flow["broken"] == []
    assert flow["points"] == whole["points"]


@pytest.mark.slow
def test_a_placement_never_has_more_points_than_the_integer_programme_which_need_not_fill_half_days():
    problem = generate(pupils=200, seed=5)

    placement = place(problem, gap_target=0.001)

    assert placement.points <= judge(model_of(problem), highs_integer(model_of(problem))["edges"])["points"]


def _row(size: str, seconds: float, edges: int, **more: object) -> dict[str, object]:
    return {"round": "open", "size": size, "solver": "ours", "seconds": seconds, "edges": edges, "points": 10,
            "broken": [], "runs": [], **more}  # fmt: skip


def test_growth_is_the_exponent_of_seconds_in_edges():
    rows = [_row("M", 1.0, 100), _row("D", 4.0, 400)]

    assert growth(rows)[0]["exponent"] == 1.0


def test_table_says_which_peer_gave_no_answer_and_the_ratio_to_ours():
    rows = [_row("S", 2.0, 10), {**_row("S", 1.0, 10), "solver": "peer"},
            {"round": "open", "size": "S", "solver": "absent", "failed": "not installed", "runs": []}]  # fmt: skip

    printed = table(result(rows, [1]))

    assert "not installed" in printed
    assert rows[1]["times_ours"] == 0.5
