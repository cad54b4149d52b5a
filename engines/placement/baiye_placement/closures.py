"""What became of sessions with a minimum in which nobody sits: closed, or merged into others that are the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baiye_placement.problem import Problem

Closures = Mapping[str, Mapping[str, Any]]


def closures(problem: Problem, held: Collection[str]) -> dict[str, dict[str, Any]]:
    """Session → its ``minimum``, how many pupils who could come ``wished`` it, and ``into``: those held in its place.

    These are of the same project, half-days, venue and stages; without any the session is closed.
    """
    empty = [s for s in problem.sessions if s.minimum > 1 and s.id not in held]
    if not empty:
        return {}
    by: dict[object, list[str]] = {}
    for s in problem.sessions:
        if s.id in held:
            by.setdefault((s.project, frozenset(s.slots), s.venue, s.stages), []).append(s.id)
    projects = {s.project for s in empty}
    wishers: dict[str, list[Any]] = {project: [] for project in projects}
    for pupil in problem.pupils:
        for project in projects.intersection(pupil.wishes):
            wishers[project].append(pupil)
    return {
        s.id: {
            "minimum": s.minimum,
            "wished": sum(problem.may_sit(pupil, s) for pupil in wishers[s.project]),
            "into": sorted(by.get((s.project, frozenset(s.slots), s.venue, s.stages), ())),
        }
        for s in sorted(empty, key=lambda s: s.id)
    }


def told(found: Closures) -> dict[str, Any]:
    """The same for a summary: which sessions are closed, and which are merged into which."""
    return {
        "closed": [name for name, closure in found.items() if not closure["into"]],
        "merged": {name: list(closure["into"]) for name, closure in found.items() if closure["into"]},
    }
