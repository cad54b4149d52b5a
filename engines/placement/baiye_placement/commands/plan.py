# ruff: noqa: PLC0415 - what needs the solver imports it when it is asked
"""``plan``: choose the trips of a folder's classes out of its offers; or check such a choice."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.arguments import add_json, add_problem, add_seconds
from baiye_placement.commands.exits import LARGER, SHORT, WITHIN
from baiye_placement.commands.output import print_summary, print_violations, show, until_sigterm
from baiye_placement.files import read_problem
from baiye_placement.verify_trips import verify_plan_folder

if TYPE_CHECKING:
    import argparse

    from baiye_placement.trips.plan import Plan


def add(commands: Any) -> None:
    command = commands.add_parser(
        "plan", help="choose which class travels where and when; the folder NEW has the trips"
    )
    add_problem(command)
    command.add_argument("-o", dest="out", type=Path, metavar="NEW", required=True)
    add_seconds(command)
    command.add_argument("--gap", type=float, default=0.03, help="proved joint gap to reach (default: %(default)s)")
    command.add_argument("--verify", action="store_true", help="choose nothing: check NEW against DIR")
    add_json(command)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    return _check(args) if args.verify else _choose(args)


def _check(args: argparse.Namespace) -> int:
    return print_violations(
        verify_plan_folder(args.problem, args.out),
        believed="every trip was offered, every rule is kept, every figure and bound is right",
    )


def _choose(args: argparse.Namespace) -> int:
    from baiye_placement.trips.plan import plan_trips
    from baiye_placement.trips.plan_files import write_plan

    problem = read_problem(args.problem)
    began = time.monotonic()
    with until_sigterm() as asked:
        plan = plan_trips(problem, time_budget_s=args.seconds, progress=show, stop=asked)
    write_plan(plan, args.out)
    print_summary({"seconds": round(time.monotonic() - began, 2), **figures(plan)}, as_json=args.json)
    if plan.short:
        return SHORT
    return WITHIN if plan.gap <= args.gap else LARGER


def figures(plan: Plan) -> dict[str, Any]:
    """What is printed of a plan."""
    return {
        "value": plan.value,
        "bound": plan.bound,
        "gap": float(plan.gap),
        "trips": sum(trip.chosen for trip in plan.problem.trips),
        "short_pupils": len(plan.short),
        "first_wish_pupils": sum(1 in ranks for ranks in plan.draft.ranks.values()),
        "cut_short": plan.cut_short,
    }
