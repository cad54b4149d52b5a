"""Tiny invented problems whose trips are still open, and the best choice found by trying all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from random import Random

from baiye_placement.problem import Cap, Lock, Policy, Problem, ProblemError, Pupil, Session, Trip

from engines.placement.tests.tiny import POINTS, brute_force


def tiny_offers(random: Random) -> Problem | None:
    """At most 3 classes of 2 pupils, 3 days and 2 venues; None where the rows drawn contradict each other."""
    days = [(0, 1), (2, 3), (4,)][: random.randint(2, 3)]
    sessions = _sessions(random, [slot for day in days for slot in day])
    projects = sorted({session.project for session in sessions})
    groups = [f"G{i}" for i in range(random.randint(1, 3))]
    pupils = [
        Pupil(
            f"P{g}{i}",
            g,
            tuple(random.sample(projects, random.randint(0, min(3, len(projects))))),
            random.randint(0, 3),
            random.choice([1, 1, 2]),
            None,
            random.choice([None, "a", "b"]),
        )
        for g in groups
        for i in range(random.randint(1, 2))
    ]
    trips = [
        Trip(g, day, venue, random.randint(0, 2), random.choice([None, None, 1, 2]), chosen=False)
        for g in groups
        for day in days
        for venue in ("V0", "V1")
        if random.random() < 0.8
    ]
    if trips and random.random() < 0.3:
        trips[0] = replace(trips[0], chosen=True, seats=None)
    out: dict[str, set[int]] = {g: set() for g in groups}
    for trip in trips:
        out[trip.group] |= set(trip.slots) if trip.chosen else set()
    if random.random() < 0.2:
        out[groups[-1]].add(4)
    return _problem(random, sessions, pupils, trips, out)


def _sessions(random: Random, slots: list[int]) -> list[Session]:
    made = []
    for venue, slot, j in product(("V0", "V1"), slots, (0, 1)):
        long = slot in (0, 2) and slot + 1 in slots and random.random() < 0.1
        if random.random() < 0.85:
            made.append(
                Session(
                    f"{venue}S{slot}{j}",
                    f"{venue}J{j}" if random.random() < 0.8 else "J",
                    venue,
                    slot,
                    random.randint(0, 3),
                    0,
                    frozenset("a") if random.random() < 0.15 else frozenset(),
                    (slot + 1,) if long else (),
                )
            )
    return made


def _problem(
    random: Random, sessions: list[Session], pupils: list[Pupil], trips: list[Trip], out: dict[str, set[int]]
) -> Problem | None:
    try:
        problem = Problem(
            tuple(sessions),
            tuple(pupils),
            {g: tuple(sorted(slots)) for g, slots in out.items()},
            POINTS,
            Policy("points"),
            seed=str(random.random()).encode(),
            trips=tuple(trips),
            caps=(Cap(pupils[0].id, (sessions[0].project,), 0),) if random.random() < 0.2 and sessions else (),
            minute_cost=random.choice([0, 0, 1]),
        )
        may = [
            (p, s) for p in problem.pupils for s in problem.sessions if s.capacity and problem.may_sit(p, s) and p.need
        ]
        if may and random.random() < 0.4:
            pupil, session = random.choice(may)
            problem = replace(problem, locks=(Lock(pupil.id, session.id),))
    except (ProblemError, IndexError):
        return None
    return problem


def best_choice(problem: Problem) -> tuple[int, int] | None:
    """(half-days, points less travel) of the best choice of trips and seats; None where no choice keeps every rule."""
    groups = sorted({pupil.group for pupil in problem.pupils})
    group = {pupil.id: pupil.group for pupil in problem.pupils}
    if any(not _fixed(problem, group[k.pupil]) >= set(problem.session_by_id[k.session].slots) for k in problem.locks):
        return None
    best = None
    for plans in product(*(list(_plans(problem, group)) for group in groups)):
        chosen = {trip for plan in plans for trip in plan}
        if _rooms_are_kept(problem, chosen):
            made = with_trips(problem, chosen)
            hours, points = brute_force(made)
            worth = hours, points - cost(made)
            best = worth if best is None else max(best, worth)
    return best


def cost(problem: Problem) -> int:
    """Points that travel costs."""
    size = Counter(pupil.group for pupil in problem.pupils)
    return sum(problem.minute_cost * t.minutes * size[t.group] for t in problem.trips if t.chosen)


def with_trips(problem: Problem, chosen: set[Trip]) -> Problem:
    """The problem with these offers chosen."""
    out = {
        g: tuple(sorted({*_fixed(problem, g), *(s for t in chosen if t.group == g for s in t.slots)}))
        for g in problem.group_slots
    }
    trips = [replace(t, chosen=True) if t in chosen else t for t in problem.trips]
    return replace(problem, trips=tuple(trips), group_slots=out)


def _fixed(problem: Problem, group: str) -> set[int]:
    made = {s for t in problem.trips if t.chosen and t.group == group for s in t.slots}
    only = {s for t in problem.trips if not t.chosen and t.group == group for s in t.slots} - made
    return set(problem.group_slots[group]) - only


def _plans(problem: Problem, group: str) -> Iterator[tuple[Trip, ...]]:
    fixed = _fixed(problem, group)
    mine = [p for p in problem.pupils if p.group == group]
    rest = max(p.need for p in mine) - len(fixed)
    offers = [
        t for t in problem.trips
        if t.group == group and not t.chosen and not fixed & set(t.slots) and (t.seats is None or t.seats >= len(mine))
    ]  # fmt: skip
    if rest <= 0 or not any(t.group == group and not t.chosen for t in problem.trips):
        yield ()
        return
    for size in range(1, len(offers) + 1):
        for plan in combinations(offers, size):
            slots = [slot for trip in plan for slot in trip.slots]
            if len(slots) == len(set(slots)) and len(slots) >= rest > len(slots) - min(len(t.slots) for t in plan):
                yield plan


def _rooms_are_kept(problem: Problem, chosen: set[Trip]) -> bool:
    size = Counter(pupil.group for pupil in problem.pupils)
    seats: Counter[tuple[str, int]] = Counter()
    for session in problem.sessions:
        seats.update({(session.venue, slot): session.capacity for slot in session.slots})
    for trip in problem.trips:
        for slot in trip.slots:
            seats[trip.venue, slot] -= size[trip.group] if trip.chosen or trip in chosen else 0
    return all(seats[t.venue, slot] >= 0 for t in chosen for slot in t.slots)
