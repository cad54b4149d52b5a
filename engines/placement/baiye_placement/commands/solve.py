# ruff: noqa: PLC0415 - what needs the solver imports it, so that verify and explain need no library
"""``place`` and ``solve``: place the pupils of a folder."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.closures import told
from baiye_placement.commands.arguments import add_json, add_placement, add_problem, add_seconds
from baiye_placement.commands.exits import LARGER, SHORT, WITHIN
from baiye_placement.commands.output import print_summary, print_unfilled, show, until_sigterm
from baiye_placement.conflicts import conflict_json, conflict_lines, conflicts
from baiye_placement.files import read_problem, write_problem
from baiye_placement.placement import write_placement

if TYPE_CHECKING:
    import argparse

    from baiye_placement.clock import Clock
    from baiye_placement.placement import Placement
    from baiye_placement.problem import Problem


def add(commands: Any) -> None:
    place = commands.add_parser("place", help="place the pupils of DIR; the result goes to OUT")
    add_placement(place)
    solve = commands.add_parser("solve", help="the same, with the result's folder after -o")
    add_problem(solve)
    solve.add_argument("-o", dest="out", type=Path, metavar="OUT", required=True)
    for command in (place, solve):
        add_seconds(command)
        command.add_argument("--gap", type=float, default=0.003, help="proved gap to reach (default: %(default)s)")
        command.add_argument("--seed", help="draw the lottery with this, not with the problem's own seed")
        command.add_argument("--threads", type=int, default=1, help="share the work; the result is the same")
        add_json(command)
        command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from baiye_placement import place
    from baiye_placement.clock import Clock

    problem = read_problem(args.problem)
    began = time.monotonic()
    with until_sigterm() as asked:
        clock = Clock(began + args.seconds, show, asked)
        problem = _planned(problem, clock, args.out)
        placement = place(
            problem,
            time_budget_s=clock.left,
            gap_target=args.gap,
            progress=show,
            stop=asked,
            seed=args.seed,
            threads=args.threads,
        )
    write_placement(placement, args.out)
    code = code_of(placement, args.gap)
    found = [] if asked() else conflicts(problem, placement)
    summary = {
        "status": {WITHIN: "proved", LARGER: "feasible", SHORT: "infeasible"}[code],
        "seconds": round(time.monotonic() - began, 2),
        **figures(placement),
        **({"conflict": conflict_json(found)} if found else {}),
    }
    print_summary(summary, as_json=args.json)
    print_unfilled(placement.unfilled)
    for line in conflict_lines(found):
        print(line, file=sys.stderr)
    return code


def _planned(problem: Problem, clock: Clock, out: Path) -> Problem:
    """``problem`` with its open trips chosen, and written to ``out``/plan; itself where none are open."""
    from baiye_placement.trips.plan import planned

    made = planned(problem, clock)
    if made is not problem:
        write_problem(made, out / "plan")
        print(f"\nthe trips chosen are in {out / 'plan'}: verify the placement against that folder", file=sys.stderr)
    return made


def code_of(placement: Placement, gap: float) -> int:
    """The exit code that ``placement`` deserves."""
    if placement.unfilled:
        return SHORT
    return WITHIN if placement.certificate.proved_before and placement.certificate.gap <= gap else LARGER


def figures(placement: Placement) -> dict[str, Any]:
    """What is printed of a placement."""
    certificate = placement.certificate
    last = certificate.levels[-1]
    levels = [{"name": v.name, "value": v.value, "bound": v.bound, "gap": float(v.gap)} for v in certificate.levels]
    return {
        "policy": certificate.policy,
        "objective": last.value,
        "bound": last.bound,
        "gap": float(last.gap),
        "levels": levels,
        "rank_counts": {str(rank): count for rank, count in enumerate(placement.rank_vector)},
        "unfilled": certificate.levels[0].bound - certificate.levels[0].value,
        "unfilled_pupils": len(placement.unfilled),
        **told(placement.closed),
        "empty_pupils": sum(not held for held in placement.seats.values()),
        "cut_short": certificate.cut_short,
        "problem_sha256": certificate.problem_sha256,
        "seed": certificate.seed,
    }
