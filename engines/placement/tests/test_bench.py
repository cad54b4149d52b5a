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
from model import Model, claimants, judge, model_of
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


def test_claim_is_to_a_seat_that_is_free_or_held_by_someone_with_less_right_to_it():
    one, ptr = np.array([1, 1, 1]), np.arange(4)
    wishes = np.array([100, 100, 80])
    of_capacity = lambda seats: Model(  # noqa: E731 - three pupils wish the one session, the third less than the others
        one,
        ptr,
        wishes,
        ptr,
        np.zeros(3, int),
        np.array([seats]),
        np.zeros(1, int),
        np.zeros(1, int),
        one,
        np.arange(3),
    )
    held = lambda pupil: (np.array([pupil]), np.zeros(1, int), wishes[[pupil]])  # noqa: E731

    assert claimants(of_capacity(1), *held(0)).tolist() == [False, False, False]
    assert claimants(of_capacity(1), *held(1)).tolist() == [True, False, False]  # an earlier number
    assert claimants(of_capacity(1), *held(2)).tolist() == [True, True, False]  # more points
    assert claimants(of_capacity(2), *held(0)).tolist() == [False, True, True]  # a free seat


def test_pupil_whose_need_is_met_has_no_claim_to_a_lesser_wish_at_another_time():
    two = Model(
        np.array([1]), np.array([0, 2]), np.array([100, 80]), np.array([0, 1, 2]), np.array([0, 1]), np.array([1, 1]),
        np.array([0, 1]), np.array([0, 1]), np.array([2]), np.array([0]),
    )  # fmt: skip

    assert not claimants(two, np.array([0]), np.array([0]), np.array([100])).any()
    assert claimants(two, np.array([0]), np.array([1]), np.array([80])).all()


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


def test_bar_that_is_missed_is_said_to_be_and_what_is_watched_does_not_decide():
    rows = [_row("S", 2.0, 10), {**_row("S", 4.0, 10), "solver": "HiGHS MILP"},
            _row("M", 2.0, 100, gap_percent=0.04), {**_row("M", 20.0, 100), "solver": "HiGHS LP simplex"}]  # fmt: skip

    run = result(rows, [1])

    assert {b["bar"]: (b["kept"], b["decides"]) for b in run["bars"]} == {
        "open M: proved gap, percent": (False, True),
        "open M: seconds to those of the linear programme": (True, True),
        "open S: points to the integer optimum": (True, False),
        "open S: seconds to those of the integer programme": (False, False),
    }
    deciding, watched = table(run).split("also watched")
    assert "MISSED open M: proved gap, percent: 0.04 (<= 0.03)" in deciding
    assert "MISSED open S: seconds to those of the integer programme: 0.5 (<= 0.125)" in watched


def test_gap_that_no_run_proved_is_a_bar_not_reached_whatever_the_seconds():
    district = _row("D", 8.0, 10, gap_percent=0.5, megabytes=401, empty=0)

    run = result([district], [1])

    assert {b["bar"]: (b["found"], b["kept"]) for b in run["bars"]} == {
        "open D: seconds to a proved gap of 1 %": (8.0, True),
        "open D: seconds to a proved gap of 0.1 %": (None, False),
        "open D: megabytes": (401, False),
        "open D: pupils without a seat": (0, True),
    }
    assert "MISSED open D: seconds to a proved gap of 0.1 %: not reached (<= 60)" in table(run)


def test_each_stage_of_an_open_round_has_its_bar_of_growth():
    small = _row("M", 1.0, 100, gap_percent=0, stages={"prices": 0.1, "seats": 0.9})
    large = _row("D", 12.0, 1000, gap_percent=0, megabytes=1, empty=0, stages={"prices": 1.0, "seats": 14.0})

    grown = [b for b in result([small, large], [1])["bars"] if "exponent" in b["bar"]]

    assert [(b["bar"], b["kept"]) for b in grown] == [
        ("open M to D: exponent of all", True),
        ("open M to D: exponent of prices", True),
        ("open M to D: exponent of seats", False),
    ]
