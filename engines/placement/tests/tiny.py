"""Tiny invented problems with every kind of row, and the best placement found by trying all."""

from __future__ import annotations

from itertools import combinations, product
from random import Random

from baiye_placement.problem import Apart, Cap, Lock, Problem, ProblemError, Pupil, Session, Trip

POINTS = (10, 7, 5, 3, 2)


def tiny_problem(random: Random) -> Problem | None:
    """At most 6 pupils, 8 sessions and 4 half-days; None where the rows drawn contradict each other."""
    slots = list(range(random.randint(1, 4)))
    names = [f"J{i}" for i in range(random.randint(2, 5))]
    sessions = [_session(random, f"S{i}", names, slots) for i in range(random.randint(1, 8))]
    projects = sorted({session.project for session in sessions})
    groups = {name: tuple(sorted(random.sample(slots, random.randint(1, len(slots))))) for name in ("G0", "G1")}
    pupils = [_pupil(random, f"P{i}", projects, groups) for i in range(random.randint(1, 6))]
    more = len(pupils) > 2
    if more and random.random() < 0.3:
        first, second = pupils[:2]
        pupils[1] = Pupil("P1", second.group, second.wishes, first.need, 1, "P0")
    try:
        return Problem(
            sessions=tuple(sessions),
            pupils=tuple(pupils),
            group_slots=groups,
            points=POINTS,
            seed=str(random.random()).encode(),
            trips=(Trip("G0", groups["G0"][:1], sessions[0].venue),) if random.random() < 0.3 else (),
            apart=(Apart("P0", pupils[-1].id),) if more and random.random() < 0.3 else (),
            caps=(Cap(random.choice([None, "P0"]), tuple(projects[:2]), random.randint(0, 1)),)
            if random.random() < 0.3
            else (),
            locks=(Lock(pupils[-1].id, random.choice(sessions).id),) if random.random() < 0.3 else (),
        )
    except ProblemError:
        return None


def _session(random: Random, name: str, projects: list[str], slots: list[int]) -> Session:
    slot, capacity = random.choice(slots), random.randint(0, 3)
    others = [s for s in slots if s != slot]
    more = (random.choice(others),) if others and random.random() < 0.15 else ()
    return Session(
        name,
        random.choice(projects),
        f"V{random.randint(0, 1)}",
        slot,
        capacity,
        random.randint(0, capacity) if random.random() < 0.3 else 0,
        frozenset("a") if random.random() < 0.2 else frozenset(),
        more,
    )


def _pupil(random: Random, name: str, projects: list[str], groups: dict[str, tuple[int, ...]]) -> Pupil:
    wishes = tuple(random.sample(projects, random.randint(0, len(projects))))
    ranks = tuple(sorted(random.randint(1, 5) for _ in wishes)) if random.random() < 0.2 else ()
    return Pupil(
        name,
        random.choice(sorted(groups)),
        wishes,
        random.randint(0, 3),
        random.choice([1, 1, 2]),
        None,
        random.choice([None, "a", "b"]),
        ranks,
    )


Loads = tuple[int, ...]
Worth = tuple[int, int]


def brute_force(problem: Problem) -> Worth | None:
    """(half-days, points) of the best placement that keeps every rule; None where none does."""
    loads: dict[Loads, Worth] = {(0,) * len(problem.sessions): (0, 0)}
    for crew in _crews(problem):
        choices = _joint_choices(problem, crew)
        after: dict[Loads, Worth] = {}
        for load, (hours, points) in loads.items():
            for taken, more_hours, more_points in choices:
                total = tuple(a + b for a, b in zip(load, taken, strict=True))
                if all(n <= s.capacity for n, s in zip(total, problem.sessions, strict=True)):
                    after[total] = max(after.get(total, (-1, -1)), (hours + more_hours, points + more_points))
        loads = after
    opened = {lock.session for lock in problem.locks}
    kept = [
        worth
        for load, worth in loads.items()
        if all(n == 0 or n >= s.minimum or s.id in opened for n, s in zip(load, problem.sessions, strict=True))
    ]
    return max(kept, default=None)


def _crews(problem: Problem) -> list[list[Pupil]]:
    """Pupils who are tied to, or kept apart from, one another must be tried together."""
    crews = [[pupil] for pupil in problem.pupils]
    pairs = [(p.id, p.tied_to) for p in problem.pupils if p.tied_to] + [(a.first, a.second) for a in problem.apart]
    for first, second in pairs:
        one = next(c for c in crews if any(p.id == first for p in c))
        other = next(c for c in crews if any(p.id == second for p in c))
        if one is not other:
            crews.remove(other)
            one.extend(other)
    return crews


def _joint_choices(problem: Problem, crew: list[Pupil]) -> list[tuple[Loads, int, int]]:
    found: dict[Loads, Worth] = {}
    for bundles in product(*(_bundles(problem, pupil) for pupil in crew)):
        held = {pupil.id: set(bundle) for pupil, bundle in zip(crew, bundles, strict=True)}
        if any(p.tied_to in held and held[p.id] != held[p.tied_to] for p in crew):
            continue
        if any(held.get(a.first, set()) & held.get(a.second, set()) for a in problem.apart):
            continue
        load = tuple(sum(i in bundle for bundle in bundles) for i in range(len(problem.sessions)))
        hours = sum(len(problem.sessions[i].slots) for bundle in bundles for i in bundle)
        points = sum(_points(problem, pupil, i) for pupil, bundle in zip(crew, bundles, strict=True) for i in bundle)
        found[load] = max(found.get(load, (-1, -1)), (hours, points))
    return [(load, *worth) for load, worth in found.items()]


def _points(problem: Problem, pupil: Pupil, i: int) -> int:
    session = problem.sessions[i]
    if session.project not in pupil.wishes:
        return 0
    rank = pupil.wish_ranks[pupil.wishes.index(session.project)]
    return problem.points[rank - 1] * pupil.multiplier * len(session.slots)


def _bundles(problem: Problem, pupil: Pupil) -> list[tuple[int, ...]]:
    open_ = [i for i, s in enumerate(problem.sessions) if problem.may_sit(pupil, s)]
    locked = {lock.session for lock in problem.locks if lock.pupil == pupil.id}
    return [
        chosen
        for size in range(pupil.need + 1)
        for chosen in combinations(open_, size)
        if _fits(problem, pupil, [problem.sessions[i] for i in chosen], locked)
    ]


def _fits(problem: Problem, pupil: Pupil, chosen: list[Session], locked: set[str]) -> bool:
    slots = [slot for s in chosen for slot in s.slots]
    projects = [s.project for s in chosen]
    return (
        len(slots) <= pupil.need
        and len(set(slots)) == len(slots)
        and len(set(projects)) == len(projects)
        and locked <= {s.id for s in chosen}
        and all(
            sum(p in cap.projects for p in projects) <= cap.limit
            for cap in problem.caps
            if cap.pupil in (None, pupil.id)
        )
    )
