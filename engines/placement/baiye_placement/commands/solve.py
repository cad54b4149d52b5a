# ruff: noqa: PLC0415 - what needs the solver imports it, so that verify and explain need no library
"""``place`` and ``solve``: place the pupils of a folder."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.exits import LARGER, SHORT, WITHIN
from baiye_placement.commands.planned import planned_first
from baiye_placement.conflicts import conflict_json, conflict_lines, conflicts
from baiye_placement.files import read_problem
from baiye_placement.placement import write_placement

if TYPE_CHECKING:
    import argparse

    from baiye_placement.placement import Placement


def add(commands: Any) -> None:
    place = commands.add_parser("place", help="place the pupils of DIR; the result goes to OUT")
    place.add_argument("problem", type=Path, metavar="DIR")
    place.add_argument("out", type=Path, metavar="OUT")
    solve = commands.add_parser("solve", help="the same, with the result's folder after -o")
    solve.add_argument("problem", type=Path, metavar="DIR")
    solve.add_argument("-o", dest="out", type=Path, metavar="OUT", required=True)
    for command in (place, solve):
        command.add_argument("--seconds", type=float, default=60.0, help="time limit (default: %(default)s)")
        command.add_argument("--gap", type=float, default=0.003, help="proved gap to reach (default: %(default)s)")
        command.add_argument("--seed", help="draw the lottery with this, not with the problem's own seed")
        command.add_argument("--threads", type=int, default=1, help="share the work; the result is the same")
        command.add_argument("--json", action="store_true", help="print one JSON object")
        command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from baiye_placement import place

    problem = read_problem(args.problem)
    asked: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    began = time.monotonic()
    try:
        problem = planned_first(problem, args.out, args.seconds, show, lambda: bool(asked))
        placement = place(
            problem,
            time_budget_s=args.seconds,
            gap_target=args.gap,
            progress=show,
            stop=lambda: bool(asked),
            seed=args.seed,
            threads=args.threads,
        )
    finally:
        signal.signal(signal.SIGTERM, before)
        print(file=sys.stderr)
    write_placement(placement, args.out)
    code = code_of(placement, args.gap)
    found = [] if asked else conflicts(problem, placement)
    summary = {
        "status": {WITHIN: "proved", LARGER: "feasible", SHORT: "infeasible"}[code],
        "seconds": round(time.monotonic() - began, 2),
        **figures(placement),
        **({"conflict": conflict_json(found)} if found else {}),
    }
    print(json.dumps(summary, ensure_ascii=False) if args.json else text(summary))
    for pupil, reason in list(placement.unfilled.items())[:20]:
        print(f"pupil {pupil!r} cannot be filled: {reason}", file=sys.stderr)
    for line in conflict_lines(found):
        print(line, file=sys.stderr)
    return code


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
        "empty_pupils": sum(not held for held in placement.seats.values()),
        "cut_short": certificate.cut_short,
        "problem_sha256": certificate.problem_sha256,
        "seed": certificate.seed,
    }


def text(summary: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in summary.items())


def show(stage: str, done: float) -> None:
    """Progress, on stderr."""
    print(f"\r{done:4.0%} {stage:<8}", end="", file=sys.stderr, flush=True)
