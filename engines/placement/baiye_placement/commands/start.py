"""``start``: make a problem's folder from two tables as a school has them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.exits import WITHIN
from baiye_placement.files import write_csv, write_problem
from baiye_placement.half_day_names import SHORT
from baiye_placement.problem import POLICIES
from baiye_placement.start import USUAL_NEED, start

if TYPE_CHECKING:
    import argparse

    from baiye_placement.start import Start

HALF_DAYS = "half_days.csv"


def add(commands: Any) -> None:
    command = commands.add_parser("start", help="make DIR from a table of wishes and a table of sessions")
    command.add_argument("wishes", type=Path, metavar="WISHES", help="pupil, class, wish 1, wish 2 … (CSV)")
    command.add_argument("sessions", type=Path, metavar="SESSIONS", help="project, day, half-day, capacity … (CSV)")
    command.add_argument("-o", dest="out", type=Path, metavar="DIR", required=True)
    command.add_argument("--need", type=int, default=USUAL_NEED, help="half-days of a pupil (default: %(default)s)")
    command.add_argument(
        "--policy", choices=POLICIES, default="points", help="by which seats are given (default: %(default)s)"
    )
    command.add_argument("--seed", default="", help="of the lottery, drawn in public")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    made = start(args.wishes, args.sessions, need=args.need, policy=args.policy, seed=args.seed)
    write_problem(made.problem, args.out)
    rows = [(slot, day, SHORT[half]) for slot, (day, half) in made.half_days.items()]
    write_csv(args.out / HALF_DAYS, ("slot", "day", "half"), rows)
    print(text(made))
    for remark in made.remarks:
        print(remark, file=sys.stderr)
    return WITHIN


def text(made: Start) -> str:
    """What was understood, for someone to check."""
    problem = made.problem
    needed, seats = sum(p.need for p in problem.pupils), sum(s.capacity * len(s.slots) for s in problem.sessions)
    lines = [
        f"{len(problem.pupils)} pupils in {len(problem.group_slots)} classes need {needed} half-days",
        f"{len(problem.sessions)} sessions of {len({s.project for s in problem.sessions})} projects have {seats}",
        "columns: " + ", ".join(f"{meaning} from {heading!r}" for meaning, heading in made.headings.items()),
    ]
    return "\n".join(lines)
