"""The seats a repair chooses, and the bound on whom it disturbs, against brute force."""

from __future__ import annotations

from random import Random

import pytest
from baiye_placement import Lock, Placement, Problem, ProblemError, Pupil, Session, place, repair_mend
from baiye_placement.lottery import lottery_order
from baiye_placement.repair import Repaired, repair
from baiye_placement.repair_changes import Changes, changed
from baiye_placement.repair_ground import Ground
from baiye_placement.repair_mend import mend

from engines.placement.tests import tiny

Worth = tiny.Worth  # half-days, minus pupils disturbed, points


def seats_of(ground: Ground, held: list[tuple[int, ...]]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(ground.a.session_ids[s] for s in (*ground.a.locked[u], *held[u]))
        for u, members in enumerate(ground.a.members)
        for name in members
    }


def worth(problem: Problem, before: dict[str, tuple[str, ...]], after: dict[str, tuple[str, ...]]) -> Worth:
    index = {s.id: i for i, s in enumerate(problem.sessions)}
    half_days = sum(len(problem.session_by_id[s].slots) for held in after.values() for s in held)
    disturbed = sum(bool(set(before[p]) - set(after[p])) for p in before)
    points = sum(tiny._points(problem, problem.pupil_by_id[p], index[s]) for p, held in after.items() for s in held)
    return half_days, -disturbed, points


def brute_force(problem: Problem, before: dict[str, tuple[str, ...]]) -> Worth | None:
    """The best repair among all placements."""

    def of_crew(crew: list[Pupil], bundles: tiny.Bundles) -> Worth:
        pairs = zip(crew, bundles, strict=True)
        after = {pupil.id: tuple(problem.sessions[i].id for i in bundle) for pupil, bundle in pairs}
        return worth(problem, {name: before[name] for name in after}, after)

    return tiny.best_worth(problem, of_crew)


def tiny_case(random: Random) -> tuple[Problem, dict[str, tuple[str, ...]], Changes] | None:
    """A placed tiny problem and what happens to it; None where no such thing was drawn."""
    problem = tiny.tiny_problem(random)
    if problem is None:
        return None
    ground = Ground(problem, {})
    before = seats_of(ground, mend(ground).seats)
    held = sorted({s for sessions in before.values() for s in sessions})
    groups = sorted(problem.group_slots)
    pupil, group = random.choice(problem.pupils).id, random.choice(groups)
    changes = Changes(
        tuple(random.sample(held, min(len(held), random.randint(0, 2)))),
        {pupil: random.choice(groups)} if random.random() < 0.3 else {},
        {group: (random.choice(problem.group_slots[group]),)} if random.random() < 0.3 else {},
    )
    return problem, before, changes


def compare(random: Random) -> tuple[Worth, Worth | None, int] | None:
    """(worth of the repair, of the best one, bound on the number disturbed)."""
    case = tiny_case(random)
    if case is None:
        return None
    problem, before, changes = case
    try:
        after = changed(problem, changes).problem
    except ProblemError:
        return None
    ground = Ground(after, before)
    mended = mend(ground)
    assert mended.exact
    return worth(after, before, seats_of(ground, mended.seats)), brute_force(after, before), mended.bound


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(4))
def test_mend_on_four_hundred_tiny_problems_agrees_with_brute_force(hundred: int):
    outcomes = [compare(Random(seed)) for seed in range(100 * hundred, 100 * hundred + 100)]

    made = [outcome for outcome in outcomes if outcome is not None]

    assert len(made) > 50
    assert [one for one in made if one[0] != one[1]] == []
    assert [one for one in made if one[2] > -one[0][1]] == []


@pytest.mark.slow
def test_mend_that_brings_pupils_into_play_step_by_step_disturbs_as_few_as_brute_force(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(repair_mend, "SMALL", 0)

    made = [outcome for seed in range(400, 700) if (outcome := compare(Random(seed))) is not None]

    assert len(made) > 150
    assert [one for one in made if one[0][:2] != one[1][:2]] == []  # type: ignore[index]
    assert [one for one in made if one[2] > -one[0][1]] == []


@pytest.mark.slow
def test_mend_bound_is_the_optimum_in_nearly_every_tiny_problem():
    made = [outcome for seed in range(60) if (outcome := compare(Random(seed))) is not None]

    proved = sum(bound == -best[1] for _, best, bound in made if best is not None)

    assert proved >= 0.95 * len(made)


@pytest.mark.slow
def test_the_published_prices_prove_the_bound_when_recomputed_from_all_bundles():
    checked = 0

    for seed in range(300):
        case = tiny_case(Random(seed))
        if case is None or case[0].locks or case[0].caps or any(p.tied_to for p in case[0].pupils):
            continue
        problem, _, changes = case
        placement = place(problem)
        try:
            repaired = repair(problem, placement, changes)
        except ProblemError:
            continue
        checked += 1
        assert repaired.bound == len(repaired.hit) + max(0, -(-proved(repaired, placement) // 256))
        assert repaired.bound <= len(repaired.disturbed)

    assert checked > 60


def proved(repaired: Repaired, before: Placement) -> int:
    """The bound that the module ``repair_prices`` states, from its formula alone."""
    problem, price, hour = repaired.problem, repaired.prices, repaired.hour
    total = hour * repaired.half_days[1] - sum(s.capacity * price.get(s.id, 0) for s in problem.sessions)
    for pupil in problem.pupils:
        kept = set(before.seats[pupil.id]) if pupil.id not in repaired.hit else set()
        total -= max(
            sum(hour * len(problem.sessions[i].slots) - price.get(problem.sessions[i].id, 0) for i in bundle)
            - 256 * (not kept <= {problem.sessions[i].id for i in bundle})
            for bundle in tiny._bundles(problem, pupil)
            if all(problem.sessions[i].capacity for i in bundle)
        )
    return total


def test_mend_moves_the_later_lottery_number_where_two_could_move():
    pupils = (Pupil("anna", "7A", (), 1, stage="a"), *(Pupil(name, "7A", (), 1) for name in ("bo", "cai")))
    sessions = (
        Session("x", "x", "V", 1, 1),
        Session("y", "y", "V", 1, 2, stages=frozenset("a")),
        Session("z", "z", "V", 1, 1, stages=frozenset("b")),
    )
    locks = (Lock("anna", "x"), Lock("bo", "y"), Lock("cai", "y"))

    for seed in (b"1", b"2", b"3", b"4"):
        problem = Problem(sessions, pupils, {"7A": (1,)}, seed=seed, locks=locks)
        placement = place(problem)
        loose = Problem(sessions, pupils, {"7A": (1,)}, seed=seed)
        ground = Ground(changed(loose, Changes(cancelled=("x",))).problem, placement.seats)
        seats = seats_of(ground, mend(ground).seats)
        later = max(("bo", "cai"), key=lambda name: lottery_order(loose).index(name))

        assert seats[later] == ("z",)
