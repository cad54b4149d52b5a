"""A round as plain arrays, the same for every solver that is measured, and one checker of what they answer."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from baiye_placement import Problem


@dataclass(frozen=True)
class Model:
    """Wishes of pupil ``i`` begin at ``wish_ptr[i]``, best first; sessions that meet wish ``w`` at ``edge_ptr[w]``.

    Only what pupils wished is in it: a half-day that nobody wished scores nothing, and is left empty. That makes the
    question easier than ours, where every half-day is to be filled.
    """

    need: Any
    wish_ptr: Any
    wish_points: Any
    edge_ptr: Any
    edge_session: Any
    capacity: Any
    slot: Any
    project: Any
    slots: Any  # how many half-days the pupil's class is out
    order: Any  # pupils by lottery

    @property
    def pupil_of_edge(self) -> Any:
        return np.repeat(np.arange(len(self.need)), np.diff(self.edge_ptr[self.wish_ptr]))

    @property
    def wish_of_edge(self) -> Any:
        return np.repeat(np.arange(len(self.wish_points)), np.diff(self.edge_ptr))

    @property
    def points_of_edge(self) -> Any:
        return self.wish_points[self.wish_of_edge]

    def save(self, path: Path) -> None:
        np.savez(path, **{f.name: getattr(self, f.name) for f in fields(self)})

    @staticmethod
    def load(path: Path) -> Model:
        with np.load(path) as stored:
            return Model(**{f.name: stored[f.name] for f in fields(Model)})


def model_of(problem: Problem) -> Model:
    """``problem`` as arrays; sessions of one half-day, no locks, no ties."""
    from baiye_placement.lottery import lottery_order

    sessions = {s.id: i for i, s in enumerate(problem.sessions)}
    runs: dict[tuple[str, int], list[int]] = {}
    for session in problem.sessions:
        runs.setdefault((session.project, session.slot), []).append(sessions[session.id])
    number = {p.id: i for i, p in enumerate(problem.pupils)}
    projects = {name: i for i, name in enumerate(sorted({s.project for s in problem.sessions}))}
    wish_ptr, points, edge_ptr, edges = [0], [], [0], []
    for pupil in problem.pupils:
        for rank, project in zip(pupil.wish_ranks, pupil.wishes, strict=True):
            here = (s for slot in problem.group_slots[pupil.group] for s in runs.get((project, slot), ()))
            edges += [s for s in here if problem.may_sit(pupil, problem.sessions[s])]
            edge_ptr.append(len(edges))
            points.append(problem.points[rank - 1] * pupil.multiplier)
        wish_ptr.append(len(points))
    return Model(
        np.array([p.need for p in problem.pupils]),
        np.array(wish_ptr),
        np.array(points),
        np.array(edge_ptr),
        np.array(edges),
        np.array([s.capacity for s in problem.sessions]),
        np.array([s.slot for s in problem.sessions]),
        np.array([projects[s.project] for s in problem.sessions]),
        np.array([len(problem.group_slots[p.group]) for p in problem.pupils]),
        np.array([number[name] for name in lottery_order(problem)]),
    )


def judge(model: Model, edges: Any) -> dict[str, Any]:
    """Points and more of the seats that ``edges`` stand for; ``broken`` names the rules they break."""
    pupil, session = model.pupil_of_edge[edges], model.edge_session[edges]
    wish, n = model.wish_of_edge[edges], len(model.need)
    held = np.bincount(pupil, minlength=n)
    rules = {
        "capacity": (np.bincount(session, minlength=len(model.capacity)) <= model.capacity).all(),
        "need": (held <= model.need).all(),
        "repeat": len(np.unique(wish)) == len(wish),
        "clash": len({*zip(pupil.tolist(), model.slot[session].tolist(), strict=True)}) == len(pupil),
    }
    first = np.isin(model.wish_ptr[:-1], wish).sum()
    return {
        "points": int(model.points_of_edge[edges].sum()),
        "wished_percent": 100 * float(held.sum() / max(1, model.need.sum())),
        "first_percent": 100 * float(first / n),
        "empty": int((held == 0).sum()),
        "claims_percent": 100 * float(claimants(model, pupil, session, model.points_of_edge[edges]).mean()),
        "broken": [name for name, kept in rules.items() if not kept],
    }


def claimants(model: Model, pupil: Any, session: Any, points: Any) -> Any:
    """Which pupils have a claim: a session they wish more than what they would give up, with a seat theirs by right.

    They would give up what they do in that half-day; where that is nothing and their need is met, their weakest seat.
    The seat is free, or held by somebody who wishes it less, or as much with a later lottery number. Seats are given as
    ``pupil``, ``session`` and the ``points`` that each is worth to its pupil.
    """
    n, slots = len(model.need), int(model.slot.max()) + 1
    number = np.empty(n, dtype=np.int64)
    number[model.order] = np.arange(n)
    poorest = np.full(n, 1 << 60)
    np.minimum.at(poorest, pupil, points)
    poorest[np.bincount(pupil, minlength=n) < model.need] = 0
    now = np.repeat(poorest, slots).reshape(n, slots)
    now[pupil, model.slot[session]] = points
    had = set(zip(pupil.tolist(), model.project[session].tolist(), strict=True))
    weakest = np.full(len(model.capacity), 1 << 60)  # the holder with the weakest claim: few points, a late number
    np.minimum.at(weakest, session, points * n - number[pupil])
    weakest[np.bincount(session, minlength=len(weakest)) < model.capacity] = -(1 << 60)
    own, wanted, worth = model.pupil_of_edge, model.edge_session, model.points_of_edge
    better = (worth > now[own, model.slot[wanted]]) & (worth * n - number[own] > weakest[wanted])
    found = np.zeros(n, dtype=np.bool_)
    for i in np.flatnonzero(better).tolist():
        if not found[own[i]] and (int(own[i]), int(model.project[wanted[i]])) not in had:
            found[own[i]] = True
    return found
