"""Invented districts have the shape that is said of them."""

from __future__ import annotations

from collections import Counter

import pytest
from baiye_placement import Problem, problem_sha256
from baiye_placement.generate import generate


@pytest.fixture(scope="module")
def district() -> Problem:
    return generate(pupils=6000, seed=9173)


def _in_reach(problem: Problem) -> int:
    """Sessions in which a wish could be met, over all pupils."""
    runs = Counter((session.project, session.slot) for session in problem.sessions)
    return sum(runs[w, slot] for p in problem.pupils for w in p.wishes for slot in problem.group_slots[p.group])


@pytest.mark.slow
def test_open_district_of_6000_has_the_measured_size(district: Problem):
    assert len(district.group_slots) == 150
    assert len({session.project for session in district.sessions}) == 90
    assert 1000 <= len(district.sessions) <= 1180
    assert 16 <= _in_reach(district) / 6000 <= 19
    assert district.points == (100, 80, 65, 52, 41, 32, 24, 17, 11, 6)
    assert district.policy.name == "points"


@pytest.mark.slow
def test_open_district_has_1_05_to_1_30_seats_for_each_pupil_in_each_half_day(district: Problem):
    demand: Counter[int] = Counter()
    for pupil in district.pupils:
        for slot in district.group_slots[pupil.group]:
            demand[slot] += 12 * 4 // len(district.group_slots[pupil.group])
    seats: Counter[int] = Counter()
    for session in district.sessions:
        seats[session.slot] += session.capacity

    ratios = [12 * seats[slot] / wanted for slot, wanted in demand.items()]

    assert min(ratios) >= 1.04
    assert max(ratios) <= 1.31
    assert max(ratios) - min(ratios) > 0.1


@pytest.mark.slow
def test_most_wished_project_has_2_to_3_first_wishes_a_seat(district: Problem):
    wished = Counter(pupil.wishes[0] for pupil in district.pupils)
    ((top, first),) = wished.most_common(1)

    assert 1.9 <= first / sum(s.capacity for s in district.sessions if s.project == top) <= 3.1


@pytest.mark.slow
def test_pupils_wish_6_to_10_projects_that_run_on_their_days_for_their_stage(district: Problem):
    by_project: dict[str, list[object]] = {}
    for session in district.sessions:
        by_project.setdefault(session.project, []).append(session)

    assert {len(pupil.wishes) for pupil in district.pupils} == {6, 7, 8, 9, 10}
    for pupil in district.pupils[::50]:
        for wish in pupil.wishes:
            assert any(district.may_sit(pupil, session) for session in by_project[wish])  # type: ignore[arg-type]


@pytest.mark.slow
def test_classes_are_out_for_two_days_four_half_days_or_three_days(district: Problem):
    kinds = Counter((len(slots), len({slot // 2 for slot in slots})) for slots in district.group_slots.values())

    assert set(kinds) == {(4, 2), (4, 4), (6, 3)}
    assert kinds[4, 2] > kinds[4, 4] > kinds[6, 3]


def test_single_district_needs_one_half_day_and_has_the_same_wishes():
    single, open_ = generate(pupils=400, seed=3, shape="single"), generate(pupils=400, seed=3)

    assert [pupil.wishes for pupil in single.pupils] == [pupil.wishes for pupil in open_.pupils]
    assert {pupil.need for pupil in single.pupils} == {1}
    assert 400 < sum(session.capacity for session in single.sessions) < 540


@pytest.mark.parametrize("shape", ["open", "single", "trips", "plan"])
def test_same_seed_gives_the_same_district_and_another_seed_another(shape: str):
    first, again, other = (generate(pupils=90, seed=seed, shape=shape) for seed in (1, 1, 2))

    assert problem_sha256(first) == problem_sha256(again) != problem_sha256(other)


def test_generate_with_seats_and_minimum_gives_each_session_its_share_of_them():
    usual, roomy = generate(pupils=90, seed=1), generate(pupils=90, seed=1, seats=200, minimum=30)

    assert roomy.pupils == usual.pupils
    assert [(s.capacity, s.minimum) for s in roomy.sessions] == [
        (2 * s.capacity, 2 * s.capacity * 30 // 100) for s in usual.sessions
    ]


@pytest.mark.parametrize("wrong", [{"seats": 0}, {"minimum": -1}, {"minimum": 101}])
def test_generate_of_shares_that_cannot_be_is_refused(wrong: dict[str, int]):
    with pytest.raises(ValueError, match="per cent"):
        generate(pupils=90, **wrong)
