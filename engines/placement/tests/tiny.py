"""Tiny invented problems with every kind of row, and the best placement found by trying all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations, product
from random import Random

from baiye_placement.problem import Apart, Cap, Lock, Policy, Problem, ProblemError, Pupil, Session, Trip
from hypothesis import assume
from hypothesis import strategies as st

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
            policy=Policy("points"),
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


@st.composite
def tiny_problems(draw: st.DrawFn, policies: Sequence[str] = ("points",)) -> Problem:
    """Problems without contradictions, each under one of ``policies``."""
    problem = tiny_problem(draw(st.randoms(use_true_random=False)))
    assume(problem is not None)
    return replace(problem, policy=Policy(draw(st.sampled_from(policies))))


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
Worth = tuple[int, ...]
Bundles = tuple[tuple[int, ...], ...]  # of sessions, one for each pupil of a crew
Valued = Callable[[list[Pupil], Bundles], Worth]
HIGH = 10**9  # the floor of a unit that has all it could have


def brute_force(problem: Problem) -> Worth | None:
    """(half-days, points) of the best placement that keeps every rule; None where none does."""
    return best_levels(problem, "points")


def best_levels(problem: Problem, policy: str) -> Worth | None:
    """Values of the levels of ``policy``, by trying all placements; None where none keeps every rule."""
    worths = {"points": _hours_and_points, "rank_maximal": _hours_and_ranks, "floor": _hours_floor_points}
    claims = _claims(problem) if policy == "floor" else {}
    best = best_worth(problem, lambda crew, bundles: worths[policy](problem, crew, bundles, claims), policy)
    if policy == "floor" and best is not None and best[1] == HIGH:
        top = max((-(-own // width) for own, width in claims.values()), default=0)
        return best[0], top, best[2]
    return best


def best_worth(problem: Problem, worth: Valued, policy: str = "points") -> Worth | None:
    """The largest sum over crews of their ``worth`` among all placements that keep every rule."""
    states: dict[Loads, set[Worth]] = {(0,) * len(problem.sessions): {worth([], ())}}
    for crew in _crews(problem):
        choices = _joint_choices(problem, crew, worth)
        after: dict[Loads, set[Worth]] = {}
        for load, found in states.items():
            for taken, more in choices:
                total = tuple(a + b for a, b in zip(load, taken, strict=True))
                if all(n <= s.capacity for n, s in zip(total, problem.sessions, strict=True)):
                    after.setdefault(total, set()).update(_plus(policy, one, two) for one in found for two in more)
        states = {load: _undominated(policy, found) for load, found in after.items()}
    opened = {lock.session for lock in problem.locks}
    kept = [
        one
        for load, found in states.items()
        if all(n == 0 or n >= s.minimum or s.id in opened for n, s in zip(load, problem.sessions, strict=True))
        for one in found
    ]
    return max(kept, default=None)


def _plus(policy: str, one: Worth, two: Worth) -> Worth:
    if policy == "floor":
        return one[0] + two[0], min(one[1], two[1]), one[2] + two[2]
    return tuple(a + b for a, b in zip(one, two, strict=True))


def _undominated(policy: str, found: set[Worth]) -> set[Worth]:
    """Floors do not add up: keep every worth that no other one beats in all parts."""
    if policy != "floor":
        return {max(found)}
    return {w for w in found if not any(v != w and all(a >= b for a, b in zip(v, w, strict=True)) for v in found)}


def _hours_and_points(problem: Problem, crew: list[Pupil], bundles: Bundles, _: object) -> Worth:
    pairs = [(pupil, i) for pupil, bundle in zip(crew, bundles, strict=True) for i in bundle]
    return sum(len(problem.sessions[i].slots) for _, i in pairs), sum(_points(problem, p, i) for p, i in pairs)


def _hours_and_ranks(problem: Problem, crew: list[Pupil], bundles: Bundles, _: object) -> Worth:
    counts = [0] * (1 + len(problem.points))
    for pupil, bundle in zip(crew, bundles, strict=True):
        for session in (problem.sessions[i] for i in bundle):
            counts[0] += len(session.slots)
            if session.project in pupil.wishes:
                counts[pupil.wish_ranks[pupil.wishes.index(session.project)]] += len(session.slots)
    return tuple(counts)


Claims = dict[tuple[str, ...], tuple[int, int]]  # who sits together → the most they could have alone, and their number


def _hours_floor_points(problem: Problem, crew: list[Pupil], bundles: Bundles, claims: Claims) -> Worth:
    had = {p.id: sum(_plain(problem, p, i) for i in bundle) for p, bundle in zip(crew, bundles, strict=True)}
    floor = HIGH
    for members, (own, width) in claims.items():
        if members[0] in had and (points := sum(had[name] for name in members)) < own:
            floor = min(floor, points // width)
    hours, points = _hours_and_points(problem, crew, bundles, None)
    return hours, floor, points


def _claims(problem: Problem) -> Claims:
    ties = [(p.id, p.tied_to) for p in problem.pupils if p.tied_to]
    claims: Claims = {}
    for unit in _joined(problem, ties):
        sets = _sets_alone(problem, unit)
        most = max(sum(len(problem.sessions[i].slots) for i in chosen) for chosen in sets)
        full = [c for c in sets if sum(len(problem.sessions[i].slots) for i in c) == most]
        own = max(sum(_plain(problem, p, i) for p in unit for i in chosen) for chosen in full)
        if all(_wished(problem, p, sets) >= most for p in unit):
            claims[tuple(p.id for p in unit)] = own, len(unit)
    return claims


def _sets_alone(problem: Problem, unit: list[Pupil]) -> list[tuple[int, ...]]:
    """What the unit could have if it were alone with the locks of all; caps above 0 are left aside."""
    alone = replace(problem, caps=tuple(cap for cap in problem.caps if cap.limit == 0))
    others = [k.session for k in problem.locks if k.pupil not in {p.id for p in unit}]
    shared = set.intersection(*({frozenset(bundle) for bundle in _bundles(alone, p)} for p in unit))
    fits = [
        tuple(sorted(chosen))
        for chosen in shared
        if all(problem.sessions[i].capacity - others.count(problem.sessions[i].id) >= len(unit) for i in chosen)
    ]
    return [chosen for chosen in fits if chosen] or [()]


def _wished(problem: Problem, pupil: Pupil, sets: list[tuple[int, ...]]) -> int:
    """Half-days that the pupil's wishes can make up, each in its longest session."""
    longest: dict[str, int] = {}
    for session in (problem.sessions[i] for chosen in sets for i in chosen):
        longest[session.project] = max(longest.get(session.project, 0), len(session.slots))
    return sum(longest.get(project, 0) for project in pupil.wishes)


def _plain(problem: Problem, pupil: Pupil, i: int) -> int:
    return _points(problem, replace(pupil, multiplier=1), i)


def _crews(problem: Problem) -> list[list[Pupil]]:
    """Pupils who are tied to, or kept apart from, one another must be tried together."""
    ties = [(p.id, p.tied_to) for p in problem.pupils if p.tied_to]
    return _joined(problem, ties + [(a.first, a.second) for a in problem.apart])


def _joined(problem: Problem, pairs: list[tuple[str, str]]) -> list[list[Pupil]]:
    crews = [[pupil] for pupil in problem.pupils]
    for first, second in pairs:
        one = next(c for c in crews if any(p.id == first for p in c))
        other = next(c for c in crews if any(p.id == second for p in c))
        if one is not other:
            crews.remove(other)
            one.extend(other)
    return crews


def _joint_choices(problem: Problem, crew: list[Pupil], worth: Valued) -> list[tuple[Loads, set[Worth]]]:
    found: dict[Loads, set[Worth]] = {}
    for bundles in product(*(_bundles(problem, pupil) for pupil in crew)):
        held = {pupil.id: set(bundle) for pupil, bundle in zip(crew, bundles, strict=True)}
        if any(p.tied_to in held and held[p.id] != held[p.tied_to] for p in crew):
            continue
        if any(held.get(a.first, set()) & held.get(a.second, set()) for a in problem.apart):
            continue
        load = tuple(sum(i in bundle for bundle in bundles) for i in range(len(problem.sessions)))
        found.setdefault(load, set()).add(worth(crew, bundles))
    return list(found.items())


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
