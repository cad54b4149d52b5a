"""Repairs against brute force, and what must hold for every repair."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from random import Random

import pytest
from baiye_placement import (
    Apart,
    Lock,
    Placement,
    Policy,
    Problem,
    ProblemError,
    Pupil,
    Session,
    Trip,
    place,
    repair_mend,
    verify,
    verify_folder,
    write_placement,
    write_problem,
)
from baiye_placement.cli import main
from baiye_placement.generate import generate
from baiye_placement.placement import certificate_json
from baiye_placement.repair import Repaired, repair
from baiye_placement.repair_changes import Changes, changed
from baiye_placement.repair_ground import Ground
from baiye_placement.repair_mend import mend
from baiye_placement.repair_report import report

from engines.placement.tests import tiny

Worth = tuple[int, int, int]  # half-days, minus pupils disturbed, points


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
    loads: dict[tuple[int, ...], Worth] = {(0,) * len(problem.sessions): (0, 0, 0)}
    for crew in tiny._crews(problem):
        choices = _choices(problem, crew, before)
        after: dict[tuple[int, ...], Worth] = {}
        for load, sum_ in loads.items():
            for taken, one in choices.items():
                total = tuple(a + b for a, b in zip(load, taken, strict=True))
                if all(n <= s.capacity for n, s in zip(total, problem.sessions, strict=True)):
                    both = (sum_[0] + one[0], sum_[1] + one[1], sum_[2] + one[2])
                    after[total] = max(after.get(total, (-1, 0, 0)), both)
        loads = after
    opened = {lock.session for lock in problem.locks}
    return max(
        (
            one
            for load, one in loads.items()
            if all(n == 0 or n >= s.minimum or s.id in opened for n, s in zip(load, problem.sessions, strict=True))
        ),
        default=None,
    )


def _choices(problem: Problem, crew: list[Pupil], before: dict[str, tuple[str, ...]]) -> dict[tuple[int, ...], Worth]:
    found: dict[tuple[int, ...], Worth] = {}
    for bundles in product(*(tiny._bundles(problem, pupil) for pupil in crew)):
        held = {pupil.id: set(bundle) for pupil, bundle in zip(crew, bundles, strict=True)}
        if any(p.tied_to in held and held[p.id] != held[p.tied_to] for p in crew):
            continue
        if any(held.get(a.first, set()) & held.get(a.second, set()) for a in problem.apart):
            continue
        load = tuple(sum(i in bundle for bundle in bundles) for i in range(len(problem.sessions)))
        after = {name: tuple(problem.sessions[i].id for i in bundle) for name, bundle in held.items()}
        one = worth(problem, {name: before[name] for name in after}, after)
        found[load] = max(found.get(load, (-1, 0, 0)), one)
    return found


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


# ── the whole repair ────────────────────────────────────────────────────────────────────────────────────────────────
def room(name: str, capacity: int, slot: int = 1, project: str | None = None, **more: object) -> Session:
    return Session(name, project or name, "V", slot, capacity, **more)  # type: ignore[arg-type]


def class_of(wishes: dict[str, tuple[str, ...]], need: int = 1) -> tuple[Pupil, ...]:
    return tuple(Pupil(name, "7A", wanted, need) for name, wanted in wishes.items())


def made(problem: Problem, changes: Changes) -> tuple[Placement, Repaired]:
    placement = place(problem, gap_target=0.0)
    repaired = repair(problem, placement, changes)
    assert verify(repaired.problem, repaired.placement) == []
    return placement, repaired


def test_repair_when_a_seat_is_free_changes_nobody_else():
    wishes = {"anna": ("baking",), "bo": ("welding",), "cai": ("welding",)}
    problem = Problem((room("baking", 1), room("welding", 2), room("print", 1)), class_of(wishes), {"7A": (1,)})

    placement, repaired = made(problem, Changes(cancelled=("baking",)))

    assert repaired.placement.seats == {**placement.seats, "anna": ("print",)}
    assert repaired.hit == repaired.disturbed == ("anna",)
    assert repaired.bound == 1
    assert repaired.proved


def test_repair_when_a_chain_is_needed_disturbs_one_more_and_proves_it():
    a, b = Pupil("anna", "7A", ("baking",), 1, stage="a"), Pupil("bo", "7A", ("welding",), 1)
    sessions = (
        room("baking", 1),
        room("welding", 1, stages=frozenset("a")),
        room("print", 1, stages=frozenset("b")),
    )
    problem = Problem(sessions, (a, b), {"7A": (1,)})

    _, repaired = made(problem, Changes(cancelled=("baking",)))

    assert repaired.placement.seats == {"anna": ("welding",), "bo": ("print",)}
    assert (repaired.hit, repaired.disturbed, repaired.bound) == (("anna",), ("anna", "bo"), 2)
    assert repaired.points == (200, 0)
    assert [(one.pupil, one.points, one.memory) for one in repaired.losers] == [
        ("anna", (100, 0), 100),
        ("bo", (100, 0), 100),
    ]


def test_repair_moves_the_later_lottery_number_where_two_could_move():
    pupils = (Pupil("anna", "7A", (), 1, stage="a"), *(Pupil(name, "7A", (), 1) for name in ("bo", "cai")))
    sessions = (room("x", 1), room("y", 2, stages=frozenset("a")), room("z", 1, stages=frozenset("b")))
    locks = (Lock("anna", "x"), Lock("bo", "y"), Lock("cai", "y"))

    for seed in (b"1", b"2", b"3", b"4"):
        problem = Problem(sessions, pupils, {"7A": (1,)}, seed=seed, locks=locks)
        placement = place(problem)
        loose = Problem(sessions, pupils, {"7A": (1,)}, seed=seed)
        ground = Ground(changed(loose, Changes(cancelled=("x",))).problem, placement.seats)
        seats = seats_of(ground, mend(ground).seats)
        later = max(("bo", "cai"), key=lambda name: repair_order(loose).index(name))

        assert seats[later] == ("z",)


def repair_order(problem: Problem) -> list[str]:
    from baiye_placement.lottery import lottery_order

    return lottery_order(problem)


@pytest.mark.parametrize(("second", "closed", "moved"), [(("baking",), "welding", "bo"), ((), "baking", "dan")])
def test_repair_of_a_session_under_its_minimum_closes_it_or_fills_it(second: tuple[str, ...], closed: str, moved: str):
    wishes = {"anna": ("welding",), "bo": ("welding", *second), "cai": ("print",), "dan": ("print", "baking")}
    pupils = class_of(wishes)
    sessions = (room("welding", 2, minimum=2), room("print", 1), room("baking", 2), room("golf", 1, slot=2))
    problem = Problem(sessions, pupils, {"7A": (1,), "7B": (2,)}, locks=(Lock("cai", "print"),))

    _, repaired = made(problem, Changes(moved={"anna": "7B"}))

    assert repaired.closed == (closed,)
    assert repaired.placement.seats["anna"] == ("golf",)
    assert repaired.disturbed == ("anna", moved)


def test_repair_keeps_a_session_under_its_minimum_that_a_lock_opens():
    pupils = class_of({"anna": ("welding",), "bo": ("welding",)})
    sessions = (room("welding", 2, minimum=2), room("golf", 1, slot=2), room("print", 1))
    problem = Problem(sessions, pupils, {"7A": (1,), "7B": (2,)}, locks=(Lock("bo", "welding"),))

    _, repaired = made(problem, Changes(moved={"anna": "7B"}))

    assert repaired.placement.seats == {"anna": ("golf",), "bo": ("welding",)}
    assert repaired.disturbed == ("anna",)


def test_repair_of_a_lost_bus_takes_the_half_days_and_names_who_lacks_them():
    sessions = (room("a", 2, 1), room("b", 2, 2), room("c", 2, 3))
    pupils = (Pupil("anna", "7A", ("a",), 3), Pupil("bo", "7B", ("c",), 1))
    trips = (Trip("7A", (1, 2), "V"),)
    problem = Problem(sessions, pupils, {"7A": (1, 2, 3), "7B": (3,)}, trips=trips)

    _, repaired = made(problem, Changes(lost={"7A": (2, 3)}))

    assert repaired.problem.group_slots == {"7A": (1,), "7B": (3,)}
    assert repaired.problem.trips == (Trip("7A", (1,), "V"),)
    assert repaired.placement.unfilled == {"anna": "half_days"}
    assert [(one.pupil, one.half_days, one.memory) for one in repaired.losers] == [("anna", (3, 1), 66)]


def test_repair_of_a_class_that_loses_every_half_day_lets_it_stay_home():
    problem = Problem((room("a", 2),), class_of({"anna": ("a",), "bo": ("a",)}), {"7A": (1,)})

    _, repaired = made(problem, Changes(lost={"7A": (1,)}))

    assert repaired.stay_home == repaired.hit == ("anna", "bo")
    assert repaired.placement.seats == {"anna": (), "bo": ()}
    assert repaired.half_days == (2, 0)


def test_repair_drops_the_lock_of_a_cancelled_session_and_says_so():
    problem = Problem(
        (room("a", 1), room("b", 1)), class_of({"anna": ("a",)}), {"7A": (1,)}, locks=(Lock("anna", "a"),)
    )

    _, repaired = made(problem, Changes(cancelled=("a",)))

    assert repaired.dropped_locks == (Lock("anna", "a"),)
    assert repaired.placement.seats == {"anna": ("b",)}


def test_repair_keeps_ties_and_apartness():
    pupils = (
        Pupil("anna", "7A", ("a",), 1),
        Pupil("bo", "7A", ("a",), 1, tied_to="anna"),
        Pupil("cai", "7A", ("b",), 1),
        Pupil("dan", "7A", ("c",), 1),
    )
    sessions = (room("a", 2), room("b", 3), room("c", 3))
    problem = Problem(sessions, pupils, {"7A": (1,)}, apart=(Apart("bo", "cai"),))

    _, repaired = made(problem, Changes(cancelled=("a",)))

    assert repaired.placement.seats == {"anna": ("c",), "bo": ("c",), "cai": ("b",), "dan": ("c",)}
    assert repaired.disturbed == ("anna", "bo")


def test_repair_under_another_policy_keeps_to_points():
    problem = Problem((room("a", 1), room("b", 1)), class_of({"anna": ("a",)}), {"7A": (1,)}, policy=Policy("points"))

    _, repaired = made(problem, Changes(cancelled=("a",)))

    assert repaired.problem.policy == Policy("points")


@pytest.fixture(scope="module")
def school() -> tuple[Problem, Placement]:
    problem = generate(pupils=240, seed=5, shape="trips")
    return problem, place(problem, gap_target=0.003)


def popular(placement: Placement) -> str:
    held = [s for sessions in placement.seats.values() for s in sessions]
    return max(sorted(set(held)), key=held.count)


@pytest.mark.slow
def test_repair_twice_changes_nothing_more(school: tuple[Problem, Placement]):
    problem, placement = school
    once = repair(problem, placement, Changes(cancelled=(popular(placement),)))

    again = repair(once.problem, once.placement, Changes())

    assert again.placement.seats == once.placement.seats
    assert again.disturbed == again.hit == ()
    assert again.bound == 0


@pytest.mark.slow
def test_repair_does_not_depend_on_the_order_of_rows(school: tuple[Problem, Placement]):
    problem, placement = school
    turned = Problem(
        problem.sessions[::-1], problem.pupils[::-1], problem.group_slots, problem.points, problem.policy,
        problem.seed, problem.trips[::-1],
    )  # fmt: skip
    changes = Changes(cancelled=(popular(placement),))

    one, other = repair(problem, placement, changes), repair(turned, placement, changes)

    assert report(one) == report(other)
    assert certificate_json(one.placement) == certificate_json(other.placement)


@pytest.mark.slow
def test_repair_of_a_school_writes_a_folder_that_verify_believes(school: tuple[Problem, Placement], tmp_path: Path):
    problem, placement = school
    write_problem(problem, tmp_path / "in")
    write_placement(placement, tmp_path / "out")
    gone, new = popular(placement), tmp_path / "new"

    code = main(["repair", str(tmp_path / "in"), str(tmp_path / "out"), "--cancel", gone, "-o", str(new), "--json"])

    body = json.loads((new / "repair.json").read_text())
    assert code in (0, 4)
    assert verify_folder(new, new) == []
    assert body["figures"]["disturbed"] == body["figures"]["disturbed_at_least"] == len(body["disturbed"])
    assert body["hit"] == sorted(p for p, held in placement.seats.items() if gone in held)


def test_repair_command_with_an_unknown_session_pupil_or_group_exits_2_and_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    problem = Problem((room("a", 1),), class_of({"anna": ("a",)}), {"7A": (1,)})
    write_problem(problem, tmp_path / "in")
    write_placement(place(problem), tmp_path / "out")
    call = ["repair", str(tmp_path / "in"), str(tmp_path / "out"), "-o", str(tmp_path / "new")]

    assert main([*call, "--cancel", "golf"]) == 2
    assert main([*call, "--move", "zoe=7A"]) == 2
    assert main([*call, "--move", "anna=9Z"]) == 2
    assert main([*call, "--lost", "7A=9"]) == 2
    assert main([*call, "--move", "anna"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "cancelled session 'golf' is unknown",
        "moved pupil 'zoe' is unknown",
        "pupil 'anna' moves to unknown group '9Z'",
        "half-day 9 lost by group '7A' is none of its half-days",
        "ValueError: 'anna' is not of the form NAME=VALUE",
    ]


def test_repair_of_a_placement_of_another_problem_is_refused():
    problem = Problem((room("a", 1),), class_of({"anna": ("a",)}), {"7A": (1,)})
    other = Problem((room("a", 2),), class_of({"anna": ("a",)}), {"7A": (1,)})

    with pytest.raises(ProblemError, match="another problem"):
        repair(other, place(problem), Changes())


def test_repair_keeps_the_lottery_that_the_placement_was_drawn_with():
    problem = Problem((room("a", 1), room("b", 1)), class_of({"anna": ("a",)}), {"7A": (1,)}, seed=b"old")

    repaired = repair(problem, place(problem, seed="drawn in public"), Changes(cancelled=("a",)))

    assert repaired.problem.seed == b"drawn in public"
    assert verify(repaired.problem, repaired.placement) == []
