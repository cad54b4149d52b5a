"""Each policy reaches the levels that brute force reaches, keeps its promises, and can be checked."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from baiye_placement import Placement, Policy, Problem, Pupil, Session, place, verify
from baiye_placement.claims import floor_of
from baiye_placement.generate import generate
from baiye_placement.lottery import lottery_order
from baiye_placement.placement import certificate_json
from baiye_placement.problem import POLICIES
from baiye_placement.ranks import steep
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.placement.tests.tiny import best_levels, tiny_problem, tiny_problems

SOME = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
ONE_DAY = {"7A": (1,)}


def values(placement: Placement) -> tuple[int, ...]:
    return tuple(level.value for level in placement.certificate.levels)


def by(policy: str, problem: Problem) -> Problem:
    return replace(problem, policy=Policy(policy))


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["floor", "rank_maximal", "points"])
def test_place_on_five_hundred_tiny_problems_reaches_every_level_of_brute_force(policy: str):
    problems = [p for p in (tiny_problem(Random(seed)) for seed in range(660)) if p is not None][:500]

    placements = [(p, place(by(policy, p), gap_target=0.0)) for p in problems]

    assert len(placements) == 500
    assert [p for p, placement in placements if values(placement) != best_levels(p, policy)] == []
    assert [p for p, placement in placements if verify(by(policy, p), placement)] == []


@SOME
@given(tiny_problems(POLICIES))
def test_any_tiny_problem_is_placed_by_any_policy_so_that_verify_believes_it(problem: Problem):
    placement = place(problem, gap_target=0.0)

    assert verify(problem, placement) == []
    if problem.policy.name != "dictatorship":
        assert values(placement) == best_levels(problem, problem.policy.name)


@SOME
@given(tiny_problems(POLICIES))
def test_no_policy_depends_on_the_order_of_rows(problem: Problem):
    turned = replace(problem, sessions=problem.sessions[::-1], pupils=problem.pupils[::-1], caps=problem.caps[::-1])

    assert certificate_json(place(turned)) == certificate_json(place(problem))


@SOME
@given(tiny_problems())
def test_points_doubled_are_twice_as_many(problem: Problem):
    doubled = replace(problem, points=tuple(2 * p for p in problem.points))

    once, twice = values(place(problem, gap_target=0.0)), values(place(doubled, gap_target=0.0))

    assert twice == (once[0], 2 * once[1])


# ── dictatorship ────────────────────────────────────────────────────────────────────────────────────────────────────
def choosing(random: Random, pupils: int) -> Problem:
    """Few seats, three projects, two half-days: everyone's wishes matter."""
    sessions = tuple(
        Session(f"S{i}", random.choice("abc"), "V", random.choice((1, 2)), random.randint(1, 2)) for i in range(5)
    )
    projects = sorted({s.project for s in sessions})
    made = tuple(
        Pupil(f"P{i}", "7A", tuple(random.sample(projects, random.randint(0, len(projects)))), random.randint(1, 2))
        for i in range(pupils)
    )
    return Problem(sessions, made, {"7A": (1, 2)}, (10, 7, 5), Policy("dictatorship"), str(random.random()).encode())


def gets(problem: Problem, placement: Placement, pupil: Pupil) -> tuple[int, int]:
    """(half-days, points) by the pupil's true wishes."""
    projects = [problem.session_by_id[s].project for s in placement.seats[pupil.id]]
    return len(projects), sum(problem.points[pupil.wishes.index(p)] for p in projects if p in pupil.wishes)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_dictatorship_lets_nobody_gain_by_any_misreport(seed: int):
    problem = choosing(Random(seed), pupils=2 + seed % 3)
    projects = sorted({s.project for s in problem.sessions})
    lists = [wishes for n in range(len(projects) + 1) for wishes in permutations(projects, n)]
    true = place(problem)

    def with_wishes(i: int, wishes: tuple[str, ...]) -> Problem:
        lied = replace(problem.pupils[i], wishes=wishes)
        return replace(problem, pupils=(*problem.pupils[:i], lied, *problem.pupils[i + 1 :]))

    gains = [
        (pupil.id, wishes)
        for i, pupil in enumerate(problem.pupils)
        for wishes in lists
        if gets(problem, place(with_wishes(i, wishes)), pupil) > gets(problem, true, pupil)
    ]

    assert gains == []


@SOME
@given(st.randoms(use_true_random=False))
def test_dictatorship_keeps_earlier_seats_whatever_later_pupils_wish(random: Random):
    problem = choosing(random, pupils=5)
    order = lottery_order(problem)
    later = random.randrange(1, 5)
    changed = tuple(
        replace(p, wishes=tuple(random.sample(p.wishes, len(p.wishes)))[:1]) if order.index(p.id) >= later else p
        for p in problem.pupils
    )

    before, after = place(problem).seats, place(replace(problem, pupils=changed)).seats

    assert [before[name] for name in order[:later]] == [after[name] for name in order[:later]]


def test_dictatorship_closes_a_session_under_its_minimum_and_lets_everyone_choose_anew():
    sessions = (Session("A", "a", "V", 1, 3, minimum=2), Session("B", "b", "V", 1, 3))
    pupils = (Pupil("p", "7A", ("a", "b"), 1), Pupil("q", "7A", ("b",), 1))
    problem = Problem(sessions, pupils, ONE_DAY, (10, 5), Policy("dictatorship"))

    placement = place(problem)

    assert dict(placement.seats) == {"p": ("B",), "q": ("B",)}
    assert verify(problem, placement) == []


def test_dictatorship_takes_those_first_whom_earlier_rounds_owe_most():
    pupils = tuple(Pupil(f"p{i}", "7A", ("a",), 1, memory=10 * (i == 3)) for i in range(5))
    problem = Problem((Session("A", "a", "V", 1, 1),), pupils, ONE_DAY, (10,), Policy("dictatorship"))

    for seed in (b"1", b"2", b"3"):
        assert place(replace(problem, seed=seed)).seats["p3"] == ("A",)


# ── floor ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_floor_raises_the_lowest_before_it_counts_points():
    slots = {"A": 1, "B": 2, "C": 1, "D": 2}
    sessions = tuple(Session(name, name.lower(), "V", slot, 1) for name, slot in slots.items())
    wishes = ("a", "b", "c", "d")
    pupils = (Pupil("p", "7A", wishes, 2, ranks=(1, 1, 3, 3)), Pupil("q", "7A", wishes, 2, ranks=(1, 1, 2, 2)))
    problem = Problem(sessions, pupils, {"7A": (1, 2)}, (10, 7, 5), Policy("floor"))

    floor, points = place(problem), place(by("points", problem))

    assert values(floor) == (4, 15, 32)
    assert (values(points), floor_of(problem, points)) == ((4, 34), 14)


def test_floor_gives_no_claim_for_a_list_shorter_than_the_half_days_needed():
    sessions = (Session("A", "a", "V", 1, 1), Session("B", "b", "V", 1, 1), Session("C", "c", "V", 2, 9))
    pupils = (Pupil("p", "7A", ("a",), 2), Pupil("q", "7A", ("a", "b", "c"), 2, ranks=(1, 1, 2)))
    problem = Problem(sessions, pupils, {"7A": (1, 2)}, (10, 5), Policy("floor"))

    placement = place(problem)

    assert values(placement) == (4, 15, 25)
    assert placement.seats["p"] == ("A", "C")


def test_floor_of_tied_pupils_is_that_of_their_mean():
    sessions = (Session("A", "a", "V", 1, 2), Session("B", "b", "V", 1, 2))
    pupils = (Pupil("p", "7A", ("a", "b"), 1), Pupil("q", "7A", ("b", "a"), 1, tied_to="p"),
              Pupil("r", "7A", ("a", "b"), 1), Pupil("s", "7A", ("a", "b"), 1))  # fmt: skip
    problem = Problem(sessions, pupils, ONE_DAY, (10, 5), Policy("floor"))

    placement = place(problem)

    assert values(placement) == (4, 10, 35)
    assert placement.seats["p"] == ("B",)


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES)
def test_a_school_is_placed_by_each_policy_and_believed(policy: str):
    problem = by(policy, generate(pupils=150, seed=4))

    placement = place(problem, gap_target=0.002)

    assert verify(problem, placement) == []
    assert all(level.value <= level.bound for level in placement.certificate.levels)


@pytest.mark.slow
def test_floor_without_integer_programmes_of_the_whole_is_higher_than_that_of_most_points(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("baiye_placement.optimise.SMALL", 0)
    problem = by("floor", generate(pupils=300, seed=2))

    floor, points = place(problem), place(by("points", problem))

    assert verify(problem, floor) == []
    assert values(floor)[1] >= 1.2 * floor_of(problem, points)
    assert floor.points >= 0.95 * points.points


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES)
def test_any_policy_without_time_is_cut_short_and_still_keeps_every_rule(policy: str):
    problem = by(policy, generate(pupils=150, seed=5))
    told: list[float] = []

    placement = place(problem, time_budget_s=0.0, progress=lambda _, done: told.append(done))

    assert placement.certificate.cut_short is True
    assert verify(problem, placement) == []
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.slow
def test_prices_of_a_placement_are_those_of_its_points_and_none_where_points_are_no_level():
    problem = generate(pupils=60, seed=4)

    certificates = {policy: place(by(policy, problem)).certificate for policy in POLICIES}

    floor = certificates["floor"]
    assert dict(floor.prices) == {s: price // floor.levels[2].own for s, price in floor.levels[2].prices.items()}
    assert dict(certificates["points"].prices) == dict(certificates["points"].levels[1].prices)
    assert dict(certificates["dictatorship"].prices) == dict(certificates["dictatorship"].levels[1].prices)
    assert dict(certificates["rank_maximal"].prices) == {}


def test_policy_of_no_name_is_the_floor():
    assert Policy().name == Problem((), (), {}).policy.name == "floor"


@pytest.mark.slow
def test_rank_by_rank_of_a_large_crowd_is_drawn_within_the_range_of_costs():
    problem = by("rank_maximal", generate(pupils=4000, seed=1))

    placement = place(problem, time_budget_s=3.0)

    assert verify(problem, placement) == []


@pytest.mark.slow
def test_rank_by_rank_of_a_large_school_is_near_its_bounds_in_the_first_three_ranks():
    problem = by("rank_maximal", generate(pupils=1500, seed=3))

    placement = place(problem)

    gaps = [float(level.gap) for level in placement.certificate.levels[1:4]]
    assert verify(problem, placement) == []
    assert [gap for gap in gaps if gap > 0.015] == []


@pytest.mark.parametrize("ranks", [1, 2, 5, 6, 10, 17, 30])
def test_steep_weights_fall_and_stay_small(ranks: int):
    weights = steep(ranks).tolist()

    assert len(weights) == ranks
    assert weights == sorted(weights, reverse=True)
    assert 1 == weights[-1] <= weights[0] <= 1 << 17
