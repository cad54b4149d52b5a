# ruff: noqa: PLC0415 - what needs the solver imports it
"""``check``: everything that is wrong with a problem, and the nearest one that stands."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.arguments import add_json, add_problem, add_seconds
from baiye_placement.commands.exits import USAGE, WITHIN
from baiye_placement.conflicts import conflict_json, conflict_lines, conflicts
from baiye_placement.files import read_fields, write_problem
from baiye_placement.problem import Policy
from baiye_placement.relax import cost_of, relax
from baiye_placement.relax_rows import Change

if TYPE_CHECKING:
    import argparse

    from baiye_placement.conflicts import Conflict
    from baiye_placement.problem import Problem
    from baiye_placement.relax import Relaxed


def add(commands: Any) -> None:
    command = commands.add_parser("check", help="say all that is wrong with DIR, and what would put it right")
    add_problem(command)
    command.add_argument("--relax", action="store_true", help="write the nearest problem that stands to NEW")
    command.add_argument("-o", dest="new", type=Path, metavar="NEW")
    add_seconds(command, "to try the seats")
    add_json(command)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0: nothing is wrong, or NEW was written and stands; 2: something is wrong."""
    if args.relax != (args.new is not None):
        raise ValueError("--relax and -o NEW go together")
    found = relax(*read_fields(args.problem))
    short = [] if found.problem is None else shortages(found.problem, args.seconds)
    problem, needs = _fewer_needs(found, short)
    changes = [*found.changes, *needs]
    print(_json(found, short, changes) if args.json else "\n".join(_text(found, short, changes)))
    if args.relax and problem is not None:
        write_problem(problem, args.new)
        return WITHIN
    return USAGE if found.messages or short else WITHIN


def shortages(problem: Problem, seconds: float) -> list[Conflict]:
    """Why the best seats of ``problem`` leave half-days empty; trips still offered are chosen first."""
    from baiye_placement import place
    from baiye_placement.clock import Clock
    from baiye_placement.trips.plan import planned

    clock = Clock(time.monotonic() + seconds)
    plain = planned(replace(problem, policy=Policy("points")), clock)
    return conflicts(plain, place(plain, time_budget_s=clock.left, gap_target=1.0))


def _fewer_needs(found: Relaxed, short: list[Conflict]) -> tuple[Problem | None, list[Change]]:
    """The problem in which pupils who cannot be filled need as many half-days less: all others stay as they are."""
    problem, changes = found.problem, []
    for conflict in short:
        less = next((r for r in conflict.relaxations if r.kind == "needs"), None)
        if problem is not None and less is not None:
            problem = less.applied(problem)
            changes.append(Change(less.sentence, "half_days", less.cost))
    return problem, changes


def _json(found: Relaxed, short: list[Conflict], changes: list[Change]) -> str:
    body = {
        "messages": list(found.messages),
        "conflict": conflict_json(short),
        "stands": found.problem is not None,
        "changes": [{"sentence": c.sentence, "kind": c.kind, "cost": c.cost} for c in changes],
        "cost": cost_of(changes),
    }
    return json.dumps(body, ensure_ascii=False)


def _text(found: Relaxed, short: list[Conflict], changes: list[Change]) -> list[str]:
    if not found.messages and not short:
        return ["nothing is wrong, and every pupil can be filled"]
    lines = [*found.messages, *conflict_lines(short)]
    if found.problem is None:
        return [*lines, "what is left needs a person"]
    cost = ", ".join(f"{n} {kind.replace('_', '-')}" for kind, n in cost_of(changes).items())
    return [*lines, f"the nearest problem that stands costs {cost}:", *(f"  {change}" for change in changes)]
