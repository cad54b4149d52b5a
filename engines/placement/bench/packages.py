"""Packages that place or match people by themselves: fairpyx and matching."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from model import Model


def _fairpyx(model: Model, name: str) -> Any:
    """One of fairpyx's algorithms; clashes and repeats are declared to it."""
    import fairpyx

    worth: dict[int, dict[int, int]] = {i: {} for i in range(len(model.need))}
    edge_of = {}
    rows = zip(model.pupil_of_edge.tolist(), model.edge_session.tolist(), model.points_of_edge.tolist(), strict=True)
    for e, (p, s, points) in enumerate(rows):
        worth[p][s] = points
        edge_of[p, s] = e
    sessions = range(len(model.capacity))
    slot, project = model.slot.tolist(), model.project.tolist()
    instance = fairpyx.Instance(
        agent_capacities=dict(enumerate(model.need.tolist())),
        item_capacities=dict(enumerate(model.capacity.tolist())),
        valuations={p: {s: found.get(s, 0) for s in sessions} for p, found in worth.items()},
        item_conflicts={
            s: [o for o in sessions if o != s and (slot[o] == slot[s] or project[o] == project[s])] for s in sessions
        },
        agent_conflicts={p: [s for s in sessions if s not in found] for p, found in worth.items()},
    )
    held = fairpyx.divide(getattr(fairpyx.algorithms, name), instance)
    return np.array([edge_of[p, s] for p, items in held.items() for s in items if (p, s) in edge_of], dtype=np.int64)


def matching_residents(model: Model) -> Any:
    """Hospital-resident with the lottery as every session's priority: serial dictatorship by another road."""
    from matching.games import HospitalResident

    sys.setrecursionlimit(1_000_000)
    place = {p: i for i, p in enumerate(model.order.tolist())}
    pupils: dict[str, list[str]] = {}
    sessions: dict[str, list[int]] = {}
    edge_of = {}
    for e, (p, s) in enumerate(zip(model.pupil_of_edge.tolist(), model.edge_session.tolist(), strict=True)):
        pupils.setdefault(f"p{p}", []).append(f"s{s}")
        sessions.setdefault(f"s{s}", []).append(p)
        edge_of[f"p{p}", f"s{s}"] = e
    game = HospitalResident.create_from_dictionaries(
        pupils,
        {s: [f"p{p}" for p in sorted(ps, key=place.__getitem__)] for s, ps in sessions.items()},
        {s: int(model.capacity[int(s[1:])]) for s in sessions},
    )
    solved = game.solve()
    return np.array([edge_of[p.name, s.name] for s, held in solved.items() for p in held], dtype=np.int64)


PACKAGES: dict[str, Any] = {
    "fairpyx round robin": partial(_fairpyx, name="round_robin"),
    "fairpyx serial dictatorship": partial(_fairpyx, name="serial_dictatorship"),
    "fairpyx iterated matching": partial(_fairpyx, name="iterated_maximum_matching_adjusted"),
    "matching hospital-resident": matching_residents,
}
