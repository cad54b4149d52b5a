"""``compare``: the four policies side by side."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from baiye_placement import Policy, place, write_problem
from baiye_placement.cli import main
from baiye_placement.commands.solve import code_of
from baiye_placement.generate import generate
from baiye_placement.problem import POLICIES


@pytest.fixture
def school(tmp_path: Path) -> Path:
    write_problem(generate(pupils=40, seed=5), tmp_path / "in")
    return tmp_path / "in"


@pytest.mark.slow
def test_compare_prints_every_policy_with_its_price(school: Path, capfd: pytest.CaptureFixture[str]):
    code = main(["compare", str(school), "--json"])

    found = json.loads(capfd.readouterr().out)
    assert code == 0
    assert tuple(found) == POLICIES
    most = found["points"]["points"]
    for row in found.values():
        assert row["half_days"] == sum(row["ranks"].values())
        assert row["price_percent"] == round(100 * (most - row["points"]) / most, 3) >= 0
    assert found["floor"]["floor"] == found["floor"]["levels"][1]["value"] >= found["points"]["floor"]
    assert found["rank_maximal"]["ranks"]["1"] >= found["points"]["ranks"]["1"]
    assert found["dictatorship"]["levels"][-1] == {"name": "turns", "value": 40, "bound": 40, "gap": 0.0}


@pytest.mark.slow
def test_compare_prints_a_table_of_a_column_a_policy(school: Path, capfd: pytest.CaptureFixture[str]):
    main(["compare", str(school)])

    lines = capfd.readouterr().out.splitlines()
    assert lines[0].split() == list(POLICIES)
    assert [line.split()[0] for line in lines[1:4]] == ["half_days", "points", "price_percent"]
    assert lines[3].split()[3] == "0"


@pytest.mark.slow
def test_code_of_asks_that_earlier_levels_are_proved_and_the_last_is_within_the_gap():
    problem = generate(pupils=150, seed=5)
    points = place(replace(problem, policy=Policy("points")))
    loose = place(replace(problem, policy=Policy("rank_maximal")), time_budget_s=0.0)
    turns = place(replace(problem, policy=Policy("dictatorship"), pupils=problem.pupils[:40]))

    assert [code_of(points, gap) for gap in (1.0, -1.0)] == [0, 3]
    assert (loose.certificate.proved_before, code_of(loose, 1.0)) == (False, 3)
    assert (turns.unfilled, turns.certificate.gap, code_of(turns, 0.0)) == ({}, 0, 0)
