"""Placements against brute force, and what must hold for every placement."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from baiye_placement import (
    Apart,
    Lock,
    Placement,
    Policy,
    Problem,
    Pupil,
    Session,
    Trip,
    place,
    verify,
    write_placement,
    write_problem,
)
from baiye_placement.generate import generate
from baiye_placement.placement import certificate_json, seats_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.placement.tests.tiny import brute_force, tiny_problems

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def levels(placement: Placement) -> tuple[int, ...]:
    return tuple(level.value for level in placement.certificate.levels)


@SLOW
@given(tiny_problems())
def test_place_on_any_tiny_problem_reaches_what_brute_force_reaches(problem: Problem):
    placement = place(problem, gap_target=0.0)

    assert verify(problem, placement) == []
    assert levels(placement) == brute_force(problem)


@SLOW
@given(tiny_problems(), st.randoms(use_true_random=False))
def test_place_with_one_seat_more_never_has_fewer_points_or_half_days(problem: Problem, random: Random):
    problem = replace(problem, sessions=tuple(replace(s, minimum=0) for s in problem.sessions))
    widened = random.choice(problem.sessions)
    roomier = replace(
        problem, sessions=tuple(replace(s, capacity=s.capacity + (s is widened)) for s in problem.sessions)
    )

    assert levels(place(roomier, gap_target=0.0)) >= levels(place(problem, gap_target=0.0))


@SLOW
@given(tiny_problems())
def test_place_does_not_depend_on_the_order_of_rows(problem: Problem):
    turned = replace(problem, sessions=problem.sessions[::-1], pupils=problem.pupils[::-1])

    assert certificate_json(place(turned)) == certificate_json(place(problem))


def test_place_twice_writes_the_same_bytes_in_another_process_too(tmp_path: Path):
    problem = generate(pupils=150, seed=3, shape="trips")
    write_problem(problem, tmp_path / "in")
    write_placement(place(problem), tmp_path / "one")

    command = [
        sys.executable,
        "-m",
        "baiye_placement.cli",
        "place",
        str(tmp_path / "in"),
        str(tmp_path / "two"),
        "--gap",
        "0.0005",
    ]
    done = subprocess.run(command, capture_output=True, check=False, cwd=Path(__file__).parents[1])

    assert done.returncode in (0, 3)
    for name in ("seats.csv", "certificate.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("shape", ["trips", "open"])
def test_place_a_school_fills_everyone_and_proves_it(shape: str):
    problem = generate(pupils=400, seed=11, shape=shape)

    placement = place(problem, gap_target=0.002)

    assert verify(problem, placement) == []
    assert placement.unfilled == {}
    assert all(len(held) == 4 for held in placement.seats.values())
    assert placement.certificate.gap <= 0.002
    assert placement.certificate.cut_short is False


def test_place_with_no_time_is_cut_short_and_still_keeps_every_rule():
    problem = generate(pupils=150, seed=5)

    placement = place(problem, time_budget_s=0.0)

    assert placement.certificate.cut_short is True
    assert verify(problem, placement) == []


def test_place_that_is_stopped_gives_the_best_so_far():
    problem = generate(pupils=150, seed=5)
    asked: list[None] = []

    placement = place(problem, gap_target=0.0, stop=lambda: len(asked) > 30 or asked.append(None) is not None)

    assert placement.certificate.cut_short is True
    assert verify(problem, placement) == []


def test_place_tells_progress_that_never_goes_back():
    told: list[tuple[str, float]] = []

    place(generate(pupils=100, seed=5), progress=lambda stage, done: told.append((stage, done)))

    assert [done for _, done in told] == sorted(done for _, done in told)
    assert told[0][0] == "prices"
    assert told[-1] == ("lottery", 1.0)


def test_place_of_equals_gives_the_seat_to_the_earlier_lottery_number():
    sessions = (Session("A", "baking", "V", 1, 1), Session("B", "drones", "V", 1, 5))
    pupils = tuple(Pupil(f"p{i}", "7A", ("baking", "drones"), 1) for i in range(5))
    problem = Problem(sessions, pupils, {"7A": (1,)}, (10, 5))

    winners = {seed: place(replace(problem, seed=seed)) for seed in (b"one", b"two", b"three", b"four")}

    from baiye_placement.lottery import lottery_order

    for seed, placement in winners.items():
        first = lottery_order(replace(problem, seed=seed))[0]
        assert [name for name, held in placement.seats.items() if held == ("A",)] == [first]


def test_place_with_a_seed_of_the_call_says_so_and_is_still_believed():
    problem = generate(pupils=60, seed=1)

    placement = place(problem, seed="7")

    assert (placement.certificate.seed, placement.certificate.seed_given) == ("7", True)
    assert verify(problem, placement) == []


def test_place_where_seats_are_short_fills_as_many_as_there_are_and_says_who_lacks_what():
    sessions = (Session("A", "baking", "V", 1, 2), Session("B", "drones", "V", 2, 3))
    pupils = (*(Pupil(f"p{i}", "7A", ("baking",), 2) for i in range(3)), Pupil("q", "7B", (), 2))
    problem = Problem(sessions, pupils, {"7A": (1, 2), "7B": (1,)}, (10,), Policy("points"))

    placement = place(problem)

    assert verify(problem, placement) == []
    assert [(v.value, v.bound) for v in placement.certificate.levels] == [(5, 5), (20, 20)]
    assert placement.unfilled["q"] == "half_days"
    assert sorted(placement.unfilled.values()) == ["half_days", "seats"]


def test_place_of_an_empty_problem_is_empty():
    placement = place(Problem((), (), {}))

    assert (dict(placement.seats), placement.points, placement.certificate.gap) == ({}, 0, 0)


def test_place_with_a_trip_seats_the_group_at_its_venue_only():
    sessions = (Session("A", "baking", "V1", 1, 5), Session("B", "drones", "V2", 1, 5))
    problem = Problem(
        sessions, (Pupil("p", "7A", ("baking",), 1),), {"7A": (1,)}, (10,), trips=(Trip("7A", (1,), "V2"),)
    )

    assert place(problem).seats["p"] == ("B",)


def large_with_everything() -> Problem:
    """300 pupils with minimum groups, tied and separated pupils, locks: too large for the integer programme."""
    problem = generate(pupils=300, seed=2)
    sessions = tuple(replace(s, minimum=s.capacity // 3) for s in problem.sessions)
    ids = {pupil.id: pupil for pupil in problem.pupils}
    mates = [p for p in problem.pupils if p.group == problem.pupils[0].group][:6]
    tied = {mates[1].id: mates[0].id, mates[2].id: mates[0].id}
    pupils = tuple(replace(p, tied_to=tied.get(p.id)) for p in problem.pupils)
    open_to = [s for s in sessions if problem.may_sit(ids[mates[5].id], s)]
    return replace(
        problem, sessions=sessions, pupils=pupils, apart=(Apart(mates[3].id, mates[4].id),),
        locks=(Lock(mates[5].id, open_to[0].id),),
    )  # fmt: skip


@pytest.mark.slow
def test_place_with_minimum_groups_ties_and_locks_keeps_every_rule(monkeypatch: pytest.MonkeyPatch):
    problem = large_with_everything()
    monkeypatch.setattr("baiye_placement.optimise.SMALL", 0)  # the integer programme must not help

    placement = place(problem, gap_target=0.0)

    assert verify(problem, placement) == []
    assert sum(len(held) for held in placement.seats.values()) >= 0.99 * 4 * len(problem.pupils)


@SLOW
@given(tiny_problems())
def test_place_without_the_integer_programme_keeps_every_rule(problem: Problem):
    from baiye_placement import optimise

    small, optimise.SMALL = optimise.SMALL, -1
    try:
        placement = place(problem)
    finally:
        optimise.SMALL = small

    assert verify(problem, placement) == []
    assert levels(placement) <= brute_force(problem)


@pytest.mark.slow
def test_place_the_district_within_the_gap():
    problem = generate(pupils=6000, seed=9173, shape="trips")

    placement = place(problem, time_budget_s=120)

    assert verify(problem, placement) == []
    assert placement.unfilled == {}
    assert placement.certificate.gap <= 0.0005
    assert seats_text(placement.seats, placement.ranks).count("\n") == 24001
