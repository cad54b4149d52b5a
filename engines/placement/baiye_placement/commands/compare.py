# ruff: noqa: PLC0415 - the solver imports its libraries when it is needed
"""``compare``: the four policies side by side on one problem, with what each costs in points."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.arguments import add_json, add_problem, add_seconds
from baiye_placement.commands.exits import WITHIN
from baiye_placement.commands.output import show
from baiye_placement.files import read_problem
from baiye_placement.problem import POLICIES, Policy

if TYPE_CHECKING:
    import argparse

    from baiye_placement.placement import Placement
    from baiye_placement.problem import Problem

NAMES = (
    "half_days",
    "points",
    "price_percent",
    "floor",
    "first_wish_percent",
    "empty_pupils",
    "unfilled_pupils",
    "gap",
    "seconds",
)


def add(commands: Any) -> None:
    command = commands.add_parser("compare", help="place the pupils of DIR by each policy and print them side by side")
    add_problem(command)
    add_seconds(command, "time limit of each policy")
    command.add_argument("--gap", type=float, default=0.003, help="proved gap to reach (default: %(default)s)")
    add_json(command)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    found = compare(read_problem(args.problem), seconds=args.seconds, gap=args.gap, progress=show)
    print(json.dumps(found, ensure_ascii=False) if args.json else table(found))
    return WITHIN


def compare(problem: Problem, *, seconds: float = 60.0, gap: float = 0.003, progress: Any = None) -> dict[str, Any]:
    """Figures of each policy, by its name; ``price_percent`` is the points given up against policy ``points``."""
    from baiye_placement import place

    found = {}
    for name in POLICIES:
        began = time.monotonic()
        placement = place(
            replace(problem, policy=Policy(name)), time_budget_s=seconds, gap_target=gap, progress=progress
        )
        found[name] = {**figures(problem, placement), "seconds": round(time.monotonic() - began, 2)}
    most = found["points"]["points"]
    for row in found.values():
        row["price_percent"] = round(100 * (most - row["points"]) / most, 3) if most else 0.0
    return found


def figures(problem: Problem, placement: Placement) -> dict[str, Any]:
    """What is compared of one placement."""
    from baiye_placement.claims import floor_of

    certificate, vector = placement.certificate, placement.rank_vector
    pupils = max(1, len(placement.seats))
    return {
        "half_days": sum(vector),
        "points": placement.points,
        "floor": floor_of(problem, placement),
        "ranks": {str(rank): count for rank, count in enumerate(vector)},
        "first_wish_percent": round(100 * sum(1 in ranks for ranks in placement.ranks.values()) / pupils, 1),
        "empty_pupils": sum(not held for held in placement.seats.values()),
        "unfilled_pupils": len(placement.unfilled),
        "levels": [
            {"name": level.name, "value": level.value, "bound": level.bound, "gap": round(float(level.gap), 6)}
            for level in certificate.levels
        ],
        "gap": float(certificate.gap),
        "cut_short": certificate.cut_short,
    }


def table(found: dict[str, dict[str, Any]]) -> str:
    """One column a policy, one line a figure."""
    rows = [["", *found]]
    rows += [[name, *(f"{row[name]:.10g}" for row in found.values())] for name in NAMES]
    for rank in next(iter(found.values()))["ranks"]:
        label = f"half-days of wish {rank}" if rank != "0" else "half-days of no wish"
        rows.append([label, *(str(row["ranks"][rank]) for row in found.values())])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ("  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
             for row in rows)  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)
