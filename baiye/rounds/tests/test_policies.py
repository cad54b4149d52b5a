"""The published rules in words: each has a name, a definition, and rules that families read."""

import pytest

from baiye.rounds import policies
from baiye.rounds.models import POLICIES, Round
from baiye.rounds.words import advice, rules


def test_every_policy_has_a_name_and_a_definition():
    assert list(policies.NAMES) == list(policies.SENTENCES) == POLICIES


@pytest.mark.parametrize(("policy", "uses_points"), [
    ("points", True), ("floor", True), ("rank_maximal", False), ("dictatorship", True),
])  # fmt: skip
def test_families_read_the_rule_and_the_points_only_where_they_decide(policy, uses_points):
    round = Round(policy=policy)

    lines = rules(round)

    assert str(policies.SENTENCES[policy]) in lines
    assert any("100 分" in line for line in lines) == uses_points
    assert ("分值" in advice(round)[1]) == uses_points


def test_levels_are_named_and_said_to_be_the_best_only_where_it_is_proved():
    bounds = {"half_days": 7_000, "floor": 7_000, "points": 7_070, "rank_2": 7_001, "turns": 7_000}
    levels = [{"name": n, "value": 7_000, "bound": bound, "gap": 1 - 7_000 / bound} for n, bound in bounds.items()]

    rows = policies.level_rows({"levels": levels})

    assert [row["name"] for row in rows] == [
        "排上的半天", "每人至少的分数", "总分", "第 2 志愿的半天", "轮到时拿了最好一套的人",
    ]  # fmt: skip
    assert [row["is_best"] for row in rows] == [True, True, False, False, True]
    assert (rows[2]["value"], rows[2]["bound"], rows[2]["gap"]) == ("7,000", "7,070", "0.990")
